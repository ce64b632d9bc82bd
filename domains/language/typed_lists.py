"""Names and typed lists: types, objects, predicates and functions as declared."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from jouleplan.domains.errors import near_matches
from jouleplan.domains.language.model import Signature, Types
from jouleplan.domains.language.sexpr import Group

_NAME = re.compile(r"[a-z0-9_][a-z0-9_.@+#/&$~^*'-]*")
_ROOT = "object"
_KEYWORDS = ("and", "or", "not", "imply", "exists", "forall", "when", "preference")


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
        word = group.items[i]
        glued = isinstance(word, str) and word.startswith("-") and word != "-"
        if word != "-" and not glued:
            name_at(group, i, mark)
            waiting.append(i)
            i += 1
            continue
        if not waiting or (not glued and i + 1 == len(group.items)):
            raise group.error("'-' needs names before it and a type behind it", i)
        types = (_glued(group, i),) if glued else _either(group, i + 1)
        yield from ((j, types) for j in waiting)
        waiting = []
        i += 1 if glued else 2
    yield from ((j, (_ROOT,)) for j in waiting)


def _glued(group: Group, i: int) -> str:
    """Return the type in ``-block``, which stands for ``- block``."""
    word = str(group.items[i])[1:]
    if not _NAME.fullmatch(word):
        raise group.error(f"{word[:40]!r} is no name of a type", i)
    return word


def _either(group: Group, i: int) -> Types:
    """Return item ``i``, a type or ``(either a b)``, as alternatives."""
    item = group.items[i]
    if not isinstance(item, Group):
        return (name_at(group, i),)
    if item.head != "either" or len(item.items) < 2:
        raise item.error("expected a type or (either TYPE ...)")
    return tuple(name_at(item, j) for j in range(1, len(item.items)))


def read_types(groups: list[Group]) -> dict[str, Types]:
    """Return each type with its parents; the root ``object`` has none."""
    parents: dict[str, Types] = {_ROOT: ()}
    for group in groups:
        declared: dict[str, Types] = {}
        for i, kinds in typed_names(group, 1):
            name = str(group.items[i])
            if name in declared:
                raise group.error(f"type {name!r} is declared twice", i)
            if name != _ROOT:
                declared[name] = kinds
            elif kinds != (_ROOT,):
                raise group.error("'object' is the root; it has no parent", i)
        parents |= declared
        for kinds in declared.values():
            parents |= {kind: (_ROOT,) for kind in kinds if kind not in parents}
        for name in declared:
            if _is_own_ancestor(name, parents):
                raise group.error(f"type {name!r} is its own ancestor")
    return parents


def _is_own_ancestor(name: str, parents: Mapping[str, Types]) -> bool:
    seen: set[str] = set()
    waiting = list(parents[name])
    while waiting:
        current = waiting.pop()
        if current == name:
            return True
        if current not in seen:
            seen.add(current)
            waiting.extend(parents[current])
    return False


def known_types(
    group: Group, start: int, types: Mapping[str, Types], mark: str = ""
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
    groups: list[Group], types: Mapping[str, Types], known: Mapping[str, Types]
) -> dict[str, Types]:
    """Return ``known`` objects and those declared, each with its types."""
    objects = dict(known)
    for group in groups:
        for name, kinds in known_types(group, 1, types).items():
            if name in objects:
                raise group.error(f"object {name!r} is declared twice")
            objects[name] = kinds
    return objects


def read_signatures(
    groups: list[Group], types: Mapping[str, Types], kind: str
) -> dict[str, Signature]:
    """Return declared predicates or functions (``kind``) by name.

    A ``- TYPE`` behind a function is passed over here; see `object_function`.
    """
    found: dict[str, Signature] = {}
    for section in groups:
        i = 1
        while i < len(section.items):
            group = section.items[i]
            if group == "-" and kind == "function" and i > 1:
                i += 2
                continue
            if not isinstance(group, Group) or not group.items:
                raise section.error("expected (NAME ?x - TYPE ...)", i)
            name = name_at(group, 0)
            if name in found:
                raise group.error(f"{kind} {name!r} is declared twice")
            if name in _KEYWORDS:
                raise group.error(f"{name!r} is a word of PDDL, not a {kind}'s name")
            arguments = known_types(group, 1, types, "?")
            found[name] = Signature(name, tuple(arguments.items()))
            i += 1
    return found


def object_function(groups: list[Group]) -> Group | None:
    """Return the section that types a function otherwise than ``number``."""
    for section in groups:
        for i, item in enumerate(section.items[:-1]):
            if item == "-" and section.items[i + 1] != "number":
                return section
    return None
