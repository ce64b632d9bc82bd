"""Scope: the names that a condition or an effect may use, and the types they fit."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from jouleplan.domains.language.features import Feature
from jouleplan.domains.language.model import Atom, Parameters, Signature, Types
from jouleplan.domains.language.sexpr import Group
from jouleplan.domains.language.typed_lists import known_types, unknown
from jouleplan.domains.language.uses import Uses

_NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?")


def is_number(word: object) -> bool:
    """Return whether ``word`` is a PDDL number."""
    return isinstance(word, str) and _NUMBER.fullmatch(word) is not None


@dataclass(frozen=True, slots=True)
class Scope:
    """Declared names, variables in force, and the recorder of what is used."""

    types: Mapping[str, Types]
    objects: Mapping[str, Types]
    predicates: Mapping[str, Signature]
    functions: Mapping[str, Signature]
    uses: Uses
    variables: Mapping[str, Types]
    above: dict[str, frozenset[str]]

    def within(self, parameters: Parameters) -> Scope:
        """Return this scope with variables of a quantifier; they may shadow others."""
        return replace(self, variables={**self.variables, **dict(parameters)})

    def parameters(self, group: Group, i: int) -> Parameters:
        """Return item ``i`` of ``group``, ``(?x ?y - t)``, as typed variables."""
        item = group.items[i]
        if not isinstance(item, Group):
            raise group.error(f"expected (?x - TYPE ...), got {item!r}", i)
        return self.variables_of(item)

    def variables_of(self, group: Group, start: int = 0) -> Parameters:
        """Return the typed variables of a list, from item ``start``."""
        found = tuple(known_types(group, start, self.types, "?").items())
        if any(len(kinds) > 1 for _, kinds in found):
            self.uses.use(Feature.EITHER, group)
        return found

    def atom(self, group: Group) -> Atom:
        """Return the atom that ``group`` states, its predicate and arguments known."""
        signature = self.predicates.get(group.head)
        if signature is None:
            kind = "predicate"
            if not group.head:
                raise group.error("expected (PREDICATE ...), found no name")
            raise group.error(unknown(kind, group.head, self.predicates))
        return Atom(group.head, self.arguments(group, signature, "a predicate"))

    def arguments(
        self, group: Group, signature: Signature, kind: str
    ) -> tuple[str, ...]:
        """Return the arguments of a predicate or function, checked."""
        given = group.items[1:]
        if len(given) != len(signature.parameters):
            raise group.error(
                f"{group.head} takes {len(signature.parameters)} arguments, "
                f"got {len(given)}"
            )
        for i, (_, kinds) in enumerate(signature.parameters, start=1):
            self._check(group, i, kinds)
        return tuple(str(argument) for argument in given)

    def term(self, group: Group, i: int) -> Types:
        """Return the types of item ``i``, a declared variable or object."""
        term = group.items[i]
        if isinstance(term, Group):
            if term.head in self.functions:
                self.uses.use(Feature.OBJECT_FLUENTS, term)
                return ("object",)
            raise group.error("expected an object or a variable, found a '('", i)
        if term.startswith("?"):
            if term not in self.variables:
                raise group.error(unknown("variable", term, self.variables), i)
            return self.variables[term]
        if term not in self.objects:
            raise group.error(unknown("object", term, self.objects), i)
        return self.objects[term]

    def ancestors(self, kind: str) -> frozenset[str]:
        """Return ``kind`` and every type above it."""
        found = self.above.get(kind)
        if found is None:
            gathered = {kind}
            for parent in self.types.get(kind, ()):
                gathered |= self.ancestors(parent)
            found = self.above[kind] = frozenset(gathered)
        return found

    def _check(self, group: Group, i: int, kinds: Types) -> None:
        """Raise unless item ``i`` is of one of ``kinds``; of its alternatives, one."""
        given = self.term(group, i)
        if given[0] in kinds or "object" in kinds:
            return
        if any(not self.ancestors(g).isdisjoint(kinds) for g in given):
            return
        raise group.error(
            f"{group.items[i]} is of type {'/'.join(given)}, but argument {i} of "
            f"{group.head} is of type {'/'.join(kinds)}",
            i,
        )
