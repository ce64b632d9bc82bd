"""Aries: plans with times, and numbers that are integers.

It is reached over unified-planning in a process of its own, which starts a server; all
of them are ended together. It never proves that there is no plan, nor that one is best.

Source: Bit-Monnot 2023, Enhancing Hybrid CP-SAT Search for Disjunctive Scheduling,
ECAI.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from fractions import Fraction

from jouleplan.domains.language.features import Feature
from jouleplan.domains.language.model import Number, TaskModel
from jouleplan.domains.language.names import Names, plain_names
from jouleplan.domains.language.plan import Plan, Step
from jouleplan.domains.language.walk import updates
from jouleplan.domains.language.write import task_text
from jouleplan.planner.engines.aries_form import UnfitNumbersError, aries_form
from jouleplan.planner.engines.engine import About, Outcome, PlanStatus, Request
from jouleplan.planner.engines.unconditional import joined
from jouleplan.planner.engines.unquantified import TooManyPartsError
from jouleplan.planner.engines.up_run import missing, run_worker

_PACKAGES = {"unified_planning": "unified-planning", "up_aries": "up-aries"}
_TOTAL = "total-cost"
_FIRST = frozenset(
    {
        Feature.NEGATIVE,
        Feature.NEGATIVE_GOAL,
        Feature.EQUALITY,
        Feature.DISJUNCTION,
        Feature.EXISTS,
        Feature.FORALL,
        Feature.UNIVERSAL_EFFECT,
        Feature.CONDITIONAL_EFFECT,
        Feature.NUMBERS,
        Feature.DURATIVE,
        Feature.DURATION_CHOICE,
        Feature.STATE_DURATION,
        Feature.TIMED,
    }
)
_METRICS = frozenset({Feature.COSTS, Feature.STATE_COSTS, Feature.OTHER_METRIC})


@dataclass(frozen=True, slots=True)
class Aries:
    """Aries, for its first plan or for better and better ones.

    Attributes:
        name: Name in the registry.
        anytime: Whether it goes on to better plans until its limit.
        supports: Features it takes.
        purpose: What it is for.
    """

    name: str
    anytime: bool
    supports: frozenset[Feature]
    purpose: str
    optimal: bool = False
    top_k: bool = False
    translates: bool = False

    @property
    def about(self) -> About:
        """What people are told."""
        return About(
            "up-aries",
            "up_aries",
            "pip install unified-planning up-aries",
            "MIT",
            self.purpose,
        )

    def missing(self) -> str:
        """Return what is not installed."""
        return missing(_PACKAGES)

    def run(self, request: Request) -> Outcome:
        """Return what Aries finds; see ``Engine.run``."""
        deadline = time.perf_counter() + request.limits.time_s
        try:
            task, factor = aries_form(request.task, metric=self.anytime)
        except (TooManyPartsError, UnfitNumbersError) as error:
            return Outcome(PlanStatus.UNSUPPORTED, detail=str(error))
        names = _names(task)

        def restore(plan: Plan) -> Plan:
            steps = names.original(plan)
            own = tuple(_in_own_time(step, task, factor) for step in steps)
            return joined(own, request.task)

        answer = run_worker(
            "aries-anytime" if self.anytime else "aries",
            request,
            task_text(task, names),
            deadline,
            found=lambda plan: request.found(restore(plan)) if self.anytime else None,
        )
        cpu_s = answer.ended.cpu_s
        if answer.plans:
            plans = dict.fromkeys(map(restore, reversed(answer.plans)))
            crashed = answer.last.get("status") == PlanStatus.CRASHED
            notes = (str(answer.last["detail"]),) if crashed else ()
            return Outcome(PlanStatus.SOLVED, tuple(plans), cpu_s=cpu_s, notes=notes)
        status, detail = answer.failure("Aries")
        return Outcome(status, cpu_s=cpu_s, detail=detail)


def _names(task: TaskModel) -> Names:
    """Return spellings; ``total-cost`` keeps its name where it grows by constants.

    unified-planning makes costs of operators of it then, and a number like any other
    where it has another name: Aries takes no other costs of operators.
    """
    names = plain_names(task)
    if all(
        isinstance(update.value, Number)
        for schema in task.domain.schemas.values()
        for update, _ in updates(schema.effect)
        if update.target.name == _TOTAL
    ):
        return names
    return replace(names, symbols={**names.symbols, _TOTAL: "cost-in-total"})


def _in_own_time(step: Step, task: TaskModel, factor: Fraction) -> Step:
    """Return a step in the task's time; one that takes no time may have no duration."""
    times = (t if t is None else t / factor for t in (step.start, step.duration))
    start, duration = times
    if start is not None and task.domain.schemas[step.operator].duration is not None:
        duration = duration or Fraction(0)
    return Step(step.operator, step.objects, start, duration)


FIRST = Aries("aries", False, _FIRST, "tasks with times, numbers: a first plan")
ANYTIME = Aries(
    "aries-anytime",
    True,
    _FIRST | _METRICS,
    "tasks with times, numbers and a metric: better and better plans",
)
