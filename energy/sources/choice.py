"""The order of sources: a sensor that answers, else the CPU-time model."""

from __future__ import annotations

from pathlib import Path

from jouleplan.energy.sources.cpu_model import CpuTimeModel, cpu_time_model
from jouleplan.energy.sources.sensor import Sensor


def best_source(
    watts_per_core: float | None = None, power_csv: Path | None = None
) -> CpuTimeModel | Sensor:
    """Return the best source on this machine: what was asked for, a sensor, the model.

    Args:
        watts_per_core: Power for the CPU-time model [W]; given, it is used.
        power_csv: File of a power meter; given, it is used.

    Raises:
        PowerFileError: ``power_csv`` cannot be read or holds no sample.
    """
    if power_csv is not None:
        from jouleplan.energy.sources.power_csv import PowerCsv

        return PowerCsv(power_csv)
    if watts_per_core is None:
        from jouleplan.energy.sources.zeus import find_zeus

        sensor = find_zeus().sensor
        if sensor is not None:
            return sensor
    return cpu_time_model(watts_per_core)
