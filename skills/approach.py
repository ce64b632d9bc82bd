"""Approach: which way round the hand comes down on a body, and sets it down."""

from __future__ import annotations

from typing import Final

import numpy as np

from jouleplan.domains.articulation import Array
from jouleplan.domains.limits import PANDA
from jouleplan.domains.robot import GRASP_ABOVE_CENTRE_M
from jouleplan.domains.scene import Scene
from jouleplan.domains.standing import Standing
from jouleplan.skills.route import FINGERTIP_M

PALM_ABOVE_M: Final = 0.035
"""The palm begins this far above the end effector."""
PALM_HALF_M: Final = (0.105, 0.035)
FINGERS_HALF_M: Final = (0.062, 0.014)
TURNS_RAD: Final = (-2.3, 1.9)
"""How far the wrist turns either way, seen from the direction of the reaching arm."""
_QUARTER: Final = np.pi / 2


def best_yaw(scene: Scene, name: str) -> float:
    """Return the hand's turn [rad] that grasps ``name`` and hits the least around it.

    Of the turns that are square to the box, the one with the fewest obstacles under
    palm and fingers; among equals the one nearest to straight: it clears a row of pegs.
    The handle of a nut is taken across only.
    """
    box = scene.standing(name)
    turns = [box.yaw + k * _QUARTER for k in range(-4, 5)]
    turns = [t for t in turns if can_turn(scene, box.position, t) and _fits(box, t)]
    if scene.bodies[name].form is not None:
        turns = [t for t in turns if abs(np.cos(t - box.yaw)) > 0.5]
    others = [o for n in scene.bodies if n != name for o in scene.outline(n)]
    if not turns:  # too wide both ways: the grasp will say so
        return float(box.yaw - _QUARTER * np.round(box.yaw / _QUARTER))
    return min(turns, key=lambda t: (hits(box.position, t, others), abs(t)))


def can_turn(scene: Scene, at: Array, turn: float) -> bool:
    """Return whether the wrist can turn the hand by ``turn`` [rad] at ``at`` [m]."""
    arm = scene.robot.direction(at)
    return bool(float(arm + TURNS_RAD[0]) <= turn <= float(arm + TURNS_RAD[1]))


def _fits(box: Standing, turn: float) -> bool:
    along = abs(np.cos(turn - box.yaw)) > 0.5
    return (box.along if along else box.across) <= PANDA.width_m


def hits(grasped: Array, turn: float, others: list[Standing]) -> int:
    """Count the boxes that palm or open fingers would touch at the grasp.

    Args:
        grasped: Centre (3,) of what is between the fingers [m].
        turn: Of the hand about the vertical [rad].
        others: The boxes around.
    """
    hand = float(grasped[2]) + GRASP_ABOVE_CENTRE_M
    c, s = np.cos(turn), np.sin(turn)
    count = 0
    for other in others:
        if other.bottom > hand + 0.2:
            continue
        dx, dy = other.position[:2] - grasped[:2]
        u, v = abs(c * dx + s * dy), abs(c * dy - s * dx)
        reach = max(other.along, other.across) / 2 + 0.004
        for half, below in (
            (PALM_HALF_M, -PALM_ABOVE_M),
            (FINGERS_HALF_M, FINGERTIP_M),
        ):
            if other.top > hand - below and u < half[0] + reach and v < half[1] + reach:
                count += 1
    return count
