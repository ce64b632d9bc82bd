"""Substitutes objects for variables, and expressions for words."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from jouleplan.domains.language.model import (
    Arithmetic,
    Atom,
    Compare,
    Condition,
    Effect,
    Expression,
    FunctionTerm,
    Same,
    Update,
)
from jouleplan.planner.lowering.rebuild import rebuild_condition, rebuild_effect


def bind_terms(terms: tuple[str, ...], binding: Mapping[str, str]) -> tuple[str, ...]:
    """Return ``terms`` with objects for the variables that ``binding`` holds."""
    return tuple(binding.get(term, term) for term in terms)


def bind_condition(condition: Condition, binding: Mapping[str, str]) -> Condition:
    """Return ``condition`` with objects for variables.

    The variables must be free in it: none may be bound again by a quantifier inside.
    """

    def change(part: Condition) -> Condition:
        if isinstance(part, Atom):
            return Atom(part.predicate, bind_terms(part.terms, binding))
        if isinstance(part, Same):
            return Same(*bind_terms((part.left, part.right), binding))
        if isinstance(part, Compare):
            left, right = (_bound(e, binding) for e in (part.left, part.right))
            return Compare(part.operator, left, right)
        return part

    return rebuild_condition(condition, change)


def _bound(expression: Expression, binding: Mapping[str, str]) -> Expression:
    def change(part: Expression) -> Expression:
        if isinstance(part, FunctionTerm):
            return FunctionTerm(part.name, bind_terms(part.terms, binding))
        return part

    return rebuild_expression(expression, change)


def rebuild_expression(
    expression: Expression, change: Callable[[Expression], Expression]
) -> Expression:
    """Return ``expression`` with ``change`` applied to each part, innermost first."""
    if isinstance(expression, Arithmetic):
        parts = tuple(rebuild_expression(part, change) for part in expression.parts)
        return change(Arithmetic(expression.operator, parts))
    return change(expression)


def exchange_in_condition(
    condition: Condition, change: Callable[[Expression], Expression]
) -> Condition:
    """Return ``condition`` with its expressions changed."""

    def inner(part: Condition) -> Condition:
        if isinstance(part, Compare):
            left, right = (
                rebuild_expression(e, change) for e in (part.left, part.right)
            )
            return Compare(part.operator, left, right)
        return part

    return rebuild_condition(condition, inner)


def exchange_in_effect(
    effect: Effect, change: Callable[[Expression], Expression]
) -> Effect:
    """Return ``effect`` with its expressions changed; targets stay."""

    def inner(part: Effect) -> Effect:
        if isinstance(part, Update):
            value = rebuild_expression(part.value, change)
            return Update(part.operator, part.target, value)
        return part

    def condition(part: Condition) -> Condition:
        return (
            exchange_in_condition(part, change) if isinstance(part, Compare) else part
        )

    return rebuild_effect(effect, inner, condition)
