"""Guards: preconditions under which an effect that is open changes nothing.

Whether ``(on ?b table)`` is deleted stays open where it was only ever true as
``(on ?b ?from)``. It does not matter where ``(or (not (on ?b table)) (= ?from table))``
holds: nothing is there to delete, or it is what is known to be deleted.

Source: after the proxy operators of Juba, Le and Stern 2021, Safe Learning of Lifted
Action Models, KR; one operator with a disjunction instead of several, so that its plans
keep the names of the true domain.
"""

from __future__ import annotations

from collections.abc import Collection

from jouleplan.domains.language.model import And, Atom, Condition, Not, Or, Same
from jouleplan.domains.learning.effects import Side
from jouleplan.domains.learning.evidence import Pair


def guard(
    atom: Atom, side: Side, other: Side, deleting: bool, pairs: Collection[Pair]
) -> Condition | None:
    """Return when an open effect changes nothing; None where no shown one covers it.

    Args:
        atom: The effect that is open.
        side: The effects of its kind.
        other: The effects of the other kind.
        deleting: Whether it would make the atom false.
        pairs: Terms that may be one object.
    """
    covered = [
        And(tuple(Same(a, b) for a, b in sorted(needed)))
        for shown in sorted(side.shown, key=str)
        if (needed := unified(atom, shown, pairs))
    ]
    if not covered:
        return None
    if deleting:
        return Or((Not(atom), *covered))
    # what is true already stays so only where nothing known deletes it
    kept = not any(unified(atom, deleted, pairs) for deleted in other.shown)
    return Or((*((atom,) if kept else ()), *covered))


def unified(a: Atom, b: Atom, pairs: Collection[Pair]) -> set[Pair]:
    """Return the terms that must be one object for two atoms to be the same fact.

    Nothing where they are the same atom, or never the same fact.
    """
    if a.predicate != b.predicate:
        return set()
    needed = set()
    for left, right in zip(a.terms, b.terms, strict=True):
        if left == right:
            continue
        pair = (left, right) if (left, right) in pairs else (right, left)
        if pair not in pairs:
            return set()
        needed.add(pair)
    return needed
