"""`jouleplan new`: a folder with a small domain that runs at once."""

from __future__ import annotations

import argparse
from pathlib import Path

from jouleplan.domains.starter import lay_out_folder
from jouleplan.planner.cli.errors import OptionError
from jouleplan.planner.cli.options import add_common
from jouleplan.planner.cli.output import ExitCode, emit


def fill(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("name", metavar="NAME", help="name or path of the folder")
    add_common(parser, "not used: nothing is random here", None)


def run(given: argparse.Namespace) -> int:
    """Write the folder."""
    folder = Path(given.name).expanduser()
    if not folder.parent.is_dir():
        raise OptionError(
            f"{folder}: there is no folder {folder.parent}; make it first"
        )
    files = lay_out_folder(folder)
    document = {
        "domain": folder.name,
        "folder": str(folder),
        "files": [str(file) for file in files],
    }
    listed = "\n".join(map(str, files))
    shown = folder if folder.is_absolute() else f"./{folder}"
    then = f"next: jouleplan check {shown}; jouleplan solve {shown}"
    emit(document, f"{listed}\n{then}", given.json)
    return ExitCode.DONE
