"""Roles: what a domain's operators and predicates do with each type of object."""

from __future__ import annotations

from collections.abc import Iterable

from jouleplan.domains.facts import CLASSIFIERS, TABLE
from jouleplan.domains.proposal.assignment import Explained
from jouleplan.domains.symbols import Domain, Operator


class Roles:
    """What operators do with their arguments, by type.

    Args:
        domain: Names the types.
        explained: Its classifiers and skills.

    Attributes:
        moved: Type -> the operators that move it; so with the others, by operators
            or predicates.
        above: What rests on something.
        under: What something rests on.
        zones: What carries many, or is under the hand.
        pressed: What is pressed.
        hands: What stands for the hand.
        places: Operator, what it moves and the variable it puts that on.
    """

    def __init__(self, domain: Domain, explained: Explained) -> None:
        """Go through the operators and the predicates."""
        self.explained = explained
        self.moved: dict[str, list[str]] = {}
        self.above: dict[str, list[str]] = {}
        self.under: dict[str, list[str]] = {}
        self.zones: dict[str, list[str]] = {}
        self.pressed: dict[str, list[str]] = {}
        self.hands: dict[str, list[str]] = {}
        self.places: list[tuple[Operator, str, str]] = []
        for name, match in explained.matches.items():
            operator = domain.operators[name]
            kinds = dict(zip(operator.parameters, operator.types, strict=True))
            for call in match.calls:
                other = self.pressed if call.skill == "press" else self.zones
                role = self.moved if call.moves else other
                of = kinds.get(call.object, ())
                if call.skill == "press" and call.object in domain.constants:
                    of = (domain.constants[call.object],)
                self._note(role, of, name)
                if call.on is not None and call.on != TABLE:
                    on = kinds.get(call.on) or (domain.constants.get(call.on, ""),)
                    self._note(self.under, on, name)
                    self.places.append((operator, call.object, call.on))
        for predicate, classifier in explained.classifiers.items():
            if classifier in ("supported_by", "supports"):
                above, under = domain.predicates[predicate].types
                if classifier == "supports":
                    above, under = under, above
                self._note(self.above, above, predicate)
                self._note(self.under, under, predicate)
            elif classifier == "hand_over":
                self._note(self.zones, domain.predicates[predicate].types[0], predicate)
            place = None if classifier is None else CLASSIFIERS[classifier].hand
            if place is not None:
                of = domain.predicates[predicate].types[place]
                self._note(self.hands, of, predicate)
        self._never_full(domain)

    def _never_full(self, domain: Domain) -> None:
        """Note the types on which is put without asking whether they are free."""
        asking = ("nothing_on", "carries_nothing", "something_on")
        for operator, _, on in self.places:
            asked = any(
                self.explained.classifiers.get(atom.predicate) in asking
                and atom.objects == (on,)
                for atom in operator.preconditions | operator.negative_preconditions
            )
            kinds = dict(zip(operator.parameters, operator.types, strict=True))
            if not asked:
                self._note(self.zones, kinds.get(on, ()), operator.name)

    @staticmethod
    def _note(roles: dict[str, list[str]], kinds: Iterable[str], by: str) -> None:
        for kind in kinds:
            if by not in roles.setdefault(kind, []):
                roles[kind].append(by)


def by_type(kind: str, roles: dict[str, list[str]], domain: Domain) -> list[str]:
    """Return what gives ``kind``, or a type above it, a role."""
    found = [
        by
        for above, names in roles.items()
        if above == "object" or domain.is_a(kind, above)
        for by in names
    ]
    return list(dict.fromkeys(found))
