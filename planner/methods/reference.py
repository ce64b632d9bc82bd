"""Reference: a plan of the task, from which the horizon and the progress are taken.

It is made before any method acts and charged to none.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from jouleplan.domains.symbols import GroundOperator, State
from jouleplan.planner.errors import PlannerError
from jouleplan.planner.options import Options
from jouleplan.planner.solve import PlanStatus, solve, solve_from
from jouleplan.planner.task import Task

STEPS_A_SKILL: Final = 100
"""Control steps of the horizon for every skill that the plan calls; the shipped
policies take 45 at most on average."""
LEAST_HORIZON: Final = 300
_OPTIONS: Final = Options(time_limit_s=30.0)


class NoReferenceError(PlannerError, ValueError):
    """No plan tells how long the episodes of a task may be."""


@dataclass(frozen=True, slots=True)
class Reference:
    """The plan of a task.

    Attributes:
        task: The task.
        plan: Its ground operators.
    """

    task: Task
    plan: tuple[GroundOperator, ...]

    @property
    def operators(self) -> int:
        """Number of ground operators."""
        return len(self.plan)

    @property
    def horizon(self) -> int:
        """Control steps that an episode is given unless said otherwise."""
        calls = sum(len(self.task.binding.calls(one)) for one in self.plan)
        return max(LEAST_HORIZON, STEPS_A_SKILL * calls)

    def distance(self, state: State) -> int | None:
        """Return the length of a plan from ``state``; None where none was found."""
        found = solve_from(
            self.task.domain,
            state,
            self.task.files.domain_pddl,
            self.task.problem_pddl,
            _OPTIONS,
        )
        return len(found.plan) if found.status is PlanStatus.SOLVED else None


def reference(task: Task) -> Reference:
    """Return the plan of a task, made once a process.

    Raises:
        NoReferenceError: The task has no plan, or none was found in 30 s.
    """
    text = task.problem_pddl.read_text(encoding="utf-8")
    plan, why = _plan(task, _Key(str(task.files.domain_pddl), text))
    if plan is None:
        raise NoReferenceError(
            f"no plan of {task.name} {task.problem_name} ({why}): methods are compared "
            "on tasks that can be solved; see `jouleplan plan`"
        )
    return Reference(task, plan)


@dataclass(frozen=True, slots=True)
class _Key:
    """What a plan depends on; a generated problem's file has another name each time."""

    domain_pddl: str
    problem: str


_PLANS: Final[dict[_Key, tuple[tuple[GroundOperator, ...] | None, str]]] = {}
_MOST_PLANS: Final = 256


def _plan(task: Task, key: _Key) -> tuple[tuple[GroundOperator, ...] | None, str]:
    if key not in _PLANS:
        if len(_PLANS) >= _MOST_PLANS:
            _PLANS.pop(next(iter(_PLANS)))
        found = solve(task.domain, task.files.domain_pddl, task.problem_pddl, _OPTIONS)
        solved = found.status is PlanStatus.SOLVED
        why = f"{found.status}: {found.detail}".rstrip(": ")
        _PLANS[key] = (found.plan if solved else None, why)
    return _PLANS[key]
