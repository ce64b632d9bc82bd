"""Planning: any two PDDL files in, a validated plan out, or why there is none.

The translator of the classical planners is started on the files at once; reading and
checking them goes on beside it, and ends it where they are at fault.
"""

from __future__ import annotations

import math
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from jouleplan.domains.language.domain_file import read_domain_model
from jouleplan.domains.language.features import Feature
from jouleplan.domains.language.model import TaskModel
from jouleplan.domains.language.problem_file import read_problem_model
from jouleplan.planner.attempts import Attempts, Found
from jouleplan.planner.costs import Costs, with_costs
from jouleplan.planner.early import early_translation
from jouleplan.planner.engines.engine import Engine, Limits, PlanStatus
from jouleplan.planner.engines.registry import ENGINES
from jouleplan.planner.engines.translation import Translation
from jouleplan.planner.errors import (
    LimitError,
    MissingEngineError,
    UnfitEngineError,
    UnknownEngineError,
)
from jouleplan.planner.lanes import Lane, Turn, lanes_for
from jouleplan.planner.preparation import Obstacle, Preparation
from jouleplan.planner.validator import validate

AUTO = "auto"
ENGINE_CHOICES = (AUTO, *ENGINES)
"""What ``engine`` may be."""

LEAST_MEMORY_MB = 64
"""Least memory limit: a Python interpreter starts within it."""

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


@dataclass(frozen=True, slots=True)
class Options:
    """What is asked for.

    Attributes:
        engine: One of ``ENGINE_CHOICES``.
        time_limit_s: Wall seconds for everything.
        memory_limit_mb: MiB for the processes of an engine together.
        seed: Seed of engines that make random choices.
        optimal: Whether only a plan that is proven best will do.
        anytime: Whether to go on to better plans until the limit.
        top_k: How many of the best plans to find; 0 for one plan.
        costs: What operators cost, instead of the task's own metric.
    """

    engine: str = AUTO
    time_limit_s: float = 30.0
    memory_limit_mb: int = 4096
    seed: int | None = None
    optimal: bool = False
    anytime: bool = False
    top_k: int = 0
    costs: Costs | None = None

    @property
    def translates(self) -> bool:
        """Whether a translation of the files is likely to be of use."""
        if self.costs is not None or self.engine not in ENGINE_CHOICES:
            return False
        return self.engine == AUTO or ENGINES[self.engine].translates


@dataclass(frozen=True, slots=True)
class Times:
    """Wall seconds: reading and checking, engines, validating, all."""

    parse: float = 0.0
    search: float = 0.0
    validate: float = 0.0
    total: float = 0.0


@dataclass(frozen=True, slots=True)
class Planning:
    """How planning ended.

    Attributes:
        status: Solved, proved unsolvable, or why neither.
        engine: Engine that the status comes from; ``none`` where none was needed.
        task: The task that the plans were validated in.
        plans: Validated plans, the best first.
        proven: Whether the first is proven to be best.
        cpu_s: CPU seconds of the engines' processes and of this thread.
        times: Where the time went.
        notes: What happened on the way, and what is known of the plan.
        detail: The reason where not solved.
    """

    status: PlanStatus
    engine: str
    task: TaskModel
    plans: tuple[Found, ...] = ()
    proven: bool = False
    cpu_s: float = 0.0
    times: Times = Times()
    notes: tuple[str, ...] = ()
    detail: str = ""


def plan_files(
    domain_pddl: Path,
    problem_pddl: Path,
    options: Options = Options(),
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
            preparation = Preparation(
                task,
                domain_pddl,
                problem_pddl,
                folder,
                written=options.costs is not None,
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


def check_options(options: Options) -> None:
    """Raise where options do not go together; see ``plan_files``."""
    if options.engine not in ENGINE_CHOICES:
        raise UnknownEngineError(options.engine, ENGINE_CHOICES)
    if (
        not (0 < options.time_limit_s < math.inf)
        or options.memory_limit_mb < LEAST_MEMORY_MB
    ):
        raise LimitError(
            f"time limit {options.time_limit_s} s and memory limit "
            f"{options.memory_limit_mb} MB; give a positive, finite time and "
            f"{LEAST_MEMORY_MB} MB or more"
        )
    asked = {
        "--optimal": (options.optimal, "optimal"),
        "--anytime": (options.anytime, "anytime"),
        "--top-k": (options.top_k > 0, "top_k"),
    }
    chosen = [word for word, (given, _) in asked.items() if given]
    if len(chosen) > 1:
        raise UnfitEngineError(f"{' and '.join(chosen)} do not go together; give one")
    if options.engine == AUTO or not chosen:
        return
    trait = asked[chosen[0]][1]
    if not getattr(ENGINES[options.engine], trait):
        able = ", ".join(name for name, e in ENGINES.items() if getattr(e, trait))
        raise UnfitEngineError(
            f"{options.engine} cannot do {chosen[0]}; engines that can: {able}"
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
            return _refused(
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
        return _none_able(attempts, lanes)
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


def _none_able(attempts: Attempts, lanes: Sequence[Lane]) -> Planning:
    """Return that no engine of the lanes could be run."""
    names = dict.fromkeys(turn.engine for lane in lanes for turn in lane.turns)
    missing, obstacles, late = [], [], ""
    for name in names:
        engine = ENGINES.get(name)
        if engine is None:
            continue
        obstacle = attempts.preparation.for_engine(engine)
        if isinstance(obstacle, Obstacle):
            obstacles.append((name, obstacle))
        elif engine.missing():
            missing.append(engine.missing())
        else:
            late = late or name
    if late:
        detail = (
            f"the time limit of {attempts.limits.time_s:g} s is over before it began"
        )
        return Planning(PlanStatus.TIMEOUT, late, attempts.task, detail=detail)
    if missing:
        raise MissingEngineError("; ".join(dict.fromkeys(missing)))
    name, least = min(obstacles, key=lambda pair: len(pair[1].features) or 99)
    return _refused(attempts, f"no engine here can do: {least}", name)


def _refused(attempts: Attempts, reason: str, name: str) -> Planning:
    """Return a refusal that names the engines that would do."""
    able = [
        engine
        for engine in ENGINES.values()
        if not isinstance(attempts.preparation.for_engine(engine), Obstacle)
    ]
    said = "; no engine that is known here takes the task"
    if able:
        said = f"; engines that can: {', '.join(_with_install(e) for e in able)}"
    return Planning(
        PlanStatus.UNSUPPORTED, name, attempts.task, detail=f"{reason}{said}"
    )


def _with_install(engine: Engine) -> str:
    missing = engine.missing()
    return f"{engine.name} ({missing})" if missing else engine.name
