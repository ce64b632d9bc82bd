"""Reads conditions: ADL, comparisons, preferences, constraints, and their times."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from jouleplan.domains.language.expressions import read_expression
from jouleplan.domains.language.features import Feature
from jouleplan.domains.language.model import (
    TRUE,
    And,
    Compare,
    Condition,
    During,
    Exists,
    Forall,
    Modal,
    Not,
    Or,
    Preference,
    Same,
)
from jouleplan.domains.language.scope import Scope, is_number
from jouleplan.domains.language.sexpr import Group

_DEEPEST = 150
_MODAL = {  # word -> (times before, conditions behind)
    "always": (0, 1),
    "sometime": (0, 1),
    "at-most-once": (0, 1),
    "sometime-after": (0, 2),
    "sometime-before": (0, 2),
    "within": (1, 1),
    "always-within": (1, 2),
    "hold-during": (2, 1),
    "hold-after": (1, 1),
}
_UNREAD = {
    "oneof": Feature.OBSERVATION,
    "unknown": Feature.OBSERVATION,
    "probabilistic": Feature.PROBABILITY,
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a condition stands, which decides what it may hold.

    Attributes:
        name: For errors, e.g. ``a precondition``.
        negative: What a negated atom there counts as.
        timed: Whether parts must say when they hold (durative operators).
        modal: Whether trajectory constraints stand there.
        preferences: What a preference there counts as; None where it may not stand.
    """

    name: str
    negative: Feature = Feature.NEGATIVE
    timed: bool = False
    modal: bool = False
    preferences: Feature | None = None


PRECONDITION = Place("a precondition", preferences=Feature.PRECONDITION_PREFERENCES)
DURATIVE_CONDITION = replace(PRECONDITION, name="a condition", timed=True)
GOAL = Place("a goal", Feature.NEGATIVE_GOAL, preferences=Feature.PREFERENCES)
CONSTRAINTS = Place("a constraint", modal=True, preferences=Feature.PREFERENCES)
DURATION = Place("a duration")
PLAIN = Place("a condition")


def read_condition(
    root: Group, scope: Scope, place: Place = PLAIN, depth: int = 0
) -> Condition:
    """Return the condition that ``root`` states.

    Conjunctions of conjunctions become one, double negations none, so that however deep
    a file nests these two words, the result is flat.

    Raises:
        PddlError: A name is unknown, an atom does not fit its predicate, a word does
            not stand where it may, or it nests too deeply.
    """
    group, wanted = _without_not(root)
    if depth > _DEEPEST:
        raise group.error(f"nested more than {_DEEPEST} deep")
    if group.head == "and":
        found = _conjunction(group, scope, place, depth, wanted)
    elif not group.items:
        if not wanted:
            raise group.error("(not ()) can never hold; name an atom")
        return TRUE
    else:
        found = _single(group, scope, place, depth)
    if wanted:
        return found
    if isinstance(found, During | Preference | Modal):
        raise group.error(f"(not ({group.head} ...)) is no condition")
    if not isinstance(found, Same | Compare):
        scope.uses.use(place.negative, root)
    return Not(found)


def read_constraints(section: Group, scope: Scope) -> Condition:
    """Return what a ``(:constraints ...)`` holds, one condition or several."""
    joined = Group(section.file, section.line)
    joined.items = ["and", *section.items[1:]]
    joined.lines = section.lines
    return read_condition(joined, scope, CONSTRAINTS)


def _without_not(group: Group) -> tuple[Group, bool]:
    """Return what stands in any number of ``not``, and whether it is wanted."""
    wanted = True
    while group.head == "not":
        if len(group.items) != 2:
            raise group.error("(not ...) takes one atom")
        group, wanted = part_at(group, 1), not wanted
    return group, wanted


def _conjunction(
    group: Group, scope: Scope, place: Place, depth: int, wanted: bool
) -> Condition:
    waiting = [group]
    parts: list[Condition] = []
    while waiting:
        current, positive = _without_not(waiting.pop())
        if current.head == "and" and positive:
            waiting.extend(
                part_at(current, i) for i in range(len(current.items) - 1, 0, -1)
            )
        elif current.items or not positive:
            part = read_condition(current, scope, place, depth + 1)
            if not positive:
                part = _negated(part, current, scope, place)
            parts.append(part)
    if len(parts) == 1:
        return parts[0]
    if not wanted:
        scope.uses.use(Feature.DISJUNCTION, group)
    return And(tuple(parts))


def _negated(part: Condition, group: Group, scope: Scope, place: Place) -> Condition:
    if part == TRUE:
        raise group.error("(not ()) can never hold; name an atom")
    if isinstance(part, During | Preference | Modal):
        raise group.error(f"(not ({group.head} ...)) is no condition")
    if isinstance(part, And):
        scope.uses.use(Feature.DISJUNCTION, group)
    if not isinstance(part, Same | Compare):
        scope.uses.use(place.negative, group)
    return part.part if isinstance(part, Not) else Not(part)


