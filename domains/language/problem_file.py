"""Reads a problem file against its domain, strictly, and quickly where it is large."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path

from jouleplan.domains.errors import PddlError
from jouleplan.domains.language.conditions import (
    GOAL,
    part_at,
    read_condition,
    read_constraints,
)
from jouleplan.domains.language.domain_file import BEYOND
from jouleplan.domains.language.effects import read_effect
from jouleplan.domains.language.expressions import function_term, read_expression
from jouleplan.domains.language.features import Feature
from jouleplan.domains.language.model import (
    TRUE,
    Change,
    Condition,
    DomainModel,
    Fact,
    FunctionTerm,
    Metric,
    Number,
    ProblemModel,
    TimedChange,
    Types,
    Update,
)
from jouleplan.domains.language.scope import Scope, is_number
from jouleplan.domains.language.sections import (
    only_group,
    read_requirements,
    read_sections,
)
from jouleplan.domains.language.sexpr import Group, grouped
from jouleplan.domains.language.typed_lists import only_name, read_objects, unknown
from jouleplan.domains.language.uses import Uses

_SECTIONS = (
    ":domain",
    ":requirements",
    ":objects",
    ":init",
    ":goal",
    ":metric",
    ":constraints",
    ":length",
)
_UNREAD = {
    ":htn": Feature.METHODS,
    ":tasks": Feature.METHODS,
    ":goal-reward": Feature.PROBABILITY,
}
_UNKNOWN = {
    "oneof": Feature.OBSERVATION,
    "or": Feature.OBSERVATION,
    "unknown": Feature.OBSERVATION,
    "probabilistic": Feature.PROBABILITY,
}


def read_problem_model(path: Path, domain: DomainModel) -> ProblemModel:
    """Return the problem of ``domain`` that a PDDL file states.

    Args:
        path: A file that starts with ``(define (problem NAME)``.
        domain: The domain it must name in ``:domain``.

    Raises:
        PddlError: The file cannot be read, is no problem, is one of another domain,
            or does not fit together.
    """
    uses = Uses()
    name, sections, root = read_sections(path, "problem", _SECTIONS, (), _UNREAD, uses)
    needed = [":domain", ":init", ":goal"]
    if Feature.METHODS in uses.lines or Feature.METHODS in domain.features:
        needed.pop()
    for keyword in needed:
        if keyword not in sections:
            raise PddlError(path, 1, f"problem {name!r} has no ({keyword} ...)")
    (domain_group,) = sections[":domain"]
    given = only_name(domain_group, ":domain NAME")
    if given != domain.name:
        raise domain_group.error(
            f"problem {name!r} is one of domain {given!r}, not of {domain.name!r}; "
            "give it with its own domain file"
        )
    read_requirements(sections.get(":requirements", []))
    objects = read_objects(sections.get(":objects", []), domain.types, domain.constants)
    if any(len(kinds) > 1 for kinds in objects.values()):
        uses.use(Feature.EITHER, root)
    if not BEYOND.isdisjoint(uses.lines.keys() | domain.features.keys()):
        return ProblemModel(
            name, given, objects, frozenset(), {}, (), TRUE, features=uses.lines
        )
    scope = _scope(domain, objects, uses)
    facts, numbers, timed = _init(sections[":init"][0], scope)
    goal = read_condition(only_group(sections[":goal"][0], 1), scope, GOAL)
    constraints: Condition = TRUE
    for group in sections.get(":constraints", []):
        uses.use(Feature.CONSTRAINTS, group)
        constraints = read_constraints(group, scope)
    metric = None
    for group in sections.get(":metric", []):
        metric = _metric(group, scope)
    return ProblemModel(
        name,
        given,
        objects,
        facts,
        numbers,
        timed,
        goal,
        constraints,
        metric,
        uses.lines,
        uses.notes,
    )


def _scope(domain: DomainModel, objects: Mapping[str, Types], uses: Uses) -> Scope:
    return Scope(
        domain.types, objects, domain.predicates, domain.functions, uses, {}, {}
    )


def _init(
    group: Group, scope: Scope
) -> tuple[frozenset[Fact], dict[Fact, Fraction], tuple[TimedChange, ...]]:
    """Return facts, numbers and timed changes; ``(not ...)`` may repeat a falsehood."""
    true: set[Fact] = set()
    false: set[Fact] = set()
    numbers: dict[Fact, Fraction] = {}
    timed: list[TimedChange] = []
    fits = _Fit(scope)
    for i in range(1, len(group.items)):
        item = group.items[i]
        if not isinstance(item, Group) or item.head == "and":
            raise group.error(":init lists atoms such as (on a b), without 'and'", i)
        if fits.fact(item):
            true.add(tuple(item.items))  # type: ignore[arg-type]
        elif item.head == "=":
            term, value = _number(item, scope)
            key = (term.name, *term.terms)
            if numbers.setdefault(key, value) != value:
                raise item.error(f"({' '.join(key)}) has two values in :init")
        elif _is_timed(item):
            timed.append(_timed(item, scope))
        elif item.head in _UNKNOWN and item.head not in scope.predicates:
            scope.uses.use(_UNKNOWN[item.head], item)
        else:
            change = read_effect(item, scope)
            if not isinstance(change, Change):
                raise item.error(":init lists atoms, (= FUNCTION NUMBER) and (at ...)")
            fact = (change.atom.predicate, *change.atom.terms)
            (true if change.becomes else false).add(fact)
    for fact in sorted(true & false):
        raise group.error(
            f"{fact[0]}({', '.join(fact[1:])}) is both true and false in :init"
        )
    return frozenset(true), numbers, tuple(timed)


class _Fit:
    """Checks plain facts quickly; what is not plainly right is left to the scope."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._fitting: dict[tuple[str, int], frozenset[str]] = {}

    def fact(self, group: Group) -> bool:
        """Return whether ``group`` is a fact of known objects of the right types."""
        signature = self._scope.predicates.get(group.head)
        if signature is None or len(group.items) != len(signature.parameters) + 1:
            return False
        for i, (_, kinds) in enumerate(signature.parameters, start=1):
            fitting = self._fitting.get((group.head, i))
            if fitting is None:
                fitting = self._of(kinds)
                self._fitting[group.head, i] = fitting
            item = group.items[i]
            if isinstance(item, Group) or item not in fitting:
                return False
        return True

    def _of(self, kinds: Types) -> frozenset[str]:
        above = self._scope.ancestors
        wanted = set(kinds)
        return frozenset(
            name
            for name, given in self._scope.objects.items()
            if "object" in wanted or any(above(g) & wanted for g in given)
        )


def _is_timed(group: Group) -> bool:
    return (
        group.head == "at" and len(group.items) == 3 and is_number(group.items[1])
    ) and isinstance(group.items[2], Group)


def _timed(group: Group, scope: Scope) -> TimedChange:
    scope.uses.use(Feature.TIMED, group)
    inner = part_at(group, 2)
    time = Fraction(str(group.items[1]))
    if inner.head == "=":
        target, value = _number(inner, scope)
        return TimedChange(time, Update("assign", target, Number(value)))
    change = read_effect(inner, scope)
    if not isinstance(change, Change):
        raise group.error("(at TIME ...) takes an atom, (not ATOM) or (= FUNCTION N)")
    return TimedChange(time, change)


def _number(group: Group, scope: Scope) -> tuple[FunctionTerm, Fraction]:
    """Return what ``(= (FUNCTION object ...) NUMBER)`` gives a value, and the value."""
    target = grouped(group, 1)
    whole = len(group.items) == 3 and target is not None and is_number(group.items[2])
    if target is None or not whole or target.head not in scope.functions:
        if isinstance(target, Group) and target.head not in scope.functions:
            raise target.error(unknown("function", target.head, scope.functions))
        raise group.error(":init takes (= (FUNCTION object ...) NUMBER)")
    return function_term(target, scope), Fraction(str(group.items[2]))


def _metric(group: Group, scope: Scope) -> Metric:
    if len(group.items) != 3 or group.items[1] not in ("minimize", "maximize"):
        raise group.error("expected (:metric minimize EXPRESSION), or maximize")
    if group.items[1] == "maximize":
        scope.uses.use(Feature.MAXIMIZE, group)
    return Metric(str(group.items[1]), read_expression(group, 2, scope))
