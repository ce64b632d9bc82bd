"""Made: parts of pages that come from the code and from files, not from hand."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path

RESULTS = Path(__file__).parent / "results"


def commands() -> str:
    """Return a section of Markdown for every command, from its parser."""
    from jouleplan.planner.cli.app import COMMANDS, parser

    root = parser()
    return "\n".join(
        part
        for name, command in _subparsers(root)
        if name in COMMANDS
        for part in _section(f"jouleplan {name}", command, 2)
    )


def results() -> str:
    """Return the table of results, and the command of each of its rows."""
    sys.path.insert(0, str(RESULTS))
    import table

    lines = [table.table(RESULTS), "", "## The command of each row", ""]
    lines += ["| row | command | file |", "|---|---|---|"]
    for name, title in table.ROWS.items():
        file = RESULTS / f"{name}.json"
        if file.is_file():
            command = json.loads(file.read_text(encoding="utf-8"))["command"]
            lines.append(f"| {title} | `{command}` | [JSON](results/{file.name}) |")
    others = [f for f in sorted(RESULTS.glob("*.json")) if f.stem not in table.ROWS]
    if others:
        lines += ["", "## Further files", "", "| file | command |", "|---|---|"]
        for file in others:
            command = json.loads(file.read_text(encoding="utf-8")).get("command", "")
            lines.append(f"| [{file.stem}](results/{file.name}) | `{command}` |")
    return "\n".join(lines)


def _subparsers(
    parser: argparse.ArgumentParser,
) -> Iterator[tuple[str, argparse.ArgumentParser]]:
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            yield from action.choices.items()


def _section(
    name: str, parser: argparse.ArgumentParser, level: int
) -> Iterator[str]:
    """Yield a heading and the help of a command, and of those below it."""
    parser.formatter_class = _formatter(parser)
    yield f"{'#' * level} {name}\n\n```text\n{parser.format_help().rstrip()}\n```\n"
    for below, its in _subparsers(parser):
        yield from _section(f"{name} {below}", its, level + 1)


def _formatter(parser: argparse.ArgumentParser) -> type[argparse.HelpFormatter]:
    """Return the parser's own formatter at a fixed width."""
    kind = parser.formatter_class

    class Fixed(kind):  # type: ignore[valid-type,misc]
        def __init__(self, prog: str) -> None:
            super().__init__(prog, width=88)

    return Fixed
