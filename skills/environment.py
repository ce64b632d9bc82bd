"""The Gymnasium environment of one stage: where its policy is trained and judged.

Source: Ng, Harada and Russell 1999, "Policy invariance under reward transformations",
for the potential.
"""

from __future__ import annotations

from typing import Any

import gymnasium as gym
import numpy as np

from jouleplan.domains.articulation import Array
from jouleplan.domains.robot import GRASP_ABOVE_CENTRE_M, Robot
from jouleplan.domains.robots.model import RobotModel
from jouleplan.domains.robots.panda import PANDA
from jouleplan.domains.simulator import Simulator
from jouleplan.skills.stage_scene import BLOCK, SUPPORT, StageScene
from jouleplan.skills.stages import (
    ACTION_SIZE,
    OBSERVATION_SIZE,
    STEP_LIMIT,
    Observation,
    StageOutcome,
)

SUCCESS_REWARD = 5.0
STEP_COST = 0.05
FAILURE_COST = 1.0
DISTURBANCE_COST = 100.0
"""A metre that the support, or the block before it is held, is pushed."""
INACCURACY_COST = 150.0
"""A metre that the hand or the block is off when the gripper changes."""
DROP_M = 0.005
TOPPLED_M = 0.01
SHOVED_M = 0.012
"""A step that pushes the block further before it is held is a failure."""
_LEVER_M = 0.03
"""What a support's tilt counts as a push: the way its edge goes."""


