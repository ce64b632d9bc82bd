"""Planning: any two PDDL files in, a validated plan out, or why there is none.

The translator of the classical planners is started on the files at once; reading and
checking them goes on beside it, and ends it where they are at fault.
"""

from __future__ import annotations

import math
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from jouleplan.domains.language.domain_file import read_domain_model
from jouleplan.domains.language.features import Feature
from jouleplan.domains.language.model import TaskModel
from jouleplan.domains.language.problem_file import read_problem_model
from jouleplan.planner.attempts import Attempts, Found
from jouleplan.planner.costs import with_costs
from jouleplan.planner.early import early_translation
from jouleplan.planner.engines.engine import Limits, PlanStatus
from jouleplan.planner.engines.registry import ENGINES
from jouleplan.planner.engines.translation import Translation
from jouleplan.planner.errors import (
    MissingEngineError,
)
from jouleplan.planner.lanes import Lane, Turn, lanes_for
from jouleplan.planner.options import AUTO, Options, check_options
from jouleplan.planner.planned import Planning, Times
from jouleplan.planner.preparation import Obstacle, Preparation
from jouleplan.planner.refusals import none_able, refused
from jouleplan.planner.validator import validate

QUALITY_S = 10.0
"""How long `auto` goes on looking for a better plan than it has."""

_MEANING = (
    PlanStatus.TIMEOUT,
    PlanStatus.MEMORY,
    PlanStatus.UNPROVEN,
    PlanStatus.CRASHED,
    PlanStatus.UNSUPPORTED,
)
"""Statuses without an answer, the one that tells most about the task first."""

_EMPTY_PLAN_IS_BEST = frozenset(Feature) - {
    Feature.CONSTRAINTS,
    Feature.PREFERENCES,
    Feature.OTHER_METRIC,
    Feature.MAXIMIZE,
    Feature.TIMED,
    Feature.PROCESSES,
    Feature.EVENTS,
    Feature.NUMBERS,
    Feature.STATE_COSTS,
}


def plan_files(
    domain_pddl: Path,
    problem_pddl: Path,
    options: Options = Options(),  # noqa: B008 - frozen
    improved: Callable[[Found], None] = lambda found: None,
    early: Translation | None = None,
) -> Planning:
    """Return a plan for the task of two PDDL files, or why there is none.

    Args:
        domain_pddl: The domain.
        problem_pddl: The problem.
        options: What is asked for.
        improved: Called with each plan that is better than those before.
        early: A translation of the files that has been started; it is ended with the
            planning.

    Raises:
        PddlError: A file cannot be read or does not fit together.
        CostsError: The costs do not fit the task.
        UnknownEngineError: The engine is not registered.
        UnfitEngineError: The engine cannot do what the options ask for.
        LimitError: The time is not positive and finite, or the memory is too little
            for an engine to start.
        MissingEngineError: The engine's package, or every one, is missing.
    """
    check_options(options)
    clock = time.perf_counter(), time.thread_time()
    limits = Limits(options.time_limit_s, options.memory_limit_mb)
    with tempfile.TemporaryDirectory(
        prefix="jouleplan-", ignore_cleanup_errors=True
    ) as name:
        folder = Path(name)
        if early is None and options.translates:
            early = early_translation(
                domain_pddl, problem_pddl, limits, folder / "early"
            )
        try:
            domain = read_domain_model(domain_pddl)
            task = TaskModel(domain, read_problem_model(problem_pddl, domain))
            if options.costs is not None:
                task = with_costs(task, options.costs)
            if options.restriction is not None:
                # most tasks have none and need not load what scenes are made of
                from jouleplan.planner.restriction import restricted

                task = restricted(task, options.restriction)
            preparation = Preparation(
                task,
                domain_pddl,
                problem_pddl,
                folder,
                written=options.rewrites,
                translation=early,
            )
            parsed_s = time.perf_counter() - clock[0]
            attempts = Attempts(
                task,
                preparation,
                limits,
                options.seed,
                max(1, options.top_k),
                improved,
                clock[0],
            )
            found = _answer(attempts, options)
        finally:
            if early is not None:
                early.kill()
        preparation.end()
    cpu_s = attempts.cpu_s + preparation.cpu_s + time.thread_time() - clock[1]
    total_s = time.perf_counter() - clock[0]
    search_s = max(0.0, total_s - parsed_s - attempts.validate_s)
    notes = (*domain.notes, *task.problem.notes, *found.notes)
    return replace(
        found,
        cpu_s=cpu_s,
        times=Times(parsed_s, search_s, attempts.validate_s, total_s),
        notes=tuple(dict.fromkeys(notes)),
    )


