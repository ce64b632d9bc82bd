"""Goals: from an operator's effects to a goal, of several one that V likes.

An effect such as "held" is true of many goals; the first candidate is the middle of
them, the others lie about it, all where the effect is sensed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from jouleplan.domains.articulation import Array
from jouleplan.domains.robot import GRASP_ABOVE_CENTRE_M
from jouleplan.skills.gcrl.network import OptionNetwork
from jouleplan.skills.gcrl.option_state import SPACE, held_goal, rest_goal
from jouleplan.skills.gcrl.space import Floats

Goal = tuple[Floats, Floats]
"""A goal and its mask, (7,) each."""

CANDIDATES: Final = 8
LIFT_M: Final = 0.08
"""A picked block ends so much higher than it stood, at least."""
RETREAT_M: Final = 0.05
"""The open hand ends so far above the grasp of a placed block, at least."""
HIGHER_M: Final = 0.03
ASIDE_M: Final = 0.01
"""A lifted block may hang so far beside where it stood."""
OFF_M: Final = 0.003
"""A placed block may lie so far from the middle of its place."""
CLEARLY: Final = 2.0
"""By so much V must be better for another goal than the plainest, three steps or more:
what differs by less is V's error, and goals that it flatters are carried out worse."""


def held_goals(start: Array, width: float, rng: np.random.Generator) -> list[Goal]:
    """Return candidates of a block in the hand, the plainest first.

    Args:
        start: Where the block's centre is, (3,) [m].
        width: Of the block between the fingers [m].
        rng: Draws all but the first.
    """
    goals = [held_goal(start + (0, 0, LIFT_M), width)]
    for _ in range(CANDIDATES - 1):
        x, y = rng.uniform(-ASIDE_M, ASIDE_M, 2)
        up = LIFT_M + rng.uniform(0.0, HIGHER_M)
        goals.append(held_goal(start + (x, y, up), width))
    return goals


def rest_goals(centre: Array, rng: np.random.Generator) -> list[Goal]:
    """Return candidates of a block let go of, the plainest first.

    Args:
        centre: Where the block's centre shall rest, (3,) [m].
        rng: Draws all but the first.
    """
    above = GRASP_ABOVE_CENTRE_M + RETREAT_M
    goals = [rest_goal(centre, centre + (0, 0, above))]
    for _ in range(CANDIDATES - 1):
        x, y = rng.uniform(-OFF_M, OFF_M, 2)
        at = centre + (x, y, 0.0)
        up = above + rng.uniform(0.0, HIGHER_M)
        goals.append(rest_goal(at, at + (0, 0, up)))
    return goals


def best_goal(
    network: OptionNetwork, seen: Floats, goals: Sequence[Goal]
) -> tuple[Goal, float | None]:
    """Return the plainest goal, or one that V likes clearly better, and its V.

    Args:
        network: Whose V judges; without a value the answer is (the first, None).
        seen: What is observed, (23,).
        goals: Candidates, the plainest first.
    """
    achieved = SPACE.achieved(seen)
    values = [
        network(seen, SPACE.encode(achieved, goal, mask)).value for goal, mask in goals
    ]
    known = [value for value in values if value is not None]
    if len(known) < len(goals):
        return goals[0], None
    best = int(np.argmax(known))  # the first of equals
    if known[best] < known[0] + CLEARLY:
        best = 0
    return goals[best], known[best]
