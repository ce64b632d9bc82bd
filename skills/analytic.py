"""Analytic: hand-written controllers of the stages, the reference to compare with.

Each sees what a stage's policy sees and answers with the same action, so that both act
under the same executive on the same arm. They are an upper bound: they know by design
what a policy has to learn. They never stand in for a policy.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from jouleplan.domains.robot import MAX_STEP_M
from jouleplan.skills.library import PolicySet
from jouleplan.skills.stages import GOAL_SCALES_M, STAGES, Observation

ALIGNED_M: Final = 0.003
"""The hand goes down, closes or opens once it is so near in the plane."""
_NEAR_M: Final = 0.003
_SLOWING: Final = 0.5
"""Share of the way down that is made in a control step with a block in the hand."""
_PRESSED_M: Final = 0.008
"""A command so far below the hand means that the block stands on something."""
_OPEN, _CLOSE, _KEEP = 1.0, -1.0, 0.0

Vector = tuple[float, float, float]
Controller = Callable[[Observation], tuple[Vector, float]]
"""From an observation to (way of the commanded hand (3,) [m], gripper)."""


class AnalyticPolicy:
    """A controller in the place of a policy.

    Args:
        stage: One of ``STAGES``.

    Attributes:
        path: The file that it is written in.
    """

    def __init__(self, stage: str) -> None:
        """Choose the controller of the stage."""
        self.path = Path(__file__)
        self._controller = _CONTROLLERS[stage]

    def __call__(self, observation: Observation) -> npt.NDArray[np.float32]:
        """Return the action (4,) in [-1, 1] for an observation (20,)."""
        way, gripper = self._controller(observation)
        # the arm squares what it is told, keeping the sign
        told = (math.copysign(math.sqrt(min(abs(v) / MAX_STEP_M, 1.0)), v) for v in way)
        return np.array((*told, gripper), dtype=np.float32)


def analytic_policies() -> PolicySet:
    """Return a controller for every stage."""
    return PolicySet({stage: AnalyticPolicy(stage) for stage in STAGES})


def _travel(seen: Observation) -> tuple[Vector, float]:
    """Go straight to the goal."""
    return _towards(_goal(seen), seen), _KEEP


def _grasp(seen: Observation) -> tuple[Vector, float]:
    """Go above the block, down, close, and up; open again where nothing is held."""
    x, y, z = _goal(seen)
    if seen[14] > 0:
        held = seen[15] > 0 or seen[16] > 0
        return _towards((x, y, z), seen), _KEEP if held else _OPEN
    if max(abs(x), abs(y)) > ALIGNED_M:
        return _towards((x, y, max(z, 0.0)), seen), _KEEP
    if abs(z) > _NEAR_M:
        return _towards((x, y, z), seen), _KEEP
    return (0.0, 0.0, 0.0), _CLOSE


def _release(seen: Observation) -> tuple[Vector, float]:
    """Lower the block onto its place, open, and go up."""
    x, y, z = _goal(seen)
    if seen[14] < 0:
        return _towards((x, y, z), seen), _KEEP
    aligned = max(abs(x), abs(y)) < ALIGNED_M
    pressed = float(seen[19]) * 0.02 < -_PRESSED_M
    if (aligned and abs(z) < _NEAR_M) or pressed:
        return (0.0, 0.0, 0.0), _OPEN
    down = _SLOWING * z - 0.001 if aligned else max(z, 0.0)
    return _towards((x, y, down), seen), _KEEP


def _goal(seen: Observation) -> Vector:
    """Return the way to the goal (3,) [m], at the finest scale that holds it."""
    at = 2
    while at > 0 and float(np.abs(seen[3 * at : 3 * at + 3]).max()) >= 1.0:
        at -= 1
    x, y, z = (float(v) * GOAL_SCALES_M[at] for v in seen[3 * at : 3 * at + 3])
    return x, y, z


def _towards(way: Vector, seen: Observation) -> Vector:
    """Return how the command has to move: it leads the hand already."""
    x, y, z = (w - 0.02 * float(lead) for w, lead in zip(way, seen[17:20], strict=True))
    return x, y, z


def _press(seen: Observation) -> tuple[Vector, float]:
    """Go above the button, straight down until it switches, and up."""
    x, y, z = _goal(seen)
    if z > 0:  # it has switched
        return _towards((x, y, z), seen), _KEEP
    aligned = max(abs(x), abs(y)) < ALIGNED_M
    return _towards((x, y, min(z, -_NEAR_M) if aligned else 0.0), seen), _KEEP


_CONTROLLERS: Final[dict[str, Controller]] = {
    "reach": _travel,
    "grasp": _grasp,
    "move": _travel,
    "release": _release,
    "press": _press,
}
