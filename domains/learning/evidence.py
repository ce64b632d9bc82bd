"""Evidence: what the transitions of one operator show about its lifted atoms.

An atom over parameters and constants stands for one fact in each transition. Several
stand for the same fact where two parameters are one object, or a parameter is a
constant: then a change does not tell which of them is the effect.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations, product

from jouleplan.domains.language.model import Atom, DomainModel, Fact, Schema, Types
from jouleplan.domains.learning.signature import fits
from jouleplan.domains.learning.transition import Transition

Pair = tuple[str, str]
"""Two terms, a parameter first."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A fact around an operator.

    Attributes:
        atoms: The lifted atoms that stand for it.
        before: Whether it held before.
        after: Whether it held after.
    """

    atoms: tuple[Atom, ...]
    before: bool
    after: bool


@dataclass(frozen=True, slots=True)
class Evidence:
    """What transitions of one operator show.

    Attributes:
        schema: The operator, its name and parameters.
        count: Number of transitions.
        atoms: All that can be said with its parameters and the constants.
        always: Atoms that held before each of them.
        never: Atoms that held before none of them.
        seen: What was seen -> the first transition that shows it.
        beyond: Changes of facts that no atom stands for -> the first transition.
        pairs: Terms that may be one object -> in how many transitions they were.
    """

    schema: Schema
    count: int
    atoms: tuple[Atom, ...]
    always: frozenset[Atom]
    never: frozenset[Atom]
    seen: dict[Seen, Transition]
    beyond: dict[Fact, Transition]
    pairs: dict[Pair, int]


def gather(
    schema: Schema, domain: DomainModel, transitions: Iterable[Transition]
) -> Evidence:
    """Return what ``transitions`` show about the operator ``schema``."""
    terms = {**dict(schema.parameters), **domain.constants}
    atoms = tuple(_atoms(domain, terms))
    always, never = set(atoms), set(atoms)
    seen: dict[Seen, Transition] = {}
    beyond: dict[Fact, Transition] = {}
    pairs = dict.fromkeys(_pairs(domain, schema, terms), 0)
    count = 0
    for transition in transitions:
        if transition.operator != schema.name:
            continue
        count += 1
        names = [variable for variable, _ in schema.parameters]
        binding = dict(zip(names, transition.objects, strict=True))
        groups: dict[Fact, list[Atom]] = {}
        for atom in atoms:
            groups.setdefault(ground(atom, binding), []).append(atom)
        for fact, same in groups.items():
            before, after = fact in transition.before, fact in transition.after
            (never if before else always).difference_update(same)
            seen.setdefault(Seen(tuple(same), before, after), transition)
        for fact in sorted(transition.before ^ transition.after):
            if fact not in groups:
                beyond.setdefault(fact, transition)
        for a, b in pairs:
            pairs[a, b] += binding[a] == binding.get(b, b)
    return Evidence(
        schema,
        count,
        atoms,
        frozenset(always),
        frozenset(never),
        seen,
        beyond,
        pairs,
    )


def ground(atom: Atom, binding: dict[str, str]) -> Fact:
    """Return the fact that ``atom`` stands for."""
    return (atom.predicate, *(binding.get(term, term) for term in atom.terms))


def _atoms(domain: DomainModel, terms: dict[str, Types]) -> Iterable[Atom]:
    """Yield every well-typed atom over ``terms``."""
    for name, signature in domain.predicates.items():
        choices = [
            [term for term, given in terms.items() if fits(domain, given, kinds)]
            for _, kinds in signature.parameters
        ]
        for chosen in product(*choices):
            yield Atom(name, chosen)


def _pairs(
    domain: DomainModel, schema: Schema, terms: dict[str, Types]
) -> Iterable[Pair]:
    """Yield the pairs of terms that one object can stand for, by their types."""
    parameters = {variable for variable, _ in schema.parameters}
    for a, b in combinations(terms, 2):
        if a not in parameters:
            continue
        if any(
            fits(domain, (kind,), terms[a]) and fits(domain, (kind,), terms[b])
            for kind in (domain.types if b in parameters else terms[b])
        ):
            yield a, b
