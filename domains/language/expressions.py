"""Reads numeric expressions."""

from __future__ import annotations

from fractions import Fraction

from jouleplan.domains.language.features import Feature
from jouleplan.domains.language.model import (
    Arithmetic,
    Expression,
    FunctionTerm,
    Number,
    Special,
    Violations,
)
from jouleplan.domains.language.scope import Scope, is_number
from jouleplan.domains.language.sexpr import Group
from jouleplan.domains.language.typed_lists import unknown

_OPERATORS = ("+", "-", "*", "/")
_SPECIAL = ("?duration", "#t", "total-time")
_DEEPEST = 150


def number(word: str) -> Number:
    """Return the number that a word states, exactly."""
    return Number(Fraction(word))


def read_expression(group: Group, i: int, scope: Scope, depth: int = 0) -> Expression:
    """Return item ``i`` of ``group`` as an expression.

    Raises:
        PddlError: It is none, or a function is unknown or has wrong arguments.
    """
    item = group.items[i]
    if isinstance(item, str):
        return _word(group, i, item, scope)
    if item.head in _OPERATORS and item.head not in scope.functions:
        return _arithmetic(item, scope, depth)
    if item.head in _SPECIAL and item.head not in scope.functions:
        if len(item.items) != 1:
            raise item.error(f"({item.head}) takes no arguments")
        return Special(item.head)
    if item.head == "is-violated":
        if len(item.items) != 2 or isinstance(item.items[1], Group):
            raise item.error("expected (is-violated PREFERENCE)")
        return Violations(item.items[1])
    return function_term(item, scope)


def function_term(group: Group, scope: Scope) -> FunctionTerm:
    """Return the function term that ``group`` states."""
    signature = scope.functions.get(group.head)
    if signature is None:
        raise group.error(unknown("function", group.head, scope.functions))
    return FunctionTerm(group.head, scope.arguments(group, signature, "a function"))


def _word(group: Group, i: int, word: str, scope: Scope) -> Expression:
    if is_number(word):
        return number(word)
    if word in _SPECIAL:
        return Special(word)
    signature = scope.functions.get(word)
    if signature is not None and not signature.parameters:
        return FunctionTerm(word)
    raise group.error(f"{word!r} is no number and no function without arguments", i)


def _arithmetic(group: Group, scope: Scope, depth: int) -> Arithmetic:
    if depth > _DEEPEST:
        raise group.error(f"nested more than {_DEEPEST} deep")
    parts = tuple(
        read_expression(group, i, scope, depth + 1) for i in range(1, len(group.items))
    )
    least = 1 if group.head == "-" else 2
    if len(parts) < least or (group.head in "-/" and len(parts) > 2):
        raise group.error(f"({group.head} ...) takes 2 numbers, got {len(parts)}")
    varying = [not _constant(part) for part in parts]
    if (group.head == "*" and sum(varying) > 1) or (group.head == "/" and varying[1]):
        scope.uses.use(Feature.NONLINEAR, group)
    return Arithmetic(group.head, parts)


def _constant(expression: Expression) -> bool:
    """Return whether an expression holds nothing but numbers (and ``#t``)."""
    if isinstance(expression, Arithmetic):
        return all(_constant(part) for part in expression.parts)
    return isinstance(expression, Number) or expression == Special("#t")
