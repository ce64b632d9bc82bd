"""The frame of a PDDL file: ``(define (domain NAME) (:section ...) ...)``."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from jouleplan.domains.language.features import Feature
from jouleplan.domains.language.sexpr import Group, read_group
from jouleplan.domains.language.typed_lists import only_name, unknown
from jouleplan.domains.language.uses import Uses

REQUIREMENTS = frozenset(
    (
        ":strips",
        ":typing",
        ":negative-preconditions",
        ":disjunctive-preconditions",
        ":equality",
        ":existential-preconditions",
        ":universal-preconditions",
        ":quantified-preconditions",
        ":conditional-effects",
        ":fluents",
        ":numeric-fluents",
        ":object-fluents",
        ":adl",
        ":durative-actions",
        ":duration-inequalities",
        ":continuous-effects",
        ":derived-predicates",
        ":timed-initial-literals",
        ":timed-effects",
        ":timed-initial-fluents",
        ":timed-initial-effects",
        ":preferences",
        ":constraints",
        ":action-costs",
        ":goal-utilities",
        ":time",
        ":probabilistic-effects",
        ":rewards",
        ":mdp",
        ":non-deterministic",
        ":contingent",
        ":partial-observability",
        ":unknown",
        ":hierarchy",
        ":method-preconditions",
        ":htn",
        ":open-world",
        ":domain-axioms",
        ":true-negation",
        ":constant-initial-values",
    )
)
_FILES = {"domain": "a domain file", "problem": "a problem file"}


def read_sections(
    path: Path,
    kind: str,
    allowed: tuple[str, ...],
    repeatable: tuple[str, ...],
    unread: Mapping[str, Feature],
    uses: Uses,
) -> tuple[str, dict[str, list[Group]], Group]:
    """Return a file's name, its sections by keyword, and the whole file.

    Args:
        path: The file.
        kind: ``domain`` or ``problem``.
        allowed: Sections that are read.
        repeatable: Those that may stand several times.
        unread: Sections that are not read, with the feature each belongs to.
        uses: Where those are recorded.

    Raises:
        PddlError: The file cannot be read, is of another kind, or a section is unknown
            or given twice.
    """
    root = read_group(path)
    header = root.items[1] if len(root.items) > 1 else None
    if root.head != "define" or not isinstance(header, Group):
        raise root.error(f"not PDDL: it must start with (define ({kind} NAME)")
    if header.head != kind:
        found = _FILES.get(header.head, f"({header.head} ...)")
        swap = "; are domain and problem swapped?" if header.head in _FILES else ""
        raise header.error(
            f"expected {_FILES[kind]}, (define ({kind} NAME), found {found}{swap}"
        )
    sections: dict[str, list[Group]] = {}
    for i, group in enumerate(root.items[2:], start=2):
        if isinstance(group, Group) and group.head in unread:
            uses.use(unread[group.head], group)
        elif not isinstance(group, Group) or group.head not in allowed:
            word = group.head if isinstance(group, Group) else group
            raise root.error(unknown(f"section of a {kind}", word, allowed), i)
        elif group.head in sections and group.head not in repeatable:
            raise group.error(f"a second ({group.head} ...); join the two")
        else:
            sections.setdefault(group.head, []).append(group)
    return only_name(header, f"{kind} NAME"), sections, root


def read_requirements(groups: list[Group]) -> frozenset[str]:
    """Return the declared requirements, spelt as PDDL spells them."""
    found = set()
    for group in groups:
        for i, word in enumerate(group.items[1:], start=1):
            if word not in REQUIREMENTS:
                given = word if isinstance(word, str) else "("
                raise group.error(unknown("requirement", given, REQUIREMENTS), i)
            found.add(str(word))
    return frozenset(found)


def only_group(group: Group, i: int, what: str = "") -> Group:
    """Return item ``i`` of ``group``, which must be parenthesised."""
    if not what and len(group.items) != 2:
        raise group.error(f"({group.head} ...) holds one condition; join by (and ...)")
    item = group.items[i]
    if not isinstance(item, Group):
        raise group.error(f"{what or group.head} takes (...), got {item!r}", i)
    return item
