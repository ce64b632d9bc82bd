"""Numbers of a state: comparison, expressions, and updates that happen together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import prod

from jouleplan.domains.language.model import (
    Arithmetic,
    Expression,
    Fact,
    FunctionTerm,
    Number,
    Special,
    Violations,
)
from jouleplan.planner.validator.errors import InvalidPlanError, UndefinedNumberError
from jouleplan.planner.validator.text import expression_text, fact_text

# Engines compute in floating point and print times with few digits, so that a value
# that is exactly at a bound here lay just beside it for them, and the other way round.
TOLERANCE = Fraction(1, 1_000_000)


@dataclass(frozen=True, slots=True)
class NumberChange:
    """An update with its number and amount: ``increase`` ``("fuel", "t1")`` by 3."""

    operator: str
    target: Fact
    amount: Fraction


def order(left: Fraction, right: Fraction) -> int:
    """Return -1, 0 or 1 as ``left`` is below, at or above ``right``.

    Values that differ by less than ``TOLERANCE``, relative to the larger magnitude (at
    least 1), count as equal, for ``<`` as for ``<=``: each stays the negation of the
    opposite one. Whole numbers are compared exactly, as floating point holds them.
    """
    if left == right:
        return 0
    whole = left.denominator == 1 == right.denominator
    size = max(Fraction(1), abs(left), abs(right))
    if not whole and abs(left - right) <= TOLERANCE * size:
        return 0
    return -1 if left < right else 1


def compares(operator: str, left: Fraction, right: Fraction) -> bool:
    """Return whether ``left operator right`` for one of ``< <= = >= >``."""
    sign = order(left, right)
    match operator:
        case "<":
            return sign < 0
        case "<=":
            return sign <= 0
        case "=":
            return sign == 0
        case ">=":
            return sign >= 0
        case ">":
            return sign > 0
    raise ValueError(f"no comparison: {operator!r}")


def value_of(
    expression: Expression,
    binding: Mapping[str, str],
    numbers: Mapping[Fact, Fraction],
    given: Mapping[str, Fraction],
) -> Fraction:
    """Return the value of ``expression``.

    Args:
        expression: The expression.
        binding: Objects of its variables.
        numbers: Values of the functions.
        given: Values of ``?duration``, ``#t``, ``total-time`` and, by
            ``is-violated NAME``, counts of violations; those that there are.

    Raises:
        UndefinedNumberError: A number without a value, or a division by zero.
    """
    match expression:
        case Number(value):
            return value
        case FunctionTerm(name, terms):
            key = (name, *[binding.get(term, term) for term in terms])
            if key not in numbers:
                raise UndefinedNumberError(f"{fact_text(key)} has no value")
            return numbers[key]
        case Arithmetic(operator, parts):
            values = [value_of(part, binding, numbers, given) for part in parts]
            if operator == "/" and 0 in values[1:]:
                text = expression_text(expression, binding)
                raise UndefinedNumberError(f"{text} divides by zero")
            return _combined(operator, values)
        case Special(word):
            name = word
        case Violations(name):
            name = f"is-violated {name}"
    if name not in given:
        raise UndefinedNumberError(f"{name} has no value here")
    return given[name]


def _combined(operator: str, values: list[Fraction]) -> Fraction:
    first, rest = values[0], values[1:]
    match operator:
        case "+":
            return sum(values, Fraction(0))
        case "*":
            return prod(values, start=Fraction(1))
        case "-":
            return first - sum(rest, Fraction(0)) if rest else -first
        case "/":
            return first / prod(rest, start=Fraction(1))
    raise ValueError(f"no arithmetic: {operator!r}")


def settled(
    numbers: Mapping[Fact, Fraction], changes: Iterable[NumberChange]
) -> dict[Fact, Fraction]:
    """Return the values after ``changes`` that happen together.

    Raises:
        InvalidPlanError: Changes of a number whose outcome depends on their order.
        UndefinedNumberError: A change of a number without a value.
    """
    values: dict[Fact, Fraction] = {}
    kinds: dict[Fact, str] = {}
    for change in changes:
        key, amount = change.target, change.amount
        kind = _KINDS[change.operator]
        if kinds.setdefault(key, kind) != kind:
            raise InvalidPlanError(f"{fact_text(key)} is changed in two ways at once")
        if kind == "assign":
            if values.setdefault(key, amount) != amount:
                raise InvalidPlanError(
                    f"{fact_text(key)} is assigned two values at once"
                )
            continue
        if key not in values and key not in numbers:
            raise UndefinedNumberError(
                f"{fact_text(key)} has no value to {change.operator}"
            )
        before = values[key] if key in values else numbers[key]
        values[key] = _changed(change.operator, before, amount, key)
    return values


_KINDS = {
    "assign": "assign",
    "increase": "add",
    "decrease": "add",
    "scale-up": "scale",
    "scale-down": "scale",
}


def _changed(operator: str, before: Fraction, amount: Fraction, key: Fact) -> Fraction:
    match operator:
        case "increase":
            return before + amount
        case "decrease":
            return before - amount
        case "scale-up":
            return before * amount
    if amount == 0:
        raise UndefinedNumberError(f"{fact_text(key)} is scaled down by zero")
    return before / amount
