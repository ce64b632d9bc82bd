"""Costs as the classical planners read them: one sum, ``total-cost``, whole numbers."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from itertools import product

from jouleplan.domains.language.features import Feature
from jouleplan.domains.language.model import (
    Arithmetic,
    Effect,
    Effects,
    Expression,
    Fact,
    FunctionTerm,
    Metric,
    Number,
    Schema,
    Signature,
    TaskModel,
    Update,
)
from jouleplan.domains.language.numbers import cost_function
from jouleplan.domains.language.walk import expression_parts, updates
from jouleplan.planner.lowering.lowered import Lowered, LoweringError
from jouleplan.planner.lowering.rebuild import join, rebuild_effect

TOTAL = "total-cost"
_MOST_TERMS = 200_000
_LARGEST = 10**8
"""The planners keep costs in 32 bits; sums of a plan must fit as well."""


def plain_costs(task: TaskModel) -> bool:
    """Return whether the costs of ``task`` are as the planners read them already."""
    if Feature.COSTS not in task.features:
        return not task.domain.functions
    if cost_function(task) != TOTAL:
        return False
    if not all(_is_whole(value) for value in task.problem.numbers.values()):
        return False
    for schema in task.domain.schemas.values():
        paid = [update for update, _ in updates(schema.effect)]
        if len(paid) > 1 or any(update.target.name != TOTAL for update in paid):
            return False
        for update in paid:
            value = update.value
            whole = isinstance(value, Number) and _is_whole(value.value)
            if not whole and not isinstance(value, FunctionTerm):
                return False
    return True


def _is_whole(value: Fraction) -> bool:
    return value.denominator == 1 and value >= 0


def without_numbers(task: TaskModel) -> Lowered:
    """Return ``task`` without functions: for tasks whose numbers decide nothing."""
    domain, problem = task.domain, task.problem
    schemas = {
        name: replace(s, effect=_without_updates(s.effect))
        for name, s in domain.schemas.items()
    }
    return Lowered(
        replace(domain, functions={}, schemas=schemas),
        replace(problem, numbers={}, metric=None),
    )


def whole_costs(task: TaskModel) -> Lowered:
    """Return ``task`` with whole costs that sum to ``total-cost``.

    Raises:
        LoweringError: A cost is negative, or there are too many to list.
    """
    summed = cost_function(task)
    assert summed is not None
    prices = _Prices(task, summed)
    tables = {name: prices.of(schema) for name, schema in task.domain.schemas.items()}
    scale, exact = _scale([value for t in tables.values() for value in t.values()])
    functions: dict[str, Signature] = {TOTAL: Signature(TOTAL)}
    numbers: dict[Fact, Fraction] = {(TOTAL,): Fraction(0)}
    schemas: dict[str, Schema] = {}
    for name, schema in task.domain.schemas.items():
        table = {key: Fraction(round(v * scale)) for key, v in tables[name].items()}
        if any(value < 0 for value in table.values()):
            raise LoweringError(f"a negative cost of {name}")
        value: Expression = Number(table.get((), Fraction(0)))
        if table and () not in table:
            chosen = prices.variables(schema)
            own = f"cost-of-{name}"
            functions[own] = Signature(own, chosen)
            numbers |= {(own, *key): cost for key, cost in table.items()}
            value = FunctionTerm(own, tuple(variable for variable, _ in chosen))
        cost = Update("increase", FunctionTerm(TOTAL), value)
        effect = join(_without_updates(schema.effect), cost)
        schemas[name] = replace(schema, effect=effect)
    return Lowered(
        replace(task.domain, functions=functions, schemas=schemas),
        replace(
            task.problem,
            numbers=numbers,
            metric=Metric("minimize", FunctionTerm(TOTAL)),
        ),
        exact=exact,
        note="" if exact else "costs were rounded for the engine",
    )


def _without_updates(effect: Effect) -> Effect:
    def change(part: Effect) -> Effect:
        if isinstance(part, Effects):
            return Effects(tuple(p for p in part.parts if not isinstance(p, Update)))
        return part

    found = rebuild_effect(effect, change)
    return Effects() if isinstance(found, Update) else found


def _scale(values: list[Fraction]) -> tuple[Fraction, bool]:
    """Return what makes ``values`` whole, and whether it does so exactly."""
    if not values:
        return Fraction(1), True
    exact = Fraction(math.lcm(*(value.denominator for value in values)))
    largest = max(abs(value) for value in values)
    if exact * largest <= _LARGEST:
        return exact, True
    return Fraction(_LARGEST) / largest, False


class _Prices:
    """What ground operators cost, by the objects that decide it."""

    def __init__(self, task: TaskModel, summed: str) -> None:
        self._task = task
        self._summed = summed

    def _paid(self, schema: Schema) -> list[Expression]:
        found = (update for update, _ in updates(schema.effect))
        return [u.value for u in found if u.target.name == self._summed]

    def variables(self, schema: Schema) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Return the parameters of ``schema`` that decide its cost."""
        used = {
            term
            for value in self._paid(schema)
            for part in expression_parts(value)
            if isinstance(part, FunctionTerm)
            for term in part.terms
        }
        return tuple(pair for pair in schema.parameters if pair[0] in used)

    def of(self, schema: Schema) -> dict[tuple[str, ...], Fraction]:
        """Return objects -> cost, for all objects whose cost is defined."""
        paid, chosen = self._paid(schema), self.variables(schema)
        choices = [list(self._task.objects_of(kinds)) for _, kinds in chosen]
        if math.prod(len(choice) for choice in choices) > _MOST_TERMS:
            raise LoweringError(f"more than {_MOST_TERMS} costs of {schema.name}")
        return dict(self._table(paid, [variable for variable, _ in chosen], choices))

    def _table(
        self, paid: list[Expression], variables: list[str], choices: list[list[str]]
    ) -> Iterator[tuple[tuple[str, ...], Fraction]]:
        numbers = self._task.problem.numbers
        for objects in product(*choices):
            binding = dict(zip(variables, objects, strict=True))
            try:
                total = sum((_value(p, binding, numbers) for p in paid), Fraction(0))
            except KeyError:  # not defined for these objects
                continue
            yield objects, total


def _value(
    expression: Expression,
    binding: Mapping[str, str],
    numbers: Mapping[Fact, Fraction],
) -> Fraction:
    """Return the value of an expression over numbers that never change."""
    if isinstance(expression, Number):
        return expression.value
    if isinstance(expression, FunctionTerm):
        terms = tuple(binding.get(term, term) for term in expression.terms)
        return numbers[expression.name, *terms]
    assert isinstance(expression, Arithmetic)
    values = [_value(part, binding, numbers) for part in expression.parts]
    if expression.operator == "+":
        return sum(values, Fraction(0))
    if expression.operator == "*":
        return math.prod(values, start=Fraction(1))
    if expression.operator == "-":
        return -values[0] if len(values) == 1 else values[0] - values[1]
    return values[0] / values[1]
