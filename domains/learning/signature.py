"""Reads the line that declares the names of the transitions below it."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from jouleplan.domains.errors import near_matches
from jouleplan.domains.language.model import (
    DomainModel,
    Fact,
    Parameters,
    Schema,
    Signature,
    Types,
)
from jouleplan.domains.learning.write import VERSION

Refuse = Callable[[str], NoReturn]
"""Raises the error of the line that is read."""

_NAME = re.compile(r"[a-z0-9_][^\s();?:\"]*")
_RESERVED = frozenset(
    ("and", "or", "not", "imply", "exists", "forall", "when", "either", "define")
)
_KEYS = {
    "version": int,
    "domain": str,
    "types": dict,
    "constants": dict,
    "predicates": dict,
    "operators": dict,
    "objects": dict,
    "static": list,
}
_NEEDED = ("predicates", "operators", "objects")


@dataclass(frozen=True, slots=True)
class Names:
    """The names that transitions may use.

    Attributes:
        domain: Types, constants, predicates and parameters of operators.
        objects: Object -> type, constants included.
        static: Facts that hold in every state.
    """

    domain: DomainModel
    objects: Mapping[str, Types]
    static: frozenset[Fact]

    def fact(self, given: object, refuse: Refuse) -> Fact:
        """Return an atom, ``["on", "d1", "peg1"]``, its names and types checked."""
        words = words_of(
            given, 'an atom is a list such as ["on", "d1", "peg1"]', refuse
        )
        signature = self.domain.predicates.get(words[0])
        if signature is None:
            refuse(unknown_name("predicate", words[0], self.domain.predicates))
        self.check_objects(words, signature.parameters, refuse)
        return words

    def check_objects(
        self, words: Fact, parameters: Parameters, refuse: Refuse
    ) -> None:
        """Refuse objects of the wrong number, name or type."""
        name, objects = words[0], words[1:]
        if len(objects) != len(parameters):
            refuse(
                f"{name} takes {len(parameters)} objects, got {len(objects)}: "
                f"{' '.join(words)}"
            )
        for found, (variable, kinds) in zip(objects, parameters, strict=True):
            if found not in self.objects:
                refuse(unknown_name("object", found, self.objects))
            if not fits(self.domain, self.objects[found], kinds):
                refuse(
                    f"{' '.join(words)}: {found} is of type {self.objects[found][0]}, "
                    f"but {variable} of {name} of type {' or '.join(kinds)}"
                )


def fits(domain: DomainModel, given: Types, kinds: Types) -> bool:
    """Return whether a term of types ``given`` may stand where ``kinds`` are asked."""
    return "object" in kinds or any(
        not domain.ancestors(kind).isdisjoint(kinds) for kind in given
    )


def read_signature(given: Mapping[str, Any], refuse: Refuse) -> Names:
    """Return the names that a signature's line declares."""
    for key, value in given.items():
        if key not in _KEYS:
            refuse(f"unknown key {key!r} in the signature; keys: {', '.join(_KEYS)}")
        if not isinstance(value, _KEYS[key]):
            refuse(f"{key!r} is {type(value).__name__}, not {_KEYS[key].__name__}")
    missing = [key for key in _NEEDED if key not in given]
    if missing:
        refuse(f"the signature lacks {', '.join(missing)}")
    if given.get("version", VERSION) != VERSION:
        refuse(f"version {given['version']}; this program reads version {VERSION}")
    types = _types(given.get("types", {}), refuse)
    constants = _objects(given.get("constants", {}), types, refuse)
    predicates = {
        name: Signature(name, parameters)
        for name, parameters in _declared(given["predicates"], types, refuse)
    }
    schemas = {
        name: Schema(name, parameters)
        for name, parameters in _declared(given["operators"], types, refuse)
    }
    domain = DomainModel(
        _name(given.get("domain", "learned"), refuse),
        frozenset(),
        types,
        constants,
        predicates,
        {},
        schemas,
    )
    objects = {**constants, **_objects(given["objects"], types, refuse)}
    for name, kinds in constants.items():
        if objects[name] != kinds:
            refuse(f"{name!r} is both a constant and an object of another type")
    names = Names(domain, objects, frozenset())
    static = frozenset(names.fact(fact, refuse) for fact in given.get("static", []))
    return Names(domain, objects, static)


