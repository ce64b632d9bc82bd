"""Lanes: which engines `auto` runs, side by side and one after the other.

Two lanes run at once. A task that an optimal search solves within moments costs nothing
else: the second lane waits a little. Engines that lack a feature are passed over.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from jouleplan.domains.language.features import Feature
from jouleplan.domains.language.model import TaskModel


@dataclass(frozen=True, slots=True)
class Turn:
    """An engine and the most seconds that it gets, if others come after it."""

    engine: str
    most_s: float = math.inf


@dataclass(frozen=True, slots=True)
class Lane:
    """Engines one after the other.

    Attributes:
        turns: In their order.
        delay_s: How long the lane waits for an answer of another.
    """

    turns: tuple[Turn, ...]
    delay_s: float = 0.0


PATIENCE_S = 0.5
"""Most shipped tasks are solved to the best plan well within it."""

OPTIMAL_S = 5.0
"""What an optimal search gets before another is tried."""

_FALLBACKS = (
    Turn("fast-downward"),
    Turn("enhsp"),
    Turn("aries"),
    Turn("aries-anytime"),
    Turn("pyperplan"),
    Turn("pyperplan-compiled"),
)
_CLASSICAL = (
    Lane(
        (
            Turn("fast-downward-optimal", OPTIMAL_S),
            Turn("symk"),
            Turn("pyperplan-compiled"),
        )
    ),
    Lane((Turn("fast-downward-anytime"), *_FALLBACKS), PATIENCE_S),
)
_NUMERIC = (
    Lane((Turn("enhsp-anytime"), *_FALLBACKS)),
    Lane((Turn("enhsp-optimal", OPTIMAL_S), Turn("aries"), Turn("enhsp"))),
)
_TEMPORAL = (
    Lane((Turn("aries"), Turn("aries-anytime"), Turn("enhsp"))),
    Lane((Turn("fast-downward-anytime"), Turn("enhsp-anytime"), *_FALLBACKS)),
)
_OPTIMAL = (
    Lane((Turn("fast-downward-optimal"), Turn("enhsp-optimal"))),
    Lane((Turn("symk"), Turn("pyperplan-optimal")), PATIENCE_S),
)
_ANYTIME = (
    Lane((Turn("fast-downward-anytime"), Turn("enhsp-anytime"))),
    Lane((Turn("aries-anytime"),)),
)
_TOP_K = (Lane((Turn("kstar"),)), Lane((Turn("symk"),), OPTIMAL_S))


ORDER = {
    "classical": _CLASSICAL,
    "numbers": _NUMERIC,
    "time": _TEMPORAL,
    "--optimal": _OPTIMAL,
    "--anytime": _ANYTIME,
    "--top-k": _TOP_K,
}
"""Kind of task, or what is asked for -> its lanes, for people."""


def lanes_for(
    task: TaskModel, *, optimal: bool, anytime: bool, top_k: bool
) -> tuple[Lane, ...]:
    """Return the lanes of `auto` for a task and what is asked of its plan."""
    if top_k:
        return _TOP_K
    if optimal:
        return _OPTIMAL
    timed = Feature.DURATIVE in task.features
    if anytime:
        return _ANYTIME if timed else _ANYTIME[:1]
    if timed:
        return _TEMPORAL
    return _NUMERIC if Feature.NUMBERS in task.features else _CLASSICAL
