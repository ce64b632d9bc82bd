"""Course: the plan in force, its kernels, and new plans from what is sensed."""

from __future__ import annotations

import math

from jouleplan.domains.symbols import GroundOperator, State
from jouleplan.energy.meter import Meter
from jouleplan.planner.kernels import Kernel, kernels, largest_kernel
from jouleplan.planner.options import Options
from jouleplan.planner.solve import PlanResult, PlanStatus, solve, solve_from
from jouleplan.planner.task import Task


class Course:
    """Plans for one task; planning is charged to the phase of that name.

    Args:
        task: What is to be planned.
        meter: Whose phase is charged.
        options: What is asked of every planning.

    Attributes:
        plan: The plan in force.
    """

    def __init__(self, task: Task, meter: Meter, options: Options) -> None:
        """Start without a plan."""
        self._task, self._options = task, options
        self._planning = meter.phase("planning")
        self.plan: tuple[GroundOperator, ...] = ()
        self._kernels: tuple[Kernel, ...] = ()

    def begin(self) -> PlanResult:
        """Plan from `:init`; the plan is in force where one is found."""
        task = self._task
        with self._planning:
            result = solve(
                task.domain,
                task.files.domain_pddl,
                task.problem_pddl,
                self._options,
            )
        self._take(result)
        return result

    def renew(self, state: State) -> PlanResult:
        """Plan from ``state``; the plan is in force where one is found."""
        result = self._solve(state)
        self._take(result)
        return result

    def next(self, state: State) -> int | None:
        """Return the index of the largest kernel that holds; see ``largest_kernel``."""
        return largest_kernel(self._kernels, state)

    def length_from(self, state: State) -> float:
        """Return how long a plan from ``state`` is, infinite where there is none."""
        result = self._solve(state)
        return len(result.plan) if result.status is PlanStatus.SOLVED else math.inf

    def _solve(self, state: State) -> PlanResult:
        with self._planning:
            return solve_from(
                self._task.domain,
                state,
                self._task.files.domain_pddl,
                self._task.problem_pddl,
                self._options,
            )

    def _take(self, result: PlanResult) -> None:
        if result.status is PlanStatus.SOLVED:
            problem = self._task.problem
            self.plan = result.plan
            self._kernels = kernels(self.plan, problem.goal, problem.negative_goal)
