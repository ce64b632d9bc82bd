"""Conditions as PDDL, with the objects of a step in place of its variables."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from jouleplan.domains.language.model import Condition, Expression, Fact
from jouleplan.domains.language.names import Names
from jouleplan.domains.language.phrases import Phrases

Binding = Mapping[str, str]
"""Variable -> object."""


def fact_text(fact: Fact) -> str:
    """Return ``(on d1 peg1)``."""
    return f"({' '.join(fact)})"


def number_text(value: Fraction) -> str:
    """Return an integer as such, anything else to six digits."""
    return str(value.numerator) if value.denominator == 1 else f"{float(value):.6g}"


def condition_text(condition: Condition, binding: Binding) -> str:
    """Return ``condition`` in PDDL with ``binding`` filled in."""
    return _bound(binding).condition(condition)


def expression_text(expression: Expression, binding: Binding) -> str:
    """Return ``expression`` in PDDL with ``binding`` filled in."""
    return _bound(binding).expression(expression)


def _bound(binding: Binding) -> Phrases:
    return Phrases(Names(objects=binding))
