"""Diagnosis: which energy sensors answer here, which do not, why, and what to do."""

from __future__ import annotations

import glob
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from jouleplan.energy.sources.zeus import TRACES, ZeusSearch, find_zeus

RAPL = "/sys/class/powercap/intel-rapl"
_WALL = "meter the wall: --power-csv FILE of a power meter's samples"


@dataclass(frozen=True, slots=True)
class SensorFinding:
    """What was found of one kind of sensor.

    Attributes:
        kind: "RAPL", "NVIDIA" or "AMD".
        answers: Whether it gives a reading.
        why: What it reads, or why it does not.
        remedy: What to do; empty where it answers.
    """

    kind: str
    answers: bool
    why: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Machine:
    """Where this process runs, as far as sensors are concerned.

    Attributes:
        hypervisor: Whether the CPU says that it is a virtual machine's.
        container: Whether this is a container.
    """

    hypervisor: bool
    container: bool


def machine(root: Path = Path("/")) -> Machine:
    """Return where this process runs.

    Args:
        root: Of the file system.
    """
    container = any(
        (root / name).exists() for name in (".dockerenv", "run/.containerenv")
    )
    groups = _text(root / "proc/1/cgroup")
    named = any(word in groups for word in ("docker", "kubepods", "containerd", "lxc"))
    flags = next(
        (
            line
            for line in _text(root / "proc/cpuinfo").splitlines()
            if line.startswith("flags")
        ),
        "",
    )
    return Machine("hypervisor" in flags.split(), container or named)


def diagnose(
    search: ZeusSearch | None = None,
    *,
    traces: Mapping[str, Sequence[str]] = TRACES,
    rapl: str = RAPL,
    where: Machine | None = None,
) -> tuple[SensorFinding, ...]:
    """Return a finding for every kind of sensor.

    Args:
        search: What Zeus found; None looks.
        traces: Glob patterns of the files that each kind of sensor leaves.
        rapl: Folder of the RAPL counters.
        where: Where this process runs; None looks.
    """
    search = find_zeus(traces) if search is None else search
    where = machine() if where is None else where
    found = []
    for kind, patterns in traces.items():
        files = sorted(path for pattern in patterns for path in glob.glob(pattern))
        said = [r for r in search.reasons if r.startswith(_prefixes(kind))]
        components = () if search.sensor is None else search.sensor.components
        component = "cpu" if kind == "RAPL" else "gpu"
        if files and component in components and not said:
            assert search.sensor is not None
            found.append(SensorFinding(kind, True, search.sensor.name, ""))
        elif not files:
            found.append(_absent(kind, where))
        elif kind == "RAPL" and (closed := _unreadable(rapl)):
            found.append(_closed(closed))
        else:
            why = "; ".join(said) or f"{', '.join(files)}: no reading"
            found.append(SensorFinding(kind, False, why, _WALL))
    return tuple(found)


def _prefixes(kind: str) -> tuple[str, ...]:
    return (f"{kind}:",) if kind == "RAPL" else (f"{kind}:", "GPU:")


def _absent(kind: str, where: Machine) -> SensorFinding:
    """Return why there is no trace of a sensor, and what to do."""
    if kind != "RAPL":
        driver = "nvidia" if kind == "NVIDIA" else "amdgpu (ROCm)"
        remedy = f"if there is such a GPU: install the {driver} driver"
        if where.container:
            remedy += ", and start the container with access to it"
        return SensorFinding(kind, False, "no GPU, or no driver", remedy)
    if where.hypervisor:
        why = "this is a virtual machine; its host keeps the counters to itself"
        return SensorFinding(kind, False, why, f"run on the host, or {_WALL}")
    if where.container:
        return SensorFinding(
            kind,
            False,
            "this is a container that does not see the counters",
            "start it with `-v /sys/class/powercap/intel-rapl:/zeus_sys/class/powercap/"
            "intel-rapl:ro`",
        )
    return SensorFinding(
        kind,
        False,
        "the kernel shows no counters",
        f"`sudo modprobe intel_rapl_common intel_rapl_msr`; without RAPL, {_WALL}",
    )


def _unreadable(rapl: str) -> list[str]:
    """Return the counters that may not be read."""
    counters = glob.glob(f"{rapl}/intel-rapl:*/energy_uj")
    return [path for path in sorted(counters) if not os.access(path, os.R_OK)]


def _closed(counters: Sequence[str]) -> SensorFinding:
    return SensorFinding(
        "RAPL",
        False,
        f"{counters[0]} may be read by root only",
        "`sudo chmod o+r /sys/class/powercap/intel-rapl/intel-rapl:*/energy_uj` "
        "(until the next start; a udev rule keeps it)",
    )


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
