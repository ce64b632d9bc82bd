"""Compare: methods x problems x seeds, each on the same scenes, by the same test.

Methods are interleaved scene by scene in a balanced order. Each episode is recorded as
it ends; what the ledger holds is not run again.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from jouleplan.energy.ledger import Ledger
from jouleplan.energy.records import (
    EpisodeKey,
    EpisodeRecord,
    MethodRecord,
    settings_text,
)
from jouleplan.planner.balance import balanced
from jouleplan.planner.evaluate import Series, draw_problem, task_of
from jouleplan.planner.methods.openpi import ServedPolicy
from jouleplan.planner.methods.registry import find_method
from jouleplan.planner.provenance import fingerprint, hardware, versions
from jouleplan.planner.task import Task
from jouleplan.planner.turn import Played, Turn, play, source_of
from jouleplan.planner.workers import Done, share

RULES: Final = 1
"""Raised when what an episode is changes: older ones are then not comparable."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is compared.

    Attributes:
        methods: As asked for; see ``find_method``.
        series: Problems.
        seeds: One a scene.
        horizon: Control steps of every episode; None takes each task's own.
        watts_per_core: For the CPU-time model [W]; None takes its table's.
        power_csv: File that a power meter writes meanwhile; None for other sources.
        jobs: Processes.
        cluster: Address of a Ray cluster, "local", or empty for none.
    """

    methods: tuple[str, ...]
    series: tuple[Series, ...]
    seeds: tuple[int, ...]
    horizon: int | None = None
    watts_per_core: float | None = None
    power_csv: Path | None = None
    jobs: int = 1
    cluster: str = ""

    @property
    def alone(self) -> bool:
        """Whether this process does the work: only then a machine's sensor counts."""
        return self.jobs == 1 and not self.cluster


