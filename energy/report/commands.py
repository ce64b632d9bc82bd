"""The commands that made the figures, numbered so that a caption can name them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jouleplan.energy.report.text import ranges

if TYPE_CHECKING:
    import pandas


@dataclass(frozen=True, slots=True)
class Command:
    """A command and its runs.

    Attributes:
        name: ``C1``, ``C2`` ...
        line: The command as it was given.
        first: When its first run began, ISO 8601.
        last: When its last run began.
        runs: How many runs it made.
    """

    name: str
    line: str
    first: str
    last: str
    runs: int


@dataclass(frozen=True, slots=True)
class Commands:
    """Every command of a ledger.

    Attributes:
        every: In the order of their first runs.
        of_run: Run id -> place of its command.
    """

    every: list[Command]
    of_run: dict[str, int]

    def words(self, runs: Iterable[str]) -> str:
        """Return the names of the commands of ``runs``, e.g. ``C1 to C2, C5``."""
        places = sorted({self.of_run[run] + 1 for run in runs if run in self.of_run})
        return re.sub(r"\b(\d+)\b(?! in all)", r"C\1", ranges(places)) or "unknown"


def commands(runs: pandas.DataFrame) -> Commands:
    """Return the commands of ``runs``, which are in the order of their beginning."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for row in runs.itertuples():
        groups.setdefault(str(row.command), []).append((str(row.id), str(row.created)))
    every = [
        Command(f"C{place + 1}", line, mine[0][1], mine[-1][1], len(mine))
        for place, (line, mine) in enumerate(groups.items())
    ]
    of_run = {
        run: place for place, mine in enumerate(groups.values()) for run, _ in mine
    }
    return Commands(every, of_run)
