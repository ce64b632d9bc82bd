"""Rebuilds conditions and effects with their parts changed."""

from __future__ import annotations

from collections.abc import Callable

from jouleplan.domains.language.model import (
    And,
    At,
    Condition,
    During,
    Each,
    Effect,
    Effects,
    Exists,
    Forall,
    Modal,
    Not,
    Or,
    Preference,
    When,
)


def conjoin(*conditions: Condition) -> Condition:
    """Return one conjunction of ``conditions``, without nesting."""
    parts: list[Condition] = []
    for condition in conditions:
        parts.extend(condition.parts if isinstance(condition, And) else (condition,))
    return parts[0] if len(parts) == 1 else And(tuple(parts))


def join(*effects: Effect) -> Effect:
    """Return effects that happen together as one, without nesting."""
    parts: list[Effect] = []
    for effect in effects:
        parts.extend(effect.parts if isinstance(effect, Effects) else (effect,))
    return parts[0] if len(parts) == 1 else Effects(tuple(parts))


def rebuild_condition(
    condition: Condition, change: Callable[[Condition], Condition]
) -> Condition:
    """Return ``condition`` with ``change`` applied to each part, innermost first."""
    if isinstance(condition, And | Or):
        parts = tuple(rebuild_condition(part, change) for part in condition.parts)
        return change(type(condition)(parts))
    if isinstance(condition, Not):
        return change(Not(rebuild_condition(condition.part, change)))
    if isinstance(condition, Exists | Forall):
        inner = rebuild_condition(condition.part, change)
        return change(type(condition)(condition.parameters, inner))
    if isinstance(condition, Preference):
        inner = rebuild_condition(condition.part, change)
        return change(Preference(condition.name, inner))
    if isinstance(condition, During):
        inner = rebuild_condition(condition.part, change)
        return change(During(condition.when, inner))
    if isinstance(condition, Modal):
        parts = tuple(rebuild_condition(part, change) for part in condition.parts)
        return change(Modal(condition.word, condition.times, parts))
    return change(condition)


def rebuild_effect(
    effect: Effect,
    change: Callable[[Effect], Effect],
    change_condition: Callable[[Condition], Condition] = lambda condition: condition,
) -> Effect:
    """Return ``effect`` with its parts changed, innermost first."""
    if isinstance(effect, Effects):
        parts = (rebuild_effect(p, change, change_condition) for p in effect.parts)
        return change(Effects(tuple(parts)))
    if isinstance(effect, When):
        condition = rebuild_condition(effect.condition, change_condition)
        inner = rebuild_effect(effect.effect, change, change_condition)
        return change(When(condition, inner))
    if isinstance(effect, Each):
        inner = rebuild_effect(effect.effect, change, change_condition)
        return change(Each(effect.parameters, inner))
    if isinstance(effect, At):
        inner = rebuild_effect(effect.effect, change, change_condition)
        return change(At(effect.when, inner))
    return change(effect)
