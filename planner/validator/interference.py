"""Acts at the same moment that must not be: no moving targets.

Source: Fox and Long 2003, PDDL2.1, JAIR 20, definition 12; Edelkamp and Hoffmann 2004,
PDDL2.2, for derived predicates.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from jouleplan.domains.language.model import (
    And,
    Arithmetic,
    Atom,
    Compare,
    Condition,
    Each,
    Effect,
    Effects,
    Exists,
    Expression,
    Fact,
    Forall,
    FunctionTerm,
    Or,
    Parameters,
    Same,
    Types,
    Update,
    When,
)
from jouleplan.planner.validator.acts import Act
from jouleplan.planner.validator.effects import Changes
from jouleplan.planner.validator.text import fact_text
from jouleplan.planner.validator.world import World

_ADDITIVE = {"increase", "decrease"}


@dataclass(frozen=True, slots=True)
class _Read:
    """An atom or number that an act reads, whatever its value.

    Attributes:
        terms: Predicate or function, and terms.
        binding: Objects of the variables that have one.
        free: Types of the others: it is read for every object.
        number: Whether it is a number.
    """

    terms: tuple[str, ...]
    binding: Mapping[str, str]
    free: Mapping[str, Types]
    number: bool


def interference(
    world: World, first: tuple[Act, Changes], second: tuple[Act, Changes]
) -> str:
    """Return what two acts at the same moment both touch; empty if nothing.

    Args:
        world: The state before.
        first: An act and what it changes.
        second: Another.
    """
    (one, one_changes), (two, two_changes) = first, second
    torn = (one_changes.adds & two_changes.deletes) | (
        two_changes.adds & one_changes.deletes
    )
    if torn:
        return fact_text(min(torn))
    kinds = {update.target: update.operator for update in one_changes.updates}
    for update in two_changes.updates:
        both = {update.operator, kinds.get(update.target, "increase")}
        if update.target in kinds and not both <= _ADDITIVE:
            return fact_text(update.target)
    return _moved(world, one, two_changes) or _moved(world, two, one_changes)


def _moved(world: World, reader: Act, changes: Changes) -> str:
    facts = sorted(changes.adds | changes.deletes)
    numbers = sorted({update.target for update in changes.updates})
    if not facts and not numbers:
        return ""
    predicates = {fact[0] for fact in facts} | ({"<"} if numbers else set())
    for read in _reads(reader):
        if not read.number and not predicates.isdisjoint(world.reads(read.terms[0])):
            return f"what ({read.terms[0]} ...) is derived from"
        for touched in numbers if read.number else facts:
            if _matches(world, read, touched):
                return fact_text(touched)
    return ""


def _matches(world: World, read: _Read, fact: Fact) -> bool:
    if len(read.terms) != len(fact) or read.terms[0] != fact[0]:
        return False
    found: dict[str, str] = {}
    for term, name in zip(read.terms[1:], fact[1:], strict=True):
        if term in read.free:
            if found.setdefault(term, name) != name:
                return False
            if name not in world.objects.of(read.free[term]):
                return False
        elif read.binding.get(term, term) != name:
            return False
    return True


def _reads(act: Act) -> Iterator[_Read]:
    for check in act.checks:
        yield from _in_condition(check.condition, check.binding, {})
    for timed in act.effects:
        for guard in timed.guards:
            if guard.when == act.moment:
                yield from _in_condition(guard.condition, guard.binding, {})
        yield from _in_effect(timed.effect, timed.binding, {})


def _in_condition(
    condition: Condition, binding: Mapping[str, str], free: Mapping[str, Types]
) -> Iterator[_Read]:
    match condition:
        case Atom(name, terms):
            yield _Read((name, *terms), binding, free, False)
        case Compare(_, left, right):
            yield from _in_expression(left, binding, free)
            yield from _in_expression(right, binding, free)
        case And(parts) | Or(parts):
            for part in parts:
                yield from _in_condition(part, binding, free)
        case Exists(parameters, part) | Forall(parameters, part):
            yield from _in_condition(part, binding, _more(free, parameters))
        case Same():
            return
        case _:
            inner: Condition | None = getattr(condition, "part", None)
            if inner is not None:
                yield from _in_condition(inner, binding, free)


def _in_effect(
    effect: Effect, binding: Mapping[str, str], free: Mapping[str, Types]
) -> Iterator[_Read]:
    match effect:
        case Update(_, _, value):
            yield from _in_expression(value, binding, free)
        case Effects(parts):
            for part in parts:
                yield from _in_effect(part, binding, free)
        case When(condition, inner):
            yield from _in_condition(condition, binding, free)
            yield from _in_effect(inner, binding, free)
        case Each(parameters, inner):
            yield from _in_effect(inner, binding, _more(free, parameters))


def _in_expression(
    expression: Expression, binding: Mapping[str, str], free: Mapping[str, Types]
) -> Iterator[_Read]:
    match expression:
        case FunctionTerm(name, terms):
            yield _Read((name, *terms), binding, free, True)
        case Arithmetic(_, parts):
            for part in parts:
                yield from _in_expression(part, binding, free)


def _more(free: Mapping[str, Types], parameters: Parameters) -> Mapping[str, Types]:
    return {**free, **dict(parameters)}
