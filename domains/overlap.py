"""Overlap: two bodies of a laid-out scene that would stand in the same place."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
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
        if meeting(bodies[one], placed[one], bodies[other], placed[other]):
            return one, other
    return None


def _root(name: str, facts: Facts) -> str:
    """Return the lowest body of the tower that ``name`` belongs to."""
    while (below := facts.support.get(name, TABLE)) != TABLE:
        name = below
    return name


@dataclass(frozen=True, slots=True)
class _Box:
    """An upright box: full extents and centre [m], and its turn [rad]."""

    size: tuple[float, float, float]
    at: tuple[float, float, float]
    yaw: float

    @property
    def half_diagonal(self) -> float:
        return math.hypot(self.size[0], self.size[1]) / 2

    def reach(self, direction: float) -> float:
        """Return half the extent [m] along a horizontal direction [rad]."""
        turn = self.yaw - direction
        along, across = abs(math.cos(turn)), abs(math.sin(turn))
        return (along * self.size[0] + across * self.size[1]) / 2


def meeting(one: Body, at: Placement, other: Body, there: Placement) -> bool:
    """Return whether two upright bodies overlap, their holes filled."""
    boxes, others = _boxes(one, at), _boxes(other, there)
    return any(_meet(a, b) for a in boxes for b in others)


def _boxes(body: Body, at: Placement) -> list[_Box]:
    if body.form is None:
        return [_Box(body.size, at.position, at.yaw)]
    x, y, z = at.position
    c, s = math.cos(at.yaw), math.sin(at.yaw)
    return [
        _Box(
            part.size,
            (
                x + c * part.at[0] - s * part.at[1],
                y + s * part.at[0] + c * part.at[1],
                z + part.at[2],
            ),
            at.yaw,
        )
        for part in body.form.outline
    ]


def _meet(one: _Box, other: _Box) -> bool:
    """Return whether two boxes overlap: no axis of either keeps them apart."""
    (x, y, z), (u, v, w) = one.at, other.at
    if abs(z - w) > (one.size[2] + other.size[2]) / 2 - TOUCH_M:
        return False
    if math.hypot(x - u, y - v) > one.half_diagonal + other.half_diagonal:
        return False
    for yaw in (one.yaw, one.yaw + math.pi / 2, other.yaw, other.yaw + math.pi / 2):
        c, s = math.cos(yaw), math.sin(yaw)
        if abs(c * (x - u) + s * (y - v)) > one.reach(yaw) + other.reach(yaw) - TOUCH_M:
            return False
    return True
