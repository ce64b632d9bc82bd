"""Reads operators: instantaneous and durative ones, processes and events."""

from __future__ import annotations

from jouleplan.domains.language.conditions import (
    DURATION,
    DURATIVE_CONDITION,
    PRECONDITION,
    Place,
    part_at,
    read_condition,
)
from jouleplan.domains.language.effects import read_effect
from jouleplan.domains.language.features import Feature
from jouleplan.domains.language.model import (
    TRUE,
    And,
    Condition,
    Schema,
)
from jouleplan.domains.language.scope import Scope
from jouleplan.domains.language.sections import only_group
from jouleplan.domains.language.sexpr import Group
from jouleplan.domains.language.typed_lists import name_at, unknown

_PARTS = {
    ":action": (":parameters", ":precondition", ":effect"),
    ":durative-action": (":parameters", ":duration", ":condition", ":effect"),
    ":process": (":parameters", ":precondition", ":effect"),
    ":event": (":parameters", ":precondition", ":effect"),
}
_UNREAD_PARTS = {":observe": Feature.OBSERVATION}
_KINDS = {
    ":durative-action": Feature.DURATIVE,
    ":process": Feature.PROCESSES,
    ":event": Feature.EVENTS,
}
KEYWORDS = tuple(_PARTS)


def read_schema(group: Group, scope: Scope) -> Schema:
    """Return the operator that an ``(:action ...)`` or the like states.

    Raises:
        PddlError: A part is unknown, missing or given twice, or does not fit.
    """
    if len(group.items) < 2:
        raise group.error(f"({group.head} ...) needs a name")
    name = name_at(group, 1)
    if group.head in _KINDS:
        scope.uses.use(_KINDS[group.head], group)
    parts = _parts(group, name, scope)
    parameters = scope.variables_of(parts[":parameters"])
    inner = scope.within(parameters)
    takes_time = group.head == ":durative-action"
    before = DURATIVE_CONDITION if takes_time else PRECONDITION
    key = ":condition" if takes_time else ":precondition"
    return Schema(
        name,
        parameters,
        read_condition(parts[key], inner, before),
        # a process changes numbers all the time: its (#t) stands outside (at ...)
        read_effect(parts[":effect"], inner, takes_time),
        _duration(parts[":duration"], inner) if takes_time else None,
        group.head[1:],
        group.line,
    )


def _parts(group: Group, name: str, scope: Scope) -> dict[str, Group]:
    """Return an operator's parts by keyword; all but parameters may be left out."""
    allowed = _PARTS[group.head]
    parts: dict[str, Group] = {}
    for i in range(2, len(group.items), 2):
        key = group.items[i]
        known = isinstance(key, str) and (key in allowed or key in _UNREAD_PARTS)
        if not isinstance(key, str) or not known:
            given = key if isinstance(key, str) else "("
            raise group.error(unknown("part of an operator", given, allowed), i)
        if key in parts:
            raise group.error(f"operator {name!r} has a second {key}", i)
        if i + 1 == len(group.items):
            raise group.error(f"{key} of operator {name!r} needs (...) behind it", i)
        if key in _UNREAD_PARTS:
            scope.uses.use(_UNREAD_PARTS[key], group)
            continue
        parts[key] = only_group(group, i + 1, key)
    if ":parameters" not in parts and group.head == ":action":
        raise group.error(f"operator {name!r} needs :parameters (...); () for none")
    for key in allowed:
        parts.setdefault(key, Group(group.file, group.line))
    return parts


def _duration(group: Group, scope: Scope) -> Condition:
    """Return the constraints on ``?duration``; TRUE where it may be anything."""
    if not group.items:
        scope.uses.use(Feature.DURATION_CHOICE, group)
        return TRUE
    waiting, found = [group], []
    while waiting:
        part = waiting.pop()
        if part.head == "and":
            waiting.extend(part_at(part, i) for i in range(len(part.items) - 1, 0, -1))
            continue
        if part.head == "at" and len(part.items) == 3:
            place = Place("a duration", timed=True)
        else:
            place = DURATION
            if part.head not in ("=", "<=", ">=", "<", ">"):
                raise part.error("expected (= ?duration NUMBER), or <= and >=")
        if part.head != "=":
            scope.uses.use(Feature.DURATION_CHOICE, part)
        found.append(read_condition(part, scope, place))
    return found[0] if len(found) == 1 else And(tuple(found))
