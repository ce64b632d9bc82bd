"""Stages: the goal-conditioned steps that one trained policy each carries out.

| stage   | its policy brings                     | until                              |
|---------|---------------------------------------|------------------------------------|
| reach   | the empty hand to a goal              | the hand is there                  |
| grasp   | the fingers round a block, and lifts  | the block is held 2 cm higher      |
| move    | the hand with its block to a goal     | the hand is there                  |
| release | the block down to a goal, opens, rises| the hand is 5 cm up, block let go  |
| press   | the closed fingers onto a button      | it has switched, the hand 5 cm up  |

What a policy observes is relative to its goal and its block, in the gripper's frame:
one policy serves any block, place and number of blocks. To press, the block is the
button.
"""

from __future__ import annotations

import math
from enum import StrEnum
from typing import Final

import numpy as np
import numpy.typing as npt

from jouleplan.domains.articulation import Array
from jouleplan.domains.robot import GRASP_ABOVE_CENTRE_M, Robot
from jouleplan.domains.simulator import Simulator

OBSERVATION_SIZE: Final = 20
ACTION_SIZE: Final = 4
GOAL_SCALES_M: Final = (0.2, 0.03, 0.008)
LIFT_M: Final = 0.02
RETREAT_M: Final = 0.05
STAGES: Final = ("reach", "grasp", "move", "release", "press")
HOLDING: Final = {
    "reach": False,
    "grasp": False,
    "move": True,
    "release": True,
    "press": False,
}
"""Whether a block is in the hand when the stage begins."""
USES_GRIPPER: Final = {
    "reach": False,
    "grasp": True,
    "move": False,
    "release": True,
    "press": False,
}
"""Whether the policy commands the gripper; else its command is kept."""
STEP_LIMIT: Final = {"reach": 90, "grasp": 45, "move": 90, "release": 45, "press": 45}
PRESSING_TIP_M: Final = 0.0083
"""Closed fingers touch this far below the end effector."""

Observation = npt.NDArray[np.float32]
_UP = np.array((0.0, 0.0, 1.0))


