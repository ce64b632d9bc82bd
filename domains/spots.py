"""Spots: the places for single bodies on a surface that carries many.

A spot is a cell of a grid, wide enough for the largest body that the gripper spans and
for the open hand around it. A hand that is straight is 20 cm wide along x and thin
along y, so the grid is finer along y.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np

from jouleplan.domains.articulation import Array, Vector
from jouleplan.domains.body import Size

Spot = tuple[float, float]
"""(x, y) of a place, world frame [m]."""

Taken = tuple[float, float, float]
"""(x, y) of a body that stands there and the height of its top, world frame [m]."""

PITCH_M: Final = (0.12, 0.08)
"""Between neighbouring spots along x and y."""
INSET_M: Final = 0.03
"""From the edge of a surface to its outermost spots: a body stands on it wholly."""
SPOT_JITTER_M: Final = 0.005
"""Shift of a body from its spot at first; between two of them the hand fits."""
LOW_NEAR_M: Final = (0.105, 0.065)
"""A place is taken where a low body is nearer than both, along x and y: the fingers,
12 cm wide along x when open, would come down on it."""
TALL_NEAR_M: Final = (0.16, 0.14)
"""The same for a tower, which is beside the palm and the wrist as well."""
LOW_M: Final = 0.055
"""Highest top, seen from the surface, of a body that stays below the palm."""
REACH_M: Final = 0.70
"""The arm works up to this far from its base."""
NEAREST_X_M: Final = 0.30
TABLE_ROWS_X_M: Final = (0.36, 0.58)
TABLE_HALF_M: Final = 0.36
TABLE_PITCH_M: Final = 0.09
TABLE_EDGE_M: Final = 0.04
"""A spot on the table is at least this far from the edge of every fixed body."""


def spots(size: Size, at: Vector) -> list[Spot]:
    """Return the spots on top of a fixed body.

    Args:
        size: Its full extents [m].
        at: Its centre; x and y are read [m].
    """
    xs, ys = _line(size[0], PITCH_M[0]), _line(size[1], PITCH_M[1])
    return [(float(at[0]) + x, float(at[1]) + y) for x in xs for y in ys]


def capacity(size: Size) -> int:
    """Return how many bodies fit side by side on a body of full extents ``size``."""
    return len(spots(size, (0.0, 0.0)))


def _line(extent: float, pitch: float) -> list[float]:
    """Return the offsets of the spots along one axis, about the middle."""
    count = max(1, math.floor((extent - 2 * INSET_M) / pitch + 1e-6) + 1)
    return [(i - (count - 1) / 2) * pitch for i in range(count)]


def table_spots(fixed: Iterable[tuple[Size, Vector]]) -> list[Spot]:
    """Return the spots on the table that no fixed body covers.

    Args:
        fixed: Full extents and centre of each fixed body [m].
    """
    count = round(2 * TABLE_HALF_M / TABLE_PITCH_M) + 1
    ys = np.linspace(-TABLE_HALF_M, TABLE_HALF_M, count)
    covered = [(size, (float(at[0]), float(at[1]))) for size, at in fixed]

    def off(x: float, y: float) -> bool:
        return all(
            abs(x - at[0]) >= size[0] / 2 + TABLE_EDGE_M
            or abs(y - at[1]) >= size[1] / 2 + TABLE_EDGE_M
            for size, at in covered
        )

    every = ((x, float(y)) for x in TABLE_ROWS_X_M for y in ys)
    return [spot for spot in every if off(*spot)]


def is_free(spot: Spot, taken: Iterable[Taken], top: float) -> bool:
    """Return whether the open hand comes down on a spot and touches nothing.

    Args:
        spot: Of the surface.
        taken: The bodies that stand around.
        top: Height of the surface [m].
    """
    for x, y, height in taken:
        near = LOW_NEAR_M if height - top <= LOW_M else TALL_NEAR_M
        if abs(x - spot[0]) < near[0] and abs(y - spot[1]) < near[1]:
            return False
    return True


def roomiest(free: Sequence[Spot], taken: Sequence[Taken], hand: Array) -> Spot:
    """Return the spot that is farthest from what stands around, in pitches.

    Among equals the one nearest to the hand.

    Args:
        free: At least one spot.
        taken: The bodies that stand around.
        hand: (x, y) of the hand [m].
    """

    def rank(spot: Spot) -> tuple[float, float]:
        room = min(
            (
                max(abs(t[0] - spot[0]) / PITCH_M[0], abs(t[1] - spot[1]) / PITCH_M[1])
                for t in taken
            ),
            default=math.inf,
        )
        # to a quarter of a pitch: less tells no two spots apart
        return round(4 * min(room, 3.0)), -math.dist(spot, hand[:2])

    return max(free, key=rank)


def in_reach(spot: Vector) -> bool:
    """Return whether the arm reaches (x, y) [m]."""
    return math.hypot(spot[0], spot[1]) <= REACH_M and spot[0] >= NEAREST_X_M