def _types(given: Mapping[str, object], refuse: Refuse) -> dict[str, Types]:
    types: dict[str, Types] = {"object": ()}
    for name, parents in given.items():
        if _name(name, refuse) != "object":
            types[name.lower()] = _kinds(parents, refuse)
    for name in types:
        for parent in types[name]:
            if parent not in types:
                refuse(unknown_name("type", parent, types))
    root: set[str] = {"object"}
    while len(root) < len(types):  # what is left hangs on itself
        more = {name for name in types if name not in root and root >= {*types[name]}}
        if not more:
            refuse(
                f"types that are their own parents: {', '.join(types.keys() - root)}"
            )
        root |= more
    return types


def _objects(
    given: Mapping[str, object], types: Collection[str], refuse: Refuse
) -> dict[str, Types]:
    found = {}
    for name, kind in given.items():
        kinds = _kinds(kind, refuse)
        if len(kinds) > 1:
            refuse(f"{name!r} has {len(kinds)} types; give an object one type")
        if kinds[0] not in types:
            refuse(unknown_name("type", kinds[0], types))
        found[_name(name, refuse)] = kinds
    return found


def _declared(
    given: Mapping[str, object], types: Collection[str], refuse: Refuse
) -> list[tuple[str, Parameters]]:
    """Return names with parameters: ``["disk"]``, or ``{"?d": "disk"}``."""
    found = []
    for name, parameters in given.items():
        if isinstance(parameters, list):
            parameters = {f"?x{i}": kind for i, kind in enumerate(parameters, start=1)}
        if not isinstance(parameters, dict):
            refuse(f'{name!r}: give parameters as ["disk"] or {{"?d": "disk"}}')
        typed = []
        for variable, kind in parameters.items():
            if not variable.startswith("?"):
                refuse(f"{name!r}: {variable!r} is no variable; it begins with '?'")
            kinds = _kinds(kind, refuse)
            for one in kinds:
                if one not in types:
                    refuse(unknown_name("type", one, types))
            typed.append((f"?{_name(variable[1:], refuse)}", kinds))
        found.append((_name(name, refuse), tuple(typed)))
    return found


def _kinds(given: object, refuse: Refuse) -> Types:
    words = [given] if isinstance(given, str) else given
    return tuple(
        _name(word, refuse)
        for word in words_of(words, "types are a name or a list of names", refuse)
    )


def _name(word: str, refuse: Refuse) -> str:
    """Return a name in lower case; refuse what would be no name in PDDL."""
    lower = word.lower()
    if not _NAME.fullmatch(lower) or lower in _RESERVED:
        refuse(
            f"{word!r} is no name: letters, digits, '-' and '_', and none of "
            f"{', '.join(sorted(_RESERVED))}"
        )
    return lower


def words_of(given: object, wanted: str, refuse: Refuse) -> Fact:
    """Return a list of words in lower case; ``wanted`` says what it should be."""
    if not isinstance(given, list) or not given:
        refuse(f"{given!r}: {wanted}")
    if not all(isinstance(word, str) for word in given):
        refuse(f"{given!r}: {wanted}")
    return tuple(word.lower() for word in given)


def unknown_name(kind: str, given: str, allowed: Collection[str]) -> str:
    """Return what is wrong with a name that is not declared, and those that are."""
    near = near_matches(given, allowed)
    meant = f"; did you mean {' or '.join(near)}?" if near else ""
    names = list(allowed)
    listed = ", ".join(names[:12]) + (", ..." if len(names) > 12 else "")
    return f"unknown {kind} {given!r}{meant} There are {listed or 'none'}"
