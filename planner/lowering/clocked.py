"""Timed initial literals as operators, where nothing else takes time.

Each becomes an operator that can be used once, after the one before it; the goal needs
all of them. Operators without duration fit between any two times, so that a plan for
the one task is a plan for the other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

from jouleplan.domains.language.model import (
    And,
    Atom,
    Change,
    Condition,
    Effect,
    Not,
    Schema,
    Signature,
    TaskModel,
)
from jouleplan.domains.language.numbers import cost_function
from jouleplan.domains.language.plan import Plan, Step
from jouleplan.planner.lowering.lowered import Lowered, LoweringError
from jouleplan.planner.lowering.rebuild import conjoin, join

_MARK = "by-the-clock"


def clocked(task: TaskModel) -> Lowered:
    """Return ``task`` with an operator for every time at which something happens.

    Raises:
        LoweringError: An operator takes time.
    """
    domain, problem = task.domain, task.problem
    if any(schema.kind != "action" for schema in domain.schemas.values()):
        raise LoweringError("timed initial literals beside operators that take time")
    by_time: dict[Fraction, list[Effect]] = {}
    for timed in problem.timed:
        by_time.setdefault(timed.time, []).append(timed.change)
    mark = _MARK
    taken = (*domain.predicates, *domain.schemas)
    while any(name.startswith(mark) for name in taken):
        mark += "-x"
    times = {f"{mark}-{i}": time for i, time in enumerate(sorted(by_time), start=1)}
    before: Condition = And()
    operators = {}
    for name, time in times.items():
        happens = join(*by_time[time], Change(Atom(name), True))
        once = conjoin(before, Not(Atom(name)))
        operators[name] = Schema(name, (), once, happens)
        before = Atom(name)
    return Lowered(
        replace(
            domain,
            constants=problem.objects,
            predicates={**domain.predicates, **{n: Signature(n) for n in times}},
            schemas={**domain.schemas, **operators},
        ),
        replace(problem, timed=(), goal=conjoin(problem.goal, before)),
        restore=lambda plan: _at_times(plan, times),
        # the operators of the clock cost each plan the same, but for its time
        exact=problem.metric is None or cost_function(task) is not None,
    )


def _at_times(plan: Plan, times: Mapping[str, Fraction]) -> Plan:
    """Return the steps of a plan between the times that it meets."""
    phases: list[tuple[Fraction, list[Step]]] = [(Fraction(0), [])]
    for step in plan:
        if step.operator in times:
            phases.append((times[step.operator], []))
        else:
            phases[-1][1].append(step)
    found = []
    for i, (start, steps) in enumerate(phases):
        end = phases[i + 1][0] if i + 1 < len(phases) else start + len(steps) + 1
        gap = (end - start) / (len(steps) + 1)
        for k, step in enumerate(steps, start=1):
            found.append(replace(step, start=start + k * gap))
    return tuple(found)
