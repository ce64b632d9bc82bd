"""Times the steps of a sequence: as early as what they read and write allows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from jouleplan.domains.language.model import (
    Atom,
    Change,
    Condition,
    Effect,
    Expression,
    Fact,
    FunctionTerm,
    Schema,
    TaskModel,
    Update,
    When,
)
from jouleplan.domains.language.plan import Plan, Step
from jouleplan.domains.language.walk import (
    compared,
    condition_parts,
    effect_parts,
    expression_parts,
)
from jouleplan.planner.lowering.moments import effect_at
from jouleplan.planner.validator import validate
from jouleplan.planner.validator.effects import apply, changes_of
from jouleplan.planner.validator.errors import InvalidPlanError
from jouleplan.planner.validator.world import World

GAP = Fraction(1, 1000)
"""Between the end of a step and the start of one that needs what it did."""


@dataclass(frozen=True, slots=True)
class _Use:
    """What a step reads and writes; a bare predicate stands for all its facts."""

    reads: frozenset[Fact]
    writes: frozenset[Fact]

    def hinders(self, other: _Use) -> bool:
        """Return whether the two must not happen at once."""
        return (
            _meet(self.writes, other.reads)
            or _meet(self.writes, other.writes)
            or _meet(self.reads, other.writes)
        )


def timed(
    task: TaskModel, plan: Plan, duration_of: Callable[[Schema], Expression]
) -> Plan:
    """Return ``plan`` with times, side by side where that is valid, else in sequence.

    Args:
        task: The task with operators that take time.
        plan: A sequence of its operators.
        duration_of: Says how long an operator is to take.
    """
    try:
        durations = _durations(task, plan, duration_of)
    except InvalidPlanError:
        return plan  # the validator says why
    beside = tuple(_beside(task, plan, durations))
    if validate(task, beside).valid:
        return tuple(sorted(beside, key=lambda step: step.start or 0))
    return tuple(_in_sequence(plan, durations))


def _durations(
    task: TaskModel, plan: Plan, duration_of: Callable[[Schema], Expression]
) -> list[Fraction | None]:
    """Return how long each step takes in the state it finds; None for no time."""
    world = World(task)
    durations: list[Fraction | None] = []
    for step in plan:
        schema = task.domain.schemas[step.operator]
        variables = (variable for variable, _ in schema.parameters)
        binding = dict(zip(variables, step.objects, strict=True))
        if schema.duration is None:
            durations.append(None)
            apply(world, [changes_of(world, schema.effect, binding)])
            continue
        duration = world.evaluate(duration_of(schema), binding)
        durations.append(duration)
        world.given = {"?duration": duration, "#t": duration}
        for moment in ("start", "all", "end"):
            apply(world, [changes_of(world, effect_at(schema.effect, moment), binding)])
        world.given = {}
    return durations


def _in_sequence(plan: Plan, durations: list[Fraction | None]) -> Iterator[Step]:
    start = Fraction(0)
    for step, duration in zip(plan, durations, strict=True):
        yield Step(step.operator, step.objects, start, duration)
        start += (duration or 0) + GAP


def _beside(
    task: TaskModel, plan: Plan, durations: list[Fraction | None]
) -> Iterator[Step]:
    """Yield each step right behind the last one before it that hinders it."""
    unread = _unread_numbers(task)
    placed: list[tuple[_Use, Fraction]] = []
    for step, duration in zip(plan, durations, strict=True):
        use = _use(task, step, unread)
        ends = (end for other, end in placed if use.hinders(other))
        start = max((end + GAP for end in ends), default=Fraction(0))
        placed.append((use, start + (duration or 0)))
        yield Step(step.operator, step.objects, start, duration)


def _unread_numbers(task: TaskModel) -> frozenset[str]:
    """Return the functions that no operator reads: sums of costs."""
    read: set[str] = set()
    for schema in task.domain.schemas.values():
        parts = list(compared(schema.condition))
        if schema.duration is not None:
            parts += compared(schema.duration)
        for effect, _ in effect_parts(schema.effect):
            if isinstance(effect, Update):
                parts += expression_parts(effect.value)
            elif isinstance(effect, When):
                parts += compared(effect.condition)
        read |= {part.name for part in parts if isinstance(part, FunctionTerm)}
    return frozenset(task.domain.functions) - read


def _use(task: TaskModel, step: Step, unread: frozenset[str]) -> _Use:
    schema = task.domain.schemas[step.operator]
    variables = (variable for variable, _ in schema.parameters)
    binding = dict(zip(variables, step.objects, strict=True))

    def ground(name: str, terms: tuple[str, ...]) -> Fact:
        objects = tuple(binding.get(term, term) for term in terms)
        quantified = any(term.startswith("?") for term in objects)
        return (name,) if quantified and objects else (name, *objects)

    reads = set(_read(schema.condition, ground))
    if schema.duration is not None:
        reads |= set(_read(schema.duration, ground))
    writes = set()
    for effect, _ in effect_parts(schema.effect):
        reads |= set(_effect_reads(effect, ground))
        if isinstance(effect, Change):
            writes.add(ground(effect.atom.predicate, effect.atom.terms))
        elif isinstance(effect, Update) and effect.target.name not in unread:
            writes.add(ground(effect.target.name, effect.target.terms))
    return _Use(frozenset(reads), frozenset(writes))


_Ground = Callable[[str, tuple[str, ...]], Fact]


def _read(condition: Condition, ground: _Ground) -> Iterator[Fact]:
    for part in condition_parts(condition):
        if isinstance(part, Atom):
            yield ground(part.predicate, part.terms)
    for number in compared(condition):
        if isinstance(number, FunctionTerm):
            yield ground(number.name, number.terms)


def _effect_reads(effect: Effect, ground: _Ground) -> Iterator[Fact]:
    if isinstance(effect, When):
        yield from _read(effect.condition, ground)
    elif isinstance(effect, Update):
        for part in expression_parts(effect.value):
            if isinstance(part, FunctionTerm):
                yield ground(part.name, part.terms)


def _meet(one: frozenset[Fact], other: frozenset[Fact]) -> bool:
    """Return whether a fact of one is, or stands for, a fact of the other."""
    if not one.isdisjoint(other):
        return True
    heads = {(fact[0],) for fact in one} & {(fact[0],) for fact in other}
    return any(head in one or head in other for head in heads)
