"""Effects: which lifted atoms an operator makes true or false, as far as it is shown.

An atom that an operator both adds and deletes is taken as added: PDDL adds last. So no
atom is both, and what is shown of one set tells of the other.

Source: Juba, Le and Stern 2021, Safe Learning of Lifted Action Models, KR: their
clauses, by unit propagation; an operator whose clauses stay open is not safe.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from jouleplan.domains.language.model import Atom
from jouleplan.domains.learning.errors import ContradictionError
from jouleplan.domains.learning.evidence import Evidence, Seen
from jouleplan.domains.learning.transition import Transition


@dataclass(slots=True)
class Side:
    """One of the two sets of effects: those shown, and those shown to be none.

    Attributes:
        makes: "true" or "false", what these effects make an atom.
        shown: Effects.
        excluded: Atoms that are no effects -> the transition that shows it.
    """

    makes: str
    shown: set[Atom] = field(default_factory=set)
    excluded: dict[Atom, Transition] = field(default_factory=dict)

    def open(self, atom: Atom) -> bool:
        """Return whether nothing shows if ``atom`` is an effect."""
        return atom not in self.shown and atom not in self.excluded


@dataclass(frozen=True, slots=True)
class Shown:
    """What transitions show of an operator's effects."""

    adds: Side
    deletes: Side


def shown_effects(evidence: Evidence) -> Shown:
    """Return the effects that follow from ``evidence``.

    Raises:
        ContradictionError: No lifted effects explain all transitions.
    """
    adds, deletes = Side("true"), Side("false")
    for seen, transition in evidence.seen.items():
        if not seen.after:
            _exclude(adds, seen.atoms, transition)
    size = -1
    while size != (size := sum(_size(side) for side in (adds, deletes))):
        for seen, transition in evidence.seen.items():
            _learn(seen, transition, adds, deletes)
    return Shown(adds, deletes)


def _learn(seen: Seen, transition: Transition, adds: Side, deletes: Side) -> None:
    """Draw what follows from one fact seen around an operator."""
    if seen.after and not seen.before:
        _one_of(adds, deletes, seen, transition)
    elif seen.before and not seen.after:
        _one_of(deletes, adds, seen, transition)
    elif seen.before:
        alone = len(seen.atoms) == 1
        if alone or all(atom in adds.excluded for atom in seen.atoms):
            _exclude(deletes, seen.atoms, transition)
        elif any(atom in deletes.shown for atom in seen.atoms):
            _one_of(adds, deletes, seen, transition)


def _one_of(side: Side, other: Side, seen: Seen, transition: Transition) -> None:
    """One of the atoms is an effect; where only one can be, it is."""
    left = [atom for atom in seen.atoms if atom not in side.excluded]
    if not left:
        _contradict(side, seen.atoms, transition)
    if len(left) == 1 and left[0] not in side.shown:
        side.shown.add(left[0])
        _exclude(other, left, transition)


def _exclude(side: Side, atoms: tuple[Atom, ...] | list[Atom], by: Transition) -> None:
    for atom in atoms:
        if atom in side.shown:
            _contradict(side, (atom,), by)
        side.excluded.setdefault(atom, by)


def _contradict(side: Side, atoms: tuple[Atom, ...], at: Transition) -> None:
    told = [
        f"line {side.excluded[atom].line} ({side.excluded[atom]})"
        for atom in atoms
        if atom in side.excluded
    ]
    names = " or ".join(atom_text(atom) for atom in atoms)
    raise ContradictionError(
        at.line,
        f"{at} and {' and '.join(dict.fromkeys(told)) or 'the lines before it'} "
        f"contradict each other on whether {at.operator} makes {names} {side.makes}; "
        "leave out the one that was sensed wrongly, or give the operator more "
        "parameters",
    )


def _size(side: Side) -> int:
    return len(side.shown) + len(side.excluded)


def atom_text(atom: Atom) -> str:
    """Return ``(on ?d ?l)``."""
    return f"({' '.join((atom.predicate, *atom.terms))})"
