"""Axes: where a number lies, and which numbers are written."""

from __future__ import annotations

import math
from dataclasses import dataclass

from jouleplan.energy.report.text import figure


@dataclass(frozen=True, slots=True)
class Scale:
    """Maps numbers from ``low`` to ``high`` to pixels from ``start`` to ``end``.

    Attributes:
        low: Number at ``start``; above zero where the scale is logarithmic.
        high: Number at ``end``.
        start: [px].
        end: [px].
        log: Whether equal ratios, rather than differences, have equal lengths.
    """

    low: float
    high: float
    start: float
    end: float
    log: bool = False

    def at(self, value: float) -> float:
        """Return where ``value`` lies [px], at the ends what lies beyond them."""
        value = min(max(value, self.low), self.high)
        if self.log:
            part = math.log(value / self.low) / math.log(self.high / self.low)
        else:
            part = (value - self.low) / (self.high - self.low)
        return self.start + part * (self.end - self.start)

    def ticks(self, most: int = 5) -> list[tuple[float, str]]:
        """Return the numbers to write and how, at most about ``most``."""
        values = self._decades(most) if self.log else self._steps(most)
        return [(value, tick(value)) for value in values]

    def _steps(self, most: int) -> list[float]:
        rough = (self.high - self.low) / most
        size = 10.0 ** math.floor(math.log10(rough))
        step = next(size * m for m in (1, 2, 2.5, 5, 10) if size * m >= rough * 0.999)
        first = math.ceil(self.low / step - 1e-9)
        last = math.floor(self.high / step + 1e-9)
        return [k * step for k in range(first, last + 1)]

    def _decades(self, most: int) -> list[float]:
        first, last = math.log10(self.low), math.log10(self.high)
        for multiples in ((1, 2, 5), (1, 3), (1,)):
            found = [
                m * 10.0**k
                for k in range(math.floor(first), math.ceil(last) + 1)
                for m in multiples
                if self.low * 0.999 <= m * 10.0**k <= self.high * 1.001
            ]
            if len(found) <= most + 1:
                return found
        return found[:: math.ceil(len(found) / most)]


def linear(values: list[float], start: float, end: float) -> Scale:
    """Return a scale from zero that holds ``values``."""
    high = max((v for v in values if math.isfinite(v)), default=1.0)
    return Scale(0.0, high * 1.02 if high > 0 else 1.0, start, end)


def logarithmic(values: list[float], start: float, end: float) -> Scale:
    """Return a logarithmic scale that holds those of ``values`` above zero."""
    positive = [v for v in values if v > 0 and math.isfinite(v)] or [1.0]
    return Scale(min(positive) / 1.4, max(positive) * 1.4, start, end, log=True)


def tick(value: float) -> str:
    """Return a number beside an axis, e.g. ``20 k``."""
    for factor, letter in ((1e12, " T"), (1e9, " G"), (1e6, " M"), (1e4, " k")):
        if abs(value) >= factor:
            unit = factor if letter != " k" else 1e3
            return f"{value / unit:.4g}{letter}"
    return f"{value:.4g}" if abs(value) >= 1e-3 or value == 0 else figure(value)
