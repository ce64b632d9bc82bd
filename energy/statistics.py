"""Intervals for rates and means, and figures per success."""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import NormalDist
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np


def wilson_interval(
    successes: int, n: int, confidence: float = 0.95
) -> tuple[float, float]:
    """Return the Wilson score interval of a success rate.

    The closed form, equal to ``scipy.stats.binomtest(...).proportion_ci("wilson")``,
    because importing scipy.stats takes longer than planning a task.

    Args:
        successes: Number of successes.
        n: Number of trials; with none the interval is (0, 1).
        confidence: Coverage, between 0 and 1.

    Raises:
        ValueError: The counts or the confidence are out of range.

    Source: Wilson 1927, doi:10.1080/01621459.1927.10502953.
    """
    if not 0 <= successes <= n:
        raise ValueError(f"successes={successes} of n={n}: need 0 <= successes <= n")
    if not 0 < confidence < 1:
        raise ValueError(f"confidence={confidence}: need a number between 0 and 1")
    if n == 0:
        return 0.0, 1.0
    z = NormalDist().inv_cdf(0.5 + confidence / 2)
    rate = successes / n
    scale = 1 + z * z / n
    centre = (rate + z * z / (2 * n)) / scale
    half = z / scale * math.sqrt(rate * (1 - rate) / n + z * z / (4 * n * n))
    # The ends are exact at 0 and n successes; rounding would move them.
    low = 0.0 if successes == 0 else centre - half
    high = 1.0 if successes == n else centre + half
    return low, high


def bootstrap_interval(
    values: Sequence[float], rng: np.random.Generator, confidence: float = 0.95
) -> tuple[float, float] | None:
    """Return the bias-corrected bootstrap interval of the mean of ``values``.

    Args:
        values: Independent figures, shape (n,).
        rng: Source of the resampling.
        confidence: Coverage, between 0 and 1.

    Returns:
        Low and high end; None for fewer than two values, which bound nothing.

    Source: Efron 1987, doi:10.1080/01621459.1987.10478410, through scipy.
    """
    if len(values) < 2:
        return None
    if min(values) == max(values):
        return float(values[0]), float(values[0])  # BCa is undefined without spread
    import numpy as np
    from scipy.stats import bootstrap

    found = bootstrap(
        (np.asarray(values, dtype=float),),
        np.mean,
        confidence_level=confidence,
        rng=rng,
    ).confidence_interval
    return float(found.low), float(found.high)


def per_success(total: float | None, successes: int) -> float | None:
    """Return ``total`` divided by the successes, failures' cost included.

    Returns:
        None where nothing succeeded or the total is unknown.
    """
    if total is None or successes == 0:
        return None
    return total / successes
