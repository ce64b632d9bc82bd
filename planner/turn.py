"""Turn: one episode of a comparison, played in whatever process it is given to."""

from __future__ import annotations

import contextlib
import tempfile
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from jouleplan.domains.errors import DomainError
from jouleplan.energy.meter import Meter
from jouleplan.energy.records import EpisodeRecord
from jouleplan.energy.sources.cpu_model import CpuTimeModel
from jouleplan.energy.sources.sensor import Sensor
from jouleplan.planner.errors import PlannerError
from jouleplan.planner.evaluate import Series, draw_problem, source_for, task_of
from jouleplan.planner.methods.episode import Asked, replay, run_episode, warm_up
from jouleplan.planner.methods.method import Method
from jouleplan.planner.methods.registry import find_method
from jouleplan.planner.task import Task
from jouleplan.planner.workers import Report
from jouleplan.skills.errors import SkillError

WARM_UP_SEED: Final = 987_654_321
"""Scene of the warm-ups; no series is likely to ask for it."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One episode to run.

    Attributes:
        series: Its problem.
        seed: Its scene.
        method: As asked for.
        horizon: Control steps; None takes the task's own.
        number: Its place in the order, from 0.
        alone: See ``compare.Plan``.
        watts_per_core: See ``compare.Plan``.
        power_csv: See ``compare.Plan``.
        pictured: Whether pictures of it are taken.
    """

    series: Series
    seed: int
    method: str
    horizon: int | None
    number: int
    alone: bool
    watts_per_core: float | None
    power_csv: Path | None
    pictured: bool


@dataclass(frozen=True, slots=True)
class Played:
    """An episode that was run.

    Attributes:
        record: For the ledger.
        pictures: PNG files; empty where none were asked for.
    """

    record: EpisodeRecord
    pictures: tuple[bytes, ...] = ()


def play(turn: Turn, _: Report | None = None) -> Played | str:
    """Run one episode in this process; return why where it could not be run.

    The first episode of a method in a process comes after a short warm-up.
    """
    try:
        meter = _meter(turn.alone, turn.watts_per_core, turn.power_csv)
        method = _method(turn.method)
        with tempfile.TemporaryDirectory(prefix="jouleplan-") as folder:
            if method.name not in _WARM:
                # a scene that cannot be laid out is no fault of the one to come
                with contextlib.suppress(DomainError):
                    drawn = draw_problem(turn.series, WARM_UP_SEED, Path(folder))
                    task = task_of(drawn)
                    warm_up(method, _asked(turn, task, WARM_UP_SEED), meter)
                _WARM.add(method.name)
            drawn = draw_problem(turn.series, turn.seed, Path(folder))
            asked = _asked(turn, task_of(drawn))
            record = run_episode(method, asked, meter)
            if not turn.pictured or record.success is None:
                return Played(record)  # an arm held still is no picture
            return Played(record, replay(method, asked, meter, record.control_steps))
    except (DomainError, PlannerError, SkillError) as error:
        return f"{type(error).__name__}: {error}"


def _asked(turn: Turn, task: Task, seed: int | None = None) -> Asked:
    return Asked(
        task,
        turn.series.name,
        turn.seed if seed is None else seed,
        turn.horizon,
        turn.number,
    )


_WARM: Final[set[str]] = set()


def source_of(
    alone: bool, watts_per_core: float | None, power_csv: Path | None
) -> CpuTimeModel | Sensor:
    """Return what meters; see ``Turn`` for the arguments."""
    return source_for(1 if alone else 2, watts_per_core, power_csv)


@lru_cache(maxsize=1)
def _meter(alone: bool, watts_per_core: float | None, power_csv: Path | None) -> Meter:
    return Meter(source_of(alone, watts_per_core, power_csv))


@lru_cache(maxsize=16)
def _method(name: str) -> Method:
    return find_method(name)
