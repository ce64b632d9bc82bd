"""Planned: what planning has come to."""

from __future__ import annotations

from dataclasses import dataclass

from jouleplan.domains.language.model import TaskModel
from jouleplan.planner.attempts import Found
from jouleplan.planner.engines.engine import PlanStatus


@dataclass(frozen=True, slots=True)
class Times:
    """Wall seconds: reading and checking, engines, validating, all."""

    parse: float = 0.0
    search: float = 0.0
    validate: float = 0.0
    total: float = 0.0


@dataclass(frozen=True, slots=True)
class Planning:
    """How planning ended.

    Attributes:
        status: Solved, proved unsolvable, or why neither.
        engine: Engine that the status comes from; ``none`` where none was needed.
        task: The task that the plans were validated in.
        plans: Validated plans, the best first.
        proven: Whether the first is proven to be best.
        cpu_s: CPU seconds of the engines' processes and of this thread.
        times: Where the time went.
        notes: What happened on the way, and what is known of the plan.
        detail: The reason where not solved.
    """

    status: PlanStatus
    engine: str
    task: TaskModel
    plans: tuple[Found, ...] = ()
    proven: bool = False
    cpu_s: float = 0.0
    times: Times = Times()
    notes: tuple[str, ...] = ()
    detail: str = ""