def _answer(attempts: Attempts, options: Options) -> Planning:
    """Return what the engines come to; notes and times are the caller's."""
    task = attempts.task
    if task.features <= _EMPTY_PLAN_IS_BEST and options.top_k == 0:
        verdict = validate(task, ())
        if verdict.valid:
            found = Found((), verdict, "none", 0.0)
            return Planning(
                PlanStatus.SOLVED,
                "none",
                task,
                (found,),
                True,
                notes=("the goal holds",),
            )
    if options.engine == AUTO:
        asked = options.optimal, options.anytime, options.top_k > 0
        optimal, anytime, top_k = asked
        lanes = lanes_for(task, optimal=optimal, anytime=anytime, top_k=top_k)
    else:
        engine = ENGINES[options.engine]
        if engine.missing():
            raise MissingEngineError(engine.missing())
        obstacle = attempts.preparation.for_engine(engine)
        if isinstance(obstacle, Obstacle):
            return refused(
                attempts, f"{engine.name} cannot do: {obstacle}", engine.name
            )
        lanes = (Lane((Turn(engine.name),)),)
    patient = options.engine != AUTO or any((options.anytime, options.top_k))
    quality_s = math.inf if patient or options.optimal else QUALITY_S
    attempts.run(lanes, quality_s)
    asked_for_best = options.optimal or options.top_k or options.engine != AUTO
    if not attempts.outcomes and not asked_for_best:
        attempts.preparation.give_up_the_metric()
        attempts.run(lanes, 0.0)
    return _conclusion(attempts, options, lanes)


def _conclusion(
    attempts: Attempts, options: Options, lanes: Sequence[Lane]
) -> Planning:
    """Return what the attempts have come to."""
    notes = tuple(attempts.notes)
    told = tuple(
        f"{name}: {o.status}, {o.detail}"
        for name, o in attempts.outcomes
        if o.status is not PlanStatus.SOLVED and o.detail
    )
    noted = tuple(note for _, o in attempts.outcomes for note in o.notes)
    best, task = attempts.best, attempts.task
    if best is None and not attempts.outcomes:
        return none_able(attempts, lanes)
    if best is None:
        name, outcome = attempts.proof or min(
            attempts.outcomes, key=lambda pair: _MEANING.index(pair[1].status)
        )
        others = tuple(text for text in told if not text.startswith(f"{name}:"))
        return Planning(
            outcome.status,
            name,
            task,
            notes=(*notes, *noted, *others),
            detail=outcome.detail or "no plan was found",
        )
    proven = attempts.proof is not None
    engine = attempts.proof[0] if attempts.proof else best.engine
    plans = sorted(attempts.plans, key=attempts.rank) if options.top_k else [best]
    said = (
        ("the plan is shortest",)
        if task.problem.metric is None
        else ("the plan is best by the task's metric",)
    )
    if options.optimal and not proven:
        ended = [o.status for _, o in attempts.outcomes if o.status in _MEANING]
        return Planning(
            min(ended, key=_MEANING.index, default=PlanStatus.UNPROVEN),
            best.engine,
            task,
            notes=(*notes, *noted, *told),
            detail=(
                f"no plan was proven best; the best found costs {_short(best)}; give "
                "more --time-limit, or --anytime for the best found"
            ),
        )
    return Planning(
        PlanStatus.SOLVED,
        engine,
        task,
        tuple(plans[: max(1, options.top_k)]),
        proven,
        notes=(*notes, *noted, *told, *(said if proven else ())),
    )


def _short(found: Found) -> str:
    cost = found.verdict.cost
    return "an undefined number" if cost is None else f"{float(cost):g}"
