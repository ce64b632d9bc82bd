"""The Gymnasium environment of one stage: where its policy is trained and judged.

Source: the recipe of goal-relative observations and a path potential follows Andrychowicz
et al. 2017 (arXiv:1707.01495, sec. 4) for the scales and Ng et al. 1999 for shaping.
"""

from __future__ import annotations

from typing import Any

import gymnasium as gym
import numpy as np

from jouleplan.domains.robot import FULLY_OPEN_M, GRASP_ABOVE_CENTRE_M, Robot
from jouleplan.domains.simulator import Array, Simulator
from jouleplan.skills.stages import (
    ACTION_SIZE,
    HOLDING,
    OBSERVATION_SIZE,
    RETREAT_M,
    STEP_LIMIT,
    Observation,
    Stage,
    StageOutcome,
)

WIDTHS_M = (0.034, 0.066)
HEIGHTS_M = (0.030, 0.045)
SUCCESS_REWARD = 5.0
STEP_COST = 0.05
FAILURE_COST = 3.0
PRACTICE_SHARE = 0.4
DISTURBANCE_COST = 50.0
"""A metre that a bystander is pushed."""
_PILLAR = 0.6
_BLOCK, _SUPPORT = "block", "support"


class StageEnv(gym.Env[Observation, np.ndarray]):
    """One stage with random blocks, supports, heights, places and hand offsets.

    The block is of any trained width and height and stands on another movable block,
    off its centre by up to 15 mm, on a pillar of any height up to a tower of eight.

    Args:
        stage: One of ``STAGES``.
        render_mode: "rgb_array" or None.
        practice: Start part of the episodes next to the gripper's change, so that its
            exploration meets success; evaluation leaves it out.
    """

    metadata = {"render_modes": ["rgb_array"], "render_fps": 30}  # noqa: RUF012

    def __init__(
        self, stage: str, render_mode: str | None = None, practice: bool = False
    ) -> None:
        """Make the spaces; the simulator starts with the first reset."""
        self.stage_name = stage
        self._practice = practice
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
            self._simulator = Simulator()
            self._robot = Robot(self._simulator)
            self._simulator.add_box("pillar", (0.1, 0.1, _PILLAR), (2, 0, 0))
        for _ in range(20):
            self._lay_out(self._simulator)
            if self._stage.outcome() is StageOutcome.RUNNING:
                break
        self._steps = 0
        self._still = self._bystanders()
        self._potential = self._value()
        return self._stage.observation(), {}

    def _lay_out(self, simulator: Simulator) -> None:
        rng, name = self.np_random, self.stage_name
        for box in (_BLOCK, _SUPPORT):
            if box in simulator.names:
                simulator.remove(box)
        self._robot.teleport(np.array((0.4, 0.0, 0.5)))  # out of the way
        place = self._anywhere()
        if name == "reach" or name == "move":
            start = np.array((*place, rng.uniform(0.08, 0.5)))
            goal = np.array((*self._anywhere(), rng.uniform(0.05, 0.5)))
            goal = start + rng.choice((0.1, 0.4, 1.0)) * (goal - start)
        yaw = rng.uniform(-0.8, 0.8)
        if name == "reach":
            self._robot.teleport(start, yaw)
            self._stage = Stage("reach", simulator, self._robot, goal)
            return
        width, height = rng.uniform(*WIDTHS_M), rng.uniform(*HEIGHTS_M)
        height = min(height, width)
        size = (width, width, height)
        if name == "move":
            self._hold_block(simulator, start, yaw, size)
            self._stage = Stage("move", simulator, self._robot, goal, _BLOCK)
            return
        top = self._add_support(simulator, place, yaw, width)
        if name == "grasp":
            offset = rng.uniform(-0.015, 0.015, 2)
            offset *= min(1.0, (self._support_width / 2 - 0.006) / 0.015)
            at = np.array((*(place + offset), top + height / 2))
            simulator.add_box(_BLOCK, size, at, yaw=yaw, mass=0.08)
            simulator.step(30)
            hand = simulator.pose(_BLOCK)[0] + (0, 0, GRASP_ABOVE_CENTRE_M)
            hand += self._start_above(0.05, 0.075)
            turn = rng.normal() * 0.04
            self._robot.teleport(hand, yaw + turn)
            self._stage = Stage("grasp", simulator, self._robot, block=_BLOCK)
            return
        goal = np.array((*(place + rng.uniform(-0.006, 0.006, 2)), top + height / 2))
        hand = goal + (0, 0, GRASP_ABOVE_CENTRE_M) + self._start_above(0.03, 0.065)
        self._hold_block(simulator, hand, yaw + rng.normal() * 0.03, size)
        self._stage = Stage("release", simulator, self._robot, goal, _BLOCK)

    def _anywhere(self) -> Array:
        """Return a place (2,) [m] that the arm reaches at every height in use."""
        while True:
            place = self.np_random.uniform((0.34, -0.42), (0.64, 0.42))
            if np.hypot(*place) < 0.7:
                return place

    def _start_above(self, low: float, high: float) -> Array:
        """Return where the hand starts (3,) [m], seen from where it shall work."""
        rng = self.np_random
        if self._practice and rng.random() < PRACTICE_SHARE:
            return np.array((*rng.uniform(-0.003, 0.003, 2), rng.uniform(0.001, 0.01)))
        spread = 0.007 if rng.random() < 0.8 else 0.015
        return np.array((*rng.uniform(-spread, spread, 2), rng.uniform(low, high)))

    def _add_support(
        self, simulator: Simulator, place: Array, yaw: float, width: float
    ) -> float:
        """Put a movable support on the pillar; return the height of its top [m]."""
        rng = self.np_random
        height = 0.0 if rng.random() < 0.25 else rng.uniform(0.02, 0.3)
        simulator.set_pose("pillar", (*place, height - _PILLAR / 2), yaw)
        self._support_width = min(0.068, width + rng.choice((0.0, 0.004, 0.012)))
        size = (self._support_width, self._support_width, 0.035)
        top = height + 0.035
        simulator.add_box(
            _SUPPORT, size, (*place, top - 0.0175), yaw=yaw + rng.normal() * 0.1, mass=0.08
        )
        return top

    def _hold_block(
        self,
        simulator: Simulator,
        hand: Array,
        yaw: float,
        size: tuple[float, float, float],
    ) -> None:
        """Start with a block between the closed fingers, a little off their centre."""
        rng = self.np_random
        self._robot.teleport(hand, yaw, opening=size[0])
        along = rng.uniform(-0.006, 0.006)
        at = hand + (
            -np.sin(yaw) * along,
            np.cos(yaw) * along,
            -GRASP_ABOVE_CENTRE_M + rng.uniform(-0.003, 0.003),
        )
        simulator.add_box(_BLOCK, size, at, yaw=yaw, mass=0.08)
        self._robot.hold(4)

    def _bystanders(self) -> Array:
        """Return where the support is, and the block until it is held, shape (2, 3)."""
        assert self._simulator is not None
        if _SUPPORT not in self._simulator.names:
            return np.zeros((2, 3))
        support, block = (self._simulator.pose(n)[0] for n in (_SUPPORT, _BLOCK))
        watched = self.stage_name == "grasp" and not self._stage.in_hand()
        return np.array((support, block if watched else (0, 0, 0)))

    def _value(self) -> float:
        """Return the potential: what is left of the way, gripper change included."""
        stage, state = self._stage, self._robot.state
        delta = stage.goal_delta()
        sideways = float(np.hypot(delta[0], delta[1]))
        way = 8 * float(np.linalg.norm(delta)) + min(1.0, 60 * sideways)
        changed = state.closed != HOLDING[stage.name]
        if stage.name == "grasp" and changed and not stage.in_hand():
            way, changed = way + 1.0, False  # closed on nothing: open again
        if stage.name in ("grasp", "release") and not changed:
            # low beside its place, a hand pushes what it should take or stand on
            low = max(0.0, 0.03 - abs(float(delta[2]))) / 0.03
            way += 1.5 * low * min(1.0, sideways / 0.01) + 2.0
        return -way

    def step(
        self, action: np.ndarray
    ) -> tuple[Observation, float, bool, bool, dict[str, Any]]:
        """Carry out one control step; the reward is shaped by the potential."""
        self._robot.step(self._stage.action(action))
        self._steps += 1
        outcome = self._stage.outcome()
        if self.stage_name == "release" and outcome is not StageOutcome.FAILED:
            outcome = self._judge_release(outcome)
        now = self._bystanders()
        moved = np.linalg.norm(now - self._still, axis=1)
        if not (now[1].any() and self._still[1].any()):
            moved[1] = 0.0  # taken or let go in this step: nobody's push
        pushed = float(moved.max())
        self._still = now
        value = self._value()
        reward = value - self._potential - STEP_COST - DISTURBANCE_COST * pushed
        self._potential = value
        if self.stage_name == "grasp" and pushed > 0.02:
            outcome = StageOutcome.FAILED
        if outcome is StageOutcome.DONE:
            reward += SUCCESS_REWARD
        elif outcome is StageOutcome.FAILED:
            reward = -FAILURE_COST  # whatever the potential says of an empty hand
        truncated = self._steps >= STEP_LIMIT[self.stage_name]
        terminated = outcome is not StageOutcome.RUNNING
        info = {"is_success": outcome is StageOutcome.DONE}
        return self._stage.observation(), reward, terminated, truncated, info

    def _judge_release(self, outcome: StageOutcome) -> StageOutcome:
        """Fail an early drop at once; let a release count when the block stays."""
        assert self._simulator is not None
        if self._robot.state.closed:
            return outcome
        error = self._simulator.pose(_BLOCK)[0] - self._stage.goal
        dropped = np.abs(error[:2]).max() > 0.008 or abs(error[2]) > 0.004
        if dropped:
            return StageOutcome.FAILED
        if outcome is StageOutcome.DONE:
            self._robot.hold(15)
            error = self._simulator.pose(_BLOCK)[0] - self._stage.goal
            fits = np.abs(error[:2]).max() < 0.006 and abs(error[2]) < 0.004
            free = not any(self._robot.touches(_BLOCK))
            return StageOutcome.DONE if fits and free else StageOutcome.FAILED
        return outcome

    def render(self) -> np.ndarray | None:  # type: ignore[override]
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


assert RETREAT_M > 0 and FULLY_OPEN_M > max(WIDTHS_M)
