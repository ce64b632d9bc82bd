"""Moments: what of a durative operator counts at its start, over all, at its end."""

from __future__ import annotations

from jouleplan.domains.language.model import (
    TRUE,
    And,
    At,
    Condition,
    During,
    Each,
    Effect,
    Effects,
    Forall,
    When,
)
from jouleplan.planner.lowering.lowered import LoweringError
from jouleplan.planner.lowering.rebuild import conjoin, join


def condition_at(condition: Condition, when: str) -> Condition:
    """Return what of a condition must hold at ``when``."""
    if isinstance(condition, During):
        return condition.part if condition.when == when else TRUE
    if isinstance(condition, And):
        return conjoin(*(condition_at(part, when) for part in condition.parts))
    if isinstance(condition, Forall):
        inner = condition_at(condition.part, when)
        return TRUE if inner == TRUE else Forall(condition.parameters, inner)
    raise LoweringError("a condition whose parts hold at different times")


def effect_at(effect: Effect, when: str) -> Effect:
    """Return what of an effect happens at ``when``."""
    if isinstance(effect, At):
        return effect.effect if effect.when == when else Effects()
    if isinstance(effect, Effects):
        return join(*(effect_at(part, when) for part in effect.parts))
    if isinstance(effect, Each):
        inner = effect_at(effect.effect, when)
        return inner if inner == Effects() else Each(effect.parameters, inner)
    if isinstance(effect, When):
        inner = effect_at(effect.effect, when)
        if inner == Effects():
            return inner
        held = (condition_at(effect.condition, w) for w in ("start", "all", "end"))
        return When(conjoin(*held), inner)
    raise LoweringError("an effect without a time")
