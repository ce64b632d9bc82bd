"""Finds a plan: chooses engines, keeps the limits, replays what they return."""

from __future__ import annotations

import math
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from jouleplan.domains.symbols import Domain, GroundOperator, Problem, State
from jouleplan.planner.engines import ENGINES
from jouleplan.planner.engines.engine import Engine, Limits, Outcome, PlanStatus, Task
from jouleplan.planner.engines.replay import replay
from jouleplan.planner.engines.strips_text import problem_text
from jouleplan.planner.errors import (
    LimitError,
    MissingEngineError,
    ReplayError,
    UnknownEngineError,
)

__all__ = ["AUTO", "ENGINE_CHOICES", "PlanResult", "PlanStatus", "solve", "solve_from"]

AUTO = "auto"
ENGINE_CHOICES = (AUTO, *ENGINES)
"""What ``engine`` may be."""

LEAST_MEMORY_MB = 64
"""Least memory limit: a Python interpreter starts within it."""

_OPTIMAL_S = 5.0
_SHARES = {"fast-downward-optimal": 0.25, "fast-downward": 2 / 3}
"""Part of the time left that ``auto`` gives an engine, if another comes after it."""

_MEANING = (
    PlanStatus.TIMEOUT,
    PlanStatus.MEMORY,
    PlanStatus.UNPROVEN,
    PlanStatus.CRASHED,
    PlanStatus.UNSUPPORTED,
)
"""Statuses without an answer, the one that tells most about the task first."""


@dataclass(frozen=True, slots=True)
class PlanResult:
    """How planning ended.

    Attributes:
        status: Solved, proved unsolvable, or why neither.
        engine: Engine that the status comes from; ``none`` where none was needed.
        plan: Ground operators, replayed from the initial state to the goal.
        cpu_s: CPU seconds of the engines' processes and of this thread.
        wall_s: Wall seconds.
        notes: What happened on the way, and what is known of the plan.
        detail: The reason where not solved.
    """

    status: PlanStatus
    engine: str
    plan: tuple[GroundOperator, ...]
    cpu_s: float
    wall_s: float
    notes: tuple[str, ...]
    detail: str


def solve(
    domain: Domain,
    problem: Problem,
    domain_pddl: Path,
    problem_pddl: Path,
    *,
    engine: str = AUTO,
    time_limit_s: float = 30.0,
    memory_limit_mb: int = 4096,
    seed: int | None = None,
) -> PlanResult:
    """Return a plan for ``problem``, or why there is none.

    ``auto`` plans for quality first: an optimal search for a few seconds, then the
    first plan that a satisficing one finds, then another engine. One that crashes,
    hangs or refuses hands over to the next.

    Args:
        domain: The domain as read.
        problem: The problem as read.
        domain_pddl: The file ``domain`` was read from.
        problem_pddl: The file ``problem`` was read from.
        engine: One of ``ENGINE_CHOICES``.
        time_limit_s: Wall seconds for everything.
        memory_limit_mb: MiB of address space for each process of an engine.
        seed: Seed of engines that make random choices.

    Raises:
        UnknownEngineError: ``engine`` is not registered.
        LimitError: The time is not positive and finite, or the memory is too little
            for an engine to start.
        MissingEngineError: The package of the engine, or of every one, is missing.
    """
    if engine not in ENGINE_CHOICES:
        raise UnknownEngineError(engine, ENGINE_CHOICES)
    if not (0 < time_limit_s < math.inf) or memory_limit_mb < LEAST_MEMORY_MB:
        raise LimitError(
            f"time limit {time_limit_s} s and memory limit {memory_limit_mb} MB; give "
            f"a positive, finite time and {LEAST_MEMORY_MB} MB or more"
        )
    started = time.perf_counter(), time.thread_time()
    task = Task(domain, problem, domain_pddl, problem_pddl)
    if problem.satisfied(problem.init):
        result = _result("none", Outcome(PlanStatus.SOLVED), ("the goal holds",))
    else:
        names = list(ENGINES) if engine == AUTO else [engine]
        limits = Limits(time_limit_s, memory_limit_mb)
        result = _first_answer(task, names, limits, seed)
    return replace(
        result,
        cpu_s=result.cpu_s + time.thread_time() - started[1],
        wall_s=time.perf_counter() - started[0],
    )


