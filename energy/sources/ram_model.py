"""The memory model: watts per gigabyte x seconds, told apart from what is metered.

Memory draws power whether or not this process uses it, so its joules say how long a run
took on how big a machine. They are a figure of their own: never part of the CPU-time
model's joules, never beside a sensor's.
"""

from __future__ import annotations

from dataclasses import dataclass

from jouleplan.energy.reading import Reading

WATTS_PER_GB = 0.375
"""Power of installed memory [W/GB]: 3 W for 8 GB.

Source: the rule that CodeCarbon used up to its version 2 (its documentation,
"Methodology, RAM"), after the power draw that memory vendors state for a DDR4 module.
"""


@dataclass(frozen=True, slots=True)
class RamModel:
    """Estimates the joules of a machine's memory from elapsed time.

    Attributes:
        memory_gb: Installed memory [GB].
        watts_per_gb: Its power [W/GB].
    """

    memory_gb: float
    watts_per_gb: float = WATTS_PER_GB

    @property
    def name(self) -> str:
        """The source as it is written beside every figure."""
        return f"RAM model, {self.watts_per_gb:g} W/GB x {self.memory_gb:g} GB"

    def reading(self, wall_s: float, calls: int = 1) -> Reading:
        """Return what the memory used in ``wall_s`` seconds [s], and nothing else."""
        joules = self.watts_per_gb * self.memory_gb * wall_s
        return Reading(
            joules, 0.0, wall_s, calls, self.name, "estimated", {"ram": joules}
        )
