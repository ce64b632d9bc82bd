"""Spent: what long work has used so far, over however many runs it took."""

from __future__ import annotations

from dataclasses import dataclass

from jouleplan.energy.reading import Reading


@dataclass(kw_only=True, slots=True)
class Spent:
    """A running sum that is kept beside a checkpoint, as plain values.

    Attributes:
        cpu_s: CPU time [s].
        wall_s: Elapsed time, while at work [s].
        energy_j: Energy [J]; None once a part of it is unknown.
        source: What the joules rest on.
        quality: How they came about.
    """

    cpu_s: float = 0.0
    wall_s: float = 0.0
    energy_j: float | None = 0.0
    source: str = ""
    quality: str = ""

    def add(self, used: Reading) -> None:
        """Add a reading.

        Joules of another source or quality are not added up: the energy is unknown
        from then on, and the source says why.
        """
        self.cpu_s += used.cpu_s
        self.wall_s += used.wall_s
        same = (self.source, self.quality) in {("", ""), (used.source, used.quality)}
        if self.energy_j is None:
            return
        if not same:
            self.source = f"not one source: {self.source}, then {used.source}"
            self.energy_j, self.quality = None, "unavailable"
            return
        self.source, self.quality = used.source, used.quality
        self.energy_j = None if used.energy_j is None else self.energy_j + used.energy_j
