"""Assignment: which classifier senses each predicate, found by constraint search.

Every way to give the predicates that operators change a classifier of their arity is
scored: by how well skills explain all operators together, and, with a problem, by what
`:init` says. Names break ties, no more.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import combinations, product
from math import prod
from typing import Final

from jouleplan.domains.facts import CLASSIFIERS, TABLE, placing
from jouleplan.domains.proposal.lifted import Assignment
from jouleplan.domains.proposal.match import Match, best_match
from jouleplan.domains.proposal.switches import SWITCHED, switched
from jouleplan.domains.symbols import Domain, Operator, Problem

GAP: Final = 2.0
"""Cost of a predicate without a classifier."""
CONTRADICTED: Final = 1.0
"""Cost of each kind of contradiction to `:init`."""
TWICE: Final = 1.5
"""Cost of two predicates that would be sensed alike of the same objects."""
HAND: Final = 0.4
"""Cost of an object that stands for the hand: few domains have one."""
MIXED: Final = 3.0
"""Cost of a variable that would be the hand and a body at once, an operator."""
NAMED: Final = 0.05
LOOSER: Final = 0.02
"""Cost of `carries_nothing` where `nothing_on` says the same."""
MOST: Final = 3_000
"""Assignments looked at; where there are more, predicates are improved one by one."""

HINTS: Final = {
    "supported_by": ("on", "at", "in", "stack", "above"),
    "supports": ("under", "below", "beneath", "carr", "hold", "bear", "support"),
    "nothing_on": ("clear", "free", "top", "empty"),
    "carries_nothing": ("clear", "free", "top", "empty"),
    "something_on": ("occup", "cover", "full", "blocked"),
    "held": ("hold", "held", "grasp", "carr", "hand"),
    "held_by": ("hold", "held", "grasp", "carr", "hand"),
    "hand_empty": ("empty", "free"),
    "hand_over": ("robot", "robby", "over"),
    "gripper_empty": ("empty", "free"),
    "gripper_full": ("full", "busy", "occup"),
    "on_table": ("table", "floor", "ground"),
}
"""Classifier -> parts of names that people give such predicates."""


Choice = tuple[str | None, ...]
"""A classifier for each predicate, None for a gap."""


@dataclass(frozen=True, slots=True)
class Explained:
    """An assignment with what it explains.

    Attributes:
        classifiers: Predicate that operators change -> classifier, None for a gap.
        matches: Operator -> its skills.
        cost: What speaks against the whole; 0 is a perfect fit.
        rival: What the next best assignment says otherwise, of another kind.
        margin: How much worse that one is, 0 for a tie.
    """

    classifiers: Assignment
    matches: dict[str, Match]
    cost: float
    rival: Assignment
    margin: float


def explain(domain: Domain, problem: Problem | None = None) -> Explained:
    """Return the assignment that explains the operators best."""
    static = domain.static_predicates()
    names = [name for name in domain.predicates if name not in static]
    switches = switched(domain)
    options: list[list[str | None]] = [
        [switches[name]] if name in switches else _options(domain, name)
        for name in names
    ]

    @cache
    def cost(choice: Choice) -> float:
        assignment = dict(zip(names, choice, strict=True))
        total = _prior(assignment, domain) + _against_init(assignment, problem)
        for operator in domain.operators.values():
            total += best_match(operator, assignment, domain).cost
        return total

    if prod(map(len, options)) <= MOST:
        ranked = sorted(product(*options), key=cost)
    else:
        ranked = _improved(names, options, cost)
    best = ranked[0]
    kind = [_alike(c) for c in best]
    other = next((r for r in ranked if [_alike(c) for c in r] != kind), best)
    assignment = dict(zip(names, best, strict=True))
    rival = {n: c for n, c in zip(names, other, strict=True) if c != assignment[n]}
    matches = {
        o.name: best_match(o, assignment, domain) for o in domain.operators.values()
    }
    margin = cost(other) - cost(best)
    return Explained(assignment, matches, cost(best), rival, margin)


def _options(domain: Domain, name: str) -> list[str | None]:
    """Return the classifiers of the predicate's arity, those like its name first.

    Without those of buttons: operators tell at once which predicates these are.
    """
    arity = domain.predicates[name].arity
    fitting = [c.name for c in CLASSIFIERS.values() if c.arity == arity]
    fitting = [classifier for classifier in fitting if classifier not in SWITCHED]
    return [*sorted(fitting, key=lambda c: not _named(name, c)), None]


def _improved(
    names: list[str], options: list[list[str | None]], cost: Callable[[Choice], float]
) -> list[Choice]:
    """Return choices, the best first, each predicate improved in turn.

    From two starts: only gaps, and what names speak for.
    """
    seen: dict[Choice, float] = {}
    named = tuple(
        choices[0] if choices[0] is not None and _named(name, choices[0]) else None
        for name, choices in zip(names, options, strict=True)
    )
    for best in ((None,) * len(names), named):
        better = True
        while better:
            better = False
            for i, choices in enumerate(options):
                for choice in choices:
                    other = (*best[:i], choice, *best[i + 1 :])
                    seen[other] = cost(other)
                    if seen[other] < cost(best):
                        best, better = other, True
    return sorted(seen, key=cost)


def _named(predicate: str, classifier: str) -> bool:
    return any(part in predicate for part in HINTS.get(classifier, ()))


def _prior(assignment: Assignment, domain: Domain) -> float:
    """Return the cost of gaps and of doubles, less what names speak for."""
    total = 0.0
    for predicate, classifier in assignment.items():
        if classifier is None:
            total += GAP
        else:
            total -= NAMED * _named(predicate, classifier)
            total += LOOSER * (classifier == "carries_nothing")
    total += MIXED * sum(
        _mixed(operator, assignment) for operator in domain.operators.values()
    )
    hands = [c for c in assignment.values() if c and CLASSIFIERS[c].hand is not None]
    total += HAND * bool(hands)
    total += TWICE * ({"hand_empty", "gripper_empty"} <= set(assignment.values()))
    for one, other in combinations(assignment, 2):
        same = _alike(assignment[one]) == _alike(assignment[other]) is not None
        total += TWICE * (same and _overlap(domain, one, other))
    return total


def _mixed(operator: Operator, assignment: Assignment) -> bool:
    """Return whether a variable would be the hand and a body at once."""
    hands, bodies = set[str](), set[str]()
    effects = operator.add_effects | operator.delete_effects
    for atom in operator.preconditions | effects:
        classifier = assignment.get(atom.predicate)
        if classifier is not None:
            place = CLASSIFIERS[classifier].hand
            for i, term in enumerate(atom.objects):
                (hands if i == place else bodies).add(term)
    return bool(hands & bodies)


def _alike(classifier: str | None) -> str | None:
    """Return one name for classifiers that differ for a held body only."""
    return "nothing_on" if classifier == "carries_nothing" else classifier


def _overlap(domain: Domain, one: str, other: str) -> bool:
    """Return whether two predicates may be true of the same objects, by their types."""
    return all(
        any(
            "object" in (a, b) or domain.is_a(a, b) or domain.is_a(b, a)
            for a in first
            for b in second
        )
        for first, second in zip(
            domain.predicates[one].types, domain.predicates[other].types, strict=True
        )
    )


def _against_init(assignment: Assignment, problem: Problem | None) -> float:
    """Return the cost of what `:init` contradicts."""
    if problem is None:
        return 0.0
    return CONTRADICTED * sum(_contradictions(assignment, problem))


def _contradictions(assignment: Assignment, problem: Problem) -> Iterator[bool]:
    atoms: dict[str, list[tuple[str, ...]]] = {name: [] for name in CLASSIFIERS}
    for atom in problem.init:
        classifier = assignment.get(atom.predicate)
        if classifier is not None:
            atoms[classifier].append(atom.objects)
    held = {terms[0] for terms in atoms["held"] + atoms["held_by"]}
    resting = [
        where
        for classifier, every in atoms.items()
        for terms in every
        if (where := placing(classifier, terms)) is not None
    ]
    placed = Counter(body for body, _ in dict.fromkeys(resting))
    under = {below for _, below in resting} - {TABLE}
    yield len(held) > 1
    yield any(count > 1 for count in placed.values()) or bool(held & placed.keys())
    yield any(body == below for body, below in resting)
    yield bool({terms[0] for terms in atoms["nothing_on"]} & (under | held))
    used = set(assignment.values())
    full = {terms[0] for terms in atoms["something_on"]}
    yield "something_on" in used and full != under
    yield "hand_over" in used and len(atoms["hand_over"]) != 1
    yield bool({terms[0] for terms in atoms["hand_empty"]} & (placed.keys() | held))
    yield bool({terms[0] for terms in atoms["hand_over"]} & (placed.keys() | held))
    yield bool(atoms["hand_empty"]) and bool(held)
    yield bool(atoms["gripper_empty"]) and bool(held or atoms["gripper_full"])
    yield (
        "gripper_empty" in used
        and "held" in used
        and not (held or atoms["gripper_empty"])
    )
    yield (
        "gripper_full" in used
        and "held" in used
        and bool(held) != bool(atoms["gripper_full"])
    )
