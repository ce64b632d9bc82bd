"""Writes symbols back to PDDL text: plain STRIPS that every engine reads."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from jouleplan.domains.symbols import Domain, GroundAtom, Operator, Problem, State


def domain_text(domain: Domain) -> str:
    """Return a domain as PDDL text, its literals and types as they were read."""
    types = [f"{kind} - {up}" for kind, up in domain.types.items() if up is not None]
    constants = [f"{name} - {kind}" for name, kind in domain.constants.items()]
    predicates = [
        f"({p.name}{_typed(p.parameters, p.types)})" for p in domain.predicates.values()
    ]
    return "\n".join(
        [
            f"(define (domain {domain.name})",
            "(:requirements :strips :typing)",
            *_section(":types", types),
            *_section(":constants", constants),
            *_section(":predicates", predicates),
            *(_operator_text(operator) for operator in domain.operators.values()),
            ")\n",
        ]
    )


def problem_text(domain: Domain, problem: Problem, init: State) -> str:
    """Return a problem of ``domain`` as PDDL text, with ``init`` as initial state."""
    objects = [
        f"{name} - {kind}"
        for name, kind in problem.objects.items()
        if name not in domain.constants
    ]
    goal = _conjunction(problem.goal, problem.negative_goal)
    return "\n".join(
        [
            f"(define (problem {problem.name})",
            f"(:domain {problem.domain_name})",
            *_section(":objects", objects),
            "(:init",
            *(_atom_text(atom) for atom in sorted(init)),
            ")",
            f"(:goal {goal}))\n",
        ]
    )


def _section(keyword: str, lines: Sequence[str]) -> list[str]:
    """Return the lines of a section; none where it is empty."""
    return [f"({keyword}", *lines, ")"] if lines else []


def _typed(names: Iterable[str], types: Iterable[tuple[str, ...]]) -> str:
    """Return `` ?x - a ?y - (either b c)``."""
    kinds = (k[0] if len(k) == 1 else f"(either {' '.join(k)})" for k in types)
    return "".join(f" {name} - {kind}" for name, kind in zip(names, kinds, strict=True))


def _atom_text(atom: GroundAtom) -> str:
    """Return ``(on a b)``."""
    return f"({' '.join((atom.predicate, *atom.objects))})"


def _conjunction(
    positive: State,
    negative: State,
    equalities: Iterable[tuple[str, str, bool]] = (),
) -> str:
    """Return ``(and ...)`` of literals, sorted."""
    parts = [_atom_text(atom) for atom in sorted(positive)]
    parts += [f"(not {_atom_text(atom)})" for atom in sorted(negative)]
    for left, right, equal in equalities:
        parts.append(f"(= {left} {right})" if equal else f"(not (= {left} {right}))")
    return f"(and {' '.join(parts)})"


def _operator_text(operator: Operator) -> str:
    """Return an ``(:action ...)``."""
    before = _conjunction(
        operator.preconditions, operator.negative_preconditions, operator.equalities
    )
    after = _conjunction(operator.add_effects, operator.delete_effects)
    return (
        f"(:action {operator.name}\n"
        f" :parameters ({_typed(operator.parameters, operator.types).strip()})\n"
        f" :precondition {before}\n :effect {after})"
    )
