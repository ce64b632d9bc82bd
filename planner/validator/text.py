"""Conditions as PDDL, with the objects of a step in place of its variables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction

from jouleplan.domains.language.model import (
    And,
    Arithmetic,
    Atom,
    Compare,
    Condition,
    During,
    Exists,
    Expression,
    Fact,
    Forall,
    FunctionTerm,
    Modal,
    Not,
    Number,
    Or,
    Parameters,
    Preference,
    Same,
    Special,
    Types,
    Violations,
)

Binding = Mapping[str, str]
"""Variable -> object."""

_PERIODS = {"start": "at start", "all": "over all", "end": "at end"}


def fact_text(fact: Fact) -> str:
    """Return ``(on d1 peg1)``."""
    return f"({' '.join(fact)})"


def number_text(value: Fraction) -> str:
    """Return an integer as such, anything else to six digits."""
    return str(value.numerator) if value.denominator == 1 else f"{float(value):.6g}"


def condition_text(condition: Condition, binding: Binding) -> str:
    """Return ``condition`` in PDDL with ``binding`` filled in."""
    match condition:
        case Atom(name, terms):
            return fact_text((name, *_filled(terms, binding)))
        case Same(left, right):
            return fact_text(("=", *_filled((left, right), binding)))
        case Compare(operator, first, second):
            sides = (expression_text(side, binding) for side in (first, second))
            return f"({operator} {' '.join(sides)})"
        case Not(part):
            return f"(not {condition_text(part, binding)})"
        case And(parts):
            return _listed("and", parts, binding)
        case Or(parts):
            return _listed("or", parts, binding)
        case Exists(parameters, part):
            return _quantified("exists", parameters, part, binding)
        case Forall(parameters, part):
            return _quantified("forall", parameters, part, binding)
        case Preference(name, part):
            return f"(preference {name} {condition_text(part, binding)})"
        case During(when, part):
            return f"({_PERIODS[when]} {condition_text(part, binding)})"
        case Modal(word, times, parts):
            words = " ".join((word, *map(number_text, times)))
            return _listed(words, parts, binding)


def expression_text(expression: Expression, binding: Binding) -> str:
    """Return ``expression`` in PDDL with ``binding`` filled in."""
    match expression:
        case Number(value):
            return number_text(value)
        case FunctionTerm(name, terms):
            return fact_text((name, *_filled(terms, binding)))
        case Special(word):
            return word
        case Violations(name):
            return f"(is-violated {name})"
        case Arithmetic(operator, parts):
            inner = " ".join(expression_text(part, binding) for part in parts)
            return f"({operator} {inner})"


def _filled(terms: Iterable[str], binding: Binding) -> list[str]:
    return [binding.get(term, term) for term in terms]


def _listed(word: str, parts: Iterable[Condition], binding: Binding) -> str:
    inner = "".join(f" {condition_text(part, binding)}" for part in parts)
    return f"({word}{inner})"


def _quantified(
    word: str, parameters: Parameters, part: Condition, binding: Binding
) -> str:
    names = {name for name, _ in parameters}
    outer = {name: value for name, value in binding.items() if name not in names}
    typed = " ".join(f"{name} - {_types(types)}" for name, types in parameters)
    return f"({word} ({typed}) {condition_text(part, outer)})"


def _types(types: Types) -> str:
    return types[0] if len(types) == 1 else f"(either {' '.join(types)})"
