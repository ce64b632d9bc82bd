"""Overlap: two bodies of a laid-out scene that would stand in the same place."""

from __future__ import annotations

import math
from collections.abc import Mapping
from itertools import combinations
from typing import TYPE_CHECKING, Final

from jouleplan.domains.body import Body
from jouleplan.domains.facts import TABLE, Facts

if TYPE_CHECKING:
    from jouleplan.domains.placement import Placement

TOUCH_M: Final = 0.001
"""What stands on, or against, another is as near as that."""


def overlapping(
    bodies: Mapping[str, Body], placed: Mapping[str, Placement], facts: Facts
) -> tuple[str, str] | None:
    """Return two bodies of different towers that overlap, or None.

    What rests on one another is left to the layout of the tower, and two fixed bodies
    do no harm to each other.

    Args:
        bodies: By name.
        placed: Where each stands.
        facts: What rests on what.
    """
    roots = {name: _root(name, facts) for name in placed}
    for one, other in combinations(placed, 2):
        same = roots[one] == roots[other]
        if same or not (bodies[one].movable or bodies[other].movable):
            continue
        if _meet(bodies[one], placed[one], bodies[other], placed[other]):
            return one, other
    return None


def _root(name: str, facts: Facts) -> str:
    """Return the lowest body of the tower that ``name`` belongs to."""
    while (below := facts.support.get(name, TABLE)) != TABLE:
        name = below
    return name


def _meet(one: Body, at: Placement, other: Body, there: Placement) -> bool:
    """Return whether two upright boxes overlap: no axis of either keeps them apart."""
    (x, y, z), (u, v, w) = at.position, there.position
    if abs(z - w) > (one.height + other.height) / 2 - TOUCH_M:
        return False
    if math.hypot(x - u, y - v) > (_half_diagonal(one) + _half_diagonal(other)):
        return False
    for yaw in (at.yaw, at.yaw + math.pi / 2, there.yaw, there.yaw + math.pi / 2):
        c, s = math.cos(yaw), math.sin(yaw)
        reach = _reach(one, at.yaw - yaw) + _reach(other, there.yaw - yaw)
        if abs(c * (x - u) + s * (y - v)) > reach - TOUCH_M:
            return False
    return True


def _half_diagonal(body: Body) -> float:
    return math.hypot(body.size[0], body.size[1]) / 2


def _reach(body: Body, turn: float) -> float:
    """Return half the extent of a box [m] along an axis that it is turned from."""
    along, across = abs(math.cos(turn)), abs(math.sin(turn))
    return (along * body.size[0] + across * body.size[1]) / 2
