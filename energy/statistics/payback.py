"""Break-even: from how many successes on a method has paid its training back.

E(n) = E_train + n x E_per_success, for n >= 1 successes.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Literal

from jouleplan.energy.errors import MixedReadingsError
from jouleplan.energy.statistics.estimate import CONFIDENCE
from jouleplan.energy.statistics.intervals import BOOTSTRAP_UP_TO, batch, resamples
from jouleplan.energy.statistics.ratio import ratio_error

if TYPE_CHECKING:
    import numpy as np

Kind = Literal["dominates", "never", "from", "until", "equal", "unknown"]
"""dominates: ``a`` uses less from the first success on, and always. never: ``b`` does.
from: ``a`` uses less from ``successes`` on. until: ``a`` uses less up to there. equal:
the lines are one. unknown: neither method had a success."""


@dataclass(frozen=True, slots=True)
class Costing:
    """What a method cost, for its line.

    Attributes:
        method: Its name.
        training_j: Joules of its training [J]; 0 where nothing was trained.
        energy_j: Joules of every episode [J].
        success: Whether each reached its goal.
        quality: How ``energy_j`` came about; ``training_j`` must be of the same.
    """

    method: str
    training_j: float
    energy_j: Sequence[float]
    success: Sequence[bool]
    quality: str

    @property
    def per_success_j(self) -> float:
        """Joules a success, failures included [J]; infinite without one."""
        wins = sum(map(bool, self.success))
        return math.fsum(self.energy_j) / wins if wins else math.inf


@dataclass(frozen=True, slots=True)
class BreakEven:
    """Where the lines of methods ``a`` and ``b`` cross.

    Attributes:
        a: Name of the first method.
        b: Name of the second method.
        kind: Which one uses less, and when.
        successes: n of the crossing, at least 1; None where the lines do not cross.
        low: Lower end of its band; None where there is none.
        high: Upper end; infinite where some resamples never cross.
        never_share: Share of resamples in which the lines do not cross; None where a
            method had no success.
    """

    a: str
    b: str
    kind: Kind
    successes: float | None
    low: float | None
    high: float | None
    never_share: float | None

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON, which knows no infinity."""
        unbounded = self.high is not None and math.isinf(self.high)
        high = None if unbounded else self.high
        return {**asdict(self), "high": high, "unbounded": unbounded}


def break_even(a: Costing, b: Costing, rng: np.random.Generator) -> BreakEven:
    """Return where the cost of ``a`` crosses that of ``b``, with a bootstrap band.

    Episodes of each method are resampled on their own. Lines that meet before the
    first success do not cross: whoever is below from n = 1 on dominates.

    Args:
        a: The first method.
        b: The second method.
        rng: Source of the resampling.

    Raises:
        MixedReadingsError: The two are of different quality.
    """
    if a.quality != b.quality:
        raise MixedReadingsError(
            f"no break-even of {a.quality} ({a.method}) and {b.quality} ({b.method}) "
            "energy: only energies of one quality meet"
        )
    kind, at = crossing(a.training_j, a.per_success_j, b.training_j, b.per_success_j)
    if math.isinf(a.per_success_j) or math.isinf(b.per_success_j):
        return BreakEven(a.method, b.method, kind, None, None, None, None)
    low, high, never = _band(a, b, rng)
    if at is None:
        return BreakEven(a.method, b.method, kind, None, None, None, never)
    return BreakEven(a.method, b.method, kind, at, low, high, never)


def crossing(
    training_a: float, each_a: float, training_b: float, each_b: float
) -> tuple[Kind, float | None]:
    """Return which of two lines is lower and when, and n where they cross.

    Args:
        training_a: Joules of the first method's training [J].
        each_a: Its joules a success [J]; infinite where it has none.
        training_b: Joules of the second method's training [J].
        each_b: Its joules a success [J].
    """
    if math.isinf(each_a) or math.isinf(each_b):
        if each_a == each_b:
            return "unknown", None
        return ("never" if math.isinf(each_a) else "dominates"), None
    slope = each_a - each_b
    first = (training_a - training_b) + slope  # a - b at n = 1
    if first == 0 and slope == 0:
        return "equal", None
    if first <= 0 and slope <= 0:
        return "dominates", None
    if first >= 0 and slope >= 0:
        return "never", None
    return ("from" if slope < 0 else "until"), 1 - first / slope


def _band(
    a: Costing, b: Costing, rng: np.random.Generator
) -> tuple[float | None, float | None, float]:
    """Return the ends of the band and the share of resamples that do not cross."""
    import numpy as np

    each_a, each_b = (_each(one, rng) for one in (a, b))
    with np.errstate(invalid="ignore", divide="ignore"):
        slope = each_a - each_b
        at = 1 - (a.training_j - b.training_j + slope) / slope
    crosses = np.isfinite(at) & (at >= 1)
    at = np.where(crosses, at, np.inf)
    tail = (1 - CONFIDENCE) / 2
    # no interpolation: half way to infinity is nowhere
    low, high = np.quantile(at, (tail, 1 - tail), method="inverted_cdf")
    return float(low), float(high), float(1 - crosses.mean())


def _each(costing: Costing, rng: np.random.Generator) -> np.ndarray:
    """Return joules a success of every resample, shape (resamples,) [J]."""
    import numpy as np

    energy = np.asarray(costing.energy_j, dtype=float)
    success = np.asarray(costing.success, dtype=float)
    n = len(energy)
    if n > BOOTSTRAP_UP_TO and success.any():
        return rng.normal(*ratio_error(costing.energy_j, costing.success), resamples(1))
    parts, left = [], resamples(1)
    while left > 0:
        rows = min(left, batch(n))
        drawn = rng.integers(0, n, (rows, n))
        with np.errstate(divide="ignore", invalid="ignore"):
            parts.append(energy[drawn].sum(1) / success[drawn].sum(1))
        left -= rows
    return np.concatenate(parts)
