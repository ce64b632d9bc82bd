"""The objects for which a rule holds, looked up in the facts rather than guessed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from jouleplan.domains.language.model import Atom, Condition, Fact, Types
from jouleplan.planner.validator.objects import TypedObjects
from jouleplan.planner.validator.relations import Positions
from jouleplan.planner.validator.rules import Literal, Rule, free_variables


class State(Protocol):
    """What a join asks of a state."""

    @property
    def objects(self) -> TypedObjects:
        """Objects by type."""
        ...

    def matching(
        self, predicate: str, positions: Positions, objects: tuple[str, ...]
    ) -> Collection[Fact]:
        """Return the facts of ``predicate`` with ``objects`` at ``positions``."""
        ...

    def truth(
        self,
        condition: Condition,
        binding: Mapping[str, str],
        want: bool,
        unknown: bool,
    ) -> bool:
        """Return whether ``condition`` is as it is wanted."""
        ...


@dataclass(frozen=True, slots=True)
class Lookup:
    """Find the facts of an atom; its variables get their objects.

    Attributes:
        predicate: Its predicate.
        positions: Places of the terms that are known.
        terms: The terms at ``positions``.
        binds: Variables that get their objects, with their places.
        equal: Places at which a variable stands again, with its first.
        typed: Types of these variables, other than ``object``.
    """

    predicate: str
    positions: Positions
    terms: tuple[str, ...]
    binds: tuple[tuple[str, int], ...]
    equal: tuple[tuple[int, int], ...]
    typed: tuple[tuple[int, Types], ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """Try every object of a variable's types."""

    name: str
    types: Types


@dataclass(frozen=True, slots=True)
class Test:
    """Go on only where a condition is as it is wanted."""

    literal: Literal


Part = Lookup | Choice | Test
Join = tuple[Part, ...]


def join_of(rule: Rule, first: int | None = None) -> Join:
    """Return the order in which ``rule`` is solved: what is known narrows the rest.

    Args:
        rule: The rule.
        first: Index of the atom to begin with.
    """
    types = dict(rule.parameters)
    unknown = dict(types)
    atoms, tests = list(rule.atoms), list(rule.tests)
    parts: list[Part] = []
    if first is not None:
        parts.append(_lookup(atoms.pop(first), unknown, types))
    while atoms or tests or unknown:
        ready = [
            literal
            for literal in tests
            if free_variables(literal[0]).isdisjoint(unknown)
        ]
        if ready:
            parts.extend(map(Test, ready))
            tests = [literal for literal in tests if literal not in ready]
        elif atoms:
            best = min(atoms, key=lambda atom: _openness(atom, unknown))
            atoms.remove(best)
            parts.append(_lookup(best, unknown, types))
        else:
            parts.append(Choice(*unknown.popitem()))
    return tuple(parts)


def _openness(atom: Atom, unknown: Mapping[str, Types]) -> tuple[float, int]:
    """Return the share of an atom's terms that are not known, and their number."""
    count = sum(term in unknown for term in atom.terms)
    return count / max(1, len(atom.terms)), count


def _lookup(
    atom: Atom, unknown: dict[str, Types], types: Mapping[str, Types]
) -> Lookup:
    positions, terms, equal = [], [], []
    binds: dict[str, int] = {}
    for position, term in enumerate(atom.terms, start=1):
        if term in binds:
            equal.append((position, binds[term]))
        elif term in unknown:
            binds[term] = position
        else:
            positions.append(position)
            terms.append(term)
    for name in binds:
        del unknown[name]
    typed = tuple(
        (position, types[name])
        for name, position in binds.items()
        if "object" not in types[name]
    )
    return Lookup(
        atom.predicate,
        tuple(positions),
        tuple(terms),
        tuple(binds.items()),
        tuple(equal),
        typed,
    )


def solve(
    state: State,
    join: Join,
    binding: dict[str, str],
    unknown: bool,
    source: Iterable[Fact] | None = None,
) -> Iterator[dict[str, str]]:
    """Yield the bindings for which all of ``join`` holds.

    ``binding`` itself is yielded and changed again: what is kept must be copied.

    Args:
        state: The facts, objects and truth of tests.
        join: What must hold.
        binding: Objects known at first.
        unknown: What a comparison with an undefined number counts as.
        source: Facts to begin with, in place of the state's.
    """
    for index, part in enumerate(join):
        rest = join[index + 1 :]
        if type(part) is Test:
            condition, want = part.literal
            if not state.truth(condition, binding, want, unknown):
                return
        elif type(part) is Choice:
            for name in state.objects.of(part.types):
                binding[part.name] = name
                yield from solve(state, rest, binding, unknown)
            return
        elif type(part) is Lookup:
            found = _found(state, part, binding, source if index == 0 else None)
            if not part.binds:
                if next(found, None) is None:
                    return
                continue
            for fact in found:
                for name, position in part.binds:
                    binding[name] = fact[position]
                yield from solve(state, rest, binding, unknown)
            return
    yield binding


def _found(
    state: State,
    part: Lookup,
    binding: Mapping[str, str],
    source: Iterable[Fact] | None,
) -> Iterator[Fact]:
    known = tuple([binding.get(term, term) for term in part.terms])
    facts: Iterable[Fact]
    if source is None:
        facts = state.matching(part.predicate, part.positions, known)
    else:
        places = tuple(zip(part.positions, known, strict=True))
        facts = (
            fact
            for fact in source
            if fact[0] == part.predicate
            and all(fact[position] == name for position, name in places)
        )
    for fact in facts:
        if all(fact[one] == fact[other] for one, other in part.equal) and all(
            fact[position] in state.objects.of(types) for position, types in part.typed
        ):
            yield fact
