"""Numbers that change with time: linear between one happening and the next.

Source: Fox and Long 2003, PDDL2.1, JAIR 20, sec. 5.3 and 8.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from itertools import pairwise

from jouleplan.domains.language.model import (
    And,
    Arithmetic,
    Atom,
    Compare,
    Condition,
    Exists,
    Expression,
    Fact,
    Forall,
    FunctionTerm,
    Not,
    Or,
    Update,
)
from jouleplan.planner.validator.acts import Run
from jouleplan.planner.validator.effects import changes_of
from jouleplan.planner.validator.errors import (
    InvalidPlanError,
    NotValidatedError,
    UndefinedNumberError,
)
from jouleplan.planner.validator.numbers import NumberChange
from jouleplan.planner.validator.text import expression_text, fact_text
from jouleplan.planner.validator.world import Binding, World

Rates = Mapping[Fact, Fraction]
"""By number, its change in a unit of time."""


def rates_of(world: World, runs: Iterable[Run]) -> dict[Fact, Fraction]:
    """Return how fast numbers change while ``runs`` go on.

    Raises:
        InvalidPlanError: A changing number has no value.
        NotValidatedError: A change is not linear in time.
    """
    rates: dict[Fact, Fraction] = {}
    read: set[Fact] = set()
    for run in runs:
        for timed in run.effects:
            if timed.when != "all" or timed.off:
                continue
            try:
                for change in _linear(world, run, timed.effect, timed.binding):
                    sign = 1 if change.operator == "increase" else -1
                    rates.setdefault(change.target, Fraction(0))
                    rates[change.target] += sign * change.amount
            except UndefinedNumberError as fault:
                raise InvalidPlanError(f"{run.name}: {fault}") from fault
            if isinstance(timed.effect, Update):
                read.update(_numbers(timed.effect.value, timed.binding))
    for key in rates:
        if key not in world.numbers:
            raise InvalidPlanError(f"{fact_text(key)} has no value to change with time")
        if key in read:
            raise NotValidatedError(
                f"the speed of a change depends on {fact_text(key)}, which changes too"
            )
    return rates


def _linear(
    world: World, run: Run, effect: object, binding: Binding
) -> tuple[NumberChange, ...]:
    if not isinstance(effect, Update) or effect.operator not in _CONTINUOUS:
        raise NotValidatedError("a continuous effect takes increase or decrease of #t")
    amounts = []
    for time in range(3):
        world.given = {**run.given, "#t": Fraction(time)}
        amounts.append(changes_of(world, effect, binding).updates)
    world.given = {}
    nothing, one, two = (updates[0].amount for updates in amounts)
    if nothing != 0 or two != 2 * one:
        text = expression_text(effect.value, binding)
        raise NotValidatedError(f"the continuous change {text} is not linear in #t")
    return amounts[1]


_CONTINUOUS = ("increase", "decrease")


def _numbers(expression: Expression, binding: Binding) -> Iterator[Fact]:
    match expression:
        case FunctionTerm(name, terms):
            yield (name, *[binding.get(term, term) for term in terms])
        case Arithmetic(_, parts):
            for part in parts:
                yield from _numbers(part, binding)


def shift(world: World, rates: Rates, time: Fraction) -> None:
    """Let ``time`` pass, backwards where it is negative."""
    world.set_numbers(
        {key: world.numbers[key] + rate * time for key, rate in rates.items()}
    )


def breach(
    world: World, rates: Rates, span: Fraction, condition: Condition, binding: Binding
) -> Fraction | None:
    """Return after which wait ``condition`` does not hold, until ``span`` has passed.

    Its comparisons can change only where their sides meet: it is checked there, and in
    between. The first and the last moment are left out. None if it always holds.

    Raises:
        NotValidatedError: A comparison is not linear in time.
    """
    meetings = {Fraction(0), span}
    for compare, found in _comparisons(world, condition, binding):
        meetings.update(_meeting(world, rates, span, compare, found))
    times = sorted(meetings)
    between = [(one + two) / 2 for one, two in pairwise(times)]
    for moment in sorted(times[1:-1] + between):
        shift(world, rates, moment)
        kept = world.holds(condition, binding)
        shift(world, rates, -moment)
        if not kept:
            return moment
    return None


def _meeting(
    world: World, rates: Rates, span: Fraction, compare: Compare, binding: Binding
) -> list[Fraction]:
    gaps = []
    for moment in (Fraction(0), span / 2, span):
        shift(world, rates, moment)
        try:
            left = world.evaluate(compare.left, binding)
            gaps.append(left - world.evaluate(compare.right, binding))
        except UndefinedNumberError:
            return []
        finally:
            shift(world, rates, -moment)
    first, middle, last = gaps
    if 2 * middle != first + last:
        raise NotValidatedError("a condition over all is not linear in time")
    return [span * first / (first - last)] if first * last < 0 else []


def _comparisons(
    world: World, condition: Condition, binding: Binding
) -> Iterator[tuple[Compare, Binding]]:
    match condition:
        case Compare():
            yield condition, binding
        case Not(part):
            yield from _comparisons(world, part, binding)
        case And(parts) | Or(parts):
            for part in parts:
                yield from _comparisons(world, part, binding)
        case Exists(parameters, part) | Forall(parameters, part):
            for found in world.objects.bindings(parameters, binding):
                yield from _comparisons(world, part, found)
        case Atom(name, _) if "<" in world.reads(name):
            raise NotValidatedError(
                f"{name!r} is derived from numbers while they change with time"
            )
