"""What the effects of a step change in the state before it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from jouleplan.domains.language.model import (
    Change,
    Each,
    Effect,
    Effects,
    Fact,
    Update,
    When,
)
from jouleplan.planner.validator.errors import NotValidatedError
from jouleplan.planner.validator.numbers import NumberChange, settled
from jouleplan.planner.validator.world import Binding, World


@dataclass(frozen=True, slots=True)
class Changes:
    """Effects without variables and conditions.

    Attributes:
        adds: What becomes true, though it be among ``deletes`` as well.
        deletes: What becomes false, unless it is among ``adds``.
        updates: Changes of numbers, amounts included.
    """

    adds: frozenset[Fact] = frozenset()
    deletes: frozenset[Fact] = frozenset()
    updates: tuple[NumberChange, ...] = ()


def changes_of(world: World, effect: Effect, binding: Binding) -> Changes:
    """Return what ``effect`` changes, its conditions taken in ``world`` as it is.

    Raises:
        UndefinedNumberError: An amount reads a number without a value.
    """
    adds: set[Fact] = set()
    deletes: set[Fact] = set()
    updates: list[NumberChange] = []
    for simple, bound in _simple(world, effect, binding):
        if isinstance(simple, Change):
            atom = simple.atom
            fact = (atom.predicate, *[bound.get(term, term) for term in atom.terms])
            (adds if simple.becomes else deletes).add(fact)
        else:
            target = simple.target
            key = (target.name, *[bound.get(term, term) for term in target.terms])
            amount = world.evaluate(simple.value, bound)
            updates.append(NumberChange(simple.operator, key, amount))
    return Changes(frozenset(adds), frozenset(deletes), tuple(updates))


def apply(world: World, changes: Iterable[Changes]) -> None:
    """Make ``changes`` in ``world``, all at once.

    Raises:
        InvalidPlanError: Changes of a number whose outcome depends on their order.
        UndefinedNumberError: A change of a number without a value.
    """
    together = tuple(changes)
    updates = [update for one in together for update in one.updates]
    values = settled(world.numbers, updates) if updates else {}
    for one in together:
        world.change((), one.deletes - one.adds)
    for one in together:
        world.change(one.adds, ())
    world.set_numbers(values)


def _simple(
    world: World, effect: Effect, binding: Binding
) -> Iterator[tuple[Change | Update, Binding]]:
    match effect:
        case Change() | Update():
            yield effect, binding
        case Effects(parts):
            for part in parts:
                yield from _simple(world, part, binding)
        case When(condition, inner):
            if world.holds(condition, binding):
                yield from _simple(world, inner, binding)
        case Each(parameters, When(condition, inner)):
            for found in world.solutions(parameters, condition, binding):
                yield from _simple(world, inner, found)
        case Each(parameters, inner):
            for bound in world.objects.bindings(parameters, binding):
                yield from _simple(world, inner, bound)
        case _:
            raise NotValidatedError(
                "an effect with a time in an operator that takes none"
            )
