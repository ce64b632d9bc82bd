"""A wall meter as a sensor, through the file that it writes while a run goes on."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path

from jouleplan.energy.errors import PowerFileError, SensorError
from jouleplan.energy.power_file import PowerFile

WAIT_S = 30.0
"""How long the file may lag behind the clock [s]; longer, and the energy is unknown."""
_LOOK_EVERY_S = 0.05
_COMPONENT = "wall"
_MOMENT = "moment"


class PowerCsv:
    """The joules of the whole machine, at the wall, from a power meter's file.

    Args:
        path: The file, appended to while this runs; see
            :class:`~jouleplan.energy.power_file.PowerFile`.
        wait_s: How long to wait for the file to reach a moment that has passed [s].

    Raises:
        PowerFileError: The file cannot be read, or holds no sample.
    """

    def __init__(self, path: Path, wait_s: float = WAIT_S) -> None:
        self._file = PowerFile(path)
        self._wait_s = wait_s
        self._file.update()
        if not self._file.times:
            raise PowerFileError(
                f"{path} holds no sample yet: start the power meter before the run"
            )

    @property
    def name(self) -> str:
        """The source as it is written beside every figure."""
        return f"power meter, {self._file.path.name}"

    @property
    def components(self) -> tuple[str, ...]:
        """The components that have a figure: all of the machine, at the wall."""
        return (_COMPONENT,)

    def read(self, *, wait: bool = False) -> Mapping[str, float] | None:
        """Return this moment [s since 1970], to be looked up in the file later.

        The file always lags behind, see :meth:`between`.

        Args:
            wait: Without, the answer is None: nothing can be told at once.
        """
        return {_MOMENT: time.time()} if wait else None

    def between(
        self, before: Mapping[str, float], now: Mapping[str, float]
    ) -> Mapping[str, float]:
        """Return the joules between two readings; wait until the file holds them.

        Raises:
            SensorError: The file did not come so far in time, or has a gap there.
        """
        file, begin, end = self._file, before[_MOMENT], now[_MOMENT]
        deadline = time.monotonic() + self._wait_s
        while file.times[-1] < end:
            if time.monotonic() > deadline:
                late_s = end - file.times[-1]
                raise SensorError(
                    f"{self.name}: the last sample is {late_s:.1f} s old; is the power "
                    "meter still writing, and does its clock agree?"
                )
            time.sleep(_LOOK_EVERY_S)
            file.update()
        gaps = file.gaps(begin, end)
        if gaps:
            longest = max(after - before for before, after in gaps)
            raise SensorError(
                f"{self.name}: {len(gaps)} gap(s) without samples, the longest "
                f"{longest:.1f} s"
            )
        try:
            joules = file.joules_until(end) - file.joules_until(begin)
        except PowerFileError as error:
            raise SensorError(str(error)) from error
        return {_COMPONENT: joules}
