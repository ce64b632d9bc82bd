"""Made: parts of pages that come from the code and from files, not from hand."""

from __future__ import annotations

import argparse
import importlib.util
import json
import pkgutil
import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path

DOCS = Path(__file__).parent
RESULTS = DOCS / "results"


def make(what: str, of: str) -> str:
    """Return the Markdown for a mark of a page.

    Args:
        what: One of those below.
        of: What it is made of; empty where there is no choice.
    """
    makers: dict[str, Callable[[], str]] = {
        "commands": commands,
        "modules": lambda: modules(of),
        "names": short_names,
        "picture": lambda: picture(of),
        "results": results,
        "workers": workers,
    }
    return makers[what]()


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


def workers() -> str:
    """Return what 1,000 episodes take and 1,000 workers make, from files of results."""
    lines = [
        "| | CPU-s an episode | 1,000 episodes: CPU-h | kJ, estimated "
        "| 1,000 workers: episodes a second | operators an episode |",
        "|---|---|---|---|---|---|",
    ]
    for name, title in (("hanoi-3", "3 disks"), ("hanoi-5", "5"), ("hanoi-8", "8")):
        found = json.loads((RESULTS / f"{name}.json").read_text(encoding="utf-8"))
        episodes = found["episodes"]
        cpu_s = sum(used["cpu_s"] for used in found["energy"].values()) / episodes
        lines.append(
            f"| Hanoi, {title} | {cpu_s:.2f} | {cpu_s / 3.6:.2f} "
            f"| {found['energy_j_per_episode']:.1f} | {1000 / cpu_s:.0f} "
            f"| {found['operators_executed'] / episodes:.0f} |"
        )
    return "\n".join(lines)


def short_names() -> str:
    """Return what packages offer by themselves, and where each name is at home."""
    lines = ["| import | where it is described |", "|---|---|"]
    for package in ("jouleplan", "jouleplan.energy"):
        homes = getattr(import_module(package), "_HOMES", {})
        lines += [
            f"| `from {package} import {name}` | `{package}.{home}` |"
            for name, home in sorted(homes.items())
        ]
    return "\n".join(lines)


def modules(package: str) -> str:
    """Return a section for every module of a package; none where there is none."""
    if importlib.util.find_spec(package) is None:
        return ""
    names = [
        f"{package}.{m.name}"
        for m in pkgutil.iter_modules(import_module(package).__path__)
    ]
    return "\n".join(
        f"### {n}\n\n```{{eval-rst}}\n.. automodule:: {n}\n```\n" for n in names
    )


def picture(name: str) -> str:
    """Return an SVG as part of the page, in whose colours it is then drawn."""
    return f'<div class="scroll">{(DOCS / name).read_text(encoding="utf-8")}</div>'


def _subparsers(
    parser: argparse.ArgumentParser,
) -> Iterator[tuple[str, argparse.ArgumentParser]]:
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            yield from action.choices.items()


def _section(name: str, parser: argparse.ArgumentParser, level: int) -> Iterator[str]:
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
