"""What the meter asks of a sensor."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol, runtime_checkable


class Sensor(Protocol):
    """Cumulative energy counters of the whole machine, by component."""

    @property
    def name(self) -> str:
        """The source as it is written beside every figure."""
        ...

    @property
    def components(self) -> tuple[str, ...]:
        """The components that have a figure."""
        ...

    def read(self, *, wait: bool = False) -> Mapping[str, float] | None:
        """Return joules since some fixed moment, by component ("cpu", "gpu", "ram").

        Args:
            wait: Wait, briefly, for counters that are being carried over.

        Returns:
            The counters, or None where they cannot be trusted at this moment.

        Raises:
            SensorError: The sensor stopped answering.
        """
        ...


@runtime_checkable
class LaggingSensor(Sensor, Protocol):
    """A sensor whose figure of a moment is known only some time after it."""

    def between(
        self, before: Mapping[str, float], now: Mapping[str, float]
    ) -> Mapping[str, float]:
        """Return the joules between two readings, by component; wait for them.

        Raises:
            SensorError: They are not known: the sensor stopped, or missed a part.
        """
        ...
