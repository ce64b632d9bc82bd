"""The CPU-time model: joules = watts per core x CPU-seconds."""

from __future__ import annotations

import math
import platform
import re
from dataclasses import dataclass
from pathlib import Path

from jouleplan.energy.errors import WattsError
from jouleplan.energy.sources.cpu_table import TDP_AND_THREADS

DEFAULT_WATTS_PER_CORE = 4.0
"""Assumed power of one busy logical CPU [W] where the model is not in the table."""


@dataclass(frozen=True, slots=True)
class CpuTimeModel:
    """Estimates joules from CPU time; the same for every run of the same work.

    Attributes:
        watts_per_core: Power of one busy logical CPU [W].
        basis: Where that power comes from.
    """

    watts_per_core: float
    basis: str

    def __post_init__(self) -> None:
        """Check that the power is a positive number."""
        if not (math.isfinite(self.watts_per_core) and self.watts_per_core > 0):
            raise WattsError(
                f"watts_per_core={self.watts_per_core}: give a positive power of one "
                f"busy logical CPU in watts, such as {DEFAULT_WATTS_PER_CORE}"
            )

    @property
    def name(self) -> str:
        """The source as it is written beside every figure."""
        return f"CPU-time model, {self.watts_per_core:.4g} W per core ({self.basis})"

    @property
    def components(self) -> tuple[str, ...]:
        """The components that have a figure."""
        return ("cpu",)

    def joules(self, cpu_s: float) -> float:
        """Return the energy of ``cpu_s`` CPU-seconds [J]."""
        return self.watts_per_core * cpu_s


def cpu_name() -> str:
    """Return the CPU's own name, e.g. ``AMD EPYC 7763 64-Core Processor``."""
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return platform.processor() or platform.machine()
    found = re.search(r"^model name\s*:\s*(.+)$", text, re.MULTILINE)
    return found.group(1).strip() if found else platform.machine()


def plain_name(name: str) -> str:
    """Return ``name`` as the table spells it: no marks, clock or core count."""
    text = re.sub(r"\((?:R|TM|C)\)|[®™]", "", name, flags=re.IGNORECASE)
    text = re.sub(r"@.*$|\bwith Radeon.*$", "", text)
    text = re.sub(r"\b\d+-Core\b|\bCPU\b|\bProcessor\b|\b\d+th Gen\b", "", text)
    return " ".join(text.split()).lower()


def cpu_time_model(
    watts_per_core: float | None = None, *, name: str | None = None
) -> CpuTimeModel:
    """Return the model for this CPU.

    Args:
        watts_per_core: Overrides the table [W].
        name: CPU name to look up; None asks the operating system.
    """
    if watts_per_core is not None:
        return CpuTimeModel(watts_per_core, "given by the user")
    name = cpu_name() if name is None else name
    row = TDP_AND_THREADS.get(plain_name(name))
    if row is None:
        return CpuTimeModel(DEFAULT_WATTS_PER_CORE, "default")
    tdp_w, threads = row
    return CpuTimeModel(
        tdp_w / threads, f"{name}: vendor TDP {tdp_w:g} W / {threads} threads"
    )
