"""Moves: a block picked and placed, by one ground operator or by two in a row."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from jouleplan.domains.skill_call import SkillCall
from jouleplan.domains.symbols import GroundOperator, State
from jouleplan.planner.play.collect import applicable
from jouleplan.planner.task import Task


@dataclass(frozen=True, slots=True)
class Move:
    """One block from where it is to another place.

    Attributes:
        operators: One or two.
        pick: How it is taken.
        place: How it is put down.
        halfway: The state with the block in the hand; None where one operator does all.
        after: The state that the effects lead to.
    """

    operators: tuple[GroundOperator, ...]
    pick: SkillCall
    place: SkillCall
    halfway: State | None
    after: State

    @property
    def call(self) -> SkillCall:
        """The move as one skill call."""
        return SkillCall("move", self.place.object, self.place.on)


def moves(task: Task, state: State) -> list[Move]:
    """Return the moves of which ``state``, with an empty hand, allows the first part.

    One that puts a block back where it was is left out.
    """
    return list(_moves(task, state))


def _moves(task: Task, state: State) -> Iterator[Move]:
    for first in applicable(state, task.domain, task.problem):
        calls, between = task.binding.calls(first), first.apply(state)
        if _is(calls, "pick", "place") and between != state:
            yield Move((first,), calls[0], calls[1], None, between)
        if not _is(calls, "pick"):
            continue
        for second in applicable(between, task.domain, task.problem):
            ends, after = task.binding.calls(second), second.apply(between)
            same = _is(ends, "place") and ends[0].object == calls[0].object
            if same and after != state:
                yield Move((first, second), calls[0], ends[0], between, after)


def _is(calls: tuple[SkillCall, ...], *skills: str) -> bool:
    """Return whether the calls are of ``skills``, and all of one body."""
    same = tuple(call.skill for call in calls) == skills
    return same and len({call.object for call in calls}) == 1
