"""Small ledgers, written through the ledger's own interface."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from jouleplan.energy.ledger import Ledger
from jouleplan.energy.reading import Reading, unavailable
from jouleplan.energy.records import EpisodeRecord, MethodRecord, TrainingShare
from jouleplan.energy.report.document import Report, Section

MODEL = "CPU-time model, 4 W per core (default)"
HARDWARE = {"cpu": "AMD EPYC", "logical_cpus": 2}


def estimated(joules: float) -> Reading:
    return Reading(
        joules, joules / 4, joules / 3, 1, MODEL, "estimated", {"cpu": joules}
    )


def measured(joules: float) -> Reading:
    return Reading(
        joules, joules / 4, joules / 3, 1, "RAPL", "measured", {"cpu": joules}
    )


def attributed(joules: float) -> Reading:
    return Reading(
        joules, joules / 4, joules / 3, 1, "RAPL", "attributed", {"cpu": joules}
    )


def unknown() -> Reading:
    return unavailable("no sensor", cpu_s=1.0, wall_s=2.0)


@dataclass(frozen=True)
class Episodes:
    """Episodes of one method: joules and success of each seed from ``first`` on."""

    method: str
    joules: list[float | None]
    success: Sequence[bool | None]
    domain: str = "hanoi"
    problem: str = "p03"
    first: int = 5
    cause: str = "horizon reached"
    reading: Callable[[float], Reading] = estimated
    part: Callable[[float], Reading] | None = None
    hardware: dict[str, object] = field(default_factory=lambda: dict(HARDWARE))
    settings: dict[str, object] = field(default_factory=dict)
    command: str = "jouleplan compare --ledger L"
    label: str = ""
    training: tuple[TrainingShare, ...] | None = None
    progress: float | None = 0.5
    idle_j: float | None = None
    load: tuple[float | None, float | None] = (None, None)

    def write(self, ledger: Ledger) -> str:
        run = ledger.start_run(
            self.command,
            method=self.method,
            seed=self.first,
            settings=self.settings,
            versions={"jouleplan": "0.1.0"},
            hardware=self.hardware,
        )
        if self.training is not None:
            record = MethodRecord(self.method, self.label, "", self.training)
            ledger.record_method(run, record)
        for i, (joules, won) in enumerate(zip(self.joules, self.success, strict=True)):
            energy = unknown() if joules is None else self.reading(joules)
            part = self.part or self.reading
            halves = {"planning": 0.25, "simulation": 0.75}
            ledger.record_episode(
                run,
                EpisodeRecord(
                    self.domain,
                    self.problem,
                    self.first + i,
                    self.method,
                    won,
                    self.cause if won is False else "",
                    energy,
                    None,
                    20.0,
                    0,
                    phases={
                        name: unknown() if joules is None else part(joules * share)
                        for name, share in halves.items()
                    },
                    progress=1.0 if won else None if won is None else self.progress,
                    idle_j=self.idle_j,
                    load_before=self.load[0],
                    load_after=self.load[1],
                ),
            )
        return run


Build = Callable[..., Path]
"""Writes episodes to a ledger and returns its path."""


def only(report: Report) -> Section:
    """Return the section of a report that has one."""
    assert len(report.sections) == 1
    return report.sections[0]
