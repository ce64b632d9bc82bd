"""Trajectory constraints over the states of a plan, and preferences of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from jouleplan.domains.language.model import (
    And,
    Condition,
    Exists,
    Forall,
    Modal,
    Not,
    Or,
    Preference,
)
from jouleplan.planner.validator.errors import InvalidPlanError, NotValidatedError
from jouleplan.planner.validator.monitors import MONITORS, Monitor
from jouleplan.planner.validator.preferences import Tally
from jouleplan.planner.validator.text import condition_text
from jouleplan.planner.validator.world import Binding, World


@dataclass(frozen=True, slots=True)
class _Watched:
    """A monitor with the conditions whose truth it is told."""

    monitor: Monitor
    parts: tuple[Condition, ...]
    binding: Binding


class Constraints:
    """The constraints of a task, told of every state in turn."""

    __slots__ = ("_hard", "_soft", "_watched")

    def __init__(self, world: World) -> None:
        """Watch the constraints of the task of ``world``.

        Raises:
            NotValidatedError: A constraint of a kind that PDDL3 does not have.
        """
        self._watched: list[_Watched] = []
        self._hard: list[tuple[str, Callable[[], bool]]] = []
        self._soft: list[tuple[str, Callable[[], bool]]] = []
        task = world.task
        for condition in (task.domain.constraints, task.problem.constraints):
            for part, binding in _conjuncts(world, condition, {}):
                if isinstance(part, Preference):
                    kept = self._kept(world, part.part, binding)
                    self._soft.append((part.name, kept))
                else:
                    text = condition_text(part, binding)
                    self._hard.append((text, self._kept(world, part, binding)))

    def see(self, world: World, time: Fraction) -> None:
        """Take in the state of ``world`` at ``time``."""
        for watched in self._watched:
            holds = [world.holds(part, watched.binding) for part in watched.parts]
            watched.monitor.see(time, holds)

    def settle(self, tally: Tally) -> None:
        """Count the preferences that are not kept.

        Raises:
            InvalidPlanError: A constraint is not kept.
        """
        for text, kept in self._hard:
            if not kept():
                raise InvalidPlanError(f"the constraint {text} is not kept")
        for name, kept in self._soft:
            if not kept():
                tally.add(name)

    def _kept(
        self, world: World, condition: Condition, binding: Binding
    ) -> Callable[[], bool]:
        match condition:
            case Modal(word, times, parts):
                return self._watch(word, times, parts, binding)
            case Not(part):
                inner = self._kept(world, part, binding)
                return lambda: not inner()
            case And(parts) | Or(parts):
                kept = [self._kept(world, part, binding) for part in parts]
            case Forall(parameters, part) | Exists(parameters, part):
                kept = [
                    self._kept(world, part, found)
                    for found in world.objects.bindings(parameters, binding)
                ]
            case _:
                raise NotValidatedError(
                    f"the constraint {condition_text(condition, binding)} says nothing "
                    "about when"
                )
        every = all if isinstance(condition, And | Forall) else any
        return lambda: every(one() for one in kept)

    def _watch(
        self,
        word: str,
        times: tuple[Fraction, ...],
        parts: tuple[Condition, ...],
        binding: Binding,
    ) -> Callable[[], bool]:
        if word not in MONITORS:
            raise NotValidatedError(f"the constraint {word!r} is not known")
        make, *counts = MONITORS[word]
        if [len(times), len(parts)] != counts:
            raise NotValidatedError(
                f"the constraint {word!r} takes {counts[0]} times and {counts[1]} "
                f"conditions, not {len(times)} and {len(parts)}"
            )
        monitor = make(times)
        self._watched.append(_Watched(monitor, parts, binding))
        return monitor.kept


def _conjuncts(
    world: World, condition: Condition, binding: Binding
) -> Iterator[tuple[Condition, Binding]]:
    match condition:
        case And(parts):
            for part in parts:
                yield from _conjuncts(world, part, binding)
        case Forall(parameters, part):
            for found in world.objects.bindings(parameters, binding):
                yield from _conjuncts(world, part, found)
        case _:
            yield condition, binding
