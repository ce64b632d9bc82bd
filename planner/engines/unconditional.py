"""Splits operators at their conditional effects: with and without each of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import product

from jouleplan.domains.language.model import (
    At,
    Condition,
    During,
    Effect,
    Effects,
    Not,
    Schema,
    TaskModel,
    When,
)
from jouleplan.domains.language.plan import Plan
from jouleplan.planner.engines.unquantified import TooManyPartsError
from jouleplan.planner.lowering.rebuild import conjoin, join

_MOST_CONDITIONS = 6
_SUFFIX = re.compile(r"-{2,}[0-9]+$")


def unconditional(task: TaskModel) -> TaskModel:
    """Return ``task``, without quantified effects, without conditional ones.

    Raises:
        TooManyPartsError: An operator has too many, or one over several times.
    """
    mark = "--"
    while any(mark in name for name in task.domain.schemas):
        mark += "-"
    schemas: dict[str, Schema] = {}
    for schema in task.domain.schemas.values():
        schemas.update({part.name: part for part in _split(schema, mark)})
    return TaskModel(replace(task.domain, schemas=schemas), task.problem)


def joined(plan: Plan, task: TaskModel) -> Plan:
    """Return a plan of what ``task`` was split into with the operators of ``task``."""
    known = task.domain.schemas
    return tuple(
        step
        if step.operator in known
        else replace(step, operator=_SUFFIX.sub("", step.operator))
        for step in plan
    )


def _split(schema: Schema, mark: str) -> Iterator[Schema]:
    """Yield an operator for each choice of the conditions that hold."""
    plain, conditional = _parts(schema.effect, None)
    if not conditional:
        yield schema
        return
    conditions = list(dict.fromkeys(condition for condition, _ in conditional))
    if len(conditions) > _MOST_CONDITIONS:
        raise TooManyPartsError(
            f"{schema.name} has effects under {len(conditions)} conditions; at most "
            f"{_MOST_CONDITIONS} are split"
        )
    for i, holding in enumerate(product((True, False), repeat=len(conditions))):
        chosen = dict(zip(conditions, holding, strict=True))
        yield replace(
            schema,
            name=f"{schema.name}{mark}{i}",
            condition=conjoin(
                schema.condition,
                *(c if holds else _negated(c) for c, holds in chosen.items()),
            ),
            effect=join(*plain, *(e for c, e in conditional if chosen[c])),
        )


def _parts(
    effect: Effect, when: str | None
) -> tuple[list[Effect], list[tuple[Condition, Effect]]]:
    """Return the effects without condition, and those with one.

    Args:
        effect: The effect.
        when: The time at which it happens; None for an instantaneous operator.
    """
    if isinstance(effect, At):
        return _parts(effect.effect, effect.when)
    if isinstance(effect, Effects):
        plain: list[Effect] = []
        conditional: list[tuple[Condition, Effect]] = []
        for part in effect.parts:
            more, under = _parts(part, when)
            plain += more
            conditional += under
        return plain, conditional
    if isinstance(effect, When):
        condition = effect.condition
        if when is not None and not isinstance(condition, During):
            condition = During(when, condition)
        inner, nested = _parts(effect.effect, when)
        both = [(conjoin(condition, c), e) for c, e in nested]
        return [], [(condition, e) for e in inner] + both
    return [effect if when is None else At(when, effect)], []


def _negated(condition: Condition) -> Condition:
    """Return what holds where ``condition`` does not."""
    if isinstance(condition, During):
        return During(condition.when, Not(condition.part))
    parts = getattr(condition, "parts", ())
    if any(isinstance(part, During) for part in parts):
        raise TooManyPartsError("an effect has a condition over several times")
    return Not(condition)
