"""Switches: predicates that tell whether a fixed thing is on, and operators that press.

Such an operator changes nothing but one unary predicate, or two that are each other's
opposite, of a thing that no other operator moves, fills or empties: known by its type,
or because it is a constant.
"""

from __future__ import annotations

from typing import Final

from jouleplan.domains.proposal.lifted import Assignment, changes
from jouleplan.domains.skill_call import SkillCall
from jouleplan.domains.symbols import Domain, Operator

SWITCHED: Final = ("switched_on", "switched_off")
"""The classifiers of such predicates."""
_OFF: Final = ("off", "cold", "dark", "closed", "idle")
"""Parts of names that people give what is switched off."""


def switched(domain: Domain) -> dict[str, str]:
    """Return predicate -> ``switched_on`` or ``switched_off``; most domains have none.

    A predicate counts as off where another one of the same things is its opposite and
    the names say so.
    """
    found = {n: p for n, p in domain.predicates.items() if _is_switch(n, domain)}
    classifiers: dict[str, str] = {}
    for name, predicate in found.items():
        opposed = any(
            other != name and found[other].types == predicate.types for other in found
        )
        off = opposed and any(part in name for part in _OFF)
        classifiers[name] = SWITCHED[off]
    return classifiers


def pressed_by(operator: Operator, assignment: Assignment) -> SkillCall | None:
    """Return the press that ``operator`` is, or None where it is something else."""
    said = changes(operator)
    if not said or any(assignment.get(a.predicate) not in SWITCHED for a in said):
        return None
    (body,) = {atom.objects[0] for atom in said}
    return SkillCall("press", body)


def _is_switch(name: str, domain: Domain) -> bool:
    predicate = domain.predicates[name]
    if predicate.arity != 1:
        return False
    alone, constant, met = False, True, False
    for operator in domain.operators.values():
        said = changes(operator)
        ours = any(atom.predicate == name for atom in said)
        if not ours:
            met = met or any(
                _meets(domain, predicate.types[0], atom.predicate) for atom in said
            )
            continue
        if len({atom.objects for atom in said}) != 1 or len(said) > 2:
            return False
        alone = True
        constant = constant and all(a.objects[0] in domain.constants for a in said)
    # in an untyped domain anything may meet anything; a constant is one thing apart
    return alone and (constant or not met)


def _meets(domain: Domain, kinds: tuple[str, ...], other: str) -> bool:
    """Return whether the predicate ``other`` may be said of a thing of ``kinds``."""
    return any(
        "object" in (one, two) or domain.is_a(one, two) or domain.is_a(two, one)
        for one in kinds
        for argument in domain.predicates[other].types
        for two in argument
    )