@dataclass(frozen=True, slots=True)
class Failed:
    """An episode that could not be run, and is not on record.

    Attributes:
        turn: Which one.
        reason: Why.
    """

    turn: Turn
    reason: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a comparison went.

    Attributes:
        keys: Of its episodes in the ledger.
        ran: Episodes run now.
        known: Episodes that the ledger held.
        failed: Those that could not be run.
    """

    keys: tuple[EpisodeKey, ...]
    ran: int
    known: int
    failed: tuple[Failed, ...]


def compare(
    plan: Plan,
    ledger: Ledger,
    *,
    command: str = "",
    on_turn: Callable[[Turn, EpisodeRecord | None], None] | None = None,
) -> Outcome:
    """Run what ``ledger`` does not hold yet of a comparison, and record it.

    Args:
        plan: What is compared.
        ledger: Episodes of the same key and seed found there are not run again.
        command: What repeats the run, for the ledger.
        on_turn: Called with each episode as it ends, None for one that failed or was
            known.

    Raises:
        DomainError: A domain or problem is unknown or does not fit.
        PlannerError: A method is unknown, a domain has no domain.toml, or Ray is asked
            for and missing.
        SkillError: A policy is missing or damaged, or its server does not answer; no
            episode was run then.
        LedgerError: The ledger cannot be used.
    """
    keys = keys_of(plan)
    done = {key: ledger.completed(key) for key in keys.values()}
    books = _Books(plan, ledger, command)
    todo: list[Turn] = []
    known = ran = 0
    for turn in turns(plan):
        if turn.seed in done[keys[turn.series, turn.method]]:
            known += 1
            if on_turn is not None:
                on_turn(turn, None)
        else:
            todo.append(turn)
    _reach(todo)
    failed = []
    for answer in _answers(plan, todo):
        turn, result = answer.job, answer.result
        if not isinstance(result, Played):
            failed.append(Failed(turn, answer.died or str(result)))
        else:
            books.write(keys[turn.series, turn.method], result)
            ran += 1
        if on_turn is not None:
            on_turn(turn, result.record if isinstance(result, Played) else None)
    return Outcome(tuple(keys.values()), ran, known, tuple(failed))


def _reach(todo: Sequence[Turn]) -> None:
    """Ask every policy server of ``todo`` once: one that is off is no method's failure.

    Raises:
        SkillError: One does not answer.
    """
    for name in dict.fromkeys(turn.method for turn in todo):
        method = find_method(name)
        if isinstance(method, ServedPolicy):
            method.reach()


def turns(plan: Plan) -> list[Turn]:
    """Return every episode in the order in which they are begun."""
    rows = balanced(plan.methods)
    found: list[Turn] = []
    pictured: set[tuple[str, str]] = set()
    scenes = ((series, seed) for series in plan.series for seed in plan.seeds)
    for scene, (series, seed) in enumerate(scenes):
        for method in rows[scene % len(rows)]:
            first = (series.domain, method) not in pictured
            pictured.add((series.domain, method))
            found.append(
                Turn(
                    series,
                    seed,
                    method,
                    plan.horizon,
                    len(found),
                    plan.alone,
                    plan.watts_per_core,
                    plan.power_csv,
                    first,
                )
            )
    return found


def keys_of(plan: Plan) -> dict[tuple[Series, str], EpisodeKey]:
    """Return the ledger's key for every series and method; check that all fit.

    Raises:
        DomainError: A domain or problem is unknown or does not fit.
        PlannerError: A method is unknown, or a domain has no domain.toml.
        SkillError: A policy is missing or damaged.
    """
    methods = [find_method(name) for name in plan.methods]
    meter = source_of(plan.alone, plan.watts_per_core, plan.power_csv).name
    found = {}
    for series in plan.series:
        with tempfile.TemporaryDirectory(prefix="jouleplan-") as folder:
            drawn = draw_problem(series, plan.seeds[0], Path(folder))
            task = task_of(drawn)
            files = _fingerprint(task, series)
        for method in methods:
            settings: dict[str, object] = {
                "compare": RULES,
                "files": files,
                "horizon": "auto" if plan.horizon is None else plan.horizon,
                "meter": meter,
                "method": dict(method.settings),
                "version": versions(("jouleplan",))["jouleplan"],
            }
            found[series, method.name] = EpisodeKey(
                task.name, series.name, method.name, settings_text(settings)
            )
    return found


def _answers(plan: Plan, todo: Sequence[Turn]) -> Iterator[Done[Turn, Played | str]]:
    if plan.cluster:
        from jouleplan.planner.cluster import spread

        yield from spread(play, todo, plan.cluster)
    elif plan.jobs > 1 and todo:
        yield from share(play, todo, min(plan.jobs, len(todo)))
    else:
        for turn in todo:
            yield Done(turn, play(turn))


class _Books:
    """Writes episodes, under one run a key, begun when its first episode ends."""

    def __init__(self, plan: Plan, ledger: Ledger, command: str) -> None:
        self._plan, self._ledger, self._command = plan, ledger, command
        self._runs: dict[EpisodeKey, str] = {}

    def write(self, key: EpisodeKey, played: Played) -> None:
        """Write one episode, and its pictures."""
        if key not in self._runs:
            self._runs[key] = self._begin(key)
        self._ledger.record_episode(self._runs[key], played.record)
        if played.pictures:
            self._ledger.add_pictures(key, played.record.seed, played.pictures)

    def _begin(self, key: EpisodeKey) -> str:
        run_id = self._ledger.start_run(
            self._command,
            method=key.method,
            seed=self._plan.seeds[0],
            settings=json.loads(key.settings),
            versions=versions(),
            hardware=hardware(),
        )
        method = find_method(key.method)
        self._ledger.record_method(
            run_id,
            MethodRecord(
                method.name, method.label, method.description, method.training
            ),
        )
        return run_id


def _fingerprint(task: Task, series: Series) -> str:
    files = [task.files.domain_pddl]
    if task.files.domain_toml is not None:
        files.append(task.files.domain_toml)
    if series.sizes is None:
        files.append(task.problem_pddl)
    return fingerprint(files)
