"""Layers and the longest chain of an order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from jouleplan.planner.graph.deorder import Order
from jouleplan.planner.graph.happenings import Happening, Node


@dataclass(frozen=True, slots=True)
class Paths:
    """What follows from an order.

    Attributes:
        levels: Step -> the earliest layer it can be in, from 1.
        chain: Steps whose time or cost adds up to the longest chain, in their order.
        pairs: Nodes that follow each other on it, also where only the start or the end
            of a step is passed; "init" and "goal" included.
        length: What the chain takes.
    """

    levels: Mapping[Node, int]
    chain: tuple[int, ...]
    pairs: frozenset[tuple[Node, Node]]
    length: Fraction


@dataclass(frozen=True, slots=True)
class _Reach:
    """How far the longest chain to a happening goes.

    Attributes:
        length: What it takes; of two that take the same, more steps count.
        steps: How many steps it has.
        via: The place before it, -1 where it begins.
    """

    length: Fraction
    steps: int
    via: int


def paths_of(order: Order, weights: Mapping[Node, Fraction]) -> Paths:
    """Return the layers of ``order``, and its longest chain.

    Args:
        order: The order.
        weights: What each step takes: time, cost, or one.
    """
    levels: dict[Node, int] = {}
    depths: list[int] = []
    reached: list[_Reach] = []
    starts: dict[Node, int] = {}
    for at, happening in enumerate(order.happenings):
        reach = _furthest(reached, order.direct[at])
        depth = max((depths[place] for place in order.direct[at]), default=0)
        node, point = happening.node, happening.point
        if isinstance(node, int):
            if point != "end":
                levels[node], starts[node] = depth + 1, at
            if point == "":
                reach = _Reach(reach.length + weights[node], reach.steps + 1, reach.via)
                depth += 1
            elif point == "end":
                # Its own time runs from its start, whatever else its end waits for.
                start = starts[node]
                before = reached[start]
                own = _Reach(before.length + weights[node], before.steps + 1, start)
                reach = max(reach, own, key=_size)
                depth = max(depth, depths[start] + 1)
        depths.append(depth)
        reached.append(reach)
    chain = _chain(reached)
    passed = [order.happenings[at] for at in chain]
    nodes = ["init", *(happening.node for happening in passed)]
    pairs = frozenset(pairwise(nodes))
    return Paths(levels, _whole_steps(passed), pairs, reached[-1].length)


def _furthest(reached: list[_Reach], places: tuple[int, ...]) -> _Reach:
    best = max(places, key=lambda place: _size(reached[place]), default=-1)
    if best < 0:
        return _Reach(Fraction(0), 0, -1)
    return _Reach(reached[best].length, reached[best].steps, best)


def _size(reach: _Reach) -> tuple[Fraction, int]:
    return reach.length, reach.steps


def _chain(reached: list[_Reach]) -> list[int]:
    found = [len(reached) - 1]
    while reached[found[-1]].via >= 0:
        found.append(reached[found[-1]].via)
    return found[::-1]


def _whole_steps(chain: list[Happening]) -> tuple[int, ...]:
    begun = {happening.node for happening in chain if happening.point == "start"}
    return tuple(
        happening.node
        for happening in chain
        if isinstance(happening.node, int)
        and (
            happening.point == ""
            or (happening.point == "end" and happening.node in begun)
        )
    )
