"""What ENHSP reads rightly of a task: its form, and what it can be trusted with.

ENHSP lets a delete effect win over an add effect, takes ``+`` of two parts only, does
not know ``scale-up``, reads ``(- x)`` as nothing, and adds up as a metric what the
increases of its functions come to in the initial state.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from functools import reduce

from jouleplan.domains.language.features import Feature
from jouleplan.domains.language.model import (
    And,
    Arithmetic,
    Atom,
    Change,
    Compare,
    Condition,
    Effect,
    Effects,
    Expression,
    FunctionTerm,
    Not,
    Number,
    Same,
    Schema,
    TaskModel,
    Update,
    When,
)
from jouleplan.domains.language.numbers import changed_functions
from jouleplan.domains.language.walk import (
    condition_parts,
    effect_parts,
    expression_parts,
    updates,
)
from jouleplan.planner.engines.unquantified import unquantified
from jouleplan.planner.lowering.rebuild import conjoin, rebuild_effect
from jouleplan.planner.lowering.substitute import (
    exchange_in_condition,
    exchange_in_effect,
)

_EXACT_UP_TO = 2**40
_METRICS = (Feature.COSTS, Feature.OTHER_METRIC)


def enhsp_form(task: TaskModel) -> TaskModel:
    """Return ``task`` in the words that ENHSP reads as PDDL means them.

    Raises:
        TooManyPartsError: Its quantifiers cannot be written out.
    """
    flat = unquantified(task)
    schemas = {name: _form(s, flat) for name, s in flat.domain.schemas.items()}
    goal = exchange_in_condition(flat.problem.goal, _binary)
    metric = flat.problem.metric if _has_metric(task) else None
    return TaskModel(
        replace(flat.domain, schemas=schemas),
        replace(flat.problem, goal=goal, metric=metric),
    )


def _has_metric(task: TaskModel) -> bool:
    return not task.features.isdisjoint(_METRICS)


def _form(schema: Schema, task: TaskModel) -> Schema:
    """Return an operator in ENHSP's words."""
    effect = rebuild_effect(schema.effect, _assigned)
    leaves = list(_leaves(exchange_in_effect(effect, _binary), And()))
    condition = exchange_in_condition(schema.condition, _binary)
    kept = [
        When(when, change) if when != And() else change
        for when, change in _guarded(leaves, schema, task)
    ]
    return replace(schema, condition=condition, effect=Effects(tuple(kept)))


def _assigned(effect: Effect) -> Effect:
    """Return ``scale-up`` and ``scale-down`` as assignments."""
    if isinstance(effect, Update) and effect.operator.startswith("scale-"):
        word = "*" if effect.operator == "scale-up" else "/"
        value = Arithmetic(word, (effect.target, effect.value))
        return Update("assign", effect.target, value)
    return effect


def _binary(expression: Expression) -> Expression:
    """Return arithmetic of two parts."""
    if not isinstance(expression, Arithmetic):
        return expression
    parts = expression.parts
    if len(parts) == 1:
        if isinstance(parts[0], Number):
            return Number(-parts[0].value)
        parts = (Number(Fraction(0)), *parts)
    return reduce(lambda one, two: Arithmetic(expression.operator, (one, two)), parts)


Leaf = tuple[Condition, Change | Update]


def _leaves(effect: Effect, when: Condition) -> Iterator[Leaf]:
    """Yield each change with the condition under which it happens."""
    if isinstance(effect, Effects):
        for part in effect.parts:
            yield from _leaves(part, when)
    elif isinstance(effect, When):
        both = effect.condition if when == And() else conjoin(when, effect.condition)
        yield from _leaves(effect.effect, both)
    else:
        assert isinstance(effect, Change | Update), "no quantifiers, no times"
        yield when, effect


def _guarded(leaves: list[Leaf], schema: Schema, task: TaskModel) -> Iterator[Leaf]:
    """Yield the changes; a delete does not happen where the atom is added as well."""
    adds = [
        (when, change.atom)
        for when, change in leaves
        if isinstance(change, Change) and change.becomes
    ]
    for when, change in leaves:
        if isinstance(change, Update) or change.becomes:
            yield when, change
            continue
        guards = [
            conjoin(condition, *same)
            for condition, atom in adds
            if (same := _clash(change.atom, atom, schema, task)) is not None
        ]
        if And() not in guards:
            unless = [Not(guard) for guard in guards]
            yield (conjoin(when, *unless) if unless else when), change


