"""Lifted: what is known of a scene of variables, before and after skills act on it.

The physics of pick, place, hover and press on symbols: the operators' variables stand
for bodies, and every classifier is true, false or not known of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from jouleplan.domains.facts import TABLE
from jouleplan.domains.skill_call import SkillCall
from jouleplan.domains.symbols import GroundAtom, Operator

Assignment = Mapping[str, str | None]
"""Predicate that operators change -> classifier, or None for a gap."""

DOUBT: Final = 0.3
"""Cost of a condition of a skill that the operator does not ask for."""
UNSAID: Final = 2.0
"""Cost of acting on a body whose whereabouts the operator does not say."""


class ImpossibleError(ValueError):
    """What an operator asks for, or a skill needs, contradicts what is known."""


@dataclass(slots=True)
class Lifted:
    """What is known; whatever is in none of these is not known.

    Attributes:
        support: Variable -> what it rests on, a variable or ``TABLE``.
        held: The variable in the gripper, if it is known which.
        empty: Whether the gripper is empty.
        carries: Variable -> whether another body rests on it.
        over: The zone that the hand is over, if it is known which.
        switches: Variable -> whether it is on.
    """

    support: dict[str, str] = field(default_factory=dict)
    held: str | None = None
    empty: bool | None = None
    carries: dict[str, bool] = field(default_factory=dict)
    over: str | None = None
    switches: dict[str, bool] = field(default_factory=dict)

    def copy(self) -> Lifted:
        """Return the same, to be changed."""
        return Lifted(
            dict(self.support),
            self.held,
            self.empty,
            dict(self.carries),
            self.over,
            dict(self.switches),
        )

    def truth(self, classifier: str, terms: tuple[str, ...]) -> bool | None:
        """Return whether ``classifier`` holds of ``terms``; None if it is not known."""
        if classifier in ("gripper_empty", "hand_empty"):
            return self.empty
        if classifier == "gripper_full":
            return None if self.empty is None else not self.empty
        if classifier == "supports":
            classifier, terms = "supported_by", terms[::-1]
        name = terms[0]
        if classifier in ("switched_on", "switched_off"):
            on = self.switches.get(name)
            return None if on is None else on == (classifier == "switched_on")
        if classifier == "hand_over":
            return None if self.over is None else self.over == name
        if classifier in ("held", "held_by"):
            if self.held is None:
                return False if self.empty else None
            return self.held == name
        if classifier in ("supported_by", "on_table"):
            if name == self.held:
                return False
            below = self.support.get(name)
            return None if below is None else below == (*terms, TABLE)[1]
        carries = self.carries.get(name)
        if classifier == "something_on":
            return carries
        if classifier == "carries_nothing":
            return None if carries is None else not carries
        if name == self.held:
            return False
        return None if carries is None else not carries

    def know(self, classifier: str, terms: tuple[str, ...], holds: bool) -> None:
        """Take a fact in.

        Raises:
            ImpossibleError: It contradicts what is known.
        """
        if classifier == "supports":
            classifier, terms = "supported_by", terms[::-1]
        known = self.truth(classifier, terms)
        if known is not None and known != holds:
            raise ImpossibleError(classifier)
        if classifier in ("gripper_empty", "gripper_full", "hand_empty"):
            self.empty = holds == (classifier != "gripper_full")
        elif classifier in ("switched_on", "switched_off"):
            self.switches[terms[0]] = holds == (classifier == "switched_on")
        elif classifier == "hand_over" and holds:
            self.over = terms[0]
        elif classifier in ("held", "held_by") and holds:
            if terms[0] in self.support:
                raise ImpossibleError(classifier)
            self.held, self.empty = terms[0], False
        elif classifier in ("supported_by", "on_table") and holds:
            below = (*terms, TABLE)[1]
            self.support[terms[0]] = below
            if self.carries.get(below) is False or below == terms[0]:
                raise ImpossibleError(classifier)
            if below != TABLE:
                self.carries[below] = True
        elif classifier in ("something_on", "carries_nothing"):
            self.carries[terms[0]] = holds == (classifier == "something_on")
        elif classifier == "nothing_on" and holds:
            self.carries[terms[0]] = False

    def assume(self, first: SkillCall) -> None:
        """Take in what must have been so for ``first`` to act at all."""
        if first.skill == "pick":
            self.empty = True
        if first.moves:
            self.carries[first.object] = False

    def act(self, call: SkillCall) -> float:
        """Carry a skill out; return what speaks against it.

        Raises:
            ImpossibleError: The skill cannot act here.
        """
        if call.skill == "hover":
            self.over = call.object
            return 0.0
        if call.skill == "press":
            return self._press(call.object)
        return self._pick(call.object) if call.on is None else self._place(call)

    def _pick(self, name: str) -> float:
        if self.empty is False or self.held is not None or self.carries.get(name):
            raise ImpossibleError("pick")
        cost = DOUBT * (name not in self.carries)
        cost += UNSAID * (name not in self.support)
        below = self.support.pop(name, TABLE)
        if below != TABLE:
            self.carries[below] = False
        if below != self.over:
            self.over = None  # it may stand high in a tower: on which zone is not known
        self.held, self.empty, self.carries[name] = name, False, False
        return cost

    def _press(self, name: str) -> float:
        if self.empty is False or self.held is not None:
            raise ImpossibleError("press")
        if name in self.switches:
            self.switches[name] = not self.switches[name]
        return 0.0

    def _place(self, call: SkillCall) -> float:
        name, on = call.object, call.on
        assert on is not None
        taken = self.empty or (self.held is not None and self.held != name)
        if taken or self.carries.get(on) or on == self.held or name == on:
            raise ImpossibleError("place")
        cost = UNSAID * (self.held is None)
        if on != TABLE:
            cost += DOUBT * (on not in self.carries)
            self.carries[on] = True
        if on != self.over:
            self.over = None
        self.support[name] = on
        self.held, self.empty, self.carries[name] = None, True, False
        return cost


def before(operator: Operator, assignment: Assignment) -> Lifted:
    """Return what the preconditions of ``operator`` say under ``assignment``.

    Raises:
        ImpossibleError: They contradict each other.
    """
    known = Lifted()
    for atoms, holds in (
        (operator.preconditions, True),
        (operator.negative_preconditions, False),
    ):
        for atom in sorted(atoms):
            classifier = assignment.get(atom.predicate)
            if classifier is not None:
                known.know(classifier, atom.objects, holds)
    return known


def sequences(operator: Operator, constants: Iterable[str]) -> list[list[SkillCall]]:
    """Return the skills that may carry out ``operator``, the short ones first.

    A body that is moved, and a place it is moved to, stand in its effects.
    """
    effects = sorted(operator.add_effects | operator.delete_effects)
    fixed = set(constants)
    terms = list(dict.fromkeys(t for a in effects for t in a.objects))
    moved = [t for t in terms if t not in fixed]
    pairs = [(x, y) for x in moved for y in (*terms, TABLE) if x != y]
    places = [SkillCall("place", x, y) for x, y in pairs]
    return (
        [[SkillCall("pick", x)] for x in moved]
        + [[SkillCall("hover", x)] for x in moved]
        + [[place] for place in places]
        + [[SkillCall("pick", place.object), place] for place in places]
    )


def touched(
    classifier: str, known: Lifted, calls: Sequence[SkillCall]
) -> Iterable[tuple[str, ...]]:
    """Return the tuples of terms for which ``calls`` may change ``classifier``."""
    if classifier.startswith("switched"):
        return []  # picking, placing and hovering presses nothing
    if calls[0].skill == "hover":
        places = [known.over, calls[0].object] if classifier == "hand_over" else []
        return [(place,) for place in dict.fromkeys(places) if place is not None]
    if classifier.startswith("gripper"):
        return [()]
    if classifier.startswith("hand") or classifier == "held_by":
        return []  # which variable is the hand, effects alone say
    name = calls[0].object
    places = [known.support.get(name)]
    places += [call.on for call in calls]
    near = [p for p in dict.fromkeys(places) if p not in (None, TABLE)]
    if classifier == "supported_by":
        return [(name, place) for place in near if place]
    if classifier == "supports":
        return [(place, name) for place in near if place]
    return [(name,), *((place,) for place in near if place)]


def changes(operator: Operator) -> dict[GroundAtom, bool]:
    """Return what the effects make true and false; adds come after deletes."""
    return dict.fromkeys(operator.delete_effects, False) | dict.fromkeys(
        operator.add_effects, True
    )
