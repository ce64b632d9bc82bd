"""RankedWidth: widths of bodies from a static relation such as "smaller"."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from graphlib import TopologicalSorter
from typing import Literal


@dataclass(frozen=True, slots=True)
class RankedWidth:
    """A rule: the body of rank n is ``narrowest + n * step`` wide.

    Attributes:
        relation: A static binary predicate, e.g. "smaller".
        narrowest: Width of rank 0 [m].
        step: Width that each rank adds [m].
        first: Whether the relation's first argument is the narrower or wider one.
    """

    relation: str
    narrowest: float
    step: float
    first: Literal["narrower", "wider"] = "narrower"

    def width(self, rank: int) -> float:
        """Return the width of a body of ``rank`` [m], to the micrometre."""
        return round(self.narrowest + rank * self.step, 6)


def ranks(names: Collection[str], below: Iterable[tuple[str, str]]) -> dict[str, int]:
    """Return the rank of each name: the longest chain of names below it.

    Args:
        names: What is ranked.
        below: Pairs (lower, upper); pairs with other names are left out.

    Returns:
        Name -> rank from 0; names that no chain tells apart share one.

    Raises:
        graphlib.CycleError: The pairs form a ring, its second argument.
    """
    lower: dict[str, set[str]] = {name: set() for name in names}
    for low, high in below:
        if low in lower and high in lower:
            lower[high].add(low)
    rank: dict[str, int] = {}
    for name in TopologicalSorter(lower).static_order():
        rank[name] = max((rank[low] + 1 for low in lower[name]), default=0)
    return rank
