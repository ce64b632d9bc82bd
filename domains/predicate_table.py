"""Reads [predicates] of domain.toml: how each predicate is sensed."""

from __future__ import annotations

from collections.abc import Iterator

from jouleplan.domains.facts import CLASSIFIERS, STATIC
from jouleplan.domains.faults import Faults, Table, near_first
from jouleplan.domains.symbols import Domain, Predicate


def read_classifiers(
    predicates: Table, domain: Domain, faults: Faults
) -> dict[str, str]:
    """Return predicate -> classifier, or "static" for what `:init` alone says.

    A predicate that no operator changes may be left out: it is static.

    Args:
        predicates: The [predicates] table.
        domain: Names the predicates and what changes them.
        faults: Takes what does not fit.
    """
    static = domain.static_predicates()
    for name in predicates:
        if name not in domain.predicates:
            faults.unknown(f"predicates.{name}", name, domain.predicates)
    classifiers: dict[str, str] = {}
    for name, predicate in domain.predicates.items():
        where = f"predicates.{name}"
        if name in predicates:
            entry = faults.table(predicates[name], where)
            classifiers[name] = _source(entry, predicate, domain, faults)
        elif name in static:
            classifiers[name] = STATIC
        else:
            faults.add(
                where,
                f"is changed by {_changers(name, domain)} and must be sensed; write "
                f'{name} = {{ sense = "..." }} with one of: {_fitting(predicate)}',
            )
    return classifiers


def _source(entry: Table, predicate: Predicate, domain: Domain, faults: Faults) -> str:
    """Return what one entry names; STATIC where it is at fault."""
    where = f"predicates.{predicate.name}"
    faults.keys(entry, ("sense", "source"), where)
    if ("sense" in entry) == ("source" in entry):
        faults.add(where, 'give either sense = "<classifier>" or source = "static"')
    elif "source" in entry:
        source = faults.choice(entry["source"], (STATIC,), f"{where}.source")
        changed = predicate.name not in domain.static_predicates()
        if source and changed:
            faults.add(
                f"{where}.source",
                f"is not static: {_changers(predicate.name, domain)} change it; "
                f"sense it by one of: {_fitting(predicate)}",
            )
    else:
        sense = faults.choice(entry["sense"], CLASSIFIERS, f"{where}.sense")
        if sense and CLASSIFIERS[sense].arity == predicate.arity:
            return sense
        if sense:
            faults.add(
                f"{where}.sense",
                f"{sense} takes {CLASSIFIERS[sense].arity} objects, the predicate "
                f"{predicate.arity}; those that fit: {_fitting(predicate)}",
            )
    return STATIC


def _changers(name: str, domain: Domain) -> str:
    """Return the operators that change a predicate, for a message."""

    def changing() -> Iterator[str]:
        for operator in domain.operators.values():
            effects = operator.add_effects | operator.delete_effects
            if any(atom.predicate == name for atom in effects):
                yield operator.name

    return ", ".join(changing())


def _fitting(predicate: Predicate) -> str:
    """Return the classifiers of the predicate's arity, for a message."""
    names = [c.name for c in CLASSIFIERS.values() if c.arity == predicate.arity]
    return near_first(predicate.name, names)
