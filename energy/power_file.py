"""A power meter's log: lines of a time and a power, read while it grows, integrated.

Between two samples the power is taken to change evenly (trapezoid). An interval without
a sample that is longer than usual is a gap: no energy is told across it.
"""

from __future__ import annotations

import itertools
import math
import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from statistics import median

from jouleplan.energy.errors import PowerFileError

GAP_FACTOR = 5.0
"""An interval this many times the usual one is a gap."""
LEAST_GAP_S = 2.0
"""No interval shorter than this is a gap [s]."""

TIME_FORMATS = (
    "seconds since 1970 (1767225600.5)",
    "milliseconds since 1970 (1767225600500)",
    "ISO 8601 (2026-01-01T00:00:00.5Z, 2026-01-01 00:00:00+01:00; without an offset it "
    "is local time)",
)
_MILLISECONDS_FROM = 1e11
_TIME = re.compile(r"time|date", re.IGNORECASE)
_POWER = re.compile(r"power|watt|\bm?k?w\b", re.IGNORECASE)
_UNITS = {"mw": 1e-3, "milliwatts": 1e-3, "kw": 1e3, "kilowatts": 1e3}


class PowerFile:
    """The samples of a power meter's file.

    Args:
        path: Text with a time and a power a line, separated by comma, semicolon or tab;
            a first line that names the columns may choose them, and mW or kW.

    Attributes:
        times: Of the samples [s since 1970].
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.times: list[float] = []
        self._powers: list[float] = []
        self._joules: list[float] = []
        self._offset = self._line = 0
        self._separator = ""
        self._columns = (0, 1)
        self._factor = 1.0

    def update(self) -> None:
        """Read what was appended since the last time.

        Raises:
            PowerFileError: The file cannot be read, or a line is no time and power.
        """
        try:
            with self.path.open("rb") as file:
                file.seek(self._offset)
                data = file.read()
        except OSError as error:
            raise PowerFileError(
                f"{self.path} cannot be read ({error.strerror}): give the file that "
                "the power meter writes"
            ) from error
        whole, _, _ = data.rpartition(b"\n")  # a last line may be half written
        if not whole:
            return
        self._offset += len(whole) + 1
        for text in whole.decode("utf-8-sig", errors="replace").split("\n"):
            self._line += 1
            if text.strip() and not text.lstrip().startswith("#"):
                self._take(text.strip())

    def joules_until(self, moment: float) -> float:
        """Return the energy from the first sample to ``moment`` [J].

        Args:
            moment: Seconds since 1970, not before the first or after the last sample.

        Raises:
            PowerFileError: ``moment`` is outside the samples.
        """
        times = self.times
        if not times or not times[0] <= moment <= times[-1]:
            raise PowerFileError(f"{self.path}: no samples around {_clock(moment)}")
        index = max(0, bisect_right(times, moment) - 1)
        if times[index] == moment or index + 1 == len(times):
            return self._joules[index]
        share = (moment - times[index]) / (times[index + 1] - times[index])
        before, after = self._powers[index], self._powers[index + 1]
        here = before + share * (after - before)
        return self._joules[index] + (before + here) / 2 * (moment - times[index])

    def gaps(self, begin: float, end: float) -> list[tuple[float, float]]:
        """Return the gaps that overlap an interval of time [s since 1970]."""
        limit = self.longest_interval_s()
        first = max(0, bisect_left(self.times, begin) - 1)
        last = bisect_right(self.times, end)
        inside: Sequence[float] = self.times[first : last + 1]
        return [
            (before, after)
            for before, after in itertools.pairwise(inside)
            if after - before > limit and after > begin and before < end
        ]

    def longest_interval_s(self) -> float:
        """Return the longest time between samples that is no gap [s]."""
        times = self.times[-1000:]
        if len(times) < 3:
            return LEAST_GAP_S
        usual = median(b - a for a, b in itertools.pairwise(times))
        return max(LEAST_GAP_S, GAP_FACTOR * usual)

    def _take(self, text: str) -> None:
        if not self._separator:
            self._separator = next((c for c in ";\t," if c in text), ",")
        cells = [cell.strip().strip('"') for cell in text.split(self._separator)]
        if not self.times and self._is_head(cells):
            return
        if len(cells) <= max(self._columns):
            raise self._wrong(text, "has no time and power")
        moment = self._moment(cells[self._columns[0]])
        power = self._number(cells[self._columns[1]]) * self._factor
        if not math.isfinite(power) or power < 0:
            raise self._wrong(text, "holds no power in watts")
        if self.times and moment <= self.times[-1]:
            if moment == self.times[-1]:
                return
            raise self._wrong(text, "goes back in time; times must rise")
        joules = 0.0
        if self.times:
            mean = (self._powers[-1] + power) / 2
            joules = self._joules[-1] + mean * (moment - self.times[-1])
        self.times.append(moment)
        self._powers.append(power)
        self._joules.append(joules)

    def _is_head(self, cells: list[str]) -> bool:
        """Take the first line as names of columns where it holds no power."""
        if len(cells) > 1 and not math.isnan(self._number(cells[1])):
            return False
        times = [i for i, cell in enumerate(cells) if _TIME.search(cell)]
        powers = [i for i, cell in enumerate(cells) if _POWER.search(cell)]
        if not times or not powers:
            return False
        self._columns = (times[0], powers[0])
        words = re.findall(r"[a-z]+", cells[powers[0]].lower())
        self._factor = next((_UNITS[word] for word in words if word in _UNITS), 1.0)
        return True

    def _moment(self, text: str) -> float:
        number = self._number(text)
        if math.isfinite(number):
            return number / 1e3 if abs(number) >= _MILLISECONDS_FROM else number
        try:
            return datetime.fromisoformat(text).timestamp()
        except ValueError:
            raise self._wrong(
                text, f"is no time; these are read: {'; '.join(TIME_FORMATS)}"
            ) from None

    def _number(self, text: str) -> float:
        if self._separator != ",":
            text = text.replace(",", ".")
        try:
            return float(text)
        except ValueError:
            return math.nan

    def _wrong(self, text: str, what: str) -> PowerFileError:
        return PowerFileError(f"{self.path}:{self._line}: {text[:80]!r} {what}")


def _clock(moment: float) -> str:
    return (
        datetime.fromtimestamp(moment).astimezone().isoformat(timespec="milliseconds")
    )