def _single(group: Group, scope: Scope, place: Place, depth: int) -> Condition:
    head = group.head
    if head in scope.predicates and not _says_when(group):
        if place.timed:
            raise group.error(
                f"({head} ...) must say when it holds: (at start ...), (over all ...) "
                "or (at end ...)"
            )
        return scope.atom(group)
    if head in _UNREAD:
        scope.uses.use(_UNREAD[head], group)
        return TRUE
    if head in ("or", "imply", "exists", "forall"):
        return _connective(group, scope, place, depth)
    if head == "preference":
        return _preference(group, scope, place, depth)
    if place.modal:
        return _modal(group, scope, depth)
    if _says_when(group):
        return _during(group, scope, place, depth)
    if head in ("=", "<", ">", "<=", ">="):
        if place.timed:
            raise group.error(f"({head} ...) must say when it holds, e.g. (at start)")
        return _comparison(group, scope)
    if head == "when":
        raise group.error(f"(when ...) is an effect; {place.name} takes (imply ...)")
    return scope.atom(group)


def _connective(group: Group, scope: Scope, place: Place, depth: int) -> Condition:
    head = group.head
    if head in ("exists", "forall"):
        if len(group.items) != 3:
            raise group.error(f"({head} (?x - TYPE ...) CONDITION) takes two parts")
        parameters = scope.parameters(group, 1)
        inner = read_condition(
            part_at(group, 2), scope.within(parameters), place, depth + 1
        )
        feature = Feature.EXISTS if head == "exists" else Feature.FORALL
        if not place.modal:
            scope.uses.use(feature, group)
        return (Exists if head == "exists" else Forall)(parameters, inner)
    scope.uses.use(Feature.DISJUNCTION, group)
    parts = tuple(
        read_condition(part_at(group, i), scope, place, depth + 1)
        for i in range(1, len(group.items))
    )
    if head == "or":
        return Or(parts)
    if len(parts) != 2:
        raise group.error("(imply A B) takes two conditions")
    return Or((Not(parts[0]), parts[1]))


def _preference(group: Group, scope: Scope, place: Place, depth: int) -> Condition:
    if place.preferences is None:
        raise group.error(f"(preference ...) may not stand in {place.name}")
    scope.uses.use(place.preferences, group)
    name = group.items[1] if len(group.items) == 3 else ""
    if len(group.items) not in (2, 3) or not isinstance(name, str):
        raise group.error("expected (preference NAME CONDITION)")
    last = len(group.items) - 1
    inner = replace(place, preferences=None)
    return Preference(
        name, read_condition(part_at(group, last), scope, inner, depth + 1)
    )


def _modal(group: Group, scope: Scope, depth: int) -> Condition:
    if _says_when(group) and group.items[1] == "end":
        word, times, first = "at-end", 0, 2
        conditions = 1
    elif group.head in _MODAL:
        word, first = group.head, 1
        times, conditions = _MODAL[word]
    else:
        raise group.error(
            f"({group.head} ...) is no trajectory constraint; there are "
            f"{', '.join(_MODAL)} and (at end ...)"
        )
    if len(group.items) != first + times + conditions:
        raise group.error(f"({group.head} ...) takes {times + conditions} parts")
    given = group.items[first : first + times]
    for i, word_at in enumerate(given, start=first):
        if not is_number(word_at):
            raise group.error(f"{group.head} takes a number there", i)
    parts = tuple(
        read_condition(part_at(group, i), scope, PLAIN, depth + 1)
        for i in range(first + times, len(group.items))
    )
    return Modal(word, tuple(Fraction(str(g)) for g in given), parts)


def _says_when(group: Group) -> bool:
    """Return whether ``group`` is ``(at start C)``, ``(over all C)`` or the like."""
    items = group.items
    return (
        len(items) == 3
        and isinstance(items[2], Group)
        and (items[0], items[1]) in (("at", "start"), ("at", "end"), ("over", "all"))
    )


def _during(group: Group, scope: Scope, place: Place, depth: int) -> Condition:
    if not place.timed:
        raise group.error(f"({group.head} {group.items[1]} ...) may not stand here")
    inner = replace(place, timed=False)
    part = read_condition(part_at(group, 2), scope, inner, depth + 1)
    return During(str(group.items[1]), part)


def _comparison(group: Group, scope: Scope) -> Condition:
    if len(group.items) != 3:
        raise group.error(
            f"'{group.head}' takes 2 arguments, got {len(group.items) - 1}"
        )
    if group.head == "=" and _is_term(group, 1, scope) and _is_term(group, 2, scope):
        scope.term(group, 1)
        scope.term(group, 2)
        scope.uses.use(Feature.EQUALITY, group)
        return Same(str(group.items[1]), str(group.items[2]))
    left, right = (read_expression(group, i, scope) for i in (1, 2))
    return Compare(group.head, left, right)


def _is_term(group: Group, i: int, scope: Scope) -> bool:
    item = group.items[i]
    if isinstance(item, Group) or item in ("?duration", "#t"):
        return False
    return item in scope.objects or not (is_number(item) or item in scope.functions)


def part_at(group: Group, i: int) -> Group:
    """Return item ``i`` of ``group``, which must be parenthesised."""
    item = group.items[i]
    if not isinstance(item, Group):
        raise group.error(f"{item!r} is no atom; write ({item})", i)
    return item
