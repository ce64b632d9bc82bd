"""Attempts: engines at work on one task, in lanes, and the best plan so far.

Every plan is restored to the task as given and validated before it counts.
"""

from __future__ import annotations

import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path

from jouleplan.domains.language.model import TaskModel
from jouleplan.domains.language.plan import Plan
from jouleplan.planner.engines.engine import (
    Engine,
    Limits,
    Outcome,
    PlanStatus,
    Request,
)
from jouleplan.planner.engines.registry import ENGINES
from jouleplan.planner.errors import MissingEngineError
from jouleplan.planner.lanes import Lane, Turn
from jouleplan.planner.preparation import Obstacle, Preparation
from jouleplan.planner.validator import Verdict, validate

_POLL_S = 0.02
_OVERHEAD_S = 0.05
"""Kept back of the time limit, so that engines are ended and read within it."""


@dataclass(frozen=True, slots=True)
class Found:
    """A validated plan.

    Attributes:
        plan: The plan.
        verdict: What the validator says of it.
        engine: Who found it.
        at_s: Seconds after the start of planning.
    """

    plan: Plan
    verdict: Verdict
    engine: str
    at_s: float


@dataclass(slots=True)
class Attempts:
    """What has come of the engines that were tried.

    Attributes:
        task: The task as given, with costs from outside.
        preparation: Makes it fit for engines.
        limits: Memory, and wall time from ``started``.
        seed: Of engines that make random choices.
        count: How many plans are asked for.
        improved: Called with each plan that is better than those before.
        started: When planning began, on the clock of ``time.perf_counter``.
    """

    task: TaskModel
    preparation: Preparation
    limits: Limits
    seed: int | None
    count: int
    improved: Callable[[Found], None]
    started: float
    best: Found | None = None
    plans: tuple[Found, ...] = ()
    outcomes: list[tuple[str, Outcome]] = field(default_factory=list)
    proof: tuple[str, Outcome] | None = None
    notes: list[str] = field(default_factory=list)
    cpu_s: float = 0.0
    validate_s: float = 0.0
    _stop: threading.Event = field(default_factory=threading.Event)
    _lock: threading.RLock = field(default_factory=threading.RLock)
    _errors: list[BaseException] = field(default_factory=list)
    _seen: set[tuple[str, Plan]] = field(default_factory=set)
    _verdicts: dict[Plan, Verdict] = field(default_factory=dict)

    def run(self, lanes: Sequence[Lane], quality_s: float) -> None:
        """Run lanes until one has a proof, or all have ended, or time is over.

        Args:
            lanes: What to run side by side.
            quality_s: Seconds after the start at which a plan found is good enough.
        """
        self._stop.clear()
        # Events, not joins: a join that Ctrl-C interrupts takes its thread for ended.
        ended = [threading.Event() for _ in lanes]
        for lane, event in zip(lanes, ended, strict=True):
            arguments = (lane, event)
            threading.Thread(target=self._lane, args=arguments, daemon=True).start()
        try:
            while not all(event.is_set() for event in ended):
                self._watch(ended, quality_s)
        finally:
            self._stop.set()
            for event in ended:
                event.wait()
        if self._errors:
            raise self._errors[0]

    def _watch(self, ended: Sequence[threading.Event], quality_s: float) -> None:
        """Wait a little; stop all where nothing more is to be gained."""
        # the last lane may have ended since it was looked at
        running = next((event for event in ended if not event.is_set()), None)
        if running is not None:
            running.wait(_POLL_S)
        over = time.perf_counter() - self.started
        good = self.best is not None and over >= quality_s
        if good or self.proof is not None or self._errors:
            self._stop.set()

    def _lane(self, lane: Lane, ended: threading.Event) -> None:
        """Run the engines of a lane; say so when all has ended."""
        try:
            if lane.delay_s and self._stop.wait(lane.delay_s):
                return
            usable = [turn for turn in lane.turns if self._usable(turn)]
            for turn in usable:
                left_s = self._left_s()
                if self._stop.is_set() or left_s <= 0 or self._is_done(turn):
                    continue
                last = turn is usable[-1]
                self.attempt(turn.engine, left_s if last else min(turn.most_s, left_s))
        except BaseException as error:
            with self._lock:
                self._errors.append(error)
            self._stop.set()
        finally:
            ended.set()

    def _usable(self, turn: Turn) -> bool:
        """Return whether an engine is there, installed, and takes the task."""
        engine = ENGINES.get(turn.engine)
        if engine is None or engine.missing():
            return False
        return not isinstance(self.preparation.for_engine(engine), Obstacle)

    def _is_done(self, turn: Turn) -> bool:
        """Return whether an engine has had its turn, in this lane or another."""
        with self._lock:
            if any(name == turn.engine for name, _ in self.outcomes):
                return True
            # it counts as under way for the other lanes from now on
            self.outcomes.append((turn.engine, Outcome(PlanStatus.UNPROVEN)))
            return False

    def _left_s(self) -> float:
        spent_s = time.perf_counter() - self.started
        return self.limits.time_s - spent_s - _OVERHEAD_S

    def attempt(self, name: str, most_s: float) -> None:
        """Run one engine for ``most_s`` seconds; keep what it finds."""
        engine = ENGINES[name]
        prepared = self.preparation.for_engine(engine)
        if isinstance(prepared, Obstacle):
            detail = f"{name} cannot do: {prepared}"
            self._record(name, Outcome(PlanStatus.UNSUPPORTED, detail=detail))
            return
        began = time.perf_counter()
        limits = replace(self.limits, time_s=max(most_s, 0.0))
        before = prepared.translation(limits) if engine.translates else None

        def report(plan: Plan) -> None:
            self._take(prepared.restore(plan), name)

        # A killed process may still be closing its files there.
        with tempfile.TemporaryDirectory(
            prefix="jouleplan-", ignore_cleanup_errors=True
        ) as folder:
            request = Request(
                prepared.task,
                prepared.domain_pddl,
                prepared.problem_pddl,
                limits,
                Path(folder),
                self.seed,
                self.count,
                report,
                self._stop,
                before,
            )
            try:
                outcome = engine.run(request)
            except (OSError, MissingEngineError) as error:
                # of an engine alone: another may still answer
                outcome = Outcome(PlanStatus.CRASHED, detail=str(error))
        if engine.translates and prepared.is_misread and not prepared.applied:
            spent_s = time.perf_counter() - began
            self.attempt(name, most_s - spent_s)
            return
        with self._lock:
            self.notes.extend(prepared.notes)
        self._conclude(engine, outcome, prepared.restore, prepared.exact)

    def _conclude(
        self,
        engine: Engine,
        outcome: Outcome,
        restore: Callable[[Plan], Plan],
        exact: bool,
    ) -> None:
        """Keep an outcome: its plans, validated, and what it proves."""
        name = engine.name
        verdicts = [self._take(restore(plan), name) for plan in outcome.plans]
        wrong = [verdict for verdict in verdicts if not verdict.valid]
        if wrong and len(wrong) == len(verdicts):
            detail = f"its plan is not valid: {wrong[0].reason}"
            outcome = replace(
                outcome, status=PlanStatus.CRASHED, plans=(), detail=detail
            )
        if outcome.status is PlanStatus.UNSOLVABLE and not exact:
            detail = "found no plan, which is no proof: the task was rewritten for it"
            outcome = replace(outcome, status=PlanStatus.UNPROVEN, detail=detail)
        proven = outcome.proven and exact and not wrong
        outcome = replace(outcome, proven=proven)
        with self._lock:
            if outcome.status is PlanStatus.SOLVED and self.count > 1:
                own = [found for found in self.plans if found.engine == name]
                self.plans = tuple(own)
            if proven and (self.proof is None or self.proof[0] == name):
                # of equal plans the prover's counts, whoever was first
                self.best = min(
                    (found for found in self.plans if found.engine == name),
                    key=self.rank,
                    default=self.best,
                )
            if proven or outcome.status is PlanStatus.UNSOLVABLE:
                self.proof = self.proof or (name, outcome)
                self._stop.set()
            self._record(name, outcome)

    def _record(self, name: str, outcome: Outcome) -> None:
        with self._lock:
            self.outcomes = [pair for pair in self.outcomes if pair[0] != name]
            self.outcomes.append((name, outcome))
            self.cpu_s += outcome.cpu_s

    def _take(self, plan: Plan, name: str) -> Verdict:
        """Validate a plan; keep it if it is the best so far."""
        began = time.perf_counter()
        # an engine reports a plan when it finds it, and again when it ends
        verdict = self._verdicts.get(plan) or validate(self.task, plan)
        now = time.perf_counter()
        with self._lock:
            self._verdicts[plan] = verdict
            self.validate_s += now - began
            if not verdict.valid:
                return verdict
            found = Found(plan, verdict, name, now - self.started)
            if (name, plan) not in self._seen:
                self._seen.add((name, plan))
                self.plans = (*self.plans, found)
            if self.best is None or self.rank(found) < self.rank(self.best):
                self.best = found
                self.improved(found)
        return verdict

    def rank(self, found: Found) -> tuple[bool, Fraction, Fraction, int]:
        """Return what makes a plan better, the smaller the better."""
        cost, makespan = found.verdict.cost, found.verdict.makespan
        metric = self.task.problem.metric
        value = Fraction(0) if cost is None else cost
        if metric is None and makespan is not None:
            value = makespan
        if metric is not None and metric.sense == "maximize":
            value = -value
        return (cost is None, value, makespan or Fraction(0), len(found.plan))