class StageEnv(gym.Env[Observation, np.ndarray]):
    """One stage in the random scenes of ``StageScene``.

    Args:
        stage: One of ``STAGES``.
        render_mode: "rgb_array" or None.
        practice: Start part of the episodes next to the gripper's change, so that its
            exploration meets success; evaluation leaves it out.
        robot: Which arm.
    """

    metadata = {"render_modes": ["rgb_array"], "render_fps": 30}  # noqa: RUF012

    def __init__(
        self,
        stage: str,
        render_mode: str | None = None,
        practice: bool = False,
        robot: RobotModel = PANDA,
    ) -> None:
        """Make the spaces; the simulator starts with the first reset."""
        self.stage_name = stage
        self._practice = practice
        self._model = robot
        self.render_mode = render_mode
        self.observation_space = gym.spaces.Box(
            -1.0, 1.0, (OBSERVATION_SIZE,), np.float32
        )
        self.action_space = gym.spaces.Box(-1.0, 1.0, (ACTION_SIZE,), np.float32)
        self._simulator: Simulator | None = None

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[Observation, dict[str, Any]]:
        """Lay out a new random scene."""
        super().reset(seed=seed)
        if seed is not None and self._simulator is not None:
            self.close()  # a fresh solver: the same seed gives the same trajectory
        if self._simulator is None:
            self._simulator = Simulator(
                visuals="none" if self.render_mode is None else "meshes"
            )
            self._robot = Robot(self._simulator, self._model)
            self._scene = StageScene(self._simulator, self._robot, self._practice)
        for _ in range(20):
            self._stage = self._scene.lay_out(self.stage_name, self.np_random)
            if self._stage.outcome() is StageOutcome.RUNNING:
                break
        self._steps = 0
        self._start = self._support_pose()
        self._potential = self._value()
        return self._stage.observation(), {}

    def _support_pose(self) -> Array:
        """Return where the support is, and the lean of its top, shape (5,) [m]."""
        assert self._simulator is not None
        if SUPPORT not in self._simulator.names:
            return np.zeros(5)
        position, (x, y, _, _) = self._simulator.pose(SUPPORT)
        return np.array((*position, 2 * _LEVER_M * x, 2 * _LEVER_M * y))

    def _block_position(self) -> Array:
        assert self._simulator is not None
        known = BLOCK in self._simulator.names
        return self._simulator.pose(BLOCK)[0] if known else np.zeros(3)

    def _taken(self) -> bool:
        """Return whether the block is where the gripper's change shall bring it."""
        return self._robot.state.closed and (
            self.stage_name != "grasp" or self._stage.in_hand()
        )

    def _spoilt(self, was_taken: bool, _: Array, block: Array) -> bool:
        """Return whether the support toppled or the fingers shoved the block."""
        if float(np.linalg.norm(self._support_pose() - self._start)) > TOPPLED_M:
            return True
        shoved = float(np.linalg.norm(self._block_position() - block))
        return self.stage_name == "grasp" and not was_taken and shoved > SHOVED_M

    def _cost(self, was_taken: bool, support: Array, block: Array) -> float:
        """Return what a step costs for what it pushed and how it changed the grip."""
        assert self._simulator is not None
        if self.stage_name not in ("grasp", "release"):
            return 0.0
        now = self._block_position()
        pushed = float(np.linalg.norm(self._support_pose() - support))
        inaccurate = 0.0
        taken = self._taken()
        if self.stage_name == "grasp" and not was_taken:
            pushed += float(np.linalg.norm(now - block))
            if taken:  # where the hand was seen from the block before it was shoved
                hand = self._robot.state.ee_position - (0, 0, GRASP_ABOVE_CENTRE_M)
                inaccurate = float(np.linalg.norm(hand - block))
        elif self.stage_name == "release" and was_taken and not taken:
            inaccurate = float(np.linalg.norm(block - self._stage.goal))
        return DISTURBANCE_COST * pushed + INACCURACY_COST * inaccurate

    def _value(self) -> float:
        """Return the potential: what is left of the way, gripper change included."""
        stage = self._stage
        delta = stage.goal_delta()
        sideways = float(np.hypot(delta[0], delta[1]))
        way = 8 * float(np.linalg.norm(delta)) + min(1.0, 60 * sideways)
        changed = stage.changed
        if stage.name == "grasp" and changed and not stage.in_hand():
            way, changed = way + 1.0, False  # closed on nothing: open again
        if stage.name in ("grasp", "release", "press") and not changed:
            # low beside its place, a hand pushes what it should take or stand on
            low = max(0.0, 0.03 - abs(float(delta[2]))) / 0.03
            way += 1.5 * low * min(1.0, sideways / 0.01) + 2.0
        return -way

    def step(
        self, action: np.ndarray
    ) -> tuple[Observation, float, bool, bool, dict[str, Any]]:
        """Carry out one control step; the reward is shaped by the potential."""
        assert self._simulator is not None
        before = self._taken(), self._support_pose(), self._block_position()
        self._robot.step(self._stage.action(action))
        self._steps += 1
        outcome = self._stage.outcome()
        if self.stage_name == "release" and outcome is not StageOutcome.FAILED:
            outcome = self._judge_release(outcome, *before)
        value = self._value()
        reward = value - self._potential - STEP_COST - self._cost(*before)
        self._potential = value
        if self._spoilt(*before):
            outcome = StageOutcome.FAILED
        if outcome is StageOutcome.DONE:
            reward += SUCCESS_REWARD
        elif outcome is StageOutcome.FAILED:
            reward = -FAILURE_COST  # whatever the potential says of an empty hand
        truncated = self._steps >= STEP_LIMIT[self.stage_name]
        terminated = outcome is not StageOutcome.RUNNING
        info = {"is_success": outcome is StageOutcome.DONE}
        return self._stage.observation(), reward, terminated, truncated, info

    def _judge_release(
        self, outcome: StageOutcome, was_taken: bool, _: Array, block: Array
    ) -> StageOutcome:
        """Fail an early drop at once; let a release count when the block stays.

        The block falls and lands while the gripper opens, within one control step: how
        high it was let go is what it was before the step.
        """
        assert self._simulator is not None
        if self._robot.state.closed:
            return outcome
        if was_taken and block[2] - self._stage.goal[2] > DROP_M:
            return StageOutcome.FAILED
        error = self._simulator.pose(BLOCK)[0] - self._stage.goal
        dropped = np.abs(error[:2]).max() > 0.008 or abs(error[2]) > 0.004
        if dropped:
            return StageOutcome.FAILED
        if outcome is StageOutcome.DONE:
            self._robot.hold(15)
            error = self._simulator.pose(BLOCK)[0] - self._stage.goal
            fits = np.abs(error[:2]).max() < 0.006 and abs(error[2]) < 0.004
            free = not any(self._robot.touches(BLOCK))
            return StageOutcome.DONE if fits and free else StageOutcome.FAILED
        return outcome

    def render(self) -> np.ndarray | None:
        """Return an image (240, 320, 3), or None without a render mode."""
        if self.render_mode is None or self._simulator is None:
            return None
        at = self._robot.state.ee_position
        return self._simulator.render(320, 240, at + (0.6, 0.4, 0.3), at)

    def close(self) -> None:
        """Close the simulator."""
        if self._simulator is not None:
            self._simulator.close()
            self._simulator = None
