"""Conditions and effects of PDDL: conjunctions of literals over known names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from jouleplan.domains.sexpr import Group
from jouleplan.domains.symbols import Domain, GroundAtom, State
from jouleplan.domains.typed_lists import Types, unknown

FEATURES = {
    ":functions": "numeric fluents and action costs (:functions)",
    ":derived": "derived predicates (:derived)",
    ":durative-action": "durative actions (:durative-action)",
    ":constraints": "trajectory constraints (:constraints)",
    ":metric": "plan metrics (:metric)",
    "or": "disjunctive conditions (or)",
    "imply": "disjunctive conditions (imply)",
    "exists": "existential conditions (exists)",
    "forall": "universal quantifiers (forall)",
    "when": "conditional effects (when)",
    "preference": "preferences (preference)",
    **dict.fromkeys(
        ("increase", "decrease", "assign", "scale-up", "scale-down"),
        "numeric fluents and action costs",
    ),
    **dict.fromkeys(("<", ">", "<=", ">="), "numeric conditions"),
}
"""Words of PDDL that are not read here, with the feature each belongs to."""


@dataclass(frozen=True, slots=True)
class Condition:
    """A conjunction: atoms that hold, atoms that do not, and (un)equal terms."""

    positive: State
    negative: State
    equalities: tuple[tuple[str, str, bool], ...]


@dataclass(frozen=True, slots=True)
class Scope:
    """The names an atom may use: a domain, objects and, in an operator, variables."""

    domain: Domain
    objects: Mapping[str, str]
    variables: Mapping[str, Types]

    def atom(self, group: Group) -> GroundAtom:
        """Return the atom that ``group`` states, its predicate and arguments known."""
        name, arguments = group.head, group.items[1:]
        predicate = self.domain.predicates.get(name)
        if predicate is None:
            if any(isinstance(item, Group) for item in arguments) and name == "at":
                raise group.unsupported("timed initial literals (at TIME ...)")
            raise group.error(unknown("predicate", name, self.domain.predicates))
        if len(arguments) != predicate.arity:
            raise group.error(
                f"{name} takes {predicate.arity} arguments, got {len(arguments)}"
            )
        for i, kinds in enumerate(predicate.types, start=1):
            self._check(group, i, kinds)
        return GroundAtom(name, tuple(str(argument) for argument in arguments))

    def term(self, group: Group, i: int) -> Types:
        """Return the types of item ``i``, a declared variable or object."""
        term = group.items[i]
        if isinstance(term, Group):
            raise group.unsupported("function terms as arguments")
        if term.startswith("?"):
            if term not in self.variables:
                raise group.error(unknown("variable", term, self.variables), i)
            return self.variables[term]
        if term not in self.objects:
            raise group.error(unknown("object", term, self.objects), i)
        return (self.objects[term],)

    def _check(self, group: Group, i: int, kinds: Types) -> None:
        """Raise unless item ``i`` can be of one of ``kinds``.

        A variable may be of a wider type: its atoms of another type are never true.
        """
        given, is_a = self.term(group, i), self.domain.is_a
        if given[0] in kinds:
            return
        wider = str(group.items[i]).startswith("?")
        for kind in kinds:
            if any(is_a(g, kind) or (wider and is_a(kind, g)) for g in given):
                return
        raise group.error(
            f"{group.items[i]} is of type {'/'.join(given)}, but argument {i} of "
            f"{group.head} is of type {'/'.join(kinds)}",
            i,
        )

    def condition(self, root: Group, place: str, equality: bool = False) -> Condition:
        """Return the literals of a conjunction, however deeply it is nested.

        Args:
            root: A literal, ``(and ...)`` or ``()``.
            place: Where it stands, for errors.
            equality: Whether ``=`` may stand there.

        Raises:
            PddlError: A name is unknown, or an atom does not fit its predicate.
            UnsupportedPddlError: It is more than a conjunction of literals.
        """
        atoms: dict[bool, set[GroundAtom]] = {True: set(), False: set()}
        equalities = []
        for group, wanted in _literals(root):
            if group.head != "=":
                atoms[wanted].add(self.atom(group))
            elif equality:
                equalities.append((*self._equality(group), wanted))
            else:
                raise group.unsupported(f"'=' in {place}")
        return Condition(
            frozenset(atoms[True]), frozenset(atoms[False]), tuple(equalities)
        )

    def _equality(self, group: Group) -> tuple[str, str]:
        """Return both sides of an ``(= a b)``."""
        if len(group.items) != 3:
            raise group.error(f"'=' takes 2 arguments, got {len(group.items) - 1}")
        for i in (1, 2):
            self.term(group, i)
        return str(group.items[1]), str(group.items[2])


def _literals(root: Group) -> Iterator[tuple[Group, bool]]:
    """Yield the atoms of a conjunction in their order, each with whether it holds.

    Keeps its own stack: nesting is bounded by memory alone.
    """
    stack = [(root, True)]
    while stack:
        group, wanted = stack.pop()
        if not group.items:
            if not wanted:
                raise group.error("(not ()) can never hold; name an atom")
            continue
        if group.head not in ("and", "not"):
            if group.head in FEATURES:
                raise group.unsupported(FEATURES[group.head])
            yield group, wanted
            continue
        parts = []
        for i, item in enumerate(group.items[1:], start=1):
            if not isinstance(item, Group):
                raise group.error(f"{item!r} is no atom; write ({item})", i)
            parts.append(item)
        if group.head == "and":
            if not wanted and len(parts) != 1:
                raise group.unsupported("disjunctive conditions (not of and)")
            stack.extend((part, wanted) for part in reversed(parts))
        elif len(parts) != 1:
            raise group.error("(not ...) takes one atom")
        else:
            stack.append((parts[0], not wanted))
