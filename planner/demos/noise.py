"""Noise: what disturbs the arm while it demonstrates, so that recoveries are seen.

The executed displacement is the expert's plus noise that changes slowly; the recorded
one is the expert's alone. The gripper is left alone.

Source: DART (Laskey et al. 2017, arXiv:1703.09327); the noise is an autoregressive
process of the first order, so that it drives the arm away instead of shaking it.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from jouleplan.domains.articulation import Array

MEMORY: Final = 0.9
"""Correlation of the noise of successive control steps: half is forgotten in 0.2 s."""


class Drift:
    """Slowly changing noise.

    Args:
        scale: Standard deviation an axis, over ``MAX_STEP_M``.
        rng: Decides it.
    """

    def __init__(self, scale: float, rng: np.random.Generator) -> None:
        """Start anywhere."""
        self._scale, self._rng = scale, rng
        self._now = rng.normal(0.0, scale, 3)

    def __call__(self) -> Array:
        """Return the displacement (3,) to add in this control step."""
        fresh = self._rng.normal(0.0, self._scale, 3)
        self._now = MEMORY * self._now + math.sqrt(1 - MEMORY**2) * fresh
        return self._now
