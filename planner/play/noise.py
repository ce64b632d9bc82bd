"""Noise: trained policies that err on purpose, and note what they commanded."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
import numpy.typing as npt

from jouleplan.skills.policy import StagePolicy
from jouleplan.skills.stages import USES_GRIPPER, Observation

NOISE: Final = 0.2
RANDOM_SHARE: Final = 0.1
"""Share of steps in which the arm goes anywhere."""
GRIPPER_SHARE: Final = 0.002
"""Share of steps in which the gripper does anything: each may drop a block."""


class NoisyPolicy:
    """A policy with noise on its actions.

    Args:
        policy: What acts.
        stage: Its stage; some leave the gripper alone.
        rng: Decides the noise.
        note: Called with every action (4,) before it is carried out.
    """

    def __init__(
        self,
        policy: StagePolicy,
        stage: str,
        rng: np.random.Generator,
        note: Callable[[npt.NDArray[np.float32]], None],
    ) -> None:
        """Keep all four."""
        self._policy, self._rng, self._note = policy, rng, note
        self._gripper = USES_GRIPPER[stage]
        self.path = policy.path

    def __call__(self, observation: Observation) -> npt.NDArray[np.float32]:
        """Return the action (4,) for an observation, disturbed."""
        rng, action = self._rng, self._policy(observation).copy()
        action[:3] += rng.normal(0.0, NOISE, 3)
        if rng.random() < RANDOM_SHARE:
            action[:3] = rng.uniform(-1.0, 1.0, 3)
        if not self._gripper:
            action[3] = 0.0
        elif rng.random() < GRIPPER_SHARE:
            action[3] = rng.uniform(-1.0, 1.0)
        action = np.clip(action, -1.0, 1.0)
        self._note(action)
        return action
