"""Feasibility: plans that keep the arm's limits, or why physics rules all plans out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Final

from jouleplan.domains.errors import InitialStateError
from jouleplan.domains.facts import facts_of, static_atoms
from jouleplan.domains.limits import (
    PANDA,
    Breach,
    Limits,
    too_high,
    unreachable,
    untakeable,
)
from jouleplan.domains.placement import Placement
from jouleplan.domains.symbols import GroundOperator, State
from jouleplan.planner.options import Options
from jouleplan.planner.restriction import MOST_LEVELS, Heights, Restriction
from jouleplan.planner.solve import PlanResult, PlanStatus, solve, solve_from
from jouleplan.planner.task import Task

EXPLAINED_IN_S: Final = 5.0
"""Wall seconds for the plan without limits that shows which of them are in the way."""
SHOWN: Final = 3
_UM: Final = 1e6

Find = Callable[[Options], PlanResult]
"""Plans for one task and state under options."""


def finder(task: Task, state: State | None = None) -> Find:
    """Return what plans for ``task``, from ``state`` or else from its `:init`."""
    files = task.files.domain_pddl, task.problem_pddl

    def find(options: Options) -> PlanResult:
        if state is None:
            return solve(task.domain, *files, options)
        return solve_from(task.domain, state, *files, options)

    return find


class Feasibility:
    """What physics rules out in one task, and the plans that keep to the rest.

    Bodies that cannot be taken, or stand out of reach, are known from the start. Towers
    are counted once a plan would build one too high, and from then on.

    Args:
        task: With the bodies and the skills.
        placed: Where every body stands at first; out of reach is told by it.
        limits: Of the arm.

    Attributes:
        breaches: What is beyond the arm, known without a plan.
    """

    def __init__(
        self, task: Task, placed: dict[str, Placement], limits: Limits = PANDA
    ) -> None:
        """Measure every body."""
        self._task, self._limits = task, limits
        bodies = task.binding.bodies.values()
        out = unreachable({n: p.position[:2] for n, p in placed.items()}, limits)
        self.breaches: tuple[Breach, ...] = (*untakeable(bodies, limits), *out)
        self._unreached = frozenset(breach.object for breach in out)
        self._counting = False
        fixed = [body.height for body in bodies if not body.movable]
        movable = [body.height for body in bodies if body.movable]
        self._watched = max(fixed, default=0.0) + sum(movable) > limits.top_m

    @property
    def may_rule_out(self) -> bool:
        """Whether a plan may have to be another than without the limits."""
        return bool(self.breaches) or self._watched

    def restrict(self, options: Options) -> Options:
        """Return ``options`` that keep to what is known to be possible."""
        if not self.breaches and not self._counting:
            return options
        restriction = Restriction(
            self._task.binding.skills,
            frozenset(breach.object for breach in self.breaches),
            self._unreached,
            self._heights() if self._counting else None,
        )
        return replace(options, restriction=restriction)

    def plan(self, find: Find, options: Options, state: State) -> PlanResult:
        """Return a plan that keeps the limits, or why there is none.

        Args:
            find: Plans for the task from ``state``.
            options: What is asked for, without restriction.
            state: What is true at first.
        """
        result = find(self.restrict(options))
        if self._watched and not self._counting:
            breach = next((b for _, b in self._towers(result.plan, state)), None)
            if breach is not None:
                if len(self._heights().levels()) > MOST_LEVELS:
                    return replace(
                        result,
                        status=PlanStatus.UNPROVEN,
                        plan=(),
                        detail=_many(breach),
                    )
                self._counting = True
                result = find(self.restrict(options))
        limited = bool(self.breaches) or self._counting
        if limited and result.status is PlanStatus.UNSOLVABLE:
            return self._explained(result, find, options, state)
        return result

    def _explained(
        self, result: PlanResult, find: Find, options: Options, state: State
    ) -> PlanResult:
        """Return ``result`` with what a plan without limits would break."""
        brief = min(EXPLAINED_IN_S, options.time_limit_s)
        free = find(replace(options, time_limit_s=brief))
        if free.status is PlanStatus.UNSOLVABLE:
            return free
        broken = [*self._taking(free.plan), *self._towers(free.plan, state)]
        if not broken:
            return replace(result, detail=_sentence("", map(str, self.breaches)))
        operators = list(dict.fromkeys(str(operator) for operator, _ in broken))
        said = ", ".join(operators[:SHOWN])
        if len(operators) > SHOWN:
            said += f" and {len(operators) - SHOWN} more"
        reasons = dict.fromkeys(str(breach) for _, breach in broken)
        return replace(result, detail=_sentence(f"ruled out: {said}. ", reasons))

    def _taking(
        self, plan: tuple[GroundOperator, ...]
    ) -> Iterator[tuple[GroundOperator, Breach]]:
        """Yield the operators of ``plan`` that take or use what is beyond the arm."""
        for operator in plan:
            for call in self._task.binding.calls(operator):
                for breach in self.breaches:
                    onto = call.on == breach.object and call.on in self._unreached
                    if call.object == breach.object or onto:
                        yield operator, breach

    def _towers(
        self, plan: tuple[GroundOperator, ...], state: State
    ) -> Iterator[tuple[GroundOperator, Breach]]:
        """Yield the operators of ``plan`` after which a tower is too high."""
        if not self._watched:
            return
        task = self._task
        state -= static_atoms(state, task.binding)
        for operator in plan:
            state = operator.apply(state)
            try:
                facts = facts_of(state, task.binding, task.problem)
            except InitialStateError:
                continue  # no arrangement of bodies: it will not be sensed either
            breach = too_high(facts, task.binding.bodies, self._limits)
            if breach is not None:
                yield operator, breach

    def _heights(self) -> Heights:
        binding = self._task.binding
        whole = {b.name: round(b.height * _UM) for b in binding.bodies.values()}

        def sensed(classifier: str) -> tuple[str, ...]:
            return tuple(p for p, c in binding.classifiers.items() if c == classifier)

        return Heights(
            {n: h for n, h in whole.items() if not binding.bodies[n].movable},
            {n: h for n, h in whole.items() if binding.bodies[n].movable},
            round(self._limits.top_m * _UM),
            sensed("supported_by"),
            sensed("supports"),
            sensed("on_table"),
        )


def _sentence(operators: str, reasons: Iterable[str]) -> str:
    """Return that physics rules every plan out, which ``operators``, and why."""
    return f"no plan keeps the arm's limits; {operators}{'. '.join(reasons)}"


def _many(breach: Breach) -> str:
    """Return why towers were not counted."""
    return (
        f"{breach}; towers of so many different heights are not counted "
        f"(more than {MOST_LEVELS} levels)"
    )
