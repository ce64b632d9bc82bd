"""Zeus as a sensor: RAPL packages and DRAM, NVIDIA and AMD GPUs, in joules.

| Zeus                              | here                         |
|-----------------------------------|------------------------------|
| `CpuDramMeasurement.cpu_mj` [mJ]  | counter "cpu" [J]            |
| `CpuDramMeasurement.dram_mj` [mJ] | counter "ram" [J]            |
| GPU total energy [mJ]             | counter "gpu" [J]            |

Zeus's device layer is used rather than its `ZeusMonitor`: the same counters, without
the import of scikit-learn (1.5 s). Zeus follows wrap-around of a RAPL counter in a
process of its own, which may notice it up to a second late.
"""

from __future__ import annotations

import contextlib
import glob
import io
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jouleplan.energy.errors import SensorError

TRACES = {
    "RAPL": (
        "/sys/class/powercap/intel-rapl/intel-rapl:*",
        "/zeus_sys/class/powercap/intel-rapl/intel-rapl:*",
    ),
    "NVIDIA": ("/dev/nvidia[0-9]*",),
    "AMD": ("/dev/kfd",),
}
"""Files that are there where Zeus has something to read, by kind of sensor."""

CARRY_LIMIT_S = 2.5
"""How long to wait for Zeus to notice a wrap-around [s]; it looks every second."""


class ZeusSensor:
    """Cumulative joules of the machine through Zeus.

    Args:
        cpus: Zeus's CPUs, or None.
        gpus: Zeus's GPUs that count energy, or None.
    """

    def __init__(self, cpus: Any = None, gpus: Any = None) -> None:
        self._cpus = cpus
        self._gpus = gpus
        self._last: dict[str, float] = {}
        parts = []
        if cpus is not None and len(cpus):
            parts.append(f"RAPL x {len(cpus)}")
        if gpus is not None and len(gpus):
            parts.append(f"GPU x {len(gpus)}")
        self.name = f"Zeus ({', '.join(parts)})"

    @property
    def components(self) -> tuple[str, ...]:
        """The components that have a figure."""
        return tuple(_by_component(self._last or self._counters()))

    def read(self, *, wait: bool = False) -> Mapping[str, float] | None:
        """Return joules by component, or None while a wrap-around is unnoticed.

        Raises:
            SensorError: Zeus failed, or did not notice a wrap-around in time.
        """
        deadline = time.perf_counter() + CARRY_LIMIT_S
        while True:
            counters = self._counters()
            if all(joules >= self._last.get(c, 0.0) for c, joules in counters.items()):
                self._last = counters
                return _by_component(counters)
            if not wait:
                return None
            if time.perf_counter() > deadline:
                raise SensorError(f"{self.name}: a counter ran backwards")
            time.sleep(0.02)

    def _counters(self) -> dict[str, float]:
        """Return every single counter [J]."""
        found: dict[str, float] = {}
        try:
            for index in range(len(self._cpus or ())):
                both = self._cpus.get_total_energy_consumption(index)
                found[f"cpu {index}"] = both.cpu_mj / 1e3
                if both.dram_mj is not None:
                    found[f"ram {index}"] = both.dram_mj / 1e3
            for index in range(len(self._gpus or ())):
                millijoules = self._gpus.get_total_energy_consumption(index)
                found[f"gpu {index}"] = millijoules / 1e3
        except Exception as error:  # Zeus's own errors share no base with OSError
            raise SensorError(f"{self.name} stopped answering: {error}") from error
        return found


def _by_component(counters: Mapping[str, float]) -> dict[str, float]:
    found: dict[str, float] = {}
    for counter, joules in counters.items():
        component = counter.split()[0]
        found[component] = found.get(component, 0.0) + joules
    return found


@dataclass(frozen=True, slots=True)
class ZeusSearch:
    """What looking for sensors found.

    Attributes:
        sensor: A sensor that gave a non-empty reading, or None.
        reasons: Why a kind of sensor does not answer, one line each.
    """

    sensor: ZeusSensor | None
    reasons: tuple[str, ...]


def find_zeus(traces: Mapping[str, Sequence[str]] | None = None) -> ZeusSearch:
    """Look for sensors that Zeus can read; import Zeus only where there is a trace.

    Args:
        traces: Glob patterns of the files that each kind of sensor leaves; None for
            :data:`TRACES`.
    """
    traces = TRACES if traces is None else traces
    present = {
        kind for kind, globs in traces.items() if any(glob.glob(g) for g in globs)
    }
    reasons = [
        f"{kind}: none of {', '.join(globs)} exists"
        for kind, globs in traces.items()
        if kind not in present
    ]
    if not present:
        return ZeusSearch(None, tuple(reasons))
    cpus = _try("RAPL", _cpus, reasons) if "RAPL" in present else None
    gpus = _try("GPU", _gpus, reasons) if present & {"NVIDIA", "AMD"} else None
    if not (cpus or gpus):
        return ZeusSearch(None, tuple(reasons))
    sensor = ZeusSensor(cpus, gpus)
    try:
        answer = sensor.read(wait=True)
    except SensorError as error:
        return ZeusSearch(None, (*reasons, str(error)))
    return ZeusSearch(sensor if answer else None, tuple(reasons))


def _try(kind: str, find: Any, reasons: list[str]) -> Any:
    try:
        # Zeus's GPU libraries print to stdout, which belongs to the caller's output.
        with contextlib.redirect_stdout(io.StringIO()):
            return find()
    except Exception as error:  # whatever a driver raises means: no sensor
        reasons.append(f"{kind}: {type(error).__name__}: {error}")
        return None


def _cpus() -> Any:
    from zeus.device import get_cpus

    return get_cpus()


def _gpus() -> Any:
    from zeus.device import get_gpus

    gpus = get_gpus()
    silent = [
        index
        for index in range(len(gpus))
        if not gpus.supports_get_total_energy_consumption(index)
    ]
    if silent:
        raise SensorError(f"GPU {silent} has no energy counter")
    return gpus
