"""Restriction: a planning task without the ground operators that physics rules out.

What cannot be taken, or is out of reach, is ruled out by static facts. How high towers
are depends on the state: where the plan found would build one too high, derived
predicates say how high the top of each body is, so that the planner itself keeps below.
Both are sound and complete: a plan of the restricted task is one of the task as given
that keeps the limits, and where there is none, none keeps them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from jouleplan.domains.facts import TABLE
from jouleplan.domains.language.model import (
    And,
    Atom,
    Axiom,
    Condition,
    DomainModel,
    Exists,
    Schema,
    Signature,
    TaskModel,
    Types,
)
from jouleplan.domains.skill_call import SkillCall
from jouleplan.planner.lowering.rebuild import conjoin

MOST_LEVELS: Final = 200
"""Heights that the tops of towers may have, beyond which they are not counted."""
_ANY: Final = ("object",)


@dataclass(frozen=True, slots=True)
class Heights:
    """What towers are made of, in whole micrometres.

    Attributes:
        fixed: Fixed body -> height of its top.
        movable: Movable body -> its height.
        top: Highest that a tower may become.
        on: Predicates (x, y): x rests directly on y.
        under: Predicates (x, y): y rests directly on x.
        on_table: Predicates (x): x rests directly on the table.
    """

    fixed: Mapping[str, int]
    movable: Mapping[str, int]
    top: int
    on: tuple[str, ...]
    under: tuple[str, ...]
    on_table: tuple[str, ...]

    def levels(self) -> tuple[int, ...]:
        """Return every height at which the top of a body may be, lowest first."""
        steps = set(self.movable.values())
        found = {0, *self.fixed.values()}
        waiting = list(found)
        while waiting and len(found) <= MOST_LEVELS:
            low = waiting.pop()
            new = {low + step for step in steps if low + step <= self.top} - found
            found |= new
            waiting += new
        return tuple(sorted(found))


@dataclass(frozen=True, slots=True)
class Restriction:
    """What the ground operators of a plan must keep to.

    Attributes:
        calls: Operator -> the skills that carry it out, with its variables.
        untaken: Objects that no skill may take or act on.
        unreached: Objects on which nothing can be placed.
        heights: Given where towers are to be counted.
    """

    calls: Mapping[str, tuple[SkillCall, ...]]
    untaken: frozenset[str] = frozenset()
    unreached: frozenset[str] = frozenset()
    heights: Heights | None = None


def restricted(task: TaskModel, restriction: Restriction) -> TaskModel:
    """Return ``task`` without the ground operators that a restriction rules out."""
    made = _Made(task, restriction)
    schemas = {
        name: guarded
        for name, schema in task.domain.schemas.items()
        if (guarded := made.guarded(schema)) is not None
    }
    facts = task.problem.facts | frozenset(made.facts())
    domain = replace(
        task.domain,
        schemas=schemas,
        predicates={**task.domain.predicates, **made.predicates},
        axioms=(*task.domain.axioms, *made.axioms),
    )
    return TaskModel(domain, replace(task.problem, facts=facts))


class _Made:
    """The predicates, facts and axioms that a restriction adds to a task."""

    def __init__(self, task: TaskModel, restriction: Restriction) -> None:
        self._task, self._restriction = task, restriction
        self.predicates: dict[str, Signature] = {}
        self.axioms: list[Axiom] = []
        self._taken = self._new("may-be-taken", 1) if restriction.untaken else ""
        self._reached = self._new("may-be-reached", 1) if restriction.unreached else ""
        self._carries = ""
        self._high: dict[int, str] = {}
        self._base: dict[int, str] = {}
        if restriction.heights is not None:
            self._carries = self._new("may-carry", 2)
            self._count(restriction.heights)

    def guarded(self, schema: Schema) -> Schema | None:
        """Return an operator with what rules its ground operators out, or None."""
        guards: list[Condition] = []
        for call in self._restriction.calls.get(schema.name, ()):
            if self._taken:
                guards.append(Atom(self._taken, (call.object,)))
            if call.on in (None, TABLE):
                continue
            assert call.on is not None
            if self._reached:
                guards.append(Atom(self._reached, (call.on,)))
            if self._carries:
                guards.append(Atom(self._carries, (call.on, call.object)))
        if not guards:
            return schema
        return replace(schema, condition=conjoin(schema.condition, *guards))

    def facts(self) -> Iterator[tuple[str, ...]]:
        """Yield what the added static predicates hold of."""
        kept = (
            (self._taken, self._restriction.untaken),
            (self._reached, self._restriction.unreached),
        )
        for predicate, without in kept:
            if predicate:
                for name in self._task.problem.objects:
                    if name not in without:
                        yield (predicate, name)
        heights = self._restriction.heights
        if heights is None:
            return
        for name, top in heights.fixed.items():
            yield (self._base[top], name)
        for name, height in heights.movable.items():
            yield (self._high[height], name)

    def _count(self, heights: Heights) -> None:
        """Add how high the top of each body is, and what each may carry."""
        levels = heights.levels()
        steps = sorted(set(heights.movable.values()))
        self._high = {step: self._new(f"is-{step}-um-high", 1) for step in steps}
        bases = sorted(set(heights.fixed.values()))
        self._base = {top: self._new(f"stands-{top}-um-high", 1) for top in bases}
        top_at = {level: self._new(f"top-at-{level}-um", 1) for level in levels}
        for level in levels:
            for kinds, condition in self._ways(level, heights, top_at):
                parameters = (("?x", kinds),)
                self.axioms.append(Axiom(top_at[level], parameters, condition))
            for step in steps:
                if level + step <= heights.top:
                    carried = And(
                        (
                            Atom(top_at[level], ("?x",)),
                            Atom(self._high[step], ("?y",)),
                        )
                    )
                    both = (("?x", _ANY), ("?y", _ANY))
                    self.axioms.append(Axiom(self._carries, both, carried))

    def _ways(
        self, level: int, heights: Heights, top_at: Mapping[int, str]
    ) -> Iterator[tuple[Types, Condition]]:
        """Yield the ways in which the top of ?x, of some types, is at ``level``."""
        declared = self._task.domain.predicates
        if level in self._base:
            yield _ANY, Atom(self._base[level], ("?x",))
        for step, high in self._high.items():
            is_high = Atom(high, ("?x",))
            if level == step:
                for name in heights.on_table:
                    kinds = declared[name].parameters[0][1]
                    yield kinds, And((is_high, Atom(name, ("?x",))))
            below = top_at.get(level - step)
            if below is None:
                continue
            at = Atom(below, ("?y",))
            for name in heights.on:
                (_, kinds), (_, lower) = declared[name].parameters
                on = Atom(name, ("?x", "?y"))
                yield kinds, Exists((("?y", lower),), And((is_high, on, at)))
            for name in heights.under:
                (_, lower), (_, kinds) = declared[name].parameters
                on = Atom(name, ("?y", "?x"))
                yield kinds, Exists((("?y", lower),), And((is_high, on, at)))

    def _new(self, name: str, arity: int) -> str:
        """Declare a predicate; return its name, which no other bears."""
        domain: DomainModel = self._task.domain
        while name in domain.predicates or name in domain.functions:
            name += "-x"
        parameters = tuple((f"?{letter}", _ANY) for letter in "xy"[:arity])
        self.predicates[name] = Signature(name, parameters)
        return name
