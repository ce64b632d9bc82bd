"""Ratio: joules for one success, the failures' joules included."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from jouleplan.energy.statistics.estimate import (
    CONFIDENCE,
    NO_INTERVAL,
    Estimate,
    nothing,
)
from jouleplan.energy.statistics.intervals import (
    BOOTSTRAP_UP_TO,
    NORMAL,
    batch,
    normal_interval,
    resamples,
)
from jouleplan.energy.statistics.verdicts import Verdict

if TYPE_CHECKING:
    import numpy as np

_INTERVAL = "bootstrap of the ratio, percentile"


def energy_per_success(
    energy_j: Sequence[float],
    success: Sequence[Verdict],
    rng: np.random.Generator,
    confidence: float = CONFIDENCE,
) -> Estimate:
    """Return sum(joules) / sum(successes) with its bootstrap interval [J].

    What is resampled is episodes, joules and success together. The interval is that of
    successes a joule, turned over: a resample without a success makes the upper end
    infinite rather than undefined. Percentile, not BCa: its ends turn over exactly.
    Above ``BOOTSTRAP_UP_TO`` episodes the interval is the normal one.

    Args:
        energy_j: Of every episode, failures included, shape (n,) [J]; of one quality.
        success: Whether each reached its goal, shape (n,); None if unknown.
        rng: Source of the resampling.
        confidence: Coverage, between 0 and 1.

    Returns:
        Without a success there is no figure; the upper end is then infinite. Where the
        success of one is unknown there is neither a figure nor an end.

    Raises:
        ValueError: The lengths differ, or an energy is negative.

    Source: Cochran 1977, Sampling Techniques, ch. 6 (ratio estimator); Efron and
    Tibshirani 1993, sec. 13.3 (percentile interval), through scipy.
    """
    n = len(energy_j)
    if n != len(success):
        raise ValueError(f"{n} energies and {len(success)} successes: need one each")
    if n and min(energy_j) < 0:
        raise ValueError(f"energy {min(energy_j)} J: energies are not negative")
    if n == 0:
        return nothing()
    if None in success:
        return Estimate(None, None, None, n, "none: success unknown")
    known = [bool(s) for s in success]
    wins, total = sum(known), math.fsum(energy_j)
    if wins == 0:
        return Estimate(None, None, math.inf, n, "none: no success")
    value = total / wins
    if n == 1:
        return Estimate(value, None, None, n, NO_INTERVAL)
    if min(energy_j) == max(energy_j) and wins == n:
        return Estimate(float(energy_j[0]), energy_j[0], energy_j[0], n, _INTERVAL)
    if total == 0:
        return Estimate(0.0, 0.0, 0.0, n, _INTERVAL)
    if n > BOOTSTRAP_UP_TO:
        ends = normal_interval(*ratio_error(energy_j, known), confidence)
        return Estimate(value, *ends, n, NORMAL)
    low, high = _turned(energy_j, known, rng, confidence)
    return Estimate(value, low, high, n, _INTERVAL)


def ratio_error(
    energy_j: Sequence[float], success: Sequence[bool]
) -> tuple[float, float]:
    """Return joules a success and their standard error, by linearisation [J].

    Args:
        energy_j: Of every episode, shape (n,) [J].
        success: Whether each reached its goal, shape (n,); one at least did.

    Source: Cochran 1977, Sampling Techniques, sec. 6.3.
    """
    import numpy as np

    used, won = np.asarray(energy_j, dtype=float), np.asarray(success, dtype=float)
    ratio = used.sum() / won.sum()
    error = np.std(used - ratio * won, ddof=1) / (won.mean() * math.sqrt(len(used)))
    return float(ratio), float(error)


def _turned(
    energy_j: Sequence[float],
    success: Sequence[bool],
    rng: np.random.Generator,
    confidence: float,
) -> tuple[float, float]:
    import numpy as np
    from scipy.stats import bootstrap

    def per_joule(won: np.ndarray, used: np.ndarray, axis: int = -1) -> np.ndarray:
        joules = np.maximum(used.sum(axis=axis), 1e-300)
        return np.asarray(won.sum(axis=axis) / joules)

    n = len(energy_j)
    found = bootstrap(
        (np.asarray(success, dtype=float), np.asarray(energy_j, dtype=float)),
        per_joule,
        paired=True,
        vectorized=True,
        confidence_level=confidence,
        method="percentile",
        n_resamples=resamples(n),
        batch=batch(n),
        rng=rng,
    ).confidence_interval
    low = 1 / found.high if found.high > 0 else math.inf
    high = 1 / found.low if found.low > 0 else math.inf
    return float(low), float(high)
