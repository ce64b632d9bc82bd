"""Names and typed lists of PDDL: types, objects and predicates as declared."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from jouleplan.domains.errors import near_matches
from jouleplan.domains.sexpr import Group
from jouleplan.domains.symbols import Predicate

_NAME = re.compile(r"[a-z0-9_][a-z0-9_-]*")
_ROOT = "object"
_KEYWORDS = ("and", "or", "not", "imply", "exists", "forall", "when", "preference")

Types = tuple[str, ...]
"""Alternatives of ``(either a b)``; mostly one type."""


def unknown(kind: str, given: str, allowed: Iterable[str]) -> str:
    """Return the reason for an undeclared name: near matches, or what is allowed."""
    near = near_matches(given, allowed)
    if near:
        return f"unknown {kind} {given!r}; did you mean {' or '.join(near)}?"
    names = sorted(allowed)
    listed = ", ".join(names[:12]) + (", ..." if len(names) > 12 else "")
    return f"unknown {kind} {given!r}; declared are {listed or 'none'}"


def only_name(group: Group, form: str) -> str:
    """Return the name in a group of a keyword and one name."""
    if len(group.items) != 2:
        raise group.error(f"expected ({form}) with one name")
    return name_at(group, 1)


def name_at(group: Group, i: int, mark: str = "") -> str:
    """Return item ``i`` as a name; ``mark`` is the ``?`` of a variable."""
    word = group.items[i]
    if isinstance(word, Group):
        raise group.error("expected a name, found a '('", i)
    if not word.startswith(mark) or not _NAME.fullmatch(word, len(mark)):
        raise group.error(
            f"{word[:40]!r} is no {'variable' if mark else 'name'}; it is made of "
            f"letters, digits, '-' and '_'{' after a ' + repr(mark) if mark else ''}",
            i,
        )
    return word


def typed_names(
    group: Group, start: int, mark: str = ""
) -> Iterator[tuple[int, Types]]:
    """Yield index and types of each name in ``a b - t c``, from item ``start``."""
    waiting: list[int] = []
    i = start
    while i < len(group.items):
        if group.items[i] != "-":
            name_at(group, i, mark)
            waiting.append(i)
            i += 1
            continue
        if not waiting or i + 1 == len(group.items):
            raise group.error("'-' needs names before it and a type behind it", i)
        types = _either(group, i + 1)
        yield from ((j, types) for j in waiting)
        waiting = []
        i += 2
    yield from ((j, (_ROOT,)) for j in waiting)


def _either(group: Group, i: int) -> Types:
    """Return item ``i``, a type or ``(either a b)``, as alternatives."""
    item = group.items[i]
    if not isinstance(item, Group):
        return (name_at(group, i),)
    if item.head != "either" or len(item.items) < 2:
        raise item.error("expected a type or (either TYPE ...)")
    return tuple(name_at(item, j) for j in range(1, len(item.items)))


def read_types(groups: list[Group]) -> dict[str, str | None]:
    """Return each type with its parent; the root ``object`` has none."""
    parents: dict[str, str | None] = {_ROOT: None}
    for group in groups:
        declared: dict[str, str] = {}
        for i, kinds in typed_names(group, 1):
            name = str(group.items[i])
            if len(kinds) > 1:
                raise group.unsupported("a type with several parents (either)")
            if name in declared:
                raise group.error(f"type {name!r} is declared twice", i)
            if name != _ROOT:
                declared[name] = kinds[0]
            elif kinds[0] != _ROOT:
                raise group.error("'object' is the root; it has no parent", i)
        parents |= declared
        parents |= {p: _ROOT for p in declared.values() if p not in parents}
        for name in declared:
            seen, current = {name}, parents[name]
            while current is not None:
                if current in seen:
                    raise group.error(f"type {name!r} is its own ancestor")
                seen.add(current)
                current = parents[current]
    return parents


def known_types(
    group: Group, start: int, types: Mapping[str, str | None], mark: str = ""
) -> dict[str, Types]:
    """Return the names of a typed list with their types, all of them declared."""
    found: dict[str, Types] = {}
    for i, kinds in typed_names(group, start, mark):
        name = str(group.items[i])
        for kind in kinds:
            if kind not in types:
                raise group.error(unknown("type", kind, types), i)
        if name in found:
            raise group.error(f"{name!r} is declared twice", i)
        found[name] = kinds
    return found


def read_objects(
    groups: list[Group], types: Mapping[str, str | None], known: Mapping[str, str]
) -> dict[str, str]:
    """Return ``known`` objects and those declared, each with its type."""
    objects = dict(known)
    for group in groups:
        for name, kinds in known_types(group, 1, types).items():
            if len(kinds) > 1:
                raise group.unsupported("an object of several types (either)")
            if name in objects:
                raise group.error(f"object {name!r} is declared twice")
            objects[name] = kinds[0]
    return objects


def read_predicates(
    groups: list[Group], types: Mapping[str, str | None]
) -> dict[str, Predicate]:
    """Return the declared predicates by name."""
    predicates: dict[str, Predicate] = {}
    for section in groups:
        for i, group in enumerate(section.items[1:], start=1):
            if not isinstance(group, Group) or not group.items:
                raise section.error("expected (NAME ?x - TYPE ...)", i)
            name = name_at(group, 0)
            if name in predicates:
                raise group.error(f"predicate {name!r} is declared twice")
            if name in _KEYWORDS:
                raise group.error(f"{name!r} is a word of PDDL, not a predicate's name")
            arguments = known_types(group, 1, types, "?")
            predicates[name] = Predicate(
                name, tuple(arguments), tuple(arguments.values())
            )
    return predicates
