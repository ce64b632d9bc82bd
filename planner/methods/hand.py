"""Hand: acts on a trial as a policy from pixels answers, part of a chunk at a time."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from jouleplan.domains.articulation import Array
from jouleplan.domains.robot import MAX_STEP_M
from jouleplan.planner.methods.method import Trial
from jouleplan.skills.vla.actions import control_steps, rooted
from jouleplan.skills.vla.policy import VlaPolicy
from jouleplan.skills.vla.views import observation

ASIDE_M: Final = 0.03
"""How far from where it waits the hand stops, at most and along each axis: the same
pictures would have the policy fail the same way again."""
_NEAR_M: Final = 0.01
_REST_STEPS: Final = 90
"""Control steps after which a way back ends wherever it is."""


class Hand:
    """Acts on one trial.

    Args:
        policy: Asked for chunks.
        trial: Acted on; its seed draws where the hand waits.
        replan: Frames of each chunk that are carried out.

    Attributes:
        flops: Floating point operations so far.
    """

    def __init__(self, policy: VlaPolicy, trial: Trial, replan: int) -> None:
        """Nothing moves yet."""
        self._policy, self._trial, self._replan = policy, trial, replan
        self._rng = np.random.default_rng(trial.seed)
        self.flops = 0.0

    def act(self, prompt: str) -> None:
        """Look, and carry out the first frames of the chunk that is answered."""
        trial, policy = self._trial, self._policy
        with trial.meter.phase("sensing"):
            seen = observation(trial.scene, prompt, policy.side)
        with trial.meter.phase("policy"):
            if not policy.embedded(prompt):
                self.flops += policy.prompt_flops
            self.flops += policy.flops
            chunk = policy(
                seen["observation/image"],
                seen["observation/wrist_image"],
                seen["observation/state"],
                prompt,
            )
        robot = trial.scene.robot
        for action in chunk[: self._replan]:
            for turn, told in control_steps(action, robot.closed):
                robot.yaw_goal += turn
                if trial.step(told):
                    return

    def rest(self, held: bool) -> None:
        """Bring the hand back to about where it waits, straight up first.

        This motion is fixed, not the policy's. The hand opens unless a body is held.
        """
        robot = self._trial.scene.robot
        aside = self._rng.uniform(-ASIDE_M, ASIDE_M, 3)
        goal, robot.yaw_goal = np.array(robot.model.home) + aside, 0.0
        gripper = 0.0 if held else 1.0
        for _ in range(_REST_STEPS):
            away = goal - robot.command
            if away[2] > _NEAR_M:
                away[:2] = 0.0
            if self._trial.step(np.array((*_told(away, robot.yaw), gripper))):
                return
            if np.abs(goal - robot.command).max() < _NEAR_M and robot.yaw == 0.0:
                return


def _told(away: Array, yaw: float) -> Array:
    """Return what moves the hand by ``away`` (3,) [m], or as far as one step does."""
    c, s = math.cos(yaw), math.sin(yaw)
    turned = np.array((c * away[0] + s * away[1], c * away[1] - s * away[0], away[2]))
    return rooted(np.clip(turned / MAX_STEP_M, -1.0, 1.0))
