"""Preferences: what need not hold, found in conditions and counted.

Source: Gerevini and Long 2005, Plan Constraints and Preferences in PDDL3, sec. 3.
"""

from __future__ import annotations

from collections.abc import Iterator

from jouleplan.domains.language.model import (
    And,
    Condition,
    Forall,
    Preference,
    TaskModel,
)
from jouleplan.domains.language.walk import condition_parts
from jouleplan.planner.validator.errors import NotValidatedError
from jouleplan.planner.validator.world import Binding, World


def preference_names(condition: Condition) -> frozenset[str]:
    """Return the names of the preferences in ``condition``."""
    parts = condition_parts(condition)
    return frozenset(part.name for part in parts if isinstance(part, Preference))


def all_preferences(task: TaskModel) -> frozenset[str]:
    """Return the names of all preferences of ``task``."""
    conditions = [
        task.problem.goal,
        task.problem.constraints,
        task.domain.constraints,
        *(schema.condition for schema in task.domain.schemas.values()),
    ]
    return frozenset().union(*map(preference_names, conditions))


def ground_preferences(
    world: World, condition: Condition, binding: Binding
) -> Iterator[tuple[str, Condition, Binding]]:
    """Yield name, part and binding of every preference; one an object of a forall."""
    match condition:
        case Preference(name, part):
            yield name, part, binding
        case And(parts):
            for part in parts:
                yield from ground_preferences(world, part, binding)
        case Forall(parameters, part) if preference_names(part):
            for found in world.objects.bindings(parameters, binding):
                yield from ground_preferences(world, part, found)
        case _ if names := preference_names(condition):
            raise NotValidatedError(
                f"the preference {min(names)!r} stands in another condition than "
                "(and ...) or (forall ...)"
            )


class Tally:
    """How often each preference of a task is not kept.

    Attributes:
        counts: By name; 0 for one that is kept.
    """

    __slots__ = ("counts",)

    def __init__(self, task: TaskModel) -> None:
        """Begin at 0 for all preferences of ``task``."""
        self.counts = dict.fromkeys(sorted(all_preferences(task)), 0)

    def add(self, name: str) -> None:
        """Count one more violation of ``name``."""
        self.counts[name] += 1

    def count(self, world: World, condition: Condition, binding: Binding) -> None:
        """Count the preferences in ``condition`` that do not hold in ``world``."""
        if not self.counts:
            return
        for name, part, found in ground_preferences(world, condition, binding):
            if not world.holds(part, found):
                self.add(name)
