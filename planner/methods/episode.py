"""One episode of one method: laid out, run to the horizon, judged, put on record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from jouleplan.domains.scene import Scene
from jouleplan.domains.simulator import Visuals
from jouleplan.energy.account import OTHER
from jouleplan.energy.meter import Mark, Meter
from jouleplan.energy.reading import Reading, add_readings
from jouleplan.energy.records import EpisodeRecord
from jouleplan.planner.books import record_of
from jouleplan.planner.engines.engine import PlanStatus
from jouleplan.planner.episode import Episode
from jouleplan.planner.methods.judge import JUDGING, Judge
from jouleplan.planner.methods.method import Attempt, Method, Trial
from jouleplan.planner.methods.reference import Reference, reference
from jouleplan.planner.phases import by_phase
from jouleplan.planner.provenance import load_average
from jouleplan.planner.run import Run, build_scene
from jouleplan.planner.strip import Strip
from jouleplan.planner.task import Task

IDLE: Final = "idle"
"""Phase in which a method that gave up is held still until the horizon."""
WARM_UP_STEPS: Final = 100
"""Longest warm-up, in control steps."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of an episode.

    Attributes:
        task: What is to be done.
        problem: The problem's name on record.
        seed: Of the scene.
        horizon: Control steps; None takes the reference's.
        turn: Place in the order of execution.
    """

    task: Task
    problem: str
    seed: int
    horizon: int | None
    turn: int

    @property
    def steps(self) -> int:
        """Control steps that every method is given."""
        given = self.horizon
        return reference(self.task).horizon if given is None else given


def run_episode(method: Method, asked: Asked, meter: Meter) -> EpisodeRecord:
    """Run one episode of ``method`` and return its record.

    It ends when the method has reached the goal by its own account or the trial has
    seen it, or at the horizon. A method that gives up earlier, or was wrong, is held
    still until the horizon, and that is counted as idle. Success is judged afterwards,
    at nobody's cost; that of an attempt that is not to be judged is unknown.

    Raises:
        DomainError: The scene does not fit on the table.
        PlannerError: There is no reference plan.
        SkillError: A policy is damaged.
    """
    planned = reference(asked.task)  # before the meter runs
    load, mark = load_average()[0], meter.mark()
    with meter.phase("episode"):
        acted = _act(method, asked, meter, planned)
    phases = charged(meter, mark)
    total = add_readings(phases.values())
    episode = Episode(
        domain=asked.task.name,
        problem=asked.problem,
        seed=asked.seed,
        status=PlanStatus.SOLVED,
        executed=list(acted.attempt.executed),
        replans=acted.attempt.replans,
        goal_reached=acted.success,
        cause="" if acted.success else _cause(acted, asked.steps),
        energy=phases,
        total=total,
        mechanical_work_j=acted.used.mechanical_work_j,
        simulated_s=acted.used.simulated_s,
        control_steps=acted.steps + acted.idle,
        progress=acted.judge.progress(acted.success),
    )
    run = Run(
        episode,
        acted.judge.broken,
        {},
        load_before=load,
        load_after=load_average()[0],
    )
    record = replace(
        record_of(run, asked.problem, asked.turn),
        method=method.name,
        horizon=asked.steps,
        flops=acted.attempt.flops,
    )
    return record if acted.attempt.judged else _unjudged(record)


def _unjudged(record: EpisodeRecord) -> EpisodeRecord:
    """Return a record without what only an episode that was acted in can tell."""
    return replace(
        record, success=None, cause="", progress=None, mechanical_work_j=None
    )


@dataclass(frozen=True, slots=True)
class _Acted:
    """How a trial went: steps of the method and of its idling, and what it used."""

    attempt: Attempt
    judge: Judge
    used: _Used
    steps: int
    idle: int
    success: bool


def _act(method: Method, asked: Asked, meter: Meter, planned: Reference) -> _Acted:
    with meter.phase("scene"):
        scene = build_scene(asked.task, asked.seed, visuals=_shown(method))
    with scene:
        judge = Judge(asked.task, scene, meter, planned)
        trial = _trial(asked, scene, meter, judge)
        used = _Used(scene)
        with used:
            attempt = method.run(trial)
        steps, success = trial.control_steps, judge.test()
        idle = 0 if success else max(0, asked.steps - steps)
        if idle:
            with used, meter.phase(IDLE):
                scene.robot.hold(idle)
    return _Acted(attempt, judge, used, steps, idle, success)


def _shown(method: Method) -> Visuals:
    """Return what of the arm is drawn: what was learned from is what is shown."""
    return "hulls" if method.pixels else "none"


def warm_up(method: Method, asked: Asked, meter: Meter) -> None:
    """Let ``method`` act for a short while; nothing of it is recorded."""
    steps = min(WARM_UP_STEPS, asked.steps)
    short = replace(asked, horizon=steps)
    with (
        meter.phase("warm-up"),
        build_scene(asked.task, asked.seed, visuals=_shown(method)) as scene,
    ):
        judge = Judge(asked.task, scene, meter, reference(asked.task))
        method.warm_up(_trial(short, scene, meter, judge))


def replay(
    method: Method,
    asked: Asked,
    meter: Meter,
    steps: int,
) -> tuple[bytes, ...]:
    """Run an episode once more for its pictures, in a scene with an arm to be seen.

    The same seed gives the same episode, unless the method draws from elsewhere. It is
    not run again for its record: drawing the arm costs joules. A method that looks at
    pictures is shown what it was shown in the episode.

    Args:
        method: As in the episode.
        asked: As in the episode.
        meter: Charged outside of any episode.
        steps: Control steps that the episode took.
    """
    strip = Strip(steps)
    with (
        meter.phase("replay"),
        build_scene(
            asked.task, asked.seed, visuals="hulls" if method.pixels else "meshes"
        ) as scene,
    ):
        judge = Judge(asked.task, scene, meter, reference(asked.task))
        trial = _trial(asked, scene, meter, judge)
        trial.watchers.append(strip)
        strip(scene)
        method.run(trial)
        strip.end(scene)
    return strip.pictures


def charged(meter: Meter, mark: Mark) -> Mapping[str, Reading]:
    """Return what a method pays for since ``mark``, by phase: all but judging."""
    readings = meter.since(mark)
    return by_phase(
        {
            path: reading
            for path, reading in readings.items()
            if JUDGING not in path.removesuffix(OTHER).split("/")
        }
    )


class _Used:
    """Sums what the arm did inside its blocks: mechanical work [J] and time [s]."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self.mechanical_work_j = self.simulated_s = 0.0

    def __enter__(self) -> None:
        self.mechanical_work_j -= self._scene.robot.mechanical_work_j
        self.simulated_s -= self._scene.simulated_s

    def __exit__(self, *_: object) -> None:
        self.mechanical_work_j += self._scene.robot.mechanical_work_j
        self.simulated_s += self._scene.simulated_s


def _trial(asked: Asked, scene: Scene, meter: Meter, judge: Judge) -> Trial:
    scene.simulator.stepping = meter.phase("simulation")
    return Trial(
        asked.task,
        scene,
        asked.seed,
        asked.steps,
        meter,
        judge,
        start=scene.robot.control_steps,
    )


def _cause(acted: _Acted, horizon: int) -> str:
    if acted.steps >= horizon:
        return f"horizon of {horizon} control steps"
    return acted.attempt.cause or "the goal does not hold after 1 s"
