"""Reads PDDL files into symbols, strictly: what is doubtful is an error.

STRIPS with types, constants, negative preconditions and equality. Any other feature
raises UnsupportedPddlError with its name; whatever does not fit together raises
PddlError with file and line. `:requirements` are checked for spelling only: a feature
counts where it is used. A parent type that is declared nowhere else is a type of its
own, as in the planners.
"""

from __future__ import annotations

from pathlib import Path

from jouleplan.domains.conditions import FEATURES, Scope
from jouleplan.domains.errors import PddlError
from jouleplan.domains.sexpr import Group, read_group
from jouleplan.domains.symbols import Domain, GroundAtom, Operator, Problem, State
from jouleplan.domains.typed_lists import (
    known_types,
    name_at,
    only_name,
    read_objects,
    read_predicates,
    read_types,
    unknown,
)

_DOMAIN_SECTIONS = (":requirements", ":types", ":constants", ":predicates", ":action")
_OPERATOR_PARTS = (":parameters", ":precondition", ":effect")
_PROBLEM_SECTIONS = (":domain", ":requirements", ":objects", ":init", ":goal")
_REQUIREMENTS = (
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
    ":preferences",
    ":constraints",
    ":action-costs",
)


def read_domain(path: Path) -> Domain:
    """Return the domain that a PDDL file states.

    Args:
        path: A file that starts with ``(define (domain NAME)``.

    Raises:
        PddlError: The file cannot be read, is no domain, or does not fit together.
        UnsupportedPddlError: It uses a feature beyond those of this module.
    """
    name, sections = _sections(path, "domain", _DOMAIN_SECTIONS)
    types = read_types(sections.get(":types", []))
    operators: dict[str, Operator] = {}
    domain = Domain(
        name,
        types,
        read_objects(sections.get(":constants", []), types, {}),
        read_predicates(sections.get(":predicates", []), types),
        operators,
        _requirements(sections.get(":requirements", [])),
    )
    for group in sections.get(":action", []):
        operator = _operator(group, domain)
        if operator.name in operators:
            raise group.error(f"operator {operator.name!r} is declared twice")
        operators[operator.name] = operator
    return domain


def read_problem(path: Path, domain: Domain) -> Problem:
    """Return the problem of ``domain`` that a PDDL file states.

    Args:
        path: A file that starts with ``(define (problem NAME)``.
        domain: The domain it must name in ``:domain``.

    Raises:
        PddlError: The file cannot be read, is no problem, is one of another domain,
            or does not fit together.
        UnsupportedPddlError: It uses a feature beyond those of this module.
    """
    name, sections = _sections(path, "problem", _PROBLEM_SECTIONS)
    for needed in (":domain", ":init", ":goal"):
        if needed not in sections:
            raise PddlError(path, 1, f"problem {name!r} has no ({needed} ...)")
    (domain_group,) = sections[":domain"]
    given = only_name(domain_group, ":domain NAME")
    if given != domain.name:
        raise domain_group.error(
            f"problem {name!r} is one of domain {given!r}, not of {domain.name!r}; "
            "give it with its own domain file"
        )
    _requirements(sections.get(":requirements", []))
    objects = read_objects(sections.get(":objects", []), domain.types, domain.constants)
    scope = Scope(domain, objects, {})
    (init_group,), (goal_group,) = sections[":init"], sections[":goal"]
    goal = scope.condition(_only_group(goal_group, 1), "a goal")
    return Problem(
        name,
        domain.name,
        objects,
        _init(init_group, scope),
        goal.positive,
        goal.negative,
    )


def _init(group: Group, scope: Scope) -> State:
    """Return the atoms of ``:init``; ``(not ...)`` may repeat that an atom is false."""
    true: set[GroundAtom] = set()
    false: set[GroundAtom] = set()
    for i in range(1, len(group.items)):
        item = group.items[i]
        if not isinstance(item, Group) or item.head == "and":
            raise group.error(":init lists atoms such as (on a b), without 'and'", i)
        if item.head == "=":
            raise item.unsupported("numeric fluents (= in :init)")
        if item.head in scope.domain.predicates:
            true.add(scope.atom(item))
            continue
        literal = scope.condition(item, ":init")
        true |= literal.positive
        false |= literal.negative
    for atom in sorted(true & false):
        raise group.error(f"{atom} is both true and false in :init")
    return frozenset(true)