class StageOutcome(StrEnum):
    """How a stage stands."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


def pressing_point(simulator: Simulator, button: str) -> Array:
    """Return where the end effector is once the cap is down, (3,), world [m]."""
    top = simulator.size(button)[2] / 2 - simulator.buttons[button].travel_m
    return simulator.pose(button)[0] + (0.0, 0.0, top + PRESSING_TIP_M)


class Stage:
    """One stage under way, seen through the simulator.

    Args:
        name: One of ``STAGES``.
        simulator: Where the block lives.
        robot: The arm.
        goal: World position (3,) [m]: of the end effector for reach and move, of the
            block's centre for release; unused by grasp and press.
        block: Name of the block to take or held, or of the button; None for reach.
        tolerance: How near the end effector must come for reach and move [m].

    Raises:
        ValueError: ``name`` is no stage, or its block is missing.
    """

    def __init__(
        self,
        name: str,
        simulator: Simulator,
        robot: Robot,
        goal: Array | None = None,
        block: str | None = None,
        tolerance: float = 0.005,
    ) -> None:
        """Note where the block and the hand are at the start."""
        if name not in STAGES:
            raise ValueError(f"unknown stage {name!r}; the stages are {STAGES}")
        if block is None and name != "reach":
            raise ValueError(f"stage {name!r} needs a block")
        self.name, self.block = name, block
        self._simulator, self._robot = simulator, robot
        self._tolerance = tolerance
        self.goal = np.zeros(3) if goal is None else np.asarray(goal, dtype=np.float64)
        self._width = 0.0
        if block is not None:
            self._width = float(simulator.size(block)[:2].min())
        self._turning_point: Array | None = None  # where gripper or button changed
        self._presses_before = 0
        if block is not None and name == "press":
            self._presses_before = simulator.buttons[block].presses

    @property
    def changed(self) -> bool:
        """Whether the gripper, or the button, has changed as the stage wants it."""
        if self.name == "press":
            return self.presses > 0
        return self._robot.state.closed != HOLDING[self.name]

    @property
    def presses(self) -> int:
        """How often the button was pressed since the stage began; once is wanted."""
        assert self.block is not None
        return self._simulator.buttons[self.block].presses - self._presses_before

    def grasp_delta(self, ee: Array) -> Array:
        """Return the way from the end effector to the block's grasp point (3,) [m].

        Of a button: to where the end effector is when the cap is down.
        """
        if self.block is None:
            return np.zeros(3)
        if self.name == "press":
            return pressing_point(self._simulator, self.block) - ee
        centre = self._simulator.pose(self.block)[0]
        return centre + GRASP_ABOVE_CENTRE_M * _UP - ee

    def goal_delta(self) -> Array:
        """Return the way that is left to go, shape (3,), world frame [m]."""
        state = self._robot.state
        return self._delta(state.ee_position, state.closed)

    def _delta(self, ee: Array, closed: bool, to_block: Array | None = None) -> Array:
        if self.name in ("reach", "move"):
            return self.goal - ee
        if self.name == "grasp":
            if not closed or not self.in_hand():
                self._turning_point = None
                return self.grasp_delta(ee) if to_block is None else to_block
            if self._turning_point is None:
                self._turning_point = ee
            return self._turning_point + LIFT_M * _UP - ee
        assert self.block is not None
        if not self.changed:
            self._turning_point = None
            if self.name == "press":
                return self.grasp_delta(ee) if to_block is None else to_block
            return self.goal - self._simulator.pose(self.block)[0]
        if self._turning_point is None:
            self._turning_point = ee
        return self._turning_point + RETREAT_M * _UP - ee

    def observation(self) -> Observation:
        """Return what the policy sees, shape (20,), each in [-1, 1], gripper frame.

        0-8 goal delta at scales 0.2, 0.03 and 0.008 m; 9-11 grasp delta at 0.03 m; 12
        opening; 13 opening minus the block's width; 14 gripper command; 15-16 touch;
        17-19 command minus actual end effector at 0.02 m.
        """
        state = self._robot.state
        c, s = math.cos(state.yaw), math.sin(state.yaw)
        ee, block = state.ee_position, self.block
        to_block = self.grasp_delta(ee)
        # plain floats: on arrays this small an array operation costs more than its sum
        seen: list[float] = []
        x, y, z = self._delta(ee, state.closed, to_block).tolist()
        goal = (c * x + s * y, c * y - s * x, z)
        seen += [v / scale for scale in GOAL_SCALES_M for v in goal]
        x, y, z = to_block.tolist()
        seen += [v / 0.03 for v in (c * x + s * y, c * y - s * x, z)]
        width = (state.opening - self._width) / 0.02 if block else 0.0
        seen += (state.opening / 0.04 - 1, width, 1.0 if state.closed else -1.0)
        seen += self._robot.touches(block) if block else (0.0, 0.0)
        x, y, z = (state.command - ee).tolist()
        seen += [v / 0.02 for v in (c * x + s * y, c * y - s * x, z)]
        return np.array([min(max(v, -1.0), 1.0) for v in seen], dtype=np.float32)

    def action(self, raw: npt.NDArray[np.float32]) -> Array:
        """Return the arm's action (4,) from the policy's, which may not open a hand."""
        action = np.asarray(raw, dtype=np.float64)
        if not USES_GRIPPER[self.name]:
            action = action.copy()
            action[3] = 0.0
        return action

    def outcome(self) -> StageOutcome:
        """Judge by the arm's own sensors and the block's pose."""
        state = self._robot.state
        left = float(np.abs(self._delta(state.ee_position, state.closed)).max())
        if self.name in ("reach", "move"):
            if self.name == "move" and not self.in_hand():
                return StageOutcome.FAILED
            robot = self._robot
            turned = abs(robot.yaw_goal - robot.yaw) < 0.02 or self._tolerance > 0.01
            near = left < self._tolerance and turned
            return StageOutcome.DONE if near else StageOutcome.RUNNING
        if self.name == "press":
            if self.presses != 1:
                return StageOutcome.FAILED if self.presses else StageOutcome.RUNNING
        elif self.name == "grasp":
            if not state.closed or not self.in_hand():
                return StageOutcome.RUNNING
        elif state.closed:
            return StageOutcome.RUNNING if self.in_hand() else StageOutcome.FAILED
        # lifted, or retreated: how high above where gripper or button changed
        return StageOutcome.DONE if left < 0.008 else StageOutcome.RUNNING

    def in_hand(self) -> bool:
        """Return whether the block is between closed fingers."""
        assert self.block is not None
        state = self._robot.state
        if not state.closed or state.opening < self._width - 0.006:
            return False
        return float(np.abs(self.grasp_delta(state.ee_position)).max()) < 0.025
