"""Writes transitions: a line that declares the names, then one line a transition."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable

from jouleplan.domains.language.model import (
    DomainModel,
    Fact,
    Parameters,
    ProblemModel,
    Types,
)

VERSION = 1
"""Of the format; the first line states it."""


def signature_line(
    domain: DomainModel, problem: ProblemModel, static: Collection[str]
) -> str:
    """Return the line that stands before the transitions of a problem.

    Args:
        domain: Its types, constants, predicates and parameters of operators; what the
            operators need and change is not written.
        problem: Its objects, and its static facts.
        static: Predicates that no operator changes: their facts stand here, once.
    """
    own = {n: k for n, k in problem.objects.items() if n not in domain.constants}
    return _json(
        {
            "version": VERSION,
            "domain": domain.name,
            "types": {n: _kinds(k) for n, k in domain.types.items() if k},
            "constants": {name: _kinds(k) for name, k in domain.constants.items()},
            "predicates": {
                name: _parameters(s.parameters) for name, s in domain.predicates.items()
            },
            "operators": {
                name: _parameters(s.parameters) for name, s in domain.schemas.items()
            },
            "objects": {name: _kinds(k) for name, k in own.items()},
            "static": sorted(fact for fact in problem.facts if fact[0] in static),
        }
    )


def transition_line(
    before: Iterable[Fact],
    operator: str,
    objects: tuple[str, ...],
    after: Iterable[Fact],
    static: Collection[str] = (),
) -> str:
    """Return the line of one transition.

    Args:
        before: The state before the operator.
        operator: Its name.
        objects: Its objects.
        after: The state after it.
        static: Predicates whose facts the signature's line holds.
    """
    return _json(
        {
            "before": sorted(fact for fact in before if fact[0] not in static),
            "operator": [operator, *objects],
            "after": sorted(fact for fact in after if fact[0] not in static),
        }
    )


def _parameters(parameters: Parameters) -> dict[str, str | list[str]]:
    return {variable: _kinds(kinds) for variable, kinds in parameters}


def _kinds(kinds: Types) -> str | list[str]:
    return kinds[0] if len(kinds) == 1 else list(kinds)


def _json(document: dict[str, object]) -> str:
    return json.dumps(document, separators=(",", ":"))
