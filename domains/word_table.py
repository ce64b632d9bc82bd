"""Reads [words] of domain.toml: how tasks, operators and objects are told to people.

All of it may be left out; see ``Words`` for what is said then.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from jouleplan.domains.faults import Faults, Table, shown
from jouleplan.domains.symbols import Domain

KEYS: Final = ("task", "objects", "operators", "predicates")
LONGEST: Final = 200
"""Characters of one text."""
_PLACE: Final = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class WordTable:
    """What a domain.toml says in words.

    Attributes:
        task: What to do, e.g. "Play Towers of Hanoi."; empty where the goal is told.
        objects: Type or object -> noun.
        operators: Operator -> sentence, with ``{?d}`` for what stands for ``?d``.
        predicates: Predicate -> sentence that asks for it, likewise.
    """

    task: str = ""
    objects: Mapping[str, str] = field(default_factory=dict)
    operators: Mapping[str, str] = field(default_factory=dict)
    predicates: Mapping[str, str] = field(default_factory=dict)


def read_words(words: Table, domain: Domain, faults: Faults) -> WordTable:
    """Return the [words] table; what does not fit is added to ``faults``.

    Args:
        words: The table.
        domain: Names operators and predicates.
        faults: Takes what does not fit.
    """
    faults.keys(words, KEYS, "words")
    operators = {name: o.parameters for name, o in domain.operators.items()}
    predicates = {name: p.parameters for name, p in domain.predicates.items()}
    task = words.get("task", "")
    return WordTable(
        task=_text(task, "words.task", faults) if task else "",
        objects={
            name: _text(noun, f"words.objects.{name}", faults)
            for name, noun in faults.named(
                words.get("objects", {}), "words.objects"
            ).items()
        },
        operators=_sentences(words, "operators", operators, faults),
        predicates=_sentences(words, "predicates", predicates, faults),
    )


def _sentences(
    words: Table, key: str, known: Mapping[str, tuple[str, ...]], faults: Faults
) -> dict[str, str]:
    where = f"words.{key}"
    found: dict[str, str] = {}
    for name, value in faults.named(words.get(key, {}), where).items():
        if name not in known:
            faults.unknown(where, name, known)
            continue
        found[name] = _sentence(value, known[name], f"{where}.{name}", faults)
    return found


def _sentence(
    value: object, parameters: tuple[str, ...], where: str, faults: Faults
) -> str:
    """Return a sentence whose places all stand for one of ``parameters``."""
    text = _PLACE.sub(lambda place: place[0].lower(), _text(value, where, faults))
    for place in _PLACE.findall(text):
        if place not in parameters:
            faults.unknown(where, place, parameters)
    return text


def _text(value: object, where: str, faults: Faults) -> str:
    """Return ``value`` if it is a short text, else nothing and a fault."""
    if isinstance(value, str) and 0 < len(value) <= LONGEST and value.isprintable():
        return value
    faults.add(
        where, f"{shown(value)}; give a text of 1 to {LONGEST} printable characters"
    )
    return ""
