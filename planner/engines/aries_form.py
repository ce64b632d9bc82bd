"""What Aries reads of a task: integers, clauses, and no number that nothing reads.

Times and numbers are multiplied by one factor that makes them integers; the times of
its plans are divided by it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from math import lcm

from jouleplan.domains.language.model import (
    And,
    Arithmetic,
    At,
    Change,
    Compare,
    Condition,
    Effect,
    Effects,
    Expression,
    FunctionTerm,
    Number,
    Schema,
    Special,
    TaskModel,
    TimedChange,
    Update,
    When,
)
from jouleplan.domains.language.walk import (
    compared,
    condition_parts,
    effect_parts,
    expression_parts,
    updates,
)
from jouleplan.planner.engines.clauses import clauses
from jouleplan.planner.engines.unconditional import unconditional
from jouleplan.planner.engines.unquantified import unquantified
from jouleplan.planner.lowering.rebuild import (
    conjoin,
    join,
    rebuild_condition,
    rebuild_effect,
)

_LARGEST = 2**30
_LONGEST = 10**6
_DURATION = Special("?duration")


class UnfitNumbersError(ValueError):
    """Numbers of which no factor makes integers that Aries can hold."""


def aries_form(task: TaskModel, metric: bool) -> tuple[TaskModel, Fraction]:
    """Return ``task`` in integers, and the factor of its times.

    Args:
        task: The task.
        metric: Whether the metric is kept.

    Raises:
        TooManyPartsError: Its quantifiers or conditional effects cannot be written out.
        UnfitNumbersError: Its numbers cannot be made integers.
    """
    kept = task.problem.metric if metric else None
    flat = unquantified(TaskModel(task.domain, replace(task.problem, metric=kept)))
    flat = unconditional(_read_only(flat))
    values = list(_values(flat))
    factor = Fraction(lcm(*(value.denominator for value in values)))
    if any(abs(value * factor) > _LARGEST for value in values):
        raise UnfitNumbersError("Aries takes numbers of at most nine digits")
    schemas = {
        name: _scaled_schema(schema, factor)
        for name, schema in flat.domain.schemas.items()
    }
    problem = flat.problem
    scaled = replace(
        problem,
        numbers={key: value * factor for key, value in problem.numbers.items()},
        timed=tuple(
            TimedChange(t.time * factor, _scaled_change(t.change, factor))
            for t in problem.timed
        ),
        goal=clauses(_scaled_condition(problem.goal, factor)),
    )
    return TaskModel(replace(flat.domain, schemas=schemas), scaled), factor


# --- what is read ---


def _read_only(task: TaskModel) -> TaskModel:
    """Return ``task`` without the functions that nothing reads."""
    read = _read(task)
    domain, problem = task.domain, task.problem

    def change(effect: Effect) -> Effect:
        if isinstance(effect, Update) and effect.target.name not in read:
            return Effects()
        if isinstance(effect, At) and effect.effect == Effects():
            return Effects()
        return join(*effect.parts) if isinstance(effect, Effects) else effect

    schemas = {
        name: replace(schema, effect=rebuild_effect(schema.effect, change))
        for name, schema in domain.schemas.items()
    }
    timed = [
        t
        for t in problem.timed
        if isinstance(t.change, Change) or t.change.target.name in read
    ]
    numbers = {key: v for key, v in problem.numbers.items() if key[0] in read}
    functions = {name: f for name, f in domain.functions.items() if name in read}
    return TaskModel(
        replace(domain, schemas=schemas, functions=functions),
        replace(problem, numbers=numbers, timed=tuple(timed)),
    )


def _read(task: TaskModel) -> frozenset[str]:
    """Return the functions that conditions, durations or the metric read, or need."""
    names: set[str] = set()

    def add(parts: Iterator[object]) -> None:
        names.update(p.name for p in parts if isinstance(p, FunctionTerm))

    add(compared(task.problem.goal))
    metric = task.problem.metric
    if metric is not None:
        add(expression_parts(metric.expression))
    for schema in task.domain.schemas.values():
        for condition in _conditions(schema):
            add(compared(condition))
    while True:
        size = len(names)
        for schema in task.domain.schemas.values():
            for update, _ in updates(schema.effect):
                if update.target.name in names:
                    add(expression_parts(update.value))
        if len(names) == size:
            return frozenset(names)


def _conditions(schema: Schema) -> Iterator[Condition]:
    """Yield the conditions of an operator, those of its effects and duration too."""
    yield schema.condition
    if schema.duration is not None:
        yield schema.duration
    for part, _ in effect_parts(schema.effect):
        if isinstance(part, When):
            yield part.condition


# --- integers ---


def _values(task: TaskModel) -> Iterator[Fraction]:
    """Yield every number and time that must become an integer."""
    yield from task.problem.numbers.values()
    conditions = [task.problem.goal]
    for timed in task.problem.timed:
        yield timed.time
        if isinstance(timed.change, Update):
            yield from _summands(timed.change.value)
    for schema in task.domain.schemas.values():
        conditions.extend(_conditions(schema))
        for update, _ in updates(schema.effect):
            yield from _summands(update.value)
    for condition in conditions:
        for part in condition_parts(condition):
            if isinstance(part, Compare):
                yield from _summands(part.left)
                yield from _summands(part.right)


def _summands(expression: Expression) -> Iterator[Fraction]:
    """Yield the constants that an expression adds."""
    if isinstance(expression, Number):
        yield expression.value
    elif isinstance(expression, Arithmetic):
        value = _constant(expression)
        if value is not None:
            yield value
        elif expression.operator in "+-":
            for part in expression.parts:
                yield from _summands(part)
        else:
            raise UnfitNumbersError(
                f"Aries does not multiply or divide numbers that change "
                f"({expression.operator})"
            )


def _constant(expression: Expression) -> Fraction | None:
    """Return the value of an expression without functions."""
    if isinstance(expression, Number):
        return expression.value
    if not isinstance(expression, Arithmetic):
        return None
    parts = [_constant(part) for part in expression.parts]
    known = [value for value in parts if value is not None]
    if len(known) < len(parts):
        return None
    first, *rest = known
    if not rest:
        return -first
    for value in rest:
        if expression.operator == "/" and value == 0:
            raise UnfitNumbersError("a number is divided by 0")
        first = {
            "+": first + value,
            "-": first - value,
            "*": first * value,
            "/": first / (value or 1),
        }[expression.operator]
    return first


def _scaled(expression: Expression, factor: Fraction) -> Expression:
    """Return an expression of values that are ``factor`` times as large."""
    value = _constant(expression)
    if value is not None:
        return Number(value * factor)
    if isinstance(expression, Arithmetic):
        parts = tuple(_scaled(part, factor) for part in expression.parts)
        if len(parts) == 1:
            parts = (Number(Fraction(0)), *parts)
        return Arithmetic(expression.operator, parts)
    return expression


def _scaled_condition(condition: Condition, factor: Fraction) -> Condition:
    def change(part: Condition) -> Condition:
        if isinstance(part, Compare):
            left, right = (_scaled(e, factor) for e in (part.left, part.right))
            return Compare(part.operator, left, right)
        return part

    return rebuild_condition(condition, change)


def _scaled_change(change: Change | Update, factor: Fraction) -> Change | Update:
    if isinstance(change, Update):
        value = _scaled(change.value, factor)
        return Update(change.operator, change.target, value)
    return change


def _scaled_schema(schema: Schema, factor: Fraction) -> Schema:
    """Return an operator in integers; what it adds, it does not delete as well."""

    def change(effect: Effect) -> Effect:
        if isinstance(effect, Update):
            return _scaled_change(effect, factor)
        if isinstance(effect, Effects):
            added = {_opposite(part) for part in effect.parts}
            return Effects(tuple(p for p in effect.parts if p not in added))
        return effect

    effect = rebuild_effect(
        join(schema.effect), change, lambda c: _scaled_condition(c, factor)
    )
    duration = schema.duration
    if duration is not None:
        duration = _bounded(_scaled_condition(duration, factor))
    condition = clauses(_scaled_condition(schema.condition, factor))
    return replace(schema, condition=condition, effect=effect, duration=duration)


def _bounded(duration: Condition) -> Condition:
    """Return a constraint on a duration with both bounds, which its reader needs."""
    words = {p.operator for p in condition_parts(duration) if isinstance(p, Compare)}
    parts = [duration] if duration != And() else []
    if "=" not in words and not words & {">", ">="}:
        parts.append(Compare(">=", _DURATION, Number(Fraction(0))))
    if "=" not in words and not words & {"<", "<="}:
        parts.append(Compare("<=", _DURATION, Number(Fraction(_LONGEST))))
    return conjoin(*parts)


def _opposite(effect: Effect) -> Effect | None:
    """Return the delete effect that an add effect beside it undoes."""
    if isinstance(effect, Change) and effect.becomes:
        return Change(effect.atom, False)
    if isinstance(effect, At) and (inner := _opposite(effect.effect)) is not None:
        return At(effect.when, inner)
    return None
