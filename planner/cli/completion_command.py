"""`jouleplan completion`: the script that makes a shell complete our command."""

from __future__ import annotations

import argparse

from jouleplan.planner.cli.completion import SHELLS, script
from jouleplan.planner.cli.options import add_common
from jouleplan.planner.cli.output import ExitCode, emit

DESCRIPTION = """\
Print a script that makes a shell complete commands, options and names.

bash: put `source <(jouleplan completion bash)` into ~/.bashrc
zsh:  put `source <(jouleplan completion zsh)` into ~/.zshrc, behind compinit
fish: jouleplan completion fish > ~/.config/fish/completions/jouleplan.fish
"""


def fill(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.description = DESCRIPTION
    parser.add_argument(
        "shell", metavar="SHELL", choices=SHELLS, help=", ".join(SHELLS)
    )
    add_common(parser, "not used: nothing is random here", None)


def run(given: argparse.Namespace) -> int:
    """Print the script."""
    text = script(given.shell)
    emit({"status": "done", "shell": given.shell, "script": text}, text, given.json)
    return ExitCode.DONE
