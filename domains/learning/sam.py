"""Learns operators from transitions, safely: never a precondition too few.

A precondition is whatever held before every transition; an effect is what a transition
shows. An operator of which an effect is still open is not identified: it is reported,
and left out. With negative preconditions nothing is assumed but that operators are
lifted STRIPS with negation and equality. Without them it is assumed that preconditions
are positive, and that an operator deletes only what was true before it at least once.

Source: Juba, Le and Stern 2021, Safe Learning of Lifted Action Models, KR.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from jouleplan.domains.language.model import Atom, Condition, Parameters
from jouleplan.domains.learning.effects import (
    Shown,
    Side,
    atom_text,
    shown_effects,
)
from jouleplan.domains.learning.evidence import Evidence, Pair, gather
from jouleplan.domains.learning.guards import guard, unified
from jouleplan.domains.learning.transition import Recording


@dataclass(frozen=True, slots=True)
class Learned:
    """What is known of one operator.

    Attributes:
        name: Its name.
        parameters: Variables and types.
        seen: Number of its transitions.
        preconditions: What must hold.
        negative: What must not hold.
        different: Terms that must not be one object.
        adds: What it makes true.
        deletes: What it makes false.
        reasons: Why it is not identified; empty where it is.
        notes: What is odd, or assumed.
        guards: Conditions under which effects that are open change nothing.
    """

    name: str
    parameters: Parameters
    seen: int
    preconditions: tuple[Atom, ...] = ()
    negative: tuple[Atom, ...] = ()
    different: tuple[Pair, ...] = ()
    adds: tuple[Atom, ...] = ()
    deletes: tuple[Atom, ...] = ()
    reasons: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    guards: tuple[Condition, ...] = ()

    @property
    def identified(self) -> bool:
        """Whether every plan with it is valid."""
        return not self.reasons


def learn(
    recording: Recording, *, negative: bool = False, proxy: bool = False
) -> dict[str, Learned]:
    """Return operator -> what is known of it.

    Args:
        recording: Transitions and the names they use.
        negative: Whether to learn negative preconditions too, and which parameters
            must differ.
        proxy: Whether to keep operators of which an effect is open, under conditions
            where it changes nothing.

    Raises:
        ContradictionError: Transitions that no lifted effects explain together.
    """
    domain = recording.signature
    return {
        name: _operator(gather(schema, domain, recording.transitions), negative, proxy)
        for name, schema in domain.schemas.items()
    }


def _operator(evidence: Evidence, negative: bool, proxy: bool) -> Learned:
    schema = evidence.schema
    if evidence.count == 0:
        return Learned(schema.name, schema.parameters, 0, reasons=("never seen",))
    reasons = [
        f"line {t.line}, {t}: {atom_text(Atom(fact[0], fact[1:]))} becomes "
        f"{'true' if fact in t.after else 'false'}, but not all of its objects are "
        "objects of the operator or constants"
        for fact, t in evidence.beyond.items()
    ]
    shown = Shown(Side("true"), Side("false")) if reasons else shown_effects(evidence)
    guards: dict[Condition, Atom] = {}
    if not reasons:
        for atom, side in _open(evidence, shown):
            other = shown.adds if side is shown.deletes else shown.deletes
            deleting = side is shown.deletes
            found = guard(atom, side, other, deleting, evidence.pairs)
            if proxy and found is not None:
                guards[found] = atom
            else:
                hint = "" if found is None else ", and --proxy keeps the operator"
                reasons.append(_why(evidence, atom, side, deleting) + hint)
    different, unsafe = _different(evidence, shown, negative)
    deletes = _in_order(evidence, shown.deletes.shown)
    return Learned(
        schema.name,
        schema.parameters,
        evidence.count,
        _in_order(evidence, evidence.always),
        _in_order(evidence, evidence.never) if negative else (),
        different,
        _in_order(evidence, shown.adds.shown),
        deletes,
        tuple(dict.fromkeys((*reasons, *unsafe))),
        (
            *_notes(evidence, deletes, different, negative),
            *(f"whether it changes {atom_text(a)} is open" for a in guards.values()),
        ),
        tuple(guards),
    )


def _open(evidence: Evidence, shown: Shown) -> Iterator[tuple[Atom, Side]]:
    """Yield the atoms of which nothing shows whether they are effects.

    An open add of what the preconditions hold true changes nothing, and so does an open
    delete of what was never true before, which the preconditions then exclude.
    """
    for side, harmless in (
        (shown.adds, evidence.always),
        (shown.deletes, evidence.never),
    ):
        for atom in evidence.atoms:
            if atom not in harmless and side.open(atom):
                yield atom, side


def _why(evidence: Evidence, atom: Atom, side: Side, deleting: bool) -> str:
    """Return which transition leaves an effect open."""
    same, by = next(
        (seen.atoms, by)
        for seen, by in evidence.seen.items()
        if atom in seen.atoms and seen.before is deleting and len(seen.atoms) > 1
    )
    among = " or ".join(atom_text(a) for a in same if a not in side.excluded)
    return (
        f"which it makes {side.makes} is open: {among}, the same fact in line "
        f"{by.line}, {by}; a transition where they are not would tell"
    )


def _different(
    evidence: Evidence, shown: Shown, negative: bool
) -> tuple[tuple[Pair, ...], list[str]]:
    """Return the terms that must differ for the operator to be safe.

    An open add is harmless as long as nothing else deletes the same fact; whether the
    add would win is not known for terms that were never one object.
    """
    unseen = [pair for pair, count in evidence.pairs.items() if count == 0]
    different = set(unseen) if negative else set()
    unsafe = []
    for kept in _in_order(evidence, evidence.always):
        if not shown.adds.open(kept):
            continue
        for deleted in _in_order(evidence, shown.deletes.shown):
            needed = unified(kept, deleted, evidence.pairs)
            if not needed or needed & different:
                continue
            free = [pair for pair in unseen if pair in needed]
            if free:
                different.add(free[0])
            else:
                unsafe.append(
                    f"whether it deletes {atom_text(kept)} is open where that is the "
                    f"same fact as {atom_text(deleted)}"
                )
    return tuple(pair for pair in evidence.pairs if pair in different), sorted(unsafe)


def _notes(
    evidence: Evidence,
    deletes: tuple[Atom, ...],
    different: tuple[Pair, ...],
    negative: bool,
) -> list[str]:
    parameters = dict(evidence.schema.parameters)
    notes = []
    for (a, b), count in evidence.pairs.items():
        if b not in parameters and (a, b) not in different:
            continue
        if count:
            said = f"were one object in {count} of {evidence.count} transitions"
        else:
            said = "may be one object by their types, but never were"
            said += ": they must differ" if (a, b) in different else ""
        notes.append(f"{a} and {b} {said}")
    loose = [atom for atom in deletes if atom not in evidence.always]
    if loose and not negative:
        notes.append(
            f"it deletes {', '.join(map(atom_text, loose))} without needing it; learn "
            "with --negative to be safe"
        )
    return notes


def _in_order(evidence: Evidence, atoms: Collection[Atom]) -> tuple[Atom, ...]:
    return tuple(atom for atom in evidence.atoms if atom in atoms)
