"""A plan's order, reduced to what its validity needs.

Every literal that a happening needs is given a producer: the earliest that is not
undone before its consumer. Who would undo it stays before the producer or behind the
consumer.

Whatever else has a say in a happening - numbers, conditions of effects, disjunctions,
quantifiers, derived predicates - stays in order with all that change it, so that every
order that is left does exactly what the plan did.

Source: Kambhampati and Kedar 1994, A unified framework for explanation-based
generalization of partially ordered and partially instantiated plans, AIJ 67; Muise,
Beck and McIlraith 2016, Optimal partial-order plan relaxation via MaxSAT, JAIR 57.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from jouleplan.domains.language.features import Feature
from jouleplan.domains.language.model import Fact, Modal, TaskModel
from jouleplan.domains.language.walk import condition_parts
from jouleplan.planner.graph.bits import reduced
from jouleplan.planner.graph.conflicts import Facts, Numbers, opposite
from jouleplan.planner.graph.happenings import Happening, number_writes
from jouleplan.planner.graph.reads import (
    Literal,
    Pattern,
    Reader,
    Reads,
    literal_text,
    matches,
    pattern_text,
)
from jouleplan.planner.validator.errors import InvalidPlanError
from jouleplan.planner.validator.world import World

INIT = -1
"""The producer of what is true at first."""

# With these, only the plan's own order is known to work.
_KEPT = frozenset(
    {
        Feature.CONTINUOUS,
        Feature.PROCESSES,
        Feature.EVENTS,
        Feature.PROBABILITY,
        Feature.OBSERVATION,
        Feature.METHODS,
        Feature.OBJECT_FLUENTS,
    }
)


class Link(NamedTuple):
    """A happening makes true what another needs; places in the list of happenings."""

    producer: int
    consumer: int
    literal: Literal


@dataclass(frozen=True, slots=True)
class Order:
    """What has to come before what.

    Attributes:
        happenings: What is ordered; the goal is the last.
        links: Causal links, by consumer.
        direct: For each place the places before it that follow from no others.
        total: Whether the plan's own order is kept whole, its task being of a kind for
            which nothing less is known to be valid.
    """

    happenings: tuple[Happening, ...]
    links: tuple[Link, ...]
    direct: tuple[tuple[int, ...], ...]
    total: bool = False


def deorder(task: TaskModel, happenings: list[Happening]) -> Order:
    """Return the order that ``happenings`` need.

    Args:
        task: The task.
        happenings: Of a valid plan, in their order, the goal last.

    Raises:
        InvalidPlanError: A happening needs what is not true.
    """
    watched = _watched(task)
    guarded = {fact for one in happenings for fact in one.reads.facts}
    deorderer = _Deorderer(
        task, Facts(guarded, watched.facts), Numbers(watched.numbers)
    )
    for at, happening in enumerate(happenings):
        deorderer.add(at, happening)
    before = deorderer.before
    total = _keeps_total(task)
    if total:
        before = [1 << at >> 1 for at in range(len(happenings))]
    direct = tuple(map(tuple, reduced(before)))
    return Order(tuple(happenings), tuple(deorderer.links), direct, total)


def reasons(
    order: Order, produced: frozenset[Literal], first: int, then: int
) -> list[tuple[str, str]]:
    """Return why ``first`` has to come before ``then``, causal links apart.

    Args:
        order: The order.
        produced: What ``then`` is the producer of.
        first: A place in ``order``.
        then: A later one.

    Returns:
        Pairs of a kind, "threat" or "order", and what they would interfere in.
    """
    one, two = order.happenings[first], order.happenings[then]
    found: dict[tuple[str, str], None] = {}
    for literal in two.writes:
        if opposite(literal) in one.reads.needs or opposite(literal) in one.holds:
            found["threat", literal_text(opposite(literal))] = None
    for literal in one.writes:
        if opposite(literal) in produced:
            found["threat", literal_text(opposite(literal))] = None
    if not found:
        shared = _shared(one, two) or _shared(two, one) or [""]
        found = dict.fromkeys(("order", text) for text in shared)
    return list(found)


def _shared(one: Happening, two: Happening) -> list[str]:
    """Return what ``one`` changes that has a say in ``two``, or that both change."""
    facts = [fact for fact, _ in one.writes]
    numbers = [number for number, _ in number_writes(one)]
    found = _read(facts, two.reads.facts) + _read(numbers, two.reads.numbers)
    also = {number for number, _ in number_writes(two)}
    found += [pattern_text(number) for number in numbers if number in also]
    also = {fact for fact, _ in two.writes}
    found += [pattern_text(fact) for fact in facts if fact in also]
    return list(dict.fromkeys(found))


def _read(facts: list[Fact], patterns: set[Pattern]) -> list[str]:
    return [
        pattern_text(fact)
        for fact in facts
        if any(matches(pattern, fact) for pattern in patterns)
    ]


def _watched(task: TaskModel) -> Reads:
    """Return what trajectory constraints look at: its changes keep their order."""
    watched = Reads()
    reader = Reader(task, World(task))
    for constraints in (task.domain.constraints, task.problem.constraints):
        reader.condition(watched, constraints, {}, firm=False)
    return watched


def _keeps_total(task: TaskModel) -> bool:
    if _KEPT & task.features:
        return True
    return any(
        isinstance(part, Modal) and part.times
        for constraints in (task.domain.constraints, task.problem.constraints)
        for part in condition_parts(constraints)
    )


class _Deorderer:
    """Goes through happenings and finds out which must come before each."""

    def __init__(self, task: TaskModel, facts: Facts, numbers: Numbers) -> None:
        self.before: list[int] = []
        self.links: list[Link] = []
        self._initial = task.problem.facts
        self._facts, self._numbers = facts, numbers
        self._consumers: dict[Literal, int] = {}
        self._rivals: dict[tuple[int, Literal], int] = {}
        self._starts: dict[object, int] = {}

    def add(self, at: int, happening: Happening) -> None:
        """Find out who comes before ``happening``, the next one."""
        bit = 1 << at
        self.before.append(0)
        mask = self._facts.before(happening) | self._numbers.before(happening)
        for literal in happening.reads.needs:
            mask |= self._link(literal, at, happening)
            self._consumers[literal] = self._consumers.get(literal, 0) | bit
        for literal in happening.writes:
            rivals = self._facts.writers(opposite(literal))
            self._rivals[at, literal] = rivals
            mask |= self._consumers.get(opposite(literal), 0) & ~bit
        self._facts.add(happening, bit)
        self._numbers.add(happening, bit)
        if happening.point == "start":
            self._starts[happening.node] = at
            for literal in happening.holds:
                mask |= self._link(literal, at, happening) & ~bit
        elif happening.point == "end":
            mask |= 1 << self._starts[happening.node]
            for literal in happening.holds:
                self._consumers[literal] = self._consumers.get(literal, 0) | bit
        if happening.node == "goal":
            mask |= bit - 1
        self.before[at] |= mask

    def _link(self, literal: Literal, at: int, happening: Happening) -> int:
        """Record who produces ``literal`` for ``at``; return it as a bit."""
        undone = self._facts.writers(opposite(literal)).bit_length()
        if not undone and (literal[0] in self._initial) is literal[1]:
            self.links.append(Link(INIT, at, literal))
            return 0
        able = self._facts.writers(literal) >> undone << undone
        if not able:
            raise InvalidPlanError(
                f"{happening.node} needs {literal_text(literal)}, which no step before "
                "it provides"
            )
        producer = (able & -able).bit_length() - 1
        self.before[producer] |= self._rivals[producer, literal] & ~(1 << producer)
        if producer != at:
            self.links.append(Link(producer, at, literal))
        return 1 << producer
