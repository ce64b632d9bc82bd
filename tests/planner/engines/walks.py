"""Every walk in a graph, by trying all: what top-k planners are checked against."""

from __future__ import annotations

from collections.abc import Sequence

from jouleplan.domains.language.plan import Plan, Step

DIAMONDS = [
    *(("a", "b"), ("a", "c"), ("b", "d"), ("c", "d"), ("d", "e"), ("d", "f")),
    *(("e", "g"), ("f", "g"), ("a", "d"), ("c", "b"), ("d", "a"), ("e", "f")),
]
"""Edges: several ways of each length from ``a`` to ``g``, and a loop."""


def walks(
    edges: Sequence[tuple[str, str]], start: str, end: str, longest: int, simple: bool
) -> list[Plan]:
    """Return every walk of at most ``longest`` steps, the shortest first.

    Args:
        edges: Pairs of nodes.
        start: Where walks begin.
        end: Where they end.
        longest: Most steps.
        simple: Whether a walk may visit no node twice.
    """
    found: list[Plan] = []
    ways: list[tuple[tuple[str, ...], Plan]] = [((start,), ())]
    for _ in range(longest):
        ways = [
            ((*seen, b), (*plan, Step("go", (a, b))))
            for seen, plan in ways
            for a, b in edges
            if a == seen[-1] and not (simple and b in seen)
        ]
        found += [plan for seen, plan in ways if seen[-1] == end]
    return found
