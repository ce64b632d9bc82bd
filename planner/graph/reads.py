"""What a condition or an effect depends on: literals it needs, facts it looks at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from jouleplan.domains.language.model import (
    And,
    At,
    Atom,
    Change,
    Compare,
    Condition,
    During,
    Each,
    Effect,
    Effects,
    Exists,
    Expression,
    Fact,
    Forall,
    FunctionTerm,
    Modal,
    Not,
    Or,
    Parameters,
    Preference,
    TaskModel,
    Update,
    When,
)
from jouleplan.domains.language.numbers import changed_functions
from jouleplan.domains.language.walk import effect_parts, expression_parts
from jouleplan.planner.validator.world import World

Literal = tuple[Fact, bool]
"""A fact and whether it is true."""

Pattern = tuple[str | None, ...]
"""A predicate or function and objects; None stands for any object."""

Binding = Mapping[str, str]
"""Variable -> object."""


@dataclass(slots=True)
class Reads:
    """What something depends on.

    Attributes:
        needs: Literals that must hold, each by itself, in their order.
        facts: Facts whose value, whatever it is, has a say.
        numbers: Numbers whose value has a say.
    """

    needs: dict[Literal, None] = field(default_factory=dict)
    facts: set[Pattern] = field(default_factory=set)
    numbers: set[Pattern] = field(default_factory=set)


class Reader:
    """Finds what the conditions and effects of a task depend on.

    What never changes is left out: nothing can come between it and its reader.
    """

    __slots__ = ("_arity", "_functions", "_predicates", "_world")

    def __init__(self, task: TaskModel, world: World) -> None:
        """Look up what changes in ``task``; ``world`` knows its derived predicates."""
        domain = task.domain
        signatures = (*domain.predicates.values(), *domain.functions.values())
        self._arity = {one.name: len(one.parameters) for one in signatures}
        self._functions = changed_functions(task)
        self._predicates = changed_predicates(task)
        self._world = world

    def condition(
        self,
        into: Reads,
        condition: Condition,
        binding: Binding,
        firm: bool = True,
        want: bool = True,
    ) -> None:
        """Add to ``into`` what ``condition`` depends on.

        Args:
            into: Is added to.
            condition: The condition.
            binding: Objects of its variables.
            firm: Whether it must be as it is wanted; else it only has a say.
            want: Whether it is to be true or false.
        """
        match condition:
            case Atom(name, terms):
                self._atom(into, (name, *terms), binding, firm, want)
            case Compare(_, left, right):
                self.expression(into, left, binding)
                self.expression(into, right, binding)
            case Not(part):
                self.condition(into, part, binding, firm, not want)
            case And(parts) | Or(parts):
                each = firm and isinstance(condition, And) is want
                for part in parts:
                    self.condition(into, part, binding, each, want)
            case Exists(parameters, part) | Forall(parameters, part):
                self.condition(into, part, _without(binding, parameters), False, want)
            case Preference(_, part):
                self.condition(into, part, binding, False, want)
            case During(_, part):
                self.condition(into, part, binding, firm, want)
            case Modal(_, _, parts):
                for part in parts:
                    self.condition(into, part, binding, False, want)

    def effect(self, into: Reads, effect: Effect, binding: Binding) -> None:
        """Add to ``into`` what ``effect`` depends on."""
        match effect:
            case Effects(parts):
                for part in parts:
                    self.effect(into, part, binding)
            case When(condition, inner):
                self.condition(into, condition, binding, firm=False)
                self.effect(into, inner, binding)
            case Each(parameters, inner):
                self.effect(into, inner, _without(binding, parameters))
            case At(_, inner):
                self.effect(into, inner, binding)
            case Update(_, _, value):
                self.expression(into, value, binding)

    def expression(self, into: Reads, value: Expression, binding: Binding) -> None:
        """Add to ``into`` the changing numbers that ``value`` depends on."""
        for part in expression_parts(value):
            if isinstance(part, FunctionTerm) and part.name in self._functions:
                into.numbers.add((part.name, *_filled(part.terms, binding)))

    def _atom(
        self, into: Reads, atom: Fact, binding: Binding, firm: bool, want: bool
    ) -> None:
        name = atom[0]
        below = self._world.reads(name)
        if below:
            into.facts.update(map(self._any, below & self._predicates))
            if "<" in below:
                into.numbers.update(map(self._any, self._functions))
        elif name in self._predicates:
            objects = _filled(atom[1:], binding)
            known = [one for one in objects if one is not None]
            if firm and len(known) == len(objects):
                into.needs[(name, *known), want] = None
            else:
                into.facts.add((name, *objects))

    def _any(self, name: str) -> Pattern:
        return (name, *[None] * self._arity[name])


def changed_predicates(task: TaskModel) -> frozenset[str]:
    """Return the predicates whose facts change, derived ones left out."""
    effects = [schema.effect for schema in task.domain.schemas.values()]
    effects += [timed.change for timed in task.problem.timed]
    return frozenset(
        part.atom.predicate
        for effect in effects
        for part, _ in effect_parts(effect)
        if isinstance(part, Change)
    )


def matches(pattern: Pattern, fact: Fact) -> bool:
    """Return whether ``fact`` is one of those that ``pattern`` stands for."""
    return len(pattern) == len(fact) and all(
        wanted is None or wanted == name
        for wanted, name in zip(pattern, fact, strict=True)
    )


def literal_text(literal: Literal) -> str:
    """Return ``(on d1 peg1)``, or ``(not (on d1 peg1))``."""
    fact, becomes = literal
    text = f"({' '.join(fact)})"
    return text if becomes else f"(not {text})"


def pattern_text(pattern: Pattern) -> str:
    """Return ``(on ? peg1)``, a question mark for any object."""
    return f"({' '.join('?' if part is None else part for part in pattern)})"


def _filled(terms: Iterable[str], binding: Binding) -> list[str | None]:
    filled = [binding.get(term, term) for term in terms]
    return [None if term.startswith("?") else term for term in filled]


def _without(binding: Binding, parameters: Parameters) -> Binding:
    names = {name for name, _ in parameters}
    return {name: value for name, value in binding.items() if name not in names}
