"""Intervals for rates and means, and figures per success."""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import NormalDist
from typing import TYPE_CHECKING

from jouleplan.energy.statistics.estimate import (
    CONFIDENCE,
    NO_INTERVAL,
    Estimate,
    nothing,
)

if TYPE_CHECKING:
    import numpy as np

BCA_UP_TO = 500
"""Values beyond which the percentile interval is taken: the correction fades with n,
and its jackknife costs n squared."""
BOOTSTRAP_UP_TO = 2000
"""Values beyond which the normal interval is taken, which the bootstrap has become."""
NORMAL = "normal, large n"


def wilson_interval(
    successes: int, n: int, confidence: float = CONFIDENCE
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


def success_rate(successes: int, n: int, confidence: float = CONFIDENCE) -> Estimate:
    """Return a success rate with its Wilson score interval; see ``wilson_interval``."""
    low, high = wilson_interval(successes, n, confidence)
    return Estimate(successes / n if n else None, low, high, n, "Wilson score")


def mean(
    values: Sequence[float], rng: np.random.Generator, confidence: float = CONFIDENCE
) -> Estimate:
    """Return the mean of ``values`` with its bootstrap interval.

    Up to ``BCA_UP_TO`` values the interval is the bias-corrected and accelerated one,
    above that the percentile interval, and above ``BOOTSTRAP_UP_TO`` the normal one.

    Args:
        values: Independent figures, shape (n,).
        rng: Source of the resampling.
        confidence: Coverage, between 0 and 1.

    Source: Efron 1987, doi:10.1080/01621459.1987.10478410, through scipy.
    """
    n = len(values)
    if n == 0:
        return nothing()
    value = math.fsum(values) / n
    ends = bootstrap_interval(values, rng, confidence)
    if ends is None:
        return Estimate(value, None, None, n, NO_INTERVAL)
    if ends[0] == ends[1]:
        value = ends[0]  # of equal values; their sum is rounded
    kind = "bootstrap, BCa" if n <= BCA_UP_TO else "bootstrap, percentile"
    return Estimate(value, *ends, n, kind if n <= BOOTSTRAP_UP_TO else NORMAL)


def bootstrap_interval(
    values: Sequence[float], rng: np.random.Generator, confidence: float = CONFIDENCE
) -> tuple[float, float] | None:
    """Return the bootstrap interval of the mean of ``values``; see ``mean``.

    Returns:
        Low and high end; None for fewer than two values, which bound nothing.
    """
    if len(values) < 2:
        return None
    if min(values) == max(values):
        return float(values[0]), float(values[0])  # BCa is undefined without spread
    import numpy as np
    from scipy.stats import bootstrap

    n = len(values)
    if n > BOOTSTRAP_UP_TO:
        spread = float(np.std(values, ddof=1)) / math.sqrt(n)
        return normal_interval(math.fsum(values) / n, spread, confidence)
    found = bootstrap(
        (np.asarray(values, dtype=float),),
        np.mean,
        confidence_level=confidence,
        method="BCa" if n <= BCA_UP_TO else "percentile",
        n_resamples=resamples(n),
        batch=batch(n),
        rng=rng,
    ).confidence_interval
    return float(found.low), float(found.high)


def normal_interval(
    value: float, error: float, confidence: float = CONFIDENCE
) -> tuple[float, float]:
    """Return the interval of a figure with standard error ``error``."""
    half = NormalDist().inv_cdf(0.5 + confidence / 2) * error
    return value - half, value + half


def resamples(n: int) -> int:
    """Return how often ``n`` values are drawn anew: fewer where they are many."""
    return min(9999, max(499, 2_000_000 // max(n, 1)))


def batch(n: int) -> int:
    """Return how many draws of ``n`` values are held in memory at a time."""
    return max(1, 2_000_000 // max(n, 1))


def per_success(total: float | None, successes: int) -> float | None:
    """Return ``total`` divided by the successes, failures' cost included.

    Returns:
        None where nothing succeeded or the total is unknown.
    """
    if total is None or successes == 0:
        return None
    return total / successes
