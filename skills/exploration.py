"""Exploration: TD3's noise, with a gripper that is also tried at random."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt

SCALE: Final = 0.2
GRIPPER_TRIES: Final = 0.2
"""Share of steps in which the gripper's command is drawn anew. Gaussian noise alone
never leads a saturated command across its threshold."""


def exploration(seed: int) -> Any:
    """Return an SB3 action noise for actions (4,), reproducible by ``seed``."""
    from stable_baselines3.common.noise import ActionNoise

    class GripperNoise(ActionNoise):
        """Gaussian, and now and then a gripper command from anywhere."""

        def __init__(self) -> None:
            super().__init__()
            self._rng = np.random.default_rng(seed)

        def __call__(self) -> npt.NDArray[np.float64]:
            noise = self._rng.normal(0.0, SCALE, 4)
            if self._rng.random() < GRIPPER_TRIES:
                noise[3] = self._rng.uniform(-2.0, 2.0)
            return noise

    return GripperNoise()
