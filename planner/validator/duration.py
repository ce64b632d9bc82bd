"""Durative operators taken apart: what is checked and changed at start, during, end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from jouleplan.domains.language.model import (
    And,
    At,
    Condition,
    During,
    Each,
    Effect,
    Effects,
    Forall,
    Preference,
    When,
)
from jouleplan.planner.validator.errors import NotValidatedError
from jouleplan.planner.validator.text import condition_text
from jouleplan.planner.validator.world import Binding, World


@dataclass(slots=True)
class Wish:
    """A preference in one application of an operator, broken or not."""

    name: str
    broken: bool = False


@dataclass(frozen=True, slots=True)
class Check:
    """A condition that is to hold at ``when``, "start", "all" or "end".

    Attributes:
        when: When it is to hold.
        condition: What is to hold.
        binding: Objects of its variables.
        wish: What is broken if it does not; None if the plan is invalid then.
    """

    when: str
    condition: Condition
    binding: Binding
    wish: Wish | None = None


@dataclass(slots=True)
class Timed:
    """An effect of a durative operator.

    Attributes:
        when: When it happens, "start" or "end", or "all" for a continuous one.
        effect: What happens, ``At`` taken off.
        binding: Objects of its variables.
        guards: Conditions at other times without which it does not happen.
        off: Whether a guard has failed.
    """

    when: str
    effect: Effect
    binding: Binding
    guards: tuple[Check, ...] = ()
    off: bool = field(default=False)


def checks_of(
    world: World,
    condition: Condition,
    binding: Binding,
    wish: Wish | None = None,
    untimed: str = "",
) -> Iterator[Check]:
    """Yield the conditions in ``condition`` by their times.

    Args:
        world: Gives the objects.
        condition: Of a durative operator.
        binding: Objects of its variables.
        wish: The preference that ``condition`` belongs to.
        untimed: When a part is meant to hold that does not say so.

    Raises:
        NotValidatedError: A part does not say when it is to hold.
    """
    match condition:
        case During(when, Preference(name, part)):
            yield Check(when, part, binding, Wish(name))
        case During(when, part):
            yield Check(when, part, binding, wish)
        case Preference(name, part):
            yield from checks_of(world, part, binding, Wish(name), untimed)
        case And(parts):
            for part in parts:
                yield from checks_of(world, part, binding, wish, untimed)
        case _ if untimed:
            yield Check(untimed, condition, binding, wish)
        case Forall(parameters, part):
            for found in world.objects.bindings(parameters, binding):
                yield from checks_of(world, part, found, wish)
        case _:
            raise NotValidatedError(
                f"{condition_text(condition, binding)} does not say when it is to hold"
            )


def effects_of(
    world: World, effect: Effect, binding: Binding, guards: tuple[Check, ...] = ()
) -> Iterator[Timed]:
    """Yield the effects in ``effect`` by their times.

    Args:
        world: Gives the objects.
        effect: Of a durative operator.
        binding: Objects of its variables.
        guards: Conditions that ``effect`` stands under.

    Raises:
        NotValidatedError: A part does not say when it happens, or depends on a
            condition that comes later.
    """
    match effect:
        case At(when, inner):
            yield _timed(when, inner, binding, guards)
        case Effects(parts):
            for part in parts:
                yield from effects_of(world, part, binding, guards)
        case Each(parameters, inner):
            for found in world.objects.bindings(parameters, binding):
                yield from effects_of(world, inner, found, guards)
        case When(condition, inner):
            more = tuple(checks_of(world, condition, binding))
            yield from effects_of(world, inner, binding, (*guards, *more))
        case _:
            raise NotValidatedError("an effect does not say when it happens")


def _timed(
    when: str, effect: Effect, binding: Binding, guards: tuple[Check, ...]
) -> Timed:
    late = [guard for guard in guards if guard.when not in _BEFORE[when]]
    if late:
        raise NotValidatedError(
            f"an effect with the time {when!r} depends on a condition with the time "
            f"{late[0].when!r}"
        )
    return Timed(when, effect, binding, guards)


# What is known when an effect happens, or begins to.
_BEFORE = {"start": ("start",), "all": ("start",), "end": ("start", "all", "end")}
