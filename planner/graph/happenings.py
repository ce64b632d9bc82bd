"""A plan taken apart into its happenings, in their order, with what each changes.

A step without duration is one happening; one with a duration has a start and an end.

At one time, ends come before starts: engines write plans in which a step starts when
the one that it needs ends.

Source: Fox and Long 2003, PDDL2.1, JAIR 20, sec. 7 (happenings of a plan).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import groupby

from jouleplan.domains.language.model import (
    Condition,
    Fact,
    Schema,
    TaskModel,
    Update,
)
from jouleplan.domains.language.plan import Plan, Step
from jouleplan.domains.language.walk import effect_parts
from jouleplan.planner.graph.reads import Literal, Reader, Reads
from jouleplan.planner.validator.duration import Timed, checks_of, effects_of
from jouleplan.planner.validator.effects import Changes, apply, changes_of
from jouleplan.planner.validator.numbers import NumberChange
from jouleplan.planner.validator.steps import bound
from jouleplan.planner.validator.validate import takes_time
from jouleplan.planner.validator.world import Binding, World

Node = int | str
"""A step by its place in the plan, from 0; or "init", "goal", "time0", ..."""

_ENDS, _STARTS, _ENDS_AT_ONCE = range(3)


@dataclass(slots=True)
class Happening:
    """Something that happens at a time of its own.

    Attributes:
        node: What it belongs to.
        point: "start" or "end" of a step with a duration; else empty.
        reads: What it depends on.
        holds: Literals that must hold between start and end of its step.
        writes: Literals that it makes true.
        updates: Numbers that it changes.
        flows: Numbers that change all along between start and end.
    """

    node: Node
    point: str = ""
    reads: Reads = field(default_factory=Reads)
    holds: tuple[Literal, ...] = ()
    writes: tuple[Literal, ...] = ()
    updates: tuple[NumberChange, ...] = ()
    flows: tuple[Fact, ...] = ()


@dataclass(slots=True)
class _Draft:
    """A happening whose effects wait for the state that it comes in."""

    key: tuple[Fraction, int, int]
    happening: Happening
    binding: Binding
    effects: list[Timed]
    duration: Fraction | None = None


def happenings_of(task: TaskModel, plan: Plan, world: World) -> list[Happening]:
    """Return the happenings of a valid ``plan``; the goal is the last one.

    Args:
        task: The task.
        plan: The plan.
        world: In the initial state of ``task``; is in the last state afterwards.

    Raises:
        InvalidPlanError: A step names an operator or objects that there are not.
    """
    reader = Reader(task, world)
    drafts = [
        draft
        for index, step, begin in _begins(task, plan)
        for draft in _drafts(reader, world, index, step, begin)
    ]
    for index, timed in enumerate(task.problem.timed):
        effect = Timed("start", timed.change, {})
        key = (timed.time, _STARTS, -1)
        drafts.append(_Draft(key, Happening(f"time{index}"), {}, [effect]))
    drafts.sort(key=lambda draft: draft.key)
    for _, group in groupby(drafts, key=lambda draft: draft.key[:2]):
        _carry_out(world, list(group))
    goal = Happening("goal")
    reader.condition(goal.reads, task.problem.goal, {})
    return [*(draft.happening for draft in drafts), goal]


def _begins(task: TaskModel, plan: Plan) -> list[tuple[int, Step, Fraction]]:
    """Return the steps with times, though they be only places in a sequence."""
    steps = list(enumerate(plan))
    if takes_time(task):
        return [(index, step, step.start or Fraction(0)) for index, step in steps]
    if all(step.start is not None for step in plan):
        steps.sort(key=lambda numbered: numbered[1].start or Fraction(0))
    return [(index, step, Fraction(at)) for at, (index, step) in enumerate(steps)]


def _drafts(
    reader: Reader, world: World, index: int, step: Step, begin: Fraction
) -> Iterator[_Draft]:
    schema, binding = bound(world, step)
    if schema.kind == "durative-action":
        yield from _durative(reader, world, index, step, schema, binding, begin)
        return
    happening = Happening(index)
    reader.condition(happening.reads, schema.condition, binding)
    reader.effect(happening.reads, schema.effect, binding)
    effects = [Timed("start", schema.effect, binding)]
    yield _Draft((begin, _STARTS, index), happening, binding, effects)


def _durative(
    reader: Reader,
    world: World,
    index: int,
    step: Step,
    schema: Schema,
    binding: Binding,
    begin: Fraction,
) -> Iterator[_Draft]:
    length = step.duration or Fraction(0)
    start, end = Happening(index, "start"), Happening(index, "end")
    ends = {"start": (start,), "end": (end,), "all": (start, end)}
    during = Reads()
    for check in checks_of(world, schema.condition, binding):
        firm = check.wish is None
        where = [one.reads for one in ends[check.when]]
        for reads in where if check.when != "all" else (during,):
            reader.condition(reads, check.condition, check.binding, firm)
    effects = list(effects_of(world, schema.effect, binding))
    for effect in effects:
        for one in ends[effect.when]:
            reader.effect(one.reads, effect.effect, effect.binding)
        for guard in effect.guards:
            for one in ends[guard.when]:
                reader.condition(one.reads, guard.condition, guard.binding, False)
    flows = tuple(_flows(effects))
    for one in (start, end):
        one.holds, one.flows = tuple(during.needs), flows
        one.reads.facts |= during.facts
        one.reads.numbers |= during.numbers
        _read_duration(reader, one.reads, schema.duration, binding)
    phase = _ENDS if length else _ENDS_AT_ONCE
    yield _Draft((begin, _STARTS, index), start, binding, effects, length)
    yield _Draft((begin + length, phase, index), end, binding, effects, length)


def _read_duration(
    reader: Reader, into: Reads, duration: Condition | None, binding: Binding
) -> None:
    if duration is not None:
        reader.condition(into, duration, binding, False)


def _flows(effects: Iterable[Timed]) -> Iterator[Fact]:
    for timed in effects:
        if timed.when == "all":
            for part, _ in effect_parts(timed.effect):
                if isinstance(part, Update):
                    bound_to = timed.binding
                    terms = part.target.terms
                    yield (part.target.name, *[bound_to.get(t, t) for t in terms])


def _carry_out(world: World, drafts: list[_Draft]) -> None:
    together = []
    for draft in drafts:
        given = {} if draft.duration is None else {"?duration": draft.duration}
        world.given = given
        point = draft.happening.point or "start"
        if point == "start":
            for timed in draft.effects:
                checks = timed.guards
                timed.off = not all(world.holds(c.condition, c.binding) for c in checks)
        changes = [
            changes_of(world, timed.effect, timed.binding)
            for timed in draft.effects
            if timed.when == point and not timed.off
        ]
        together += changes
        _record(draft.happening, changes)
    apply(world, together)
    world.given = {}


def _record(happening: Happening, changes: list[Changes]) -> None:
    adds = frozenset().union(*(one.adds for one in changes))
    deletes = frozenset().union(*(one.deletes for one in changes)) - adds
    writes = [(fact, True) for fact in adds] + [(fact, False) for fact in deletes]
    happening.writes = tuple(sorted(writes))
    happening.updates = tuple(update for one in changes for update in one.updates)


def number_writes(happening: Happening) -> Iterator[tuple[Fact, str]]:
    """Yield the numbers that a happening changes, each with the kind of change.

    Changes of the kinds "add" and "scale" can be exchanged with others of their kind.
    """
    for update in happening.updates:
        yield update.target, _KINDS.get(update.operator, "assign")
    for fact in happening.flows:
        yield fact, "assign"


_KINDS = {
    "increase": "add",
    "decrease": "add",
    "scale-up": "scale",
    "scale-down": "scale",
}
