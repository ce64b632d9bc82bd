"""Reads derived predicates, and checks that they can be worked out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from jouleplan.domains.language.conditions import PLAIN, part_at, read_condition
from jouleplan.domains.language.features import Feature
from jouleplan.domains.language.model import (
    And,
    At,
    Atom,
    Axiom,
    Change,
    Condition,
    Each,
    Effect,
    Effects,
    Exists,
    Forall,
    Not,
    Or,
    Schema,
    When,
)
from jouleplan.domains.language.scope import Scope
from jouleplan.domains.language.sexpr import Group
from jouleplan.domains.language.typed_lists import name_at, unknown


def read_axiom(group: Group, scope: Scope) -> Axiom:
    """Return the axiom that ``(:derived (P ?x - TYPE ...) CONDITION)`` states.

    Raises:
        PddlError: The predicate is not declared, or its arguments do not fit.
    """
    scope.uses.use(Feature.DERIVED, group)
    if len(group.items) != 3:
        raise group.error("(:derived (PREDICATE ?x ...) CONDITION) takes two parts")
    head = part_at(group, 1)
    name = name_at(head, 0) if head.items else ""
    signature = scope.predicates.get(name)
    if signature is None:
        raise head.error(unknown("predicate", name, scope.predicates))
    parameters = scope.variables_of(head, 1)
    if len(parameters) != len(signature.parameters):
        raise head.error(
            f"{name} takes {len(signature.parameters)} arguments, got {len(parameters)}"
        )
    typed = tuple(
        (variable, kinds if kinds != ("object",) else declared)
        for (variable, kinds), (_, declared) in zip(
            parameters, signature.parameters, strict=True
        )
    )
    body = read_condition(part_at(group, 2), scope.within(typed), PLAIN)
    return Axiom(name, typed, body)


def check_layers(
    axioms: Sequence[Axiom], schemas: Mapping[str, Schema], groups: Sequence[Group]
) -> None:
    """Raise where a derived predicate cannot be worked out.

    Raises:
        PddlError: An operator changes one, or one depends on its own negation.
    """
    derived = {axiom.predicate for axiom in axioms}
    if not derived:
        return
    for schema in schemas.values():
        for name in _changed(schema.effect):
            if name in derived:
                raise groups[0].error(
                    f"operator {schema.name!r} (line {schema.line}) changes {name!r}, "
                    "which is derived; only its condition may"
                )
    if any(level > len(derived) for level in layers(axioms).values()):
        raise groups[0].error(
            "a derived predicate depends on its own negation; no state gives it a value"
        )


def layers(axioms: Sequence[Axiom]) -> dict[str, int]:
    """Return the layer of each derived predicate: above all it negates.

    A layer above the number of predicates means that one negates itself.
    """
    level = {axiom.predicate: 0 for axiom in axioms}
    for _ in range(len(level) + 2):
        for axiom in axioms:
            for name, positive in _mentioned(axiom.condition):
                if name in level:
                    least = level[name] + (0 if positive else 1)
                    level[axiom.predicate] = max(level[axiom.predicate], least)
    return level


def _mentioned(
    condition: Condition, positive: bool = True
) -> Iterator[tuple[str, bool]]:
    """Yield each predicate of a condition with whether it stands unnegated."""
    if isinstance(condition, Atom):
        yield condition.predicate, positive
    elif isinstance(condition, Not):
        yield from _mentioned(condition.part, not positive)
    elif isinstance(condition, And | Or):
        for part in condition.parts:
            yield from _mentioned(part, positive)
    elif isinstance(condition, Exists | Forall):
        yield from _mentioned(condition.part, positive)


def _changed(effect: Effect) -> Iterable[str]:
    """Yield the predicates that an effect changes."""
    if isinstance(effect, Change):
        yield effect.atom.predicate
    elif isinstance(effect, Effects):
        for part in effect.parts:
            yield from _changed(part)
    elif isinstance(effect, When | Each | At):
        yield from _changed(effect.effect)
