"""Reads PDDL files into symbols: the part of the language that is carried out.

STRIPS with types, constants, negative preconditions and equality; costs of operators
are the planner's matter and leave no trace here. Any other feature raises
UnsupportedPddlError with its name; whatever does not fit together raises PddlError with
file and line. The whole language is read by `jouleplan.domains.language`.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from jouleplan.domains.errors import UnsupportedPddlError
from jouleplan.domains.language.domain_file import read_domain_model
from jouleplan.domains.language.features import Feature
from jouleplan.domains.language.model import (
    And,
    Atom,
    Change,
    Condition,
    DomainModel,
    Effect,
    Effects,
    Not,
    Same,
    Schema,
    Signature,
    Update,
)
from jouleplan.domains.language.problem_file import read_problem_model
from jouleplan.domains.symbols import (
    Domain,
    GroundAtom,
    Operator,
    Predicate,
    Problem,
)

_TAKEN = frozenset(
    (
        Feature.NEGATIVE,
        Feature.NEGATIVE_GOAL,
        Feature.EQUALITY,
        Feature.EITHER,
        Feature.COSTS,
    )
)


def read_domain(path: Path) -> Domain:
    """Return the domain that a PDDL file states.

    Args:
        path: A file that starts with ``(define (domain NAME)``.

    Raises:
        PddlError: The file cannot be read, is no domain, or does not fit together.
        UnsupportedPddlError: It uses a feature beyond those of this module.
    """
    model = read_domain_model(path)
    _refuse(path, model.features)
    kinds = {
        **{name: kinds for name, kinds in model.types.items() if kinds},
        **model.constants,
    }
    if any(len(several) > 1 for several in kinds.values()):
        line = model.features[Feature.EITHER]
        raise UnsupportedPddlError(path, line, Feature.EITHER)
    return Domain(
        model.name,
        {name: kinds[0] if kinds else None for name, kinds in model.types.items()},
        {name: kinds[0] for name, kinds in model.constants.items()},
        _predicates(model.predicates),
        {name: _operator(path, s) for name, s in model.schemas.items()},
        model.requirements,
        _predicates(model.functions),
    )


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
    model = read_problem_model(path, _declarations(domain))
    _refuse(path, model.features)
    for name, kinds in model.objects.items():
        if len(kinds) > 1:
            line = model.features[Feature.EITHER]
            raise UnsupportedPddlError(path, line, f"{name!r}: {Feature.EITHER}")
    goal = _Literals(path, 1)
    goal.add(model.goal)
    if goal.equalities:
        raise UnsupportedPddlError(path, 1, f"{Feature.EQUALITY} in a goal")
    return Problem(
        model.name,
        model.domain_name,
        {name: kinds[0] for name, kinds in model.objects.items()},
        frozenset(GroundAtom(fact[0], fact[1:]) for fact in model.facts),
        frozenset(goal.atoms[True]),
        frozenset(goal.atoms[False]),
    )


def _refuse(path: Path, features: Mapping[Feature, int]) -> None:
    """Raise for the first feature of a file that is not carried out."""
    beyond = [(line, f) for f, line in features.items() if f not in _TAKEN]
    if beyond:
        line, feature = min(beyond)
        raise UnsupportedPddlError(path, line, feature)


def _declarations(domain: Domain) -> DomainModel:
    """Return what a problem needs to know of its domain."""
    types = {name: (up,) if up else () for name, up in domain.types.items()}
    constants = {name: (kind,) for name, kind in domain.constants.items()}
    return DomainModel(
        domain.name,
        domain.requirements,
        types,
        constants,
        _signatures(domain.predicates),
        _signatures(domain.functions),
        {},
    )


def _signatures(declared: Mapping[str, Predicate]) -> dict[str, Signature]:
    return {
        name: Signature(name, tuple(zip(p.parameters, p.types, strict=True)))
        for name, p in declared.items()
    }


def _predicates(declared: Mapping[str, Signature]) -> dict[str, Predicate]:
    return {
        name: Predicate(
            name,
            tuple(variable for variable, _ in s.parameters),
            tuple(kinds for _, kinds in s.parameters),
        )
        for name, s in declared.items()
    }


def _operator(path: Path, schema: Schema) -> Operator:
    """Return an operator as four sets of atoms and equalities."""
    before, after = _Literals(path, schema.line), _Literals(path, schema.line)
    before.add(schema.condition)
    after.add_effect(schema.effect)
    return Operator(
        schema.name,
        tuple(variable for variable, _ in schema.parameters),
        tuple(kinds for _, kinds in schema.parameters),
        frozenset(before.atoms[True]),
        frozenset(before.atoms[False]),
        frozenset(after.atoms[True]),
        frozenset(after.atoms[False]),
        tuple(before.equalities),
    )


class _Literals:
    """Gathers the literals of a conjunction."""

    def __init__(self, path: Path, line: int) -> None:
        self._where = path, line
        self.atoms: dict[bool, set[GroundAtom]] = {True: set(), False: set()}
        self.equalities: list[tuple[str, str, bool]] = []

    def add(self, condition: Condition, wanted: bool = True) -> None:
        """Add the literals of ``condition``."""
        if isinstance(condition, Atom):
            self.atoms[wanted].add(GroundAtom(condition.predicate, condition.terms))
        elif isinstance(condition, Same):
            self.equalities.append((condition.left, condition.right, wanted))
        elif isinstance(condition, Not):
            self.add(condition.part, not wanted)
        elif isinstance(condition, And) and wanted:
            for part in condition.parts:
                self.add(part)
        else:
            # other words have been refused by their features
            raise UnsupportedPddlError(*self._where, Feature.NUMBERS)

    def add_effect(self, effect: Effect) -> None:
        """Add the atoms that ``effect`` changes; sums of costs change none."""
        if isinstance(effect, Change):
            atom = GroundAtom(effect.atom.predicate, effect.atom.terms)
            self.atoms[effect.becomes].add(atom)
        elif isinstance(effect, Effects):
            for part in effect.parts:
                self.add_effect(part)
        else:
            assert isinstance(effect, Update)
