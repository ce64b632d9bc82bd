"""Reads transitions from a file of JSON lines; nothing in it is executed.

The first line declares the names (see `jouleplan.domains.learning.signature`), each
other one is a transition. A further line that declares names brings other objects for
the lines below it, so that files of one domain may be joined.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NoReturn

from jouleplan.domains.learning.errors import TransitionsError
from jouleplan.domains.learning.signature import (
    Names,
    Refuse,
    read_signature,
    unknown_name,
    words_of,
)
from jouleplan.domains.learning.transition import Recording, Transition

_SQLITE = b"SQLite format 3\0"
_KEYS = {"before", "operator", "after"}


def read_transitions(path: Path) -> Recording:
    """Return what a file of transitions holds.

    Raises:
        TransitionsError: It cannot be read, is empty, is no JSON, or a line uses names
            that are not declared, or uses them wrongly; the line is named.
    """
    return read_lines(path, _lines(path))


def read_lines(path: Path, lines: Iterable[str]) -> Recording:
    """Return what lines of transitions hold; see :func:`read_transitions`.

    Args:
        path: Where they come from, for errors.
        lines: JSON, one object each.

    Raises:
        TransitionsError: As for :func:`read_transitions`.
    """
    names: Names | None = None
    transitions = []
    for number, text in enumerate(lines, start=1):
        if not text.strip():
            continue

        def refuse(reason: str, number: int = number) -> NoReturn:
            raise TransitionsError(path, number, reason)

        document = _document(text, refuse)
        if "operator" not in document:
            names = _joined(names, read_signature(document, refuse), refuse)
        elif names is None:
            refuse("a transition before the signature; declare the names first")
        else:
            transitions.append(_transition(document, names, number, refuse))
    if names is None:
        raise TransitionsError(
            path, 0, "the file is empty; its first line declares the names"
        )
    return Recording(names.domain, tuple(transitions))


def _lines(path: Path) -> list[str]:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise TransitionsError(path, 0, f"cannot be read: {error.strerror}") from None
    if content.startswith(_SQLITE):
        raise TransitionsError(
            path,
            0,
            "this is an SQLite database; a ledger is read by `jouleplan learn-domain`",
        )
    try:
        return content.decode("utf-8-sig").split("\n")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise TransitionsError(path, line, "not UTF-8 text") from None


def _document(text: str, refuse: Refuse) -> dict[str, Any]:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        refuse(f"not JSON: {error}")
    if not isinstance(document, dict):
        refuse("each line is one JSON object, {...}")
    found: dict[str, Any] = document
    return found


def _joined(old: Names | None, new: Names, refuse: Refuse) -> Names:
    """Return the names from here on; the domain's own must be the same in all lines."""
    if old is not None:
        for part in ("name", "types", "constants", "predicates", "schemas"):
            if getattr(old.domain, part) != getattr(new.domain, part):
                refuse(
                    "this signature is of another domain than the first: its "
                    f"{'operators' if part == 'schemas' else part} differ"
                )
    return new


def _transition(
    document: dict[str, Any], names: Names, number: int, refuse: Refuse
) -> Transition:
    if document.keys() != _KEYS:
        refuse(f"a transition has the keys before, operator, after; got {[*document]}")
    for key in ("before", "after"):
        if not isinstance(document[key], list):
            refuse(f"{key!r} is not a list of atoms")
    wanted = 'an operator is a list such as ["pick", "d1", "peg1"]'
    words = words_of(document["operator"], wanted, refuse)
    schema = names.domain.schemas.get(words[0])
    if schema is None:
        refuse(unknown_name("operator", words[0], names.domain.schemas))
    names.check_objects(words, schema.parameters, refuse)
    before, after = (
        frozenset(names.fact(fact, refuse) for fact in document[key]) | names.static
        for key in ("before", "after")
    )
    return Transition(number, words[0], words[1:], before, after)
