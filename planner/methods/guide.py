"""Guide: the planner's operators as prompts, one after another, by what is sensed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from jouleplan.domains.facts import Facts, atoms_of
from jouleplan.domains.robot import CONTROL_STEP_S
from jouleplan.domains.sense import sense
from jouleplan.domains.symbols import GroundOperator, State
from jouleplan.domains.words import Words
from jouleplan.planner.course import Course
from jouleplan.planner.engines.engine import PlanStatus
from jouleplan.planner.episode import Executed
from jouleplan.planner.feasibility import Feasibility
from jouleplan.planner.methods.method import Trial
from jouleplan.planner.options import Options
from jouleplan.planner.restore import is_astray

OPERATOR_STEPS: Final = 150
"""Control steps after which an operator is given up and the planner asked anew; the
skills take 45 on average."""
_CERTAIN: Final = 2
"""Looks in a row that must show the effects: what is still being lifted or let go of
is not done."""


class Guide:
    """Plans, prompts and senses; it never moves the arm itself.

    Args:
        trial: What is to be done, and where.
        planning: What is asked of the plans.
        act: Called with the prompt; acts for a moment.

    Attributes:
        executed: The operators that were prompted.
        replans: How often a plan was made anew.
    """

    def __init__(
        self, trial: Trial, planning: Options, act: Callable[[str], None]
    ) -> None:
        """Nothing is planned before ``run``."""
        task = trial.task
        self._trial, self._task, self._act = trial, task, act
        self._words = Words(task.binding, task.problem, trial.scene.axes)
        self._on_table = "on_table" in task.binding.classifiers.values()
        limits = Feasibility(task, trial.scene.initial)
        self._course = Course(task, trial.meter, planning, limits)
        self._facts = Facts({})
        self.executed: list[Executed] = []
        self.replans = 0

    def run(self) -> str:
        """Prompt until the trial is over; return why where there is no plan at all."""
        begun = self._course.begin()
        if begun.status is not PlanStatus.SOLVED:
            return f"planning {begun.status}: {begun.detail}".rstrip(": ")
        operator = begun.plan[0] if begun.plan else None
        while not self._trial.over:
            found = self._next()
            operator = found or operator
            if operator is None:
                return ""  # the goal held from the beginning
            self._prompt(operator)
        return ""

    def _next(self) -> GroundOperator | None:
        """Return what comes next by what is sensed; None where no plan leads on.

        That is so while a body is loose, and once the goal holds: whether the trial is
        over is not for the planner to say.
        """
        course, state = self._course, self._sense()
        index = course.next(state)
        if index is None and not is_astray(self._facts, self._task.binding):
            self.replans += 1
            if course.renew(state).status is PlanStatus.SOLVED:
                index = course.next(state)
        if index is None or index == len(course.plan):
            return None
        return course.plan[index]

    def _prompt(self, operator: GroundOperator) -> None:
        """Have an operator carried out until its effects show.

        Or for too long, or until its preconditions hold no more: the body was dropped.
        """
        trial, began = self._trial, self._trial.control_steps
        prompt, certain, lost = self._words.operator(operator), 0, 0
        while max(certain, lost) < _CERTAIN and not trial.over:
            self._act(prompt)
            state = self._sense()
            shown = self._shown(operator, state)
            certain = certain + 1 if shown else 0
            lost = 0 if shown or operator.applicable(state) else lost + 1
            if trial.control_steps - began >= OPERATOR_STEPS:
                break
        took = trial.control_steps - began
        self.executed.append(
            Executed(
                str(operator),
                "operator",
                _outcome(certain, lost),
                "the planner's next",
                prompt,
                1,
                took,
                took * CONTROL_STEP_S,
                "vla",
                tuple(self._task.problem.objects[one] for one in operator.objects),
            )
        )

    def _shown(self, operator: GroundOperator, state: State) -> bool:
        gone = not (operator.delete_effects - operator.add_effects) & state
        astray = is_astray(self._facts, self._task.binding)
        return operator.add_effects <= state and gone and not astray

    def _sense(self) -> State:
        with self._trial.meter.phase("sensing"):
            self._facts = sense(self._trial.scene, self._on_table)
            return atoms_of(self._facts, self._task.binding, self._task.problem)


def _outcome(certain: int, lost: int) -> str:
    if certain >= _CERTAIN:
        return "done"
    return "lost" if lost >= _CERTAIN else "timeout"
