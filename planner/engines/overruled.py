"""Leaves out the delete effects that add effects overrule, for engines that do not.

PDDL adds after it deletes; what goes both ways by one operator stays true.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from jouleplan.domains.language.model import (
    And,
    Atom,
    Change,
    Compare,
    Condition,
    Effect,
    Effects,
    Not,
    Same,
    Schema,
    TaskModel,
    Update,
    When,
)
from jouleplan.domains.language.walk import condition_parts
from jouleplan.planner.lowering.rebuild import conjoin


def overruled(task: TaskModel) -> TaskModel:
    """Return ``task``, which has no quantified effects and no times, in other words."""
    schemas = {name: _settled(s, task) for name, s in task.domain.schemas.items()}
    return TaskModel(replace(task.domain, schemas=schemas), task.problem)


def _settled(schema: Schema, task: TaskModel) -> Schema:
    leaves = list(_leaves(schema.effect, And()))
    kept = [
        When(when, change) if when != And() else change
        for when, change in _guarded(leaves, schema, task)
    ]
    return replace(schema, effect=Effects(tuple(kept)))


Leaf = tuple[Condition, Change | Update]


def _leaves(effect: Effect, when: Condition) -> Iterator[Leaf]:
    """Yield each change with the condition under which it happens."""
    if isinstance(effect, Effects):
        for part in effect.parts:
            yield from _leaves(part, when)
    elif isinstance(effect, When):
        both = effect.condition if when == And() else conjoin(when, effect.condition)
        yield from _leaves(effect.effect, both)
    else:
        assert isinstance(effect, Change | Update), "no quantifiers, no times"
        yield when, effect


def _guarded(leaves: list[Leaf], schema: Schema, task: TaskModel) -> Iterator[Leaf]:
    """Yield the changes; a delete does not happen where the atom is added as well."""
    adds = [
        (when, change.atom)
        for when, change in leaves
        if isinstance(change, Change) and change.becomes
    ]
    for when, change in leaves:
        if isinstance(change, Update) or change.becomes:
            yield when, change
            continue
        guards = [
            conjoin(condition, *same)
            for condition, atom in adds
            if (same := _clash(change.atom, atom, schema, task)) is not None
        ]
        if And() not in guards:
            unless = [Not(guard) for guard in guards]
            yield (conjoin(when, *unless) if unless else when), change


def _clash(
    one: Atom, other: Atom, schema: Schema, task: TaskModel
) -> list[Condition] | None:
    """Return the equalities under which two atoms are the same; None if never."""
    if one.predicate != other.predicate:
        return None
    kinds = dict(schema.parameters)
    apart = condition_parts(schema.condition) if _is_flat(schema.condition) else ()
    unequal = {
        frozenset((part.part.left, part.part.right))
        for part in apart
        if isinstance(part, Not) and isinstance(part.part, Same)
    }
    same: list[Condition] = []
    for left, right in zip(one.terms, other.terms, strict=True):
        if left == right:
            continue
        pools = [
            set(task.objects_of(kinds[term])) if term in kinds else {term}
            for term in (left, right)
        ]
        if pools[0].isdisjoint(pools[1]) or frozenset((left, right)) in unequal:
            return None
        same.append(Same(left, right))
    return same


def _is_flat(condition: Condition) -> bool:
    """Return whether every literal inside must hold."""
    if isinstance(condition, And):
        return all(_is_flat(part) for part in condition.parts)
    return isinstance(condition, Atom | Same | Compare) or (
        isinstance(condition, Not) and isinstance(condition.part, Atom | Same)
    )
