"""`jouleplan ledger`: show, merge and export ledgers."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import Any

from jouleplan.planner.cli.options import add_common
from jouleplan.planner.cli.output import ExitCode, emit, joules, table


def fill(parser: argparse.ArgumentParser) -> None:
    """Add the commands below this one, and their arguments."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    show = actions.add_parser("show", help="tell what a ledger holds")
    show.add_argument("ledger", metavar="LEDGER", type=Path)
    merge = actions.add_parser("merge", help="write several ledgers as one")
    merge.add_argument("ledgers", metavar="LEDGER", type=Path, nargs="+")
    merge.add_argument(
        "-o", "--out", type=Path, required=True, metavar="FILE", help="the new ledger"
    )
    export = actions.add_parser("export", help="write a ledger's tables as text")
    export.add_argument("ledger", metavar="LEDGER", type=Path)
    export.add_argument(
        "-o",
        "--out",
        type=Path,
        required=True,
        metavar="PATH",
        help="a folder for csv and parquet, a file for json",
    )
    export.add_argument(
        "--format",
        choices=("csv", "parquet", "json"),
        default="csv",
        help="default: csv",
    )
    for one in (show, merge, export):
        add_common(one, "not used: nothing is random here", None)


def run(given: argparse.Namespace) -> int:
    """Carry the command out."""
    document, text = _ACTIONS[given.action](given)
    emit({"status": "done", **document}, text, given.json)
    return ExitCode.DONE


def _show(given: argparse.Namespace) -> tuple[dict[str, Any], str]:
    from jouleplan.energy.ledger_summary import summary

    found = summary(given.ledger)
    rows = [
        (
            group.domain,
            group.problem,
            group.method,
            group.quality,
            group.episodes,
            "-" if group.successes is None else group.successes,
            joules(group.energy_j_per_episode),
        )
        for group in found.groups
    ]
    head = ("domain", "problem", "method", "quality", "episodes", "successes", "J each")
    lines = [
        f"{given.ledger}: schema version {found.version}",
        *(f"hardware {key}: {text}" for key, text in found.hardware.items()),
        ", ".join(f"{count} {name}" for name, count in found.records.items()),
        "",
        table(head, rows) if rows else "no episodes",
    ]
    return {"ledger": str(given.ledger), **asdict(found)}, "\n".join(lines)


def _merge(given: argparse.Namespace) -> tuple[dict[str, Any], str]:
    from jouleplan.energy.merge import merge

    report = merge(given.ledgers, given.out)
    lines = [
        f"{given.out}: "
        + ", ".join(f"{count} {name}" for name, count in report.written.items()),
        *(
            f"counted once: {count} {name} that were there twice"
            for name, count in report.duplicates.items()
        ),
        *(f"conflict, the first one is kept: {what}" for what in report.conflicts),
    ]
    return {"out": str(given.out), **asdict(report)}, "\n".join(lines)


def _export(given: argparse.Namespace) -> tuple[dict[str, Any], str]:
    from jouleplan.energy.ledger import Ledger
    from jouleplan.energy.ledger_export import export

    with Ledger(given.ledger, read_only=True) as ledger:
        written = [str(path) for path in export(ledger, given.out, given.format)]
    return {"written": written}, "\n".join(written)


_ACTIONS = {"show": _show, "merge": _merge, "export": _export}
