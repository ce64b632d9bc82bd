"""The books of the meter: one account a phase, in a tree."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from jouleplan.energy.reading import Quality, Reading
from jouleplan.energy.sources.cpu_model import CpuTimeModel

OTHER = " (other)"
"""Suffix of the leaf that holds what a parent did outside its children."""


@dataclass(slots=True)
class Counters:
    """Running sums of one phase. Grows only, so a difference is an interval.

    Attributes:
        calls: How often the phase was entered here.
        cpu_s: CPU time charged here [s].
        wall_s: Elapsed time charged here [s].
        window: CPU time whose sensor joules are not yet shared out [s].
        joules: Shared sensor joules and added joules, by component.
        lost: Windows and added readings whose energy is unknown.
        added_calls: Calls in readings of other processes.
        added_cpu_s: CPU time in them [s].
        added_wall_s: Elapsed time in them [s].
        sources: What the added ones rest on.
    """

    calls: int = 0
    cpu_s: float = 0.0
    wall_s: float = 0.0
    window: float = 0.0
    joules: dict[str, float] = field(default_factory=dict)
    lost: int = 0
    added_calls: int = 0
    added_cpu_s: float = 0.0
    added_wall_s: float = 0.0
    sources: dict[str, None] = field(default_factory=dict)

    def charge(self, cpu_s: float, wall_s: float) -> None:
        """Count time that passed in this phase."""
        self.cpu_s += cpu_s
        self.window += cpu_s
        self.wall_s += wall_s

    def add(self, reading: Reading) -> None:
        """Count a reading of another process."""
        self.added_calls += reading.calls
        self.added_cpu_s += reading.cpu_s
        self.added_wall_s += reading.wall_s
        self.sources[reading.source] = None
        if reading.energy_j is None:
            self.lost += 1
        for component, joules in reading.components.items():
            self.joules[component] = self.joules.get(component, 0.0) + joules

    def share_window(self, spent: Mapping[str, float], share: float) -> None:
        """Take ``share`` of the joules that the sensor counted, by component."""
        for component, joules in spent.items():
            self.joules[component] = self.joules.get(component, 0.0) + joules * share
        self.window = 0.0

    def lose_window(self, reason: str) -> None:
        """Note that the window's energy is unknown, and why."""
        self.lost += 1
        self.window = 0.0
        self.sources[reason] = None

    def copy(self) -> Counters:
        """Return an independent copy."""
        return replace(self, joules=dict(self.joules), sources=dict(self.sources))

    def minus(self, other: Counters | None) -> Counters:
        """Return what was counted since ``other``."""
        if other is None:
            return self.copy()
        return Counters(
            self.calls - other.calls,
            self.cpu_s - other.cpu_s,
            self.wall_s - other.wall_s,
            0.0,
            {c: j - other.joules.get(c, 0.0) for c, j in self.joules.items()},
            self.lost - other.lost,
            self.added_calls - other.added_calls,
            self.added_cpu_s - other.added_cpu_s,
            self.added_wall_s - other.added_wall_s,
            dict(self.sources),
        )

    def idle(self) -> bool:
        """Return whether nothing was counted."""
        own = self.calls or self.wall_s or self.cpu_s
        return not (own or self.added_calls or self.added_wall_s or self.lost)

    def reading(self, model: CpuTimeModel | None, source: str) -> Reading:
        """Return the counters as a reading.

        Args:
            model: The CPU-time model, or None where a sensor was shared out.
            source: Name of the meter's source.
        """
        names = dict.fromkeys([source, *self.sources])
        cpu_s = self.cpu_s + self.added_cpu_s
        wall_s = self.wall_s + self.added_wall_s
        calls = self.calls + self.added_calls
        text = "; ".join(names)
        if self.lost:
            return Reading(None, cpu_s, wall_s, calls, text, "unavailable")
        components = dict(self.joules)
        if model is not None:
            components["cpu"] = components.get("cpu", 0.0) + model.joules(self.cpu_s)
        quality: Quality = "estimated" if model is not None else "attributed"
        return Reading(
            sum(components.values()), cpu_s, wall_s, calls, text, quality, components
        )


class Account:
    """One phase under its parents."""

    __slots__ = ("children", "counters", "name", "parent")

    def __init__(self, name: str, parent: Account | None) -> None:
        self.name = name
        self.parent = parent
        self.children: dict[str, Account] = {}
        self.counters = Counters()

    def child(self, name: str) -> Account:
        """Return the account of ``name`` below this one, opening it if needed."""
        found = self.children.get(name)
        if found is None:
            found = self.children[name] = Account(name, self)
        return found

    def walk(self) -> Iterator[Account]:
        """Yield every account below this one, parents first."""
        for account in self.children.values():
            yield account
            yield from account.walk()

    def leaf_name(self) -> str:
        """Return the path of the leaf; a parent's is that of its remainder."""
        parts = [self.name]
        above = self.parent
        while above is not None and above.parent is not None:
            parts.append(above.name)
            above = above.parent
        path = "/".join(reversed(parts))
        return path + OTHER if self.children else path
