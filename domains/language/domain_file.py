"""Reads a domain file, strictly: what is doubtful is an error with its line.

A parent type that is declared nowhere else is a type of its own, as in the planners.
Requirements are checked for spelling; a feature counts where it is used.
"""

from __future__ import annotations

from pathlib import Path

from jouleplan.domains.language.axioms import check_layers, read_axiom
from jouleplan.domains.language.conditions import read_constraints
from jouleplan.domains.language.features import Feature
from jouleplan.domains.language.model import TRUE, Condition, DomainModel, Schema
from jouleplan.domains.language.schemas import KEYWORDS, read_schema
from jouleplan.domains.language.scope import Scope
from jouleplan.domains.language.sections import (
    read_requirements,
    read_sections,
)
from jouleplan.domains.language.sexpr import Group
from jouleplan.domains.language.typed_lists import (
    object_function,
    read_objects,
    read_signatures,
    read_types,
)
from jouleplan.domains.language.uses import Uses

_SECTIONS = (
    ":requirements",
    ":types",
    ":constants",
    ":predicates",
    ":functions",
    ":constraints",
    ":derived",
    *KEYWORDS,
)
_UNREAD = {
    ":task": Feature.METHODS,
    ":tasks": Feature.METHODS,
    ":method": Feature.METHODS,
}
BEYOND = frozenset((Feature.OBJECT_FLUENTS, Feature.METHODS, Feature.OBSERVATION))
"""Features of which a file is not read further: no engine here takes them."""


def read_domain_model(path: Path) -> DomainModel:
    """Return the domain that a PDDL file states.

    Args:
        path: A file that starts with ``(define (domain NAME)``.

    Raises:
        PddlError: The file cannot be read, is no domain, or does not fit together.
    """
    uses = Uses()
    name, sections, root = read_sections(
        path, "domain", _SECTIONS, (":derived", *KEYWORDS), _UNREAD, uses
    )
    requirements = read_requirements(sections.get(":requirements", []))
    types = read_types(sections.get(":types", []))
    scope = Scope(
        types,
        read_objects(sections.get(":constants", []), types, {}),
        read_signatures(sections.get(":predicates", []), types, "predicate"),
        read_signatures(sections.get(":functions", []), types, "function"),
        uses,
        {},
        {},
    )
    typed = object_function(sections.get(":functions", []))
    if typed is not None:
        uses.use(Feature.OBJECT_FLUENTS, typed)
    _check_names(scope, root)
    readable = BEYOND.isdisjoint(uses.lines)
    schemas = _schemas(sections, scope) if readable else {}
    axioms = tuple(read_axiom(g, scope) for g in sections.get(":derived", []))
    check_layers(axioms, schemas, sections.get(":derived", []))
    constraints: Condition = TRUE
    for group in sections.get(":constraints", []):
        uses.use(Feature.CONSTRAINTS, group)
        constraints = read_constraints(group, scope)
    uses.check_requirements(requirements)
    if types.keys() != {"object"} and not requirements & {":typing", ":adl"}:
        uses.note(":requirements lacks :typing, though types are declared")
    return DomainModel(
        name,
        requirements,
        types,
        scope.objects,
        scope.predicates,
        scope.functions,
        schemas,
        axioms,
        constraints,
        uses.lines,
        uses.notes,
    )


def _check_names(scope: Scope, root: Group) -> None:
    """Raise where a predicate and a function share a name."""
    for name in scope.functions:
        if name in scope.predicates:
            raise root.error(f"{name!r} is both a predicate and a function")
    for signature in (*scope.predicates.values(), *scope.functions.values()):
        if any(len(kinds) > 1 for _, kinds in signature.parameters):
            scope.uses.use(Feature.EITHER, root)
    for kinds in (*scope.objects.values(), *scope.types.values()):
        if len(kinds) > 1:
            scope.uses.use(Feature.EITHER, root)


def _schemas(sections: dict[str, list[Group]], scope: Scope) -> dict[str, Schema]:
    """Return the operators in the order of the file, each name once."""
    schemas: dict[str, Schema] = {}
    groups = [g for keyword in KEYWORDS for g in sections.get(keyword, [])]
    for group in sorted(groups, key=lambda g: g.line):
        schema = read_schema(group, scope)
        if schema.name in schemas:
            raise group.error(f"operator {schema.name!r} is declared twice")
        schemas[schema.name] = schema
    return schemas
