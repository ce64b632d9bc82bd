"""Walks conditions, effects and expressions: everything of a kind that they hold."""

from __future__ import annotations

from collections.abc import Iterator

from jouleplan.domains.language.model import (
    And,
    Arithmetic,
    At,
    Compare,
    Condition,
    During,
    Each,
    Effect,
    Effects,
    Exists,
    Expression,
    Forall,
    FunctionTerm,
    Modal,
    Not,
    Or,
    Preference,
    Special,
    Update,
    Violations,
    When,
)

Part = FunctionTerm | Special | Violations


def expression_parts(expression: Expression) -> Iterator[Part]:
    """Yield the function terms and special words that an expression reads."""
    if isinstance(expression, Arithmetic):
        for part in expression.parts:
            yield from expression_parts(part)
    elif isinstance(expression, FunctionTerm | Special | Violations):
        yield expression


def condition_parts(condition: Condition) -> Iterator[Condition]:
    """Yield a condition and every condition inside it."""
    yield condition
    if isinstance(condition, And | Or | Modal):
        for part in condition.parts:
            yield from condition_parts(part)
    elif isinstance(condition, Not | Exists | Forall | Preference | During):
        yield from condition_parts(condition.part)


def compared(condition: Condition) -> Iterator[Part]:
    """Yield what the comparisons of a condition read."""
    for part in condition_parts(condition):
        if isinstance(part, Compare):
            yield from expression_parts(part.left)
            yield from expression_parts(part.right)


def effect_parts(
    effect: Effect, conditional: bool = False
) -> Iterator[tuple[Effect, bool]]:
    """Yield each change, update and `When` with whether it stands in a `When`."""
    if isinstance(effect, Effects):
        for part in effect.parts:
            yield from effect_parts(part, conditional)
    elif isinstance(effect, Each | At):
        yield from effect_parts(effect.effect, conditional)
    elif isinstance(effect, When):
        yield effect, conditional
        yield from effect_parts(effect.effect, True)
    else:
        yield effect, conditional


def updates(effect: Effect) -> Iterator[tuple[Update, bool]]:
    """Yield each update of a number with whether it is conditional."""
    for part, conditional in effect_parts(effect):
        if isinstance(part, Update):
            yield part, conditional
