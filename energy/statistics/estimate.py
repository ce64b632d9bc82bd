"""Estimate: a figure with its interval, its n and how the interval was made."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any, Final

CONFIDENCE: Final = 0.95
"""Coverage of every interval, unless another one is asked for."""
NO_INTERVAL: Final = "none: fewer than two values"


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure and how sure it is.

    Attributes:
        value: The figure; None where there is none, e.g. joules of no success.
        low: Lower end of the interval; None where there is no interval.
        high: Upper end; infinite where nothing bounds it, None for no interval.
        n: How many values it rests on.
        interval: How the interval was made, in words.
    """

    value: float | None
    low: float | None
    high: float | None
    n: int
    interval: str

    def scaled(self, factor: float) -> Estimate:
        """Return the estimate in another unit; ``factor`` is not negative."""
        if factor < 0:
            raise ValueError(f"factor={factor}: a factor below 0 would turn the ends")
        ends = (None if v is None else v * factor for v in (self.low, self.high))
        low, high = ends
        value = None if self.value is None else self.value * factor
        return replace(self, value=value, low=low, high=high)

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON, which knows no infinity.

        ``unbounded`` tells an upper end that nothing bounds from one that is unknown.
        """
        unbounded = self.high is not None and math.isinf(self.high)
        return {
            "value": self.value,
            "low": self.low,
            "high": None if unbounded else self.high,
            "unbounded": unbounded,
            "n": self.n,
            "interval": self.interval,
        }


def nothing(n: int = 0) -> Estimate:
    """Return the estimate of a figure that there is not."""
    return Estimate(None, None, None, n, "none: no value")
