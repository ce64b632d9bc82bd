"""Writes conditions as clauses: a conjunction of disjunctions of literals."""

from __future__ import annotations

from itertools import product
from math import prod

from jouleplan.domains.language.model import And, Condition, During, Not, Or
from jouleplan.planner.engines.unquantified import TooManyPartsError

_MOST_CLAUSES = 5000


def clauses(condition: Condition) -> Condition:
    """Return a condition without quantifiers as a conjunction of clauses.

    Raises:
        TooManyPartsError: There would be too many.
    """
    if isinstance(condition, And):
        parts: list[Condition] = []
        for part in condition.parts:
            inner = clauses(part)
            parts += inner.parts if isinstance(inner, And) else (inner,)
        return And(tuple(parts))
    if isinstance(condition, During):
        return During(condition.when, clauses(condition.part))
    found = _clauses(condition, wanted=True)
    return And(tuple(part[0] if len(part) == 1 else Or(part) for part in found))


def _clauses(condition: Condition, wanted: bool) -> list[tuple[Condition, ...]]:
    """Return the clauses of a condition, or of its negation where not ``wanted``."""
    if isinstance(condition, Not):
        return _clauses(condition.part, not wanted)
    if not isinstance(condition, And | Or):
        return [(condition if wanted else Not(condition),)]
    each = [_clauses(part, wanted) for part in condition.parts]
    if isinstance(condition, And) == wanted:
        return [clause for found in each for clause in found]
    count = prod(map(len, each))
    if count > _MOST_CLAUSES:
        raise TooManyPartsError(
            f"a disjunction comes to {count} clauses; at most {_MOST_CLAUSES} are "
            "written out"
        )
    return [tuple(dict.fromkeys(sum(chosen, ()))) for chosen in product(*each)]
