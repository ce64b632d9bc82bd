"""Symbols: predicates, operators, their ground forms, domains and problems.

Names are lower case throughout: PDDL is case-insensitive.

| here            | PDDL                  | unified-planning            |
|-----------------|-----------------------|-----------------------------|
| Predicate       | one of `:predicates`  | boolean `Fluent`            |
| GroundAtom      | atom without variables| `FluentExp` of objects      |
| Operator        | `:action`             | `Action`                    |
| GroundOperator  | plan step             | `ActionInstance`            |
| Domain, Problem | the two files         | `Problem` (both in one)     |
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, order=True)
class GroundAtom:
    """A predicate applied to objects, e.g. ``on(d1, peg1)``."""

    predicate: str
    objects: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.predicate}({', '.join(self.objects)})"


State = frozenset[GroundAtom]
"""The atoms that are true; every other atom is false."""


@dataclass(frozen=True, slots=True)
class Predicate:
    """A symbolic relation and the types of its arguments.

    ``types`` holds, per argument, the alternatives of ``(either a b)``; mostly one.
    """

    name: str
    parameters: tuple[str, ...] = ()
    types: tuple[tuple[str, ...], ...] = ()

    @property
    def arity(self) -> int:
        """Number of arguments."""
        return len(self.parameters)


@dataclass(frozen=True, slots=True)
class GroundOperator:
    """An operator with its objects, e.g. ``pick(d1, peg1)``, as four sets of atoms."""

    name: str
    objects: tuple[str, ...]
    preconditions: State
    negative_preconditions: State
    add_effects: State
    delete_effects: State

    def __str__(self) -> str:
        return f"{self.name}({', '.join(self.objects)})"

    def applicable(self, state: State) -> bool:
        """Return whether every precondition holds in ``state``."""
        return self.preconditions <= state and not (self.negative_preconditions & state)

    def apply(self, state: State) -> State:
        """Return the state after this operator; deletes come before adds."""
        return (state - self.delete_effects) | self.add_effects

    @property
    def made_false(self) -> State:
        """What it deletes and does not add."""
        return self.delete_effects - self.add_effects

    def shown(self, state: State) -> bool:
        """Return whether every effect holds in ``state``, however it came about."""
        return self.add_effects <= state and not self.made_false & state


@dataclass(frozen=True, slots=True)
class Operator:
    """A PDDL `:action` of the STRIPS kind, with negative literals and equality.

    ``parameters`` are variables with their question mark (``?d``); an atom of the four
    sets may hold variables and constants. ``equalities`` are ``(left, right, equal)``.
    """

    name: str
    parameters: tuple[str, ...]
    types: tuple[tuple[str, ...], ...]
    preconditions: State
    negative_preconditions: State
    add_effects: State
    delete_effects: State
    equalities: tuple[tuple[str, str, bool], ...] = ()

    def ground(self, objects: tuple[str, ...]) -> GroundOperator:
        """Return this operator with ``objects`` for its parameters, in their order.

        Raises:
            ValueError: The number of objects is not the number of parameters.
        """
        if len(objects) != len(self.parameters):
            raise ValueError(
                f"{self.name} takes {len(self.parameters)} objects "
                f"({' '.join(self.parameters)}), got {len(objects)}: {objects}"
            )
        binding = dict(zip(self.parameters, objects, strict=True))

        def bind(atoms: State) -> State:
            return frozenset(
                GroundAtom(a.predicate, tuple(binding.get(o, o) for o in a.objects))
                for a in atoms
            )

        return GroundOperator(
            self.name,
            objects,
            bind(self.preconditions),
            bind(self.negative_preconditions),
            bind(self.add_effects),
            bind(self.delete_effects),
        )


@dataclass(frozen=True, slots=True)
class Domain:
    """A PDDL domain: types, constants, predicates, operators.

    ``types`` maps a type to its parent; the root ``object`` maps to None. ``functions``
    are the numeric ones, by name, declared as predicates are: costs of operators.
    """

    name: str
    types: Mapping[str, str | None]
    constants: Mapping[str, str]
    predicates: Mapping[str, Predicate]
    operators: Mapping[str, Operator]
    requirements: frozenset[str] = field(default_factory=frozenset)
    functions: Mapping[str, Predicate] = field(default_factory=dict)

    def is_a(self, kind: str, ancestor: str) -> bool:
        """Return whether type ``kind`` is ``ancestor`` or below it."""
        current: str | None = kind
        while current is not None:
            if current == ancestor:
                return True
            current = self.types.get(current)
        return False

    def static_predicates(self) -> frozenset[str]:
        """Return the names of the predicates that no operator changes."""
        changed = {
            atom.predicate
            for operator in self.operators.values()
            for atom in operator.add_effects | operator.delete_effects
        }
        return frozenset(self.predicates) - changed


@dataclass(frozen=True, slots=True)
class Problem:
    """A PDDL problem: objects (constants included) with their types, init, goal."""

    name: str
    domain_name: str
    objects: Mapping[str, str]
    init: State
    goal: State
    negative_goal: State = frozenset()

    def satisfied(self, state: State) -> bool:
        """Return whether the goal holds in ``state``."""
        return self.goal <= state and not (self.negative_goal & state)
