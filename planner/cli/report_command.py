"""`jouleplan report`: a ledger as one HTML file, Markdown, JSON or CSV."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import Any

from jouleplan.planner.cli.errors import OptionError
from jouleplan.planner.cli.options import add_common
from jouleplan.planner.cli.output import ExitCode, emit

_FORMATS = ("html", "md", "json", "csv")


def fill(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("ledger", metavar="LEDGER", type=Path, help="a ledger")
    add_common(parser, "seed of the bootstraps (default: 0)", 0)
    parser.add_argument(
        "-o",
        "--output",
        type=Path,
        metavar="FILE",
        help="the report (default: report.html, or on stdout for md, json and csv)",
    )
    parser.add_argument(
        "--format",
        choices=_FORMATS,
        help="default: by the suffix of FILE, else html",
    )


def run(given: argparse.Namespace) -> int:
    """Write the report."""
    kind = given.format or _of_suffix(given.output)
    path = given.output
    if path is None and (kind == "html" or given.json):
        path = Path(f"report.{kind}")
    if path is not None:
        _check(path, given.ledger)
    from jouleplan.energy.report.document import FORMATS, Report

    report = Report.of(given.ledger, seed=given.seed)
    content = FORMATS[kind](report)
    if path is None:
        print(content, end="", flush=True)
        return ExitCode.DONE
    partial = path.with_name(path.name + ".part")
    partial.write_text(content, encoding="utf-8")
    partial.replace(path)
    document: dict[str, Any] = {
        "status": "done",
        "ledger": str(given.ledger),
        "report": str(path),
        "format": kind,
        "bytes": path.stat().st_size,
        "episodes": len(report.data.episodes),
        "blocks": [
            {"domain": section.block.domain, "basis": section.block.basis.words}
            for section in report.sections
        ],
    }
    text = f"{path}: {document['episodes']} episodes, {document['bytes']:,} bytes"
    emit(document, text, given.json)
    return ExitCode.DONE


def _of_suffix(path: Path | None) -> str:
    suffix = "" if path is None else path.suffix.lower().lstrip(".")
    suffix = {"htm": "html", "markdown": "md"}.get(suffix, suffix)
    if suffix in _FORMATS or not suffix:
        return suffix or "html"
    raise OptionError(
        f"-o {path}: {path.suffix if path else ''} is no format of a report: give "
        f"--format with one of {', '.join(_FORMATS)}, or a suffix of these"
    )


def _check(path: Path, ledger: Path) -> None:
    if path.is_dir() or not os.access(path.parent, os.W_OK):
        raise OptionError(
            f"-o {path}: give a file in a folder that exists and may be written"
        )
    if path.exists() and ledger.exists() and path.samefile(ledger):
        raise OptionError(f"-o {path} is the ledger itself: give another file")
