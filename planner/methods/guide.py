"""Guide: the planner's operators as prompts, one after another, by what is sensed.

What comes loose is asked for in words, too, as the executive brings it back by skills.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from jouleplan.domains.facts import Facts, atoms_of
from jouleplan.domains.robot import CONTROL_STEP_S
from jouleplan.domains.sense import sense
from jouleplan.domains.skill_call import SkillCall
from jouleplan.domains.symbols import GroundOperator, State
from jouleplan.domains.words import Words
from jouleplan.planner.course import Course
from jouleplan.planner.engines.engine import PlanStatus
from jouleplan.planner.episode import Executed, Kind
from jouleplan.planner.feasibility import Feasibility
from jouleplan.planner.methods.method import Trial
from jouleplan.planner.options import Options
from jouleplan.planner.restore import fallen, is_astray, next_restoration

RULES: Final = 2
"""Raised where what is asked for, or when, changes: such episodes are not compared."""
OPERATOR_STEPS: Final = 90
"""Control steps after which an operator is given up and the planner asked anew; the
skills take 45 on average."""
_CERTAIN: Final = 2
"""Looks in a row that must show the effects: what is still being lifted or let go of
is not done."""


@dataclass(frozen=True, slots=True)
class _Job:
    """What is asked for next.

    Attributes:
        name: e.g. ``pick(d1, peg1)``.
        kind: A ground operator, or bringing back what is loose.
        reason: Why.
        prompt: In words.
        types: Of the objects that it is about.
        shown: Whether the state and what is sensed show it done.
        possible: Whether it can still be done.
    """

    name: str
    kind: Kind
    reason: str
    prompt: str
    types: tuple[str, ...]
    shown: Callable[[State], bool]
    possible: Callable[[State], bool]


class Guide:
    """Plans, prompts and senses; it never moves the arm itself.

    Args:
        trial: What is to be done, and where.
        planning: What is asked of the plans.
        act: Called with the prompt; acts for a moment.
        rest: Called with whether a body is held, after all that failed and whenever the
            hand is empty; brings the hand back to where it waits, for one control step
            or more.

    Attributes:
        executed: What was prompted.
        replans: How often a plan was made anew.
    """

    def __init__(
        self,
        trial: Trial,
        planning: Options,
        act: Callable[[str], None],
        rest: Callable[[bool], None],
    ) -> None:
        """Nothing is planned before ``run``."""
        task = trial.task
        self._trial, self._task, self._act, self._rest = trial, task, act, rest
        self._words = Words(task.binding, task.problem, trial.scene.axes)
        self._on_table = "on_table" in task.binding.classifiers.values()
        limits = Feasibility(task, trial.scene.initial)
        self._course = Course(task, trial.meter, planning, limits)
        self._facts = self._last = Facts({})
        self.executed: list[Executed] = []
        self.replans = 0

    def run(self) -> str:
        """Prompt until the trial is over; return why where nothing is left to ask."""
        begun = self._course.begin()
        if begun.status is not PlanStatus.SOLVED:
            return f"planning {begun.status}: {begun.detail}".rstrip(": ")
        while not self._trial.over:
            job = self._next()
            if isinstance(job, str):
                return job
            done = job is not None and self._prompt(job)
            if not done or self._facts.held is None:
                self._rest(self._facts.held is not None)
        return ""

    def _next(self) -> _Job | str | None:
        """Return what comes next by what is sensed, or why there is nothing.

        None once the goal shows: whether the trial is over is not for the planner to
        say.
        """
        course, state = self._course, self._sense()
        if is_astray(self._facts, self._task.binding):
            return self._restoring()
        index = course.next(state)
        if index is None:
            self.replans += 1
            found = course.renew(state)
            if found.status is not PlanStatus.SOLVED:
                return f"planning {found.status}: {found.detail}".rstrip(": ")
            index = course.next(state)
        if index is None or index == len(course.plan):
            return None
        return self._operator(course.plan[index])

    def _operator(self, operator: GroundOperator) -> _Job:
        def shown(state: State) -> bool:
            astray = is_astray(self._facts, self._task.binding)
            return operator.shown(state) and not astray

        objects = self._task.problem.objects
        return _Job(
            str(operator),
            "operator",
            "the planner's next",
            self._words.operator(operator),
            tuple(objects[one] for one in operator.objects),
            shown,
            operator.applicable,
        )

    def _restoring(self) -> _Job | str:
        """Return how to bring one body back that is astray: picked, then put down."""
        task, heights = self._task, self._trial.scene.heights
        if (name := fallen(self._facts, heights)) is not None:
            return f"{name} fell off the table"
        step = next_restoration(
            self._facts, self._last, heights, task.domain, task.problem, task.binding
        )
        assert step is not None
        name, held = step.object, self._facts.held is not None
        onto = step.onto[0] if held else None

        def shown(_: State) -> bool:
            facts = self._facts
            return facts.support.get(name) == onto if held else facts.held == name

        return _Job(
            f"restore({name})",
            "restore",
            step.reason,
            self._words.calls((SkillCall("place" if held else "pick", name, onto),)),
            (task.problem.objects[name],),
            shown,
            lambda _: (self._facts.held is not None) == held,
        )

    def _prompt(self, job: _Job) -> bool:
        """Have something carried out until it shows; return whether it did.

        Or for too long, or until it cannot be done any more: the body was dropped.
        """
        trial, began = self._trial, self._trial.control_steps
        certain, lost = 0, 0
        while max(certain, lost) < _CERTAIN and not trial.over:
            self._act(job.prompt)
            state = self._sense()
            shown = job.shown(state)
            certain = certain + 1 if shown else 0
            lost = 0 if shown or job.possible(state) else lost + 1
            if trial.control_steps - began >= OPERATOR_STEPS:
                break
        took = trial.control_steps - began
        self.executed.append(
            Executed(
                job.name,
                job.kind,
                _outcome(certain, lost),
                job.reason,
                job.prompt,
                1,
                took,
                took * CONTROL_STEP_S,
                "vla",
                job.types,
            )
        )
        return certain >= _CERTAIN

    def _sense(self) -> State:
        with self._trial.meter.phase("sensing"):
            self._facts = sense(self._trial.scene, self._on_table)
            if not self._facts.loose:
                self._last = self._facts
            return atoms_of(self._facts, self._task.binding, self._task.problem)


def _outcome(certain: int, lost: int) -> str:
    if certain >= _CERTAIN:
        return "done"
    return "lost" if lost >= _CERTAIN else "timeout"
