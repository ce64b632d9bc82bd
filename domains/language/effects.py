"""Reads effects: atoms, numbers, conditional and universal ones, and their times."""

from __future__ import annotations

from jouleplan.domains.language.conditions import (
    PLAIN,
    Place,
    part_at,
    read_condition,
)
from jouleplan.domains.language.expressions import function_term, read_expression
from jouleplan.domains.language.features import Feature
from jouleplan.domains.language.model import (
    At,
    Change,
    Each,
    Effect,
    Effects,
    Update,
    When,
)
from jouleplan.domains.language.scope import Scope
from jouleplan.domains.language.sexpr import Group, grouped

_UPDATES = ("assign", "increase", "decrease", "scale-up", "scale-down")
_UNREAD = {
    "probabilistic": Feature.PROBABILITY,
    "oneof": Feature.OBSERVATION,
    "observe": Feature.OBSERVATION,
}
_DEEPEST = 150


def read_effect(
    root: Group, scope: Scope, timed: bool = False, depth: int = 0
) -> Effect:
    """Return the effect that ``root`` states.

    Args:
        root: An atom, ``(and ...)``, ``()`` or another effect.
        scope: The names in force.
        timed: Whether each part must say when it happens.
        depth: How deep it stands.

    Raises:
        PddlError: A name is unknown, an atom does not fit, or it is no effect.
    """
    if depth > _DEEPEST:
        raise root.error(f"nested more than {_DEEPEST} deep")
    waiting, parts = [root], []
    while waiting:
        group = waiting.pop()
        if group.head == "and" and group.head not in scope.predicates:
            waiting.extend(
                part_at(group, i) for i in range(len(group.items) - 1, 0, -1)
            )
        elif group.items:
            parts.append(_single(group, scope, timed, depth))
    return parts[0] if len(parts) == 1 else Effects(tuple(parts))


def _single(group: Group, scope: Scope, timed: bool, depth: int) -> Effect:
    head = group.head
    if head in _UNREAD and head not in scope.predicates:
        scope.uses.use(_UNREAD[head], group)
        return Effects()
    if head == "forall":
        if len(group.items) != 3:
            raise group.error("(forall (?x - TYPE ...) EFFECT) takes two parts")
        scope.uses.use(Feature.UNIVERSAL_EFFECT, group)
        parameters = scope.parameters(group, 1)
        inner = scope.within(parameters)
        effect = read_effect(part_at(group, 2), inner, timed, depth + 1)
        return Each(parameters, effect)
    if head == "when":
        if len(group.items) != 3:
            raise group.error("(when CONDITION EFFECT) takes two parts")
        scope.uses.use(Feature.CONDITIONAL_EFFECT, group)
        place = Place("a condition", timed=True) if timed else PLAIN
        return When(
            read_condition(part_at(group, 1), scope, place, depth + 1),
            read_effect(part_at(group, 2), scope, timed, depth + 1),
        )
    if timed:
        return _timed(group, scope, depth)
    if head in _UPDATES and head not in scope.predicates:
        return _update(group, scope)
    return _change(group, scope)


def _timed(group: Group, scope: Scope, depth: int) -> Effect:
    items = group.items
    if len(items) == 3 and items[0] == "at" and items[1] in ("start", "end"):
        return At(
            str(items[1]), read_effect(part_at(group, 2), scope, False, depth + 1)
        )
    if group.head in ("increase", "decrease") and _mentions_time(group):
        scope.uses.use(Feature.CONTINUOUS, group)
        return At("all", _update(group, scope))
    raise group.error(
        f"({group.head} ...) must say when it happens: (at start ...) or (at end ...)"
    )


def _mentions_time(group: Group) -> bool:
    waiting = [group]
    while waiting:
        for item in waiting.pop().items:
            if isinstance(item, Group):
                waiting.append(item)
            elif item == "#t":
                return True
    return False


def _update(group: Group, scope: Scope) -> Update:
    if len(group.items) != 3:
        raise group.error(f"({group.head} (FUNCTION ...) NUMBER) takes two parts")
    target = grouped(group, 1)
    assert target is not None
    return Update(
        group.head, function_term(target, scope), read_expression(group, 2, scope)
    )


def _change(group: Group, scope: Scope) -> Change:
    becomes, inner = True, group
    while inner.head in ("not", "and") and inner.head not in scope.predicates:
        if len(inner.items) != 2:
            raise inner.error("(not ...) takes one atom")
        becomes, inner = becomes != (inner.head == "not"), part_at(inner, 1)
    if inner.head in ("or", "imply", "exists", "=", "<", ">", "<=", ">="):
        raise inner.error(
            f"'{inner.head}' in an effect; it takes atoms, (not ATOM), and updates of "
            "numbers"
        )
    return Change(scope.atom(inner), becomes)
