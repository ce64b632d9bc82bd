"""Window: the time between two readings of a sensor, whose joules phases share."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from time import perf_counter

from jouleplan.energy.account import Counters
from jouleplan.energy.errors import SensorError
from jouleplan.energy.sources.sensor import LaggingSensor, Sensor

WINDOW_S = 0.1
"""Shortest window in which a sensor's joules are shared out [s]; RAPL ticks at 1 ms."""


class Window:
    """Shares a sensor's joules out by CPU time, window after window.

    Args:
        sensor: Of the whole machine.
    """

    def __init__(self, sensor: Sensor) -> None:
        self._sensor = sensor
        self._lagging = sensor if isinstance(sensor, LaggingSensor) else None
        self._base: Mapping[str, float] | None = None
        self._began = 0.0

    @property
    def lags(self) -> bool:
        """Whether closing the window waits for the sensor."""
        return self._lagging is not None

    def due(self, wall: float) -> bool:
        """Return whether the window is long enough to be closed at ``wall``."""
        return wall - self._began >= WINDOW_S

    def open(self) -> None:
        """Begin a window now."""
        self._began = perf_counter()
        try:
            self._base = self._sensor.read(wait=True)
        except SensorError:
            self._base = None

    def forget(self) -> None:
        """Give up the window that is open: its joules are unknown."""
        self._base = None

    def close(self, every: Iterable[Counters], *, wait: bool) -> None:
        """Share out the joules since the window began, and begin the next one.

        Args:
            every: All counters; those with CPU time in this window take their share.
            wait: Wait for counters that are being carried over; without, a window that
                cannot be read now goes on.
        """
        reason = f"{self._sensor.name}: a reading before is missing"
        before, now, spent = self._base, None, None
        try:
            now = self._sensor.read(wait=wait)
            if now is None and not wait:
                return  # carried over to the next window
            if before is not None and now is not None:
                spent = self._spent(before, now)
        except SensorError as error:
            reason = str(error)
        self._began, self._base = perf_counter(), now
        touched = [counters for counters in every if counters.window]
        if spent is None:
            for counters in touched:
                counters.lose_window(reason)
            return
        total = math.fsum(counters.window for counters in touched)
        for counters in touched:
            # Clocks of several threads are read one after the other, so a window
            # of microseconds can come out as nothing.
            share = counters.window / total if total > 0 else 1 / len(touched)
            counters.share_window(spent, share)

    def _spent(
        self, before: Mapping[str, float], now: Mapping[str, float]
    ) -> Mapping[str, float]:
        """Return the joules between two readings of the sensor, by component."""
        if self._lagging is not None:
            return self._lagging.between(before, now)
        return {c: joules - before.get(c, joules) for c, joules in now.items()}
