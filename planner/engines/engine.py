"""What an engine is: a task in, a status and plan steps out."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from jouleplan.domains.symbols import Domain, Problem


class PlanStatus(StrEnum):
    """How a planning attempt ended.

    Only ``UNSOLVABLE`` is a proof that there is no plan; ``UNPROVEN`` means that a
    search ended without plan and without proof.
    """

    SOLVED = "solved"
    UNSOLVABLE = "unsolvable"
    UNPROVEN = "unproven"
    TIMEOUT = "timeout"
    MEMORY = "memory"
    CRASHED = "crashed"
    UNSUPPORTED = "unsupported"


@dataclass(frozen=True, slots=True)
class Task:
    """A problem in symbols, and the two files that state it."""

    domain: Domain
    problem: Problem
    domain_pddl: Path
    problem_pddl: Path


@dataclass(frozen=True, slots=True)
class Limits:
    """What an attempt may use: wall time [s], and memory [MiB] of each process."""

    time_s: float
    memory_mb: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an engine reports.

    Attributes:
        status: How the attempt ended.
        steps: The plan where solved: operator name and objects per step, not replayed.
        cpu_s: CPU seconds of the engine's processes.
        notes: What a user of the plan should know, e.g. that it is shortest.
        detail: The reason where not solved.
    """

    status: PlanStatus
    steps: tuple[tuple[str, ...], ...] = ()
    cpu_s: float = 0.0
    notes: tuple[str, ...] = ()
    detail: str = ""


class Engine(Protocol):
    """A planner that runs in processes of its own."""

    @property
    def name(self) -> str:
        """Name in the registry."""
        ...

    def refusal(self, task: Task) -> str:
        """Return the feature of ``task`` that this engine cannot do; empty if none."""
        ...

    def run(
        self, task: Task, limits: Limits, seed: int | None, folder: Path
    ) -> Outcome:
        """Return what the engine finds within ``limits``.

        Args:
            task: A task for which ``refusal`` is empty.
            limits: Wall time and memory.
            seed: Seed of the engine's random choices; None leaves its default.
            folder: An empty folder for its files.

        Raises:
            MissingEngineError: The engine's package is not installed.
        """
        ...


def read_steps(text: str) -> tuple[tuple[str, ...], ...]:
    """Return the steps of a plan in the common ``(pick d1 peg1)`` lines."""
    lines = (line.partition(";")[0].strip().lower() for line in text.splitlines())
    return tuple(tuple(line.strip("()").split()) for line in lines if line)
