"""What ENHSP reads rightly of a task: its form, and what it can be trusted with.

ENHSP lets a delete effect win over an add effect, takes ``+`` of two parts only, does
not know ``scale-up``, reads ``(- x)`` as nothing, and adds up as a metric what the
increases of its functions come to in the initial state.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from functools import reduce

from jouleplan.domains.language.features import Feature
from jouleplan.domains.language.model import (
    Arithmetic,
    Compare,
    Effect,
    Expression,
    FunctionTerm,
    Number,
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
from jouleplan.planner.engines.overruled import overruled
from jouleplan.planner.engines.unquantified import unquantified
from jouleplan.planner.lowering.rebuild import rebuild_effect
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
    flat = overruled(flat)
    schemas = {name: _form(s) for name, s in flat.domain.schemas.items()}
    goal = exchange_in_condition(flat.problem.goal, _binary)
    metric = flat.problem.metric if _has_metric(task) else None
    return TaskModel(
        replace(flat.domain, schemas=schemas),
        replace(flat.problem, goal=goal, metric=metric),
    )


def _has_metric(task: TaskModel) -> bool:
    return not task.features.isdisjoint(_METRICS)


def _form(schema: Schema) -> Schema:
    """Return an operator in ENHSP's words."""
    effect = rebuild_effect(schema.effect, _assigned)
    return replace(
        schema,
        condition=exchange_in_condition(schema.condition, _binary),
        effect=exchange_in_effect(effect, _binary),
    )


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
