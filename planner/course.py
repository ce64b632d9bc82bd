"""Course: the plan in force, its kernels, and new plans from what is sensed."""

from __future__ import annotations

import math

from jouleplan.domains.symbols import GroundOperator, State
from jouleplan.energy.meter import Meter
from jouleplan.planner.feasibility import Feasibility, Find, finder
from jouleplan.planner.kernels import Kernel, kernels, largest_kernel
from jouleplan.planner.options import Options
from jouleplan.planner.solve import PlanResult, PlanStatus
from jouleplan.planner.task import Task


class Course:
    """Plans for one task; planning is charged to the phase of that name.

    Args:
        task: What is to be planned.
        meter: Whose phase is charged.
        options: What is asked of every planning.
        feasibility: Keeps plans within the arm's limits; None lets them break these.

    Attributes:
        plan: The plan in force.
    """

    def __init__(
        self,
        task: Task,
        meter: Meter,
        options: Options,
        feasibility: Feasibility | None = None,
    ) -> None:
        """Start without a plan."""
        self._task, self._options = task, options
        self._feasibility = feasibility
        self._planning = meter.phase("planning")
        self.plan: tuple[GroundOperator, ...] = ()
        self._kernels: tuple[Kernel, ...] = ()

    def begin(self) -> PlanResult:
        """Plan from `:init`; the plan is in force where one is found."""
        task = self._task
        result = self._within_limits(finder(task), task.problem.init)
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
        return self._within_limits(finder(self._task, state), state)

    def _within_limits(self, find: Find, state: State) -> PlanResult:
        """Return what ``find`` finds from ``state`` within the arm's limits."""
        with self._planning:
            if self._feasibility is None:
                return find(self._options)
            return self._feasibility.plan(find, self._options, state)

    def _take(self, result: PlanResult) -> None:
        if result.status is PlanStatus.SOLVED:
            problem = self._task.problem
            self.plan = result.plan
            self._kernels = kernels(self.plan, problem.goal, problem.negative_goal)
