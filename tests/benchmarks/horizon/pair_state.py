"""Pair state: what an option on two blocks observes and asks for.

The smallest that two moves in a row can be asked of: both blocks as an option on one
block sees its own, and a goal that holds both.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from jouleplan.domains.articulation import Array
from jouleplan.domains.scene import Scene
from jouleplan.skills.gcrl.option_state import (
    MIDDLE_M,
    OBSERVATION_SIZE,
    TOLERANCE_M,
    UNIT_M,
    observe,
    rest_goal,
)
from jouleplan.skills.gcrl.space import Floats, GoalSpace

OWN: Final = (3, 4, 5, 8, 9, *range(13, 23))
"""Entries of an observation that speak of its block; the rest are the hand's."""
PAIR_SIZE: Final = OBSERVATION_SIZE + len(OWN)

_HAND, _OPENING = (1.0,) * 3, (1.0,)
_ASKED, _FREE = (1.0,) * 3, (0.0,) * 3

PAIR_SPACE: Final = GoalSpace(
    observation_size=PAIR_SIZE,
    index=(0, 1, 2, 3, 4, 5, 6, 23, 24, 25),
    masks=(
        (*_HAND, *_ASKED, *_OPENING, *_ASKED),
        (*_FREE, *_ASKED, 0.0, *_ASKED),
        (*_HAND, *_ASKED, *_OPENING, *_FREE),
        (*_HAND, *_FREE, 0.0, *_FREE),
    ),
    tolerance=TOLERANCE_M / UNIT_M,
    scales=(1.0, 0.15, 0.04),
)
"""Hand (3), first block (3), opening (1) and second block (3) make up a goal."""


def pair_of(first: Floats, second: Floats) -> Floats:
    """Return the observation (..., 38) of two of one moment, each (..., 23)."""
    return np.concatenate((first, second[..., OWN]), axis=-1)


def observe_pair(scene: Scene, first: str, second: str) -> Floats:
    """Return what an option that moves ``first``, then ``second``, observes, (38,)."""
    return pair_of(observe(scene, first), observe(scene, second))


def rest_goal_pair(first: Array, second: Array, hand: Array) -> tuple[Floats, Floats]:
    """Return (goal (10,), mask (10,)) of two blocks let go of.

    Args:
        first: Where the first block's centre shall rest, (3,) [m].
        second: Where the second's shall, (3,) [m].
        hand: Where the open hand shall be, (3,) [m].
    """
    goal, _ = rest_goal(first, hand)
    other = (np.asarray(second) - MIDDLE_M) / UNIT_M
    whole = np.concatenate((goal, other)).astype(np.float32)
    return whole, np.ones(PAIR_SPACE.size, dtype=np.float32)