def _clash(
    one: Atom, other: Atom, schema: Schema, task: TaskModel
) -> list[Condition] | None:
    """Return the equalities under which two atoms are the same; None if never."""
    if one.predicate != other.predicate:
        return None
    kinds = dict(schema.parameters)
    apart = condition_parts(schema.condition) if _is_flat(schema.condition) else ()
    unequal = {
        frozenset((part.part.left, part.part.right))
        for part in apart
        if isinstance(part, Not) and isinstance(part.part, Same)
    }
    same: list[Condition] = []
    for left, right in zip(one.terms, other.terms, strict=True):
        if left == right:
            continue
        pools = [
            set(task.objects_of(kinds[term])) if term in kinds else {term}
            for term in (left, right)
        ]
        if pools[0].isdisjoint(pools[1]) or frozenset((left, right)) in unequal:
            return None
        same.append(Same(left, right))
    return same


def _is_flat(condition: Condition) -> bool:
    """Return whether every literal inside must hold."""
    if isinstance(condition, And):
        return all(_is_flat(part) for part in condition.parts)
    return isinstance(condition, Atom | Same | Compare) or (
        isinstance(condition, Not) and isinstance(condition.part, Atom | Same)
    )


# --- what it can be trusted with ---


def metric_obstacle(task: TaskModel) -> str:
    """Return why ENHSP would misread the metric; empty if it does not."""
    metric = task.problem.metric
    if metric is None or not _has_metric(task):
        return ""
    changing = changed_functions(task)
    summed = _positive_sum(metric.expression, task)
    if summed is None:
        return "ENHSP takes metrics that are sums of functions, not this one"
    for schema in task.domain.schemas.values():
        for update, conditional in updates(schema.effect):
            if update.target.name not in summed:
                continue
            reads = {getattr(p, "name", "") for p in expression_parts(update.value)}
            if (
                conditional
                or update.operator != "increase"
                or not reads.isdisjoint(changing)
                or not _never_negative(update.value, task)
            ):
                return (
                    f"ENHSP takes metrics that operators increase by fixed amounts; "
                    f"{schema.name} changes {update.target.name} otherwise"
                )
    return ""


def _positive_sum(expression: Expression, task: TaskModel) -> set[str] | None:
    """Return the functions that ``expression`` adds up; None if it is no such sum."""
    if isinstance(expression, FunctionTerm):
        return {expression.name}
    if isinstance(expression, Number):
        return set()
    if not isinstance(expression, Arithmetic) or expression.operator not in "+*":
        return None
    found = [_positive_sum(part, task) for part in expression.parts]
    if expression.operator == "*":
        factors = [p.value for p in expression.parts if isinstance(p, Number)]
        if len(factors) < len(found) - 1 or min(factors) < 0:
            return None
    return None if None in found else set().union(*filter(None, found))


def _never_negative(expression: Expression, task: TaskModel) -> bool:
    """Return whether an expression of fixed values is at least 0."""
    if isinstance(expression, Number):
        return expression.value >= 0
    if isinstance(expression, FunctionTerm):
        values = task.problem.numbers.items()
        return all(v >= 0 for key, v in values if key[0] == expression.name)
    return (
        isinstance(expression, Arithmetic)
        and expression.operator in "+*/"
        and all(_never_negative(part, task) for part in expression.parts)
    )


def constant_updates(task: TaskModel) -> bool:
    """Return whether operators add or subtract fixed amounts only."""
    changing = changed_functions(task)
    return Feature.NONLINEAR not in task.features and all(
        update.operator in ("increase", "decrease")
        and not conditional
        and not any(
            isinstance(part, FunctionTerm) and part.name in changing
            for part in expression_parts(update.value)
        )
        for schema in task.domain.schemas.values()
        for update, conditional in updates(schema.effect)
    )


def only_integers(task: TaskModel) -> bool:
    """Return whether floating point computes the task's numbers exactly."""
    values = [*task.problem.numbers.values()]
    expressions: list[Expression] = []
    conditions = [task.problem.goal]
    for schema in task.domain.schemas.values():
        conditions.append(schema.condition)
        for part, _ in effect_parts(schema.effect):
            if isinstance(part, Update):
                if part.operator == "scale-down":
                    return False
                expressions.append(part.value)
            elif isinstance(part, When):
                conditions.append(part.condition)
    for condition in conditions:
        for inner in condition_parts(condition):
            if isinstance(inner, Compare):
                expressions += [inner.left, inner.right]
    if task.problem.metric is not None:
        expressions.append(task.problem.metric.expression)
    for expression in expressions:
        numbers = _numbers(expression)
        if numbers is None:
            return False
        values += numbers
    return all(v.denominator == 1 and abs(v) < _EXACT_UP_TO for v in values)


def _numbers(expression: Expression) -> list[Fraction] | None:
    """Return the constants of an expression; None if it divides."""
    if isinstance(expression, Number):
        return [expression.value]
    if not isinstance(expression, Arithmetic):
        return []
    found = [_numbers(part) for part in expression.parts]
    if expression.operator == "/" or None in found:
        return None
    return [value for part in found if part is not None for value in part]
