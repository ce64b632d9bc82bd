"""Writes quantifiers out over the objects, for engines that misread them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import product
from math import prod

from jouleplan.domains.language.model import (
    And,
    Atom,
    Change,
    Compare,
    Condition,
    Each,
    Effect,
    Effects,
    Exists,
    Expression,
    Forall,
    FunctionTerm,
    Not,
    Or,
    Parameters,
    Same,
    TaskModel,
    Update,
    When,
)
from jouleplan.planner.lowering.rebuild import rebuild_condition, rebuild_effect
from jouleplan.planner.lowering.substitute import (
    bind_condition,
    bind_terms,
    rebuild_expression,
)

_MOST_PARTS = 20_000
_TRUE: Condition = And()
_FALSE: Condition = Or()


class TooManyPartsError(ValueError):
    """Quantifiers over more objects than can be written out."""


def unquantified(task: TaskModel) -> TaskModel:
    """Return ``task`` with its quantifiers as conjunctions, disjunctions and effects.

    Raises:
        TooManyPartsError: A quantifier has too many instances.
    """

    def condition(part: Condition) -> Condition:
        if isinstance(part, Exists | Forall):
            bound = (bind_condition(part.part, b) for b in bindings(part.parameters))
            parts = tuple(_told(inner) for inner in bound)
            return _simpler(Or(parts) if isinstance(part, Exists) else And(parts))
        return _simpler(part)

    def effect(part: Effect) -> Effect:
        if isinstance(part, Each):
            found = bindings(part.parameters)
            return Effects(tuple(_bound_effect(part.effect, b) for b in found))
        return _unconditional(part)

    def bindings(parameters: Parameters) -> Iterator[Mapping[str, str]]:
        pools = [tuple(task.objects_of(kinds)) for _, kinds in parameters]
        count = prod(map(len, pools))
        if count > _MOST_PARTS:
            raise TooManyPartsError(
                f"a quantifier has {count} instances; at most {_MOST_PARTS} are "
                "written out"
            )
        variables = [variable for variable, _ in parameters]
        return (
            dict(zip(variables, objects, strict=True)) for objects in product(*pools)
        )

    schemas = {
        name: replace(
            schema,
            condition=rebuild_condition(schema.condition, condition),
            effect=rebuild_effect(schema.effect, effect, condition),
        )
        for name, schema in task.domain.schemas.items()
    }
    goal = rebuild_condition(task.problem.goal, condition)
    return TaskModel(
        # operators name objects now, and may name only what the domain declares
        replace(task.domain, schemas=schemas, constants=task.problem.objects),
        replace(task.problem, goal=goal),
    )


def _told(condition: Condition) -> Condition:
    """Return ``condition`` without parts of which it is known what they come to."""
    return rebuild_condition(condition, _simpler)


def _simpler(part: Condition) -> Condition:
    """Return a condition, its parts simple already: ``And()`` is true, ``Or()`` not."""
    if isinstance(part, Same):
        if part.left == part.right:
            return _TRUE
        return part if "?" in (part.left[0], part.right[0]) else _FALSE
    if isinstance(part, Not):
        return {_TRUE: _FALSE, _FALSE: _TRUE}.get(part.part, part)
    if not isinstance(part, And | Or):
        return part
    neutral, decisive = (_TRUE, _FALSE) if isinstance(part, And) else (_FALSE, _TRUE)
    parts: dict[Condition, None] = {}
    for inner in part.parts:
        if isinstance(inner, And | Or) and type(inner) is type(part):
            parts.update(dict.fromkeys(inner.parts))
        else:
            parts[inner] = None
    if decisive in parts:
        return decisive
    kept = tuple(inner for inner in parts if inner != neutral)
    return kept[0] if len(kept) == 1 else type(part)(kept)


def _unconditional(effect: Effect) -> Effect:
    """Return an effect without a condition of which it is known what it comes to."""
    if isinstance(effect, When) and effect.condition in (_TRUE, _FALSE):
        return effect.effect if effect.condition == _TRUE else Effects()
    return effect


def _bound_effect(effect: Effect, binding: Mapping[str, str]) -> Effect:
    """Return ``effect`` with objects for variables."""

    def expression(part: Expression) -> Expression:
        if isinstance(part, FunctionTerm):
            return FunctionTerm(part.name, bind_terms(part.terms, binding))
        return part

    def change(part: Effect) -> Effect:
        if isinstance(part, Change):
            atom = Atom(part.atom.predicate, bind_terms(part.atom.terms, binding))
            return Change(atom, part.becomes)
        if isinstance(part, Update):
            terms = bind_terms(part.target.terms, binding)
            target = FunctionTerm(part.target.name, terms)
            value = rebuild_expression(part.value, expression)
            return Update(part.operator, target, value)
        return _unconditional(part)

    return rebuild_effect(effect, change, lambda c: _bound_part(c, binding))


def _bound_part(condition: Condition, binding: Mapping[str, str]) -> Condition:
    """Return a part of a condition bound; what holds others is bound by its parts."""
    if isinstance(condition, Atom | Same | Compare):
        condition = bind_condition(condition, binding)
    return _simpler(condition)
