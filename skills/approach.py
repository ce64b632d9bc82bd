"""Approach: which way round the hand comes down on a box."""

from __future__ import annotations

from typing import Final

import numpy as np

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
GRIPPER_M: Final = 0.066
_QUARTER: Final = np.pi / 2


def best_yaw(scene: Scene, name: str) -> float:
    """Return the hand's turn [rad] that grasps ``name`` and hits the least around it.

    Of the turns that are square to the box, the one with the fewest obstacles under
    palm and fingers; among equals the one nearest to straight: it clears a row of pegs.
    """
    box = scene.standing(name)
    arm = scene.robot.direction(box.position)
    low, high = (float(arm + turn) for turn in TURNS_RAD)
    turns = [box.yaw + k * _QUARTER for k in range(-4, 5)]
    turns = [t for t in turns if low <= t <= high and _fits(box, t)]
    others = [scene.standing(n) for n in scene.bodies if n != name]
    if not turns:  # too wide both ways: the grasp will say so
        return float(box.yaw - _QUARTER * np.round(box.yaw / _QUARTER))
    return min(turns, key=lambda t: (_hits(box, t, others), abs(t)))


def _fits(box: Standing, turn: float) -> bool:
    along = abs(np.cos(turn - box.yaw)) > 0.5
    return (box.along if along else box.across) <= GRIPPER_M


def _hits(box: Standing, turn: float, others: list[Standing]) -> int:
    """Count the boxes that palm or open fingers would touch at the grasp."""
    hand = float(box.position[2]) + GRASP_ABOVE_CENTRE_M
    c, s = np.cos(turn), np.sin(turn)
    count = 0
    for other in others:
        if other.bottom > hand + 0.2:
            continue
        dx, dy = other.position[:2] - box.position[:2]
        u, v = abs(c * dx + s * dy), abs(c * dy - s * dx)
        reach = max(other.along, other.across) / 2 + 0.004
        for half, below in (
            (PALM_HALF_M, -PALM_ABOVE_M),
            (FINGERS_HALF_M, FINGERTIP_M),
        ):
            if other.top > hand - below and u < half[0] + reach and v < half[1] + reach:
                count += 1
    return count
