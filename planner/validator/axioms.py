"""Derived predicates: least fixpoints, stratum by stratum, when they are asked for.

Source: Edelkamp and Hoffmann 2004, PDDL2.2, sec. 2 (semantics); semi-naive evaluation
as in Ullman 1988, Principles of Database and Knowledge-Base Systems, vol. 1.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from jouleplan.domains.language.model import (
    And,
    Atom,
    Axiom,
    Compare,
    Condition,
    Exists,
    Fact,
    Forall,
    Not,
    Or,
)
from jouleplan.planner.validator.errors import NotValidatedError
from jouleplan.planner.validator.joins import Join, State, join_of, solve
from jouleplan.planner.validator.relations import Positions, Relations
from jouleplan.planner.validator.rules import Rule, rules_of


@dataclass(frozen=True, slots=True)
class _Compiled:
    """A rule of a derived predicate.

    Attributes:
        head: The predicate and the variables of its facts.
        whole: The join over all facts.
        steps: Joins that begin with an atom of the same stratum.
        opaque: Whether the stratum is also read inside a test, so that what follows
            from newly derived facts cannot be found by joins that begin with them.
    """

    head: tuple[str, ...]
    whole: Join
    steps: tuple[tuple[str, Join], ...]
    opaque: bool


class Axioms:
    """The derived predicates of a task in the state as it is."""

    __slots__ = ("_axioms", "_levels", "_needs", "_ready", "_rules", "_touched")

    def __init__(self, axioms: tuple[Axiom, ...]) -> None:
        """Order ``axioms`` into strata.

        Raises:
            NotValidatedError: A predicate is derived from its own negation.
        """
        self._axioms = axioms
        self._levels = _strata(axioms)
        self._needs = {name: _needs(name, axioms) for name in self._levels}
        self._ready: dict[str, Relations] = {}
        self._rules: dict[str, tuple[_Compiled, ...]] = {}
        self._touched: dict[str, tuple[str, ...]] = {}
        for name, needs in self._needs.items():
            for need in needs:
                self._touched[need] = (*self._touched.get(need, ()), name)

    def __contains__(self, predicate: str) -> bool:
        """Return whether ``predicate`` is derived."""
        return predicate in self._levels

    def needs(self, predicate: str) -> frozenset[str]:
        """Return the predicates that ``predicate`` is derived from, "<" for numbers."""
        return self._needs[predicate]

    def changed(self, predicate: str) -> None:
        """Forget what is derived from ``predicate``; "<" stands for any number."""
        for name in self._touched.get(predicate, ()):
            self._ready.pop(name, None)

    def has(self, state: State, fact: Fact) -> bool:
        """Return whether ``fact`` is derived in ``state``."""
        return fact in self._derived(state, fact[0]).facts

    def matching(
        self, state: State, predicate: str, places: Positions, objects: tuple[str, ...]
    ) -> Collection[Fact]:
        """Return the derived facts with ``objects`` at ``places``."""
        return self._derived(state, predicate).matching(predicate, places, objects)

    def _derived(self, state: State, predicate: str) -> Relations:
        if predicate not in self._ready:
            lower: dict[int, list[str]] = {}
            for name in {predicate} | (self._needs[predicate] & self._levels.keys()):
                if name not in self._ready:
                    lower.setdefault(self._levels[name], []).append(name)
            for level in sorted(lower):
                self._fill(state, lower[level])
        return self._ready[predicate]

    def _fill(self, state: State, names: Iterable[str]) -> None:
        rules: list[_Compiled] = []
        for name in names:
            self._ready[name] = Relations()
            rules.extend(self._compiled(name))
        fresh = self._added(_facts(state, rule, rule.whole) for rule in rules)
        while fresh:
            found = [
                _facts(state, rule, join, facts)
                for rule in rules
                for predicate, join in rule.steps
                if (facts := [fact for fact in fresh if fact[0] == predicate])
            ]
            found += [_facts(state, rule, rule.whole) for rule in rules if rule.opaque]
            fresh = self._added(found)

    def _added(self, found: Iterable[set[Fact]]) -> list[Fact]:
        return [
            fact
            for facts in list(found)
            for fact in facts
            if self._ready[fact[0]].add(fact)
        ]

    def _compiled(self, name: str) -> tuple[_Compiled, ...]:
        if name not in self._rules:
            level = self._levels[name]
            peers = {other for other, at in self._levels.items() if at == level}
            self._rules[name] = tuple(
                _compile(axiom, rule, peers)
                for axiom in self._axioms
                if axiom.predicate == name
                for rule in rules_of(axiom.parameters, axiom.condition, True)
            )
        return self._rules[name]


def _facts(
    state: State, rule: _Compiled, join: Join, source: Iterable[Fact] | None = None
) -> set[Fact]:
    """Return the facts that ``join`` of ``rule`` finds."""
    name, *variables = rule.head
    return {
        (name, *[found[variable] for variable in variables])
        for found in solve(state, join, {}, False, source)
    }


def _compile(axiom: Axiom, rule: Rule, peers: set[str]) -> _Compiled:
    return _Compiled(
        (axiom.predicate, *(name for name, _ in axiom.parameters)),
        join_of(rule),
        tuple(
            (atom.predicate, join_of(rule, index))
            for index, atom in enumerate(rule.atoms)
            if atom.predicate in peers
        ),
        any(name in peers for test, _ in rule.tests for name, _ in _read(test, True)),
    )


def _read(condition: Condition, kept: bool) -> Iterator[tuple[str, bool]]:
    """Yield the predicates in ``condition``, and whether they stand unnegated."""
    match condition:
        case Atom(name, _):
            yield name, kept
        case Compare():
            yield "<", True
        case Not(part):
            yield from _read(part, not kept)
        case And(parts) | Or(parts):
            for part in parts:
                yield from _read(part, kept)
        case Exists(_, part) | Forall(_, part):
            yield from _read(part, kept)


def _strata(axioms: tuple[Axiom, ...]) -> Mapping[str, int]:
    levels = {axiom.predicate: 0 for axiom in axioms}
    moved = True
    while moved:
        moved = False
        for axiom in axioms:
            read = _read(axiom.condition, True)
            below = (levels[name] + (not kept) for name, kept in read if name in levels)
            level = max(below, default=0)
            if level > levels[axiom.predicate]:
                levels[axiom.predicate], moved = level, True
            if level > len(levels):
                raise NotValidatedError(
                    f"the derived predicate {axiom.predicate!r} depends on its own "
                    "negation"
                )
    return levels


def _needs(predicate: str, axioms: tuple[Axiom, ...]) -> frozenset[str]:
    found: set[str] = set()
    waiting = [predicate]
    while waiting:
        current = waiting.pop()
        for axiom in axioms:
            if axiom.predicate == current:
                read = {name for name, _ in _read(axiom.condition, True)} - found
                found |= read
                waiting.extend(read)
    return frozenset(found)
