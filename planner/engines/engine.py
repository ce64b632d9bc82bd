"""What an engine is: a task in, a status and plans out."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from jouleplan.domains.language.features import Feature
    from jouleplan.domains.language.model import TaskModel
    from jouleplan.domains.language.plan import Plan
    from jouleplan.planner.engines.translation import Translation


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
class Limits:
    """What an attempt may use: wall time [s], and memory [MiB] of all its processes."""

    time_s: float
    memory_mb: int


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked of an engine.

    Attributes:
        task: The task; it uses no feature that the engine lacks.
        domain_pddl: A file with the domain of ``task``, for engines that read files.
        problem_pddl: A file with the problem of ``task``.
        limits: Wall time and memory, for everything.
        folder: An empty folder for the engine's files.
        seed: Seed of its random choices; None leaves its default.
        count: How many plans, for engines that find several best ones (top-k).
        found: Called with each plan as an anytime engine finds it.
        stop: Ends the attempt when it is set, as the time limit does.
        translation: A translation of the two files that engines over Fast Downward's
            translator share; its CPU time is not part of theirs. None: each makes
            its own.
    """

    task: TaskModel
    domain_pddl: Path
    problem_pddl: Path
    limits: Limits
    folder: Path
    seed: int | None = None
    count: int = 1
    found: Callable[[Plan], None] = lambda plan: None
    stop: threading.Event = field(default_factory=threading.Event)
    translation: Translation | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an engine reports.

    Attributes:
        status: How the attempt ended; an anytime engine that was ended at its limit
            after it had found a plan has ``SOLVED``.
        plans: What it found, the best first; not validated.
        proven: Whether the first plan is proven to be best by the task's metric
            (least steps where it states none).
        cpu_s: CPU seconds of the engine's processes.
        notes: What a user of the plan should know.
        detail: The reason where not solved.
    """

    status: PlanStatus
    plans: tuple[Plan, ...] = ()
    proven: bool = False
    cpu_s: float = 0.0
    notes: tuple[str, ...] = ()
    detail: str = ""


@dataclass(frozen=True, slots=True)
class About:
    """What people are told of an engine.

    Attributes:
        package: The distribution it comes in.
        module: The module that shows that it is installed.
        install: The command that installs it.
        licence: Its own; each runs in processes of its own.
        purpose: What it is for, in a few words.
    """

    package: str
    module: str
    install: str
    licence: str
    purpose: str


class Engine(Protocol):
    """A planner that runs in processes of its own."""

    @property
    def name(self) -> str:
        """Name in the registry."""
        ...

    @property
    def about(self) -> About:
        """What people are told."""
        ...

    @property
    def supports(self) -> frozenset[Feature]:
        """Features it takes, beyond STRIPS with types."""
        ...

    @property
    def optimal(self) -> bool:
        """Whether it proves that a plan is best."""
        ...

    @property
    def anytime(self) -> bool:
        """Whether it goes on to better plans until its limit."""
        ...

    @property
    def top_k(self) -> bool:
        """Whether it finds the ``count`` best plans."""
        ...

    @property
    def translates(self) -> bool:
        """Whether it starts from ``Request.translation``."""
        ...

    def missing(self) -> str:
        """Return what is not installed and the command for it; empty if all is."""
        ...

    def run(self, request: Request) -> Outcome:
        """Return what the engine finds within the limits."""
        ...