def _sections(
    path: Path, kind: str, allowed: tuple[str, ...]
) -> tuple[str, dict[str, list[Group]]]:
    """Return a file's name and its sections by keyword, in their order."""
    root = read_group(path)
    header = root.items[1] if len(root.items) > 1 else None
    if root.head != "define" or not isinstance(header, Group):
        raise root.error(f"not PDDL: it must start with (define ({kind} NAME)")
    if header.head != kind:
        other = {"domain": "a domain file", "problem": "a problem file"}
        found = other.get(header.head, f"({header.head} ...)")
        swap = "; are domain and problem swapped?" if header.head in other else ""
        raise header.error(
            f"expected {other[kind]}, (define ({kind} NAME), found {found}{swap}"
        )
    sections: dict[str, list[Group]] = {}
    for i, group in enumerate(root.items[2:], start=2):
        if not isinstance(group, Group) or group.head not in allowed:
            word = group.head if isinstance(group, Group) else group
            if isinstance(group, Group) and word in FEATURES:
                raise group.unsupported(FEATURES[word])
            raise root.error(unknown(f"section of a {kind}", word, allowed), i)
        if group.head in sections and group.head != ":action":
            raise group.error(f"a second ({group.head} ...); join the two")
        sections.setdefault(group.head, []).append(group)
    return only_name(header, f"{kind} NAME"), sections


def _requirements(groups: list[Group]) -> frozenset[str]:
    """Return the requirements, spelt as PDDL 3.1 spells them."""
    found = set()
    for group in groups:
        for i, word in enumerate(group.items[1:], start=1):
            if word not in _REQUIREMENTS:
                given = word if isinstance(word, str) else "("
                raise group.error(unknown("requirement", given, _REQUIREMENTS), i)
            found.add(str(word))
    return frozenset(found)


def _operator(group: Group, domain: Domain) -> Operator:
    """Return the operator that an ``(:action ...)`` states."""
    if len(group.items) < 2:
        raise group.error("(:action ...) needs a name")
    name = name_at(group, 1)
    parts = _operator_parts(group, name)
    variables = known_types(parts[":parameters"], 0, domain.types, "?")
    scope = Scope(domain, domain.constants, variables)
    before = scope.condition(parts[":precondition"], "a precondition", equality=True)
    after = scope.condition(parts[":effect"], "an effect")
    return Operator(
        name,
        tuple(variables),
        tuple(variables.values()),
        before.positive,
        before.negative,
        after.positive,
        after.negative,
        before.equalities,
    )


def _operator_parts(group: Group, name: str) -> dict[str, Group]:
    """Return parameters, precondition and effect; the last two may be left out."""
    parts: dict[str, Group] = {}
    for i in range(2, len(group.items), 2):
        key = group.items[i]
        if not isinstance(key, str) or key not in _OPERATOR_PARTS:
            given = key if isinstance(key, str) else "("
            raise group.error(unknown("part of an operator", given, _OPERATOR_PARTS), i)
        if key in parts:
            raise group.error(f"operator {name!r} has a second {key}", i)
        if i + 1 == len(group.items):
            raise group.error(f"{key} of operator {name!r} needs (...) behind it", i)
        parts[key] = _only_group(group, i + 1, key)
    if ":parameters" not in parts:
        raise group.error(f"operator {name!r} needs :parameters (...); () for none")
    for key in _OPERATOR_PARTS:
        parts.setdefault(key, Group(group.file, group.line))
    return parts


def _only_group(group: Group, i: int, what: str = "") -> Group:
    """Return item ``i`` of ``group``, which must be parenthesised."""
    if not what and len(group.items) != 2:
        raise group.error(f"({group.head} ...) holds one condition; join by (and ...)")
    item = group.items[i]
    if not isinstance(item, Group):
        raise group.error(f"{what or group.head} takes (...), got {item!r}", i)
    return item
