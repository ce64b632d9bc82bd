"""What was learned as a PDDL domain, and as plain values for a report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from jouleplan.domains.language.features import Feature
from jouleplan.domains.language.model import (
    And,
    Change,
    DomainModel,
    Effects,
    Not,
    Same,
    Schema,
)
from jouleplan.domains.language.names import AS_THEY_ARE
from jouleplan.domains.language.phrases import Phrases
from jouleplan.domains.language.write import domain_text
from jouleplan.domains.learning.sam import Learned

_SAY = Phrases(AS_THEY_ARE)


def learned_domain(
    signature: DomainModel, operators: Mapping[str, Learned]
) -> DomainModel:
    """Return the domain of the operators that are identified."""
    safe = {name: one for name, one in operators.items() if one.identified}
    features = {}
    if any(one.negative for one in safe.values()):
        features[Feature.NEGATIVE] = 0
    if any(one.different or one.guards for one in safe.values()):
        features[Feature.NEGATIVE] = features[Feature.EQUALITY] = 0
    if any(one.guards for one in safe.values()):
        features[Feature.DISJUNCTION] = 0
    schemas = {name: _schema(one) for name, one in safe.items()}
    return replace(signature, schemas=schemas, features=features)


def learned_text(signature: DomainModel, operators: Mapping[str, Learned]) -> str:
    """Return the learned domain as PDDL; comments name what is not identified."""
    seen = sum(one.seen for one in operators.values())
    lines = [f"; learned from {seen} transitions"]
    for name, one in operators.items():
        lines += [f"; not identified: {name}: {reason}" for reason in one.reasons]
    return "\n".join((*lines, domain_text(learned_domain(signature, operators))))


def as_dict(learned: Learned) -> dict[str, Any]:
    """Return what is known of an operator as plain values; atoms as PDDL."""
    schema = _schema(learned)
    assert isinstance(schema.condition, And)
    assert isinstance(schema.effect, Effects)
    return {
        "seen": learned.seen,
        "identified": learned.identified,
        "reasons": list(learned.reasons),
        "preconditions": [_SAY.condition(part) for part in schema.condition.parts],
        "effects": [_SAY.effect(part) for part in schema.effect.parts],
        "notes": list(learned.notes),
    }


def _schema(learned: Learned) -> Schema:
    condition = And(
        (
            *learned.preconditions,
            *(Not(atom) for atom in learned.negative),
            *(Not(Same(a, b)) for a, b in learned.different),
            *learned.guards,
        )
    )
    effect = Effects(
        (
            *(Change(atom, True) for atom in learned.adds),
            *(Change(atom, False) for atom in learned.deletes),
        )
    )
    return Schema(learned.name, learned.parameters, condition, effect)
