"""Quantified conditions as conjunctions that are solved by joins.

``(exists (?y) (and (on ?x ?y) (or (clear ?y) (table ?y))))`` becomes two rules, each
with atoms to look up and conditions to test: the facts say which objects to try.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from jouleplan.domains.language.model import (
    And,
    Arithmetic,
    Atom,
    Compare,
    Condition,
    Exists,
    Expression,
    Forall,
    FunctionTerm,
    Modal,
    Not,
    Or,
    Parameters,
    Same,
)

Literal = tuple[Condition, bool]
"""A condition and whether it is to be true or false."""

# Alternatives multiply; beyond this they are tested object by object instead.
_MOST_RULES = 16


@dataclass(frozen=True, slots=True)
class Rule:
    """A conjunction.

    Attributes:
        parameters: Variables to find objects for.
        atoms: Atoms that must be true.
        tests: What else must be true or false.
    """

    parameters: Parameters
    atoms: tuple[Atom, ...] = ()
    tests: tuple[Literal, ...] = ()


def rules_of(
    parameters: Parameters, condition: Condition, want: bool
) -> tuple[Rule, ...]:
    """Return rules of which one holds where ``condition`` is as it is wanted.

    Args:
        parameters: Variables to find objects for.
        condition: Over ``parameters`` and variables that have their objects already.
        want: Whether ``condition`` is to be true or false.
    """
    taken = free_variables(condition) | {name for name, _ in parameters}
    start = Rule(parameters)
    return tuple(_expanded(((condition, want),), start, taken, _MOST_RULES))


def _expanded(
    waiting: tuple[Literal, ...], rule: Rule, taken: frozenset[str], most: int
) -> Iterator[Rule]:
    todo = list(waiting)
    while todo:
        condition, want = todo.pop()
        match condition:
            case Atom() if want:
                rule = replace(rule, atoms=(*rule.atoms, condition))
                continue
            case Not(part):
                todo.append((part, not want))
                continue
            case And(parts) | Or(parts):
                literals = [(part, want) for part in parts]
                if isinstance(condition, And) is want:
                    todo.extend(reversed(literals))
                    continue
                if len(parts) <= most:
                    share = most // max(1, len(parts))
                    for literal in literals:
                        yield from _expanded((*todo, literal), rule, taken, share)
                    return
            case Exists(parameters, part) | Forall(parameters, part):
                names = frozenset(name for name, _ in parameters)
                # A variable of the same name further out would be taken for this one.
                if isinstance(condition, Exists) is want and names.isdisjoint(taken):
                    rule = replace(rule, parameters=(*rule.parameters, *parameters))
                    taken = taken | names | free_variables(part)
                    todo.append((part, want))
                    continue
        rule = replace(rule, tests=(*rule.tests, (condition, want)))
    yield rule


def free_variables(condition: Condition) -> frozenset[str]:
    """Return the variables of ``condition`` that it does not quantify itself."""
    match condition:
        case Atom(_, terms):
            return _variables(terms)
        case Same(left, right):
            return _variables((left, right))
        case Compare(_, first, second):
            return expression_variables(first) | expression_variables(second)
        case Exists(parameters, part) | Forall(parameters, part):
            return free_variables(part) - {name for name, _ in parameters}
        case And(parts) | Or(parts) | Modal(_, _, parts):
            return frozenset().union(*map(free_variables, parts))
        case _:
            return free_variables(condition.part)


def expression_variables(expression: Expression) -> frozenset[str]:
    """Return the variables of ``expression``."""
    match expression:
        case FunctionTerm(_, terms):
            return _variables(terms)
        case Arithmetic(_, parts):
            return frozenset().union(*map(expression_variables, parts))
        case _:
            return frozenset()


def _variables(terms: tuple[str, ...]) -> frozenset[str]:
    return frozenset(term for term in terms if term.startswith("?"))