def solve_from(
    domain: Domain,
    problem: Problem,
    state: State,
    domain_pddl: Path,
    *,
    engine: str = AUTO,
    time_limit_s: float = 30.0,
    memory_limit_mb: int = 4096,
    seed: int | None = None,
) -> PlanResult:
    """Return a plan from ``state`` to the goal of ``problem``: replanning.

    Args:
        domain: The domain as read.
        problem: The problem whose objects, static atoms and goal still count.
        state: The state to start from, e.g. sensed; static atoms of ``problem.init``
            are added to it.
        domain_pddl: The file ``domain`` was read from.
        engine: As for ``solve``, like all that follows.
        time_limit_s: Wall seconds for everything.
        memory_limit_mb: MiB of address space for each process of an engine.
        seed: Seed of engines that make random choices.
    """
    static = domain.static_predicates()
    kept = frozenset(atom for atom in problem.init if atom.predicate in static)
    here = replace(problem, init=state | kept)
    with tempfile.TemporaryDirectory(prefix="jouleplan-") as folder:
        problem_pddl = Path(folder) / "problem.pddl"
        problem_pddl.write_text(problem_text(domain, here, here.init))
        return solve(
            domain,
            here,
            domain_pddl,
            problem_pddl,
            engine=engine,
            time_limit_s=time_limit_s,
            memory_limit_mb=memory_limit_mb,
            seed=seed,
        )


def _first_answer(
    task: Task, names: Sequence[str], limits: Limits, seed: int | None
) -> PlanResult:
    """Return the first plan or proof of the engines, else what tells most.

    Engines that refuse the task take no time from the others.
    """
    deadline = time.perf_counter() + limits.time_s
    refused = {name: ENGINES[name].refusal(task) for name in names}
    failures = [
        (name, Outcome(PlanStatus.UNSUPPORTED, detail=f"{name} cannot do: {feature}"))
        for name, feature in refused.items()
        if feature
    ]
    able = [name for name in names if not refused[name]]
    missing: list[MissingEngineError] = []
    cpu_s = 0.0
    for name in able:
        share_s = _share_s(name, deadline - time.perf_counter(), name == able[-1])
        try:
            outcome, plan = _attempt(
                ENGINES[name], task, replace(limits, time_s=share_s), seed
            )
        except MissingEngineError as error:
            missing.append(error)
            failures.append((name, Outcome(PlanStatus.CRASHED, detail=str(error))))
            continue
        cpu_s += outcome.cpu_s
        if outcome.status in (PlanStatus.SOLVED, PlanStatus.UNSOLVABLE):
            result = _result(name, replace(outcome, cpu_s=cpu_s), _told(failures))
            return replace(result, plan=plan)
        failures.append((name, outcome))
    if missing and len(missing) == len(able):
        raise missing[0]
    name, outcome = min(failures, key=lambda pair: _MEANING.index(pair[1].status))
    others = [failure for failure in failures if failure[0] != name]
    return _result(name, replace(outcome, cpu_s=cpu_s), _told(others))


def _share_s(name: str, left_s: float, last: bool) -> float:
    """Return the seconds that an engine gets of those left; the last gets them all."""
    if last:
        return left_s
    most_s = _OPTIMAL_S if name == "fast-downward-optimal" else math.inf
    return min(most_s, _SHARES.get(name, 0.5) * left_s)


def _attempt(
    engine: Engine, task: Task, limits: Limits, seed: int | None
) -> tuple[Outcome, tuple[GroundOperator, ...]]:
    """Return what one engine finds, and its plan if the replay confirms it."""
    # A killed process may still be closing its files there.
    with tempfile.TemporaryDirectory(
        prefix="jouleplan-", ignore_cleanup_errors=True
    ) as folder:
        outcome = engine.run(task, limits, seed, Path(folder))
    if outcome.status is not PlanStatus.SOLVED:
        return outcome, ()
    try:
        return outcome, replay(task.domain, task.problem, outcome.steps)
    except ReplayError as error:
        detail = f"its plan does not replay: {error}"
        return replace(outcome, status=PlanStatus.CRASHED, detail=detail), ()


def _told(failures: Sequence[tuple[str, Outcome]]) -> tuple[str, ...]:
    """Return a note for each engine that gave no answer."""
    return tuple(f"{name}: {o.status}, {o.detail}" for name, o in failures)


def _result(name: str, outcome: Outcome, notes: tuple[str, ...]) -> PlanResult:
    """Return an outcome as a result; plan and times are filled in by the caller."""
    return PlanResult(
        outcome.status,
        name,
        (),
        outcome.cpu_s,
        0.0,
        (*notes, *outcome.notes),
        outcome.detail,
    )
