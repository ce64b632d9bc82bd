"""Recorded states: the transitions that a ledger holds, to learn a domain from."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from jouleplan.domains.learning.read import read_lines
from jouleplan.domains.learning.transition import Recording
from jouleplan.domains.learning.write import transition_line
from jouleplan.energy.errors import LedgerError
from jouleplan.energy.ledger import Ledger

_SQLITE = b"SQLite format 3\0"
DONE = "done"
"""Outcome of an operator whose effects were sensed."""


def is_ledger(path: Path) -> bool:
    """Return whether a file is an SQLite database."""
    try:
        with path.open("rb") as file:
            return file.read(len(_SQLITE)) == _SQLITE
    except OSError:
        return False


def recorded_transitions(path: Path) -> Recording:
    """Return the transitions that a ledger's episodes hold.

    Raises:
        LedgerError: It is no ledger, or none of its episodes holds states.
        TransitionsError: Its states use names that are not declared, or its episodes
            are of several domains.
    """
    lines = list(_lines(path))
    if not lines:
        raise LedgerError(
            f"{path}: no episode of this ledger holds states; record them with "
            "`jouleplan evaluate ... --ledger FILE --transitions FILE.jsonl`"
        )
    return read_lines(path, lines)


def _lines(path: Path) -> Iterator[str]:
    with Ledger(path, read_only=True) as ledger:
        episodes = ledger.frame("episodes")
        operators = ledger.frame("operators").sort_values(["episode", "position"])
    done = dict(list(operators.groupby("episode")))
    for row in episodes[episodes.signature != ""].to_dict("records"):
        rows = done.get(row["id"])
        found = [] if rows is None else list(_transitions(row, rows.to_dict("records")))
        if found:
            yield row["signature"]
            yield from found


def _transitions(
    episode: dict[str, Any], operators: list[dict[str, Any]]
) -> Iterator[str]:
    """Yield a line for every operator that was done, the state carried along."""
    static = {fact[0] for fact in json.loads(episode["signature"])["static"]}
    state = _atoms(episode["init"])
    for row in operators:
        before = state
        state = (state - _atoms(row["removed"])) | _atoms(row["added"])
        if row["outcome"] == DONE:
            name, objects = name_and_objects(row["name"])
            yield transition_line(before, name, objects, state, static)


def name_and_objects(text: str) -> tuple[str, tuple[str, ...]]:
    """Return the parts of ``pick(d1, peg1)``."""
    name, _, rest = text.partition("(")
    inside = rest.removesuffix(")").strip()
    return name, tuple(one.strip() for one in inside.split(",")) if inside else ()


def _atoms(text: str) -> frozenset[tuple[str, ...]]:
    return frozenset(tuple(atom) for atom in json.loads(text)) if text else frozenset()
