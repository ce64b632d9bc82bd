"""Verdicts: success of episodes, where it may be unknown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

Verdict = bool | None
"""Whether an episode reached its goal; None if unknown, which is not False."""


def verdicts(column: Iterable[object]) -> list[Verdict]:
    """Return a column of successes; NULL and NaN are unknown."""
    return [None if v is None or v != v else bool(v) for v in column]


def count(found: Sequence[Verdict]) -> tuple[int, int]:
    """Return (successes, episodes whose success is known)."""
    return sum(v is True for v in found), sum(v is not None for v in found)
