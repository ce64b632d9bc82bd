"""A state of a task that changes in place, and what is true in it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from jouleplan.domains.language.model import (
    And,
    Atom,
    Compare,
    Condition,
    Exists,
    Expression,
    Fact,
    Forall,
    Not,
    Or,
    Parameters,
    Preference,
    Same,
    TaskModel,
)
from jouleplan.planner.validator.axioms import Axioms
from jouleplan.planner.validator.errors import NotValidatedError, UndefinedNumberError
from jouleplan.planner.validator.joins import Join, join_of, solve
from jouleplan.planner.validator.numbers import compares, value_of
from jouleplan.planner.validator.objects import TypedObjects
from jouleplan.planner.validator.relations import Positions, Relations
from jouleplan.planner.validator.rules import rules_of

Binding = Mapping[str, str]
"""Variable -> object."""


@dataclass(frozen=True, slots=True)
class WorldState:
    """A state as a value: what is true, and the numbers; derived facts left out."""

    facts: frozenset[Fact]
    numbers: Mapping[Fact, Fraction]


class World:
    """A state that is changed step by step; nothing is copied on the way.

    Attributes:
        task: The task it is of.
        objects: Objects by type.
        numbers: Values of the functions; changed by ``set_number`` only.
        given: Values of ``?duration``, ``#t``, ``total-time`` and, by
            ``is-violated NAME``, counts, while what reads them is evaluated.
    """

    __slots__ = ("_axioms", "_facts", "_joins", "given", "numbers", "objects", "task")

    def __init__(self, task: TaskModel, state: WorldState | None = None) -> None:
        """Begin in ``state``, the initial state of ``task`` where it is None."""
        facts, numbers = task.problem.facts, task.problem.numbers
        if state is not None:
            facts, numbers = state.facts, state.numbers
        self.task = task
        self.objects = TypedObjects(task)
        self.numbers = dict(numbers)
        if _TOTAL_COST[0] in task.domain.functions:
            # By PDDL 3.1 it begins at 0; files leave that out, and engines let them.
            self.numbers.setdefault(_TOTAL_COST, Fraction(0))
        self.given: Mapping[str, Fraction] = {}
        self._facts = Relations(facts)
        self._axioms = Axioms(task.domain.axioms)
        # By identity: hashing a condition would walk all of it. The condition is kept
        # along with its joins, so that no other can take its identity.
        self._joins: dict[tuple[int, int, bool], tuple[object, tuple[Join, ...]]] = {}

    def snapshot(self) -> WorldState:
        """Return a copy of the state."""
        return WorldState(frozenset(self._facts.facts), dict(self.numbers))

    def holds(self, condition: Condition, binding: Binding) -> bool:
        """Return whether ``condition`` is true; ``binding`` has its variables.

        A comparison with an undefined number is not true, and neither is its negation.
        A preference does not have to hold.
        """
        return self.truth(condition, binding, True, False)

    def evaluate(self, expression: Expression, binding: Binding) -> Fraction:
        """Return the value of ``expression``.

        Raises:
            UndefinedNumberError: A number without a value, or a division by zero.
        """
        return value_of(expression, binding, self.numbers, self.given)

    def has(self, fact: Fact) -> bool:
        """Return whether ``fact`` is true, derived or not."""
        if fact[0] in self._axioms:
            return self._axioms.has(self, fact)
        return fact in self._facts.facts

    def reads(self, predicate: str) -> frozenset[str]:
        """Return what a derived predicate depends on, "<" for numbers; else nothing."""
        return self._axioms.needs(predicate) if predicate in self._axioms else _NOTHING

    def change(self, adds: Iterable[Fact], deletes: Iterable[Fact]) -> None:
        """Make ``deletes`` false, then ``adds`` true."""
        for fact in deletes:
            if self._facts.discard(fact):
                self._axioms.changed(fact[0])
        for fact in adds:
            if self._facts.add(fact):
                self._axioms.changed(fact[0])

    def set_numbers(self, values: Mapping[Fact, Fraction]) -> None:
        """Give numbers their values."""
        if values:
            self.numbers.update(values)
            self._axioms.changed("<")

    def matching(
        self, predicate: str, positions: Positions, objects: tuple[str, ...]
    ) -> Collection[Fact]:
        """Return the facts of ``predicate`` with ``objects`` at ``positions``."""
        if predicate in self._axioms:
            return self._axioms.matching(self, predicate, positions, objects)
        return self._facts.matching(predicate, positions, objects)

    def truth(
        self, condition: Condition, binding: Binding, want: bool, unknown: bool
    ) -> bool:
        """Return whether ``condition`` is as it is wanted.

        Args:
            condition: The condition.
            binding: Objects of its variables.
            want: Whether it is to be true or false.
            unknown: What to return where a number has no value.
        """
        match condition:
            case Atom(name, terms):
                fact = (name, *[binding.get(term, term) for term in terms])
                return self.has(fact) is want
            case Not(part):
                return self.truth(part, binding, not want, unknown)
            case And(parts) | Or(parts):
                if isinstance(condition, And) is want:
                    for part in parts:
                        if not self.truth(part, binding, want, unknown):
                            return False
                    return True
                return any(self.truth(part, binding, want, unknown) for part in parts)
            case Same(left, right):
                same = binding.get(left, left) == binding.get(right, right)
                return same is want
            case Compare():
                return self._compares(condition, binding, want, unknown)
            case Exists(parameters, part) | Forall(parameters, part):
                some = isinstance(condition, Exists)
                if some is want:
                    return self._any(parameters, part, binding, want, unknown)
                return not self._any(parameters, part, binding, some, not unknown)
            case Preference():
                return want
        raise NotValidatedError(
            f"a condition of the kind {type(condition).__name__} is not expected here"
        )

    def solutions(
        self,
        parameters: Parameters,
        condition: Condition,
        binding: Binding,
        want: bool = True,
        unknown: bool = False,
    ) -> Iterator[dict[str, str]]:
        """Yield ``binding`` with all objects for ``parameters`` that satisfy.

        Args:
            parameters: Variables to find objects for.
            condition: What must be as it is wanted.
            binding: Objects of the other variables.
            want: Whether ``condition`` is to be true or false.
            unknown: What a comparison with an undefined number counts as.
        """
        names = [name for name, _ in parameters]
        seen = set()
        for join in self._joins_of(parameters, condition, want):
            for found in solve(self, join, dict(binding), unknown):
                objects = tuple([found[name] for name in names])
                if objects not in seen:
                    seen.add(objects)
                    yield {**binding, **dict(zip(names, objects, strict=True))}

    def _any(
        self,
        parameters: Parameters,
        part: Condition,
        binding: Binding,
        want: bool,
        unknown: bool,
    ) -> bool:
        return any(
            True
            for join in self._joins_of(parameters, part, want)
            for _ in solve(self, join, dict(binding), unknown)
        )

    def _compares(
        self, condition: Compare, binding: Binding, want: bool, unknown: bool
    ) -> bool:
        try:
            left = self.evaluate(condition.left, binding)
            right = self.evaluate(condition.right, binding)
        except UndefinedNumberError:
            return unknown
        return compares(condition.operator, left, right) is want

    def _joins_of(
        self, parameters: Parameters, condition: Condition, want: bool
    ) -> tuple[Join, ...]:
        key = (id(parameters), id(condition), want)
        if key not in self._joins:
            rules = rules_of(parameters, condition, want)
            joins = tuple(join_of(rule) for rule in rules)
            self._joins[key] = ((parameters, condition), joins)
        return self._joins[key][1]


_NOTHING: frozenset[str] = frozenset()
_TOTAL_COST = ("total-cost",)
