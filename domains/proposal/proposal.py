"""Proposal: a first domain.toml for a domain that nothing ties to physics yet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from jouleplan.domains.proposal.assignment import Explained, explain
from jouleplan.domains.proposal.bodies import Entry, propose_bodies
from jouleplan.domains.symbols import Domain, Problem

CLOSE: Final = 0.7
"""An assignment that costs so little more is told of."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is guessed, and what is left to a human.

    Attributes:
        domain: What it is for.
        explained: Classifiers and skills.
        entries: Bodies.
        gaps: What is to be filled in, one sentence each.
        doubts: What was guessed and does not fit in all, one sentence each.
    """

    domain: Domain
    explained: Explained
    entries: tuple[Entry, ...]
    gaps: tuple[str, ...]
    doubts: tuple[str, ...]


def propose(domain: Domain, problem: Problem | None = None) -> Proposal:
    """Return the binding that explains a domain best, with its gaps.

    Args:
        domain: Its operators are what is explained.
        problem: Its `:init` tells objects apart and settles what operators leave open.
    """
    explained = explain(domain, problem)
    entries = tuple(propose_bodies(domain, problem, explained))
    gaps = [
        f"predicates.{name}: no classifier fits all operators"
        for name, classifier in explained.classifiers.items()
        if classifier is None
    ]
    gaps += [
        f"operators.{name}: no sequence of skills does what its effects say"
        for name, match in explained.matches.items()
        if not match.calls
    ]
    gaps += [f"objects.{e.key}: {e.reason}" for e in entries if e.kind == "gap"]
    doubts = [
        f"operators.{name}: {doubt}"
        for name, match in explained.matches.items()
        for doubt in match.doubts
    ]
    if explained.rival and explained.margin < CLOSE:
        doubts += [
            f"predicates.{name}: {c or 'no classifier'} fits nearly as well as "
            f"{explained.classifiers[name] or 'a gap'}"
            for name, c in explained.rival.items()
        ]
    return Proposal(domain, explained, entries, tuple(gaps), tuple(doubts))
