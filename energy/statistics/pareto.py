"""Pareto front: methods that no other one beats in success and in joules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from jouleplan.energy.errors import MixedReadingsError


@dataclass(frozen=True, slots=True)
class Point:
    """A method by success and energy.

    Attributes:
        method: Its name.
        success: Success rate, 0 to 1.
        energy_j: Joules an episode [J].
        quality: How they came about.
    """

    method: str
    success: float
    energy_j: float
    quality: str


def pareto_front(points: Sequence[Point]) -> tuple[str, ...]:
    """Return the methods that no other one dominates, cheapest first.

    A method is dominated by one that succeeds at least as often and uses no more
    joules, one of the two strictly.

    Raises:
        MixedReadingsError: The energies are of more than one quality.
    """
    qualities = dict.fromkeys(point.quality for point in points)
    if len(qualities) > 1:
        raise MixedReadingsError(
            f"no front over {' and '.join(qualities)} energies: draw one for each"
        )
    front = [p for p in points if not any(_dominates(q, p) for q in points)]
    return tuple(p.method for p in sorted(front, key=lambda p: (p.energy_j, p.method)))


def _dominates(a: Point, b: Point) -> bool:
    no_worse = a.success >= b.success and a.energy_j <= b.energy_j
    return no_worse and (a.success > b.success or a.energy_j < b.energy_j)
