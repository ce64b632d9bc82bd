"""What happens in a plan with times: starts, ends, instantaneous steps, literals."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from jouleplan.domains.language.model import Schema, TaskModel
from jouleplan.domains.language.plan import Plan, Step
from jouleplan.planner.validator.duration import (
    Check,
    Timed,
    Wish,
    checks_of,
    effects_of,
)
from jouleplan.planner.validator.errors import InvalidPlanError
from jouleplan.planner.validator.preferences import (
    ground_preferences,
    preference_names,
)
from jouleplan.planner.validator.sequential import in_order
from jouleplan.planner.validator.steps import bound
from jouleplan.planner.validator.text import number_text
from jouleplan.planner.validator.world import World

# Times that engines compute in floating point, and mean to be the same.
SAME_TIME = Fraction(1, 1_000_000_000)


@dataclass(frozen=True, slots=True)
class Run:
    """A step that takes time.

    Attributes:
        name: For reasons.
        start: When it starts.
        given: Its ``?duration``.
        checks: What must hold all through it.
        effects: What it changes, at any time.
    """

    name: str
    start: Fraction
    given: Mapping[str, Fraction]
    checks: tuple[Check, ...]
    effects: tuple[Timed, ...]


@dataclass(frozen=True, slots=True)
class Act:
    """What happens at one moment.

    Attributes:
        time: When.
        name: For reasons.
        checks: What must hold in the state before.
        effects: What it changes.
        given: ``?duration`` of its step.
        starts: The step that it starts.
        ends: The step that it ends.
    """

    time: Fraction
    name: str
    checks: tuple[Check, ...] = ()
    effects: tuple[Timed, ...] = ()
    given: Mapping[str, Fraction] = field(default_factory=dict)
    starts: Run | None = None
    ends: Run | None = None

    @property
    def moment(self) -> str:
        """Which effects and guards are its own: "start" or "end"."""
        return "end" if self.ends else "start"


def acts_of(world: World, plan: Plan) -> list[Act]:
    """Return the acts of the steps of ``plan``, in the order of the plan.

    Raises:
        InvalidPlanError: A step does not fit its operator, or lacks a time.
        NotValidatedError: An operator has a part without semantics.
    """
    acts: list[Act] = []
    for number, step in in_order(plan):
        name = f"step {number}, {step}"
        try:
            schema, binding = bound(world, step)
            acts.extend(_acts(world, step, schema, binding, name))
        except InvalidPlanError as fault:
            raise InvalidPlanError(f"{name}: {fault}") from fault
    return acts


def _acts(
    world: World, step: Step, schema: Schema, binding: Mapping[str, str], name: str
) -> Iterator[Act]:
    start, duration = step.start, step.duration
    if start is None:
        raise InvalidPlanError("it has no time, but the task takes time")
    if start < 0:
        raise InvalidPlanError("it starts before time 0")
    if schema.kind != "durative-action":
        if duration is not None and abs(duration) > SAME_TIME:
            raise InvalidPlanError(f"{schema.name} takes no time")
        checks = tuple(_instant_checks(world, schema, binding))
        yield Act(start, name, checks, (Timed("start", schema.effect, binding),))
        return
    if duration is None:
        raise InvalidPlanError(f"it has no duration, but {schema.name} takes time")
    if duration < 0:
        raise InvalidPlanError("its duration is negative")
    checks = tuple(checks_of(world, schema.condition, binding))
    if schema.duration is not None:
        bounds = checks_of(world, schema.duration, binding, untimed="start")
        checks = (*checks, *bounds)
    effects = tuple(effects_of(world, schema.effect, binding))
    given = {"?duration": duration}
    run = Run(name, start, given, _at(checks, "all"), effects)
    for when, time in (("start", start), ("end", start + duration)):
        own = tuple(timed for timed in effects if timed.when == when)
        starts, ends = (run, None) if when == "start" else (None, run)
        yield Act(time, name, _at(checks, when), own, given, starts, ends)


def _instant_checks(
    world: World, schema: Schema, binding: Mapping[str, str]
) -> Iterator[Check]:
    yield Check("start", schema.condition, binding)
    if preference_names(schema.condition):
        for name, part, found in ground_preferences(world, schema.condition, binding):
            yield Check("start", part, found, Wish(name))


def _at(checks: Iterable[Check], when: str) -> tuple[Check, ...]:
    return tuple(check for check in checks if check.when == when)


def timed_acts(task: TaskModel) -> list[Act]:
    """Return the timed initial literals and numbers of ``task``."""
    return [
        Act(
            timed.time,
            f"what happens by itself at {number_text(timed.time)}",
            effects=(Timed("start", timed.change, {}),),
        )
        for timed in task.problem.timed
    ]


def happenings(acts: Iterable[Act]) -> list[list[Act]]:
    """Return the acts of each moment together, the moments in their order."""
    groups: list[list[Act]] = []
    for act in sorted(acts, key=lambda act: act.time):
        if groups and act.time - groups[-1][0].time <= SAME_TIME:
            groups[-1].append(act)
        else:
            groups.append([act])
    return groups
