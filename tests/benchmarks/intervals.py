"""Intervals of what several training seeds reached."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def over_seeds(rates: Sequence[float]) -> tuple[float, float]:
    """Return the 95 % bootstrap interval of a mean over seeds, 10,000 draws."""
    known, rng = np.array(rates), np.random.default_rng(0)
    draws = rng.integers(len(known), size=(10_000, len(known)))
    low, high = np.quantile(known[draws].mean(1), (0.025, 0.975))
    return float(low), float(high)
