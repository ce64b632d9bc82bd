"""One run: from a task and a seed to an episode, with its film and its outside hand."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from jouleplan.domains.facts import facts_of
from jouleplan.domains.robots.panda import PANDA
from jouleplan.domains.robots.registry import find_robot
from jouleplan.domains.scene import Scene
from jouleplan.domains.simulator import Visuals
from jouleplan.domains.symbols import State
from jouleplan.energy.hardware import load_average
from jouleplan.energy.meter import Mark, Meter
from jouleplan.energy.reading import Reading
from jouleplan.energy.sources.cpu_model import CpuTimeModel
from jouleplan.planner.costs import Costs
from jouleplan.planner.disturb import OutsideHand
from jouleplan.planner.disturber import Disturber
from jouleplan.planner.episode import Episode
from jouleplan.planner.executive import Executive
from jouleplan.planner.film import Film
from jouleplan.planner.options import Options
from jouleplan.planner.phases import by_phase
from jouleplan.planner.rules import RuleWatch
from jouleplan.planner.task import Task, read_task
from jouleplan.planner.transcript import Transcript
from jouleplan.skills.gcrl.skill_set import skills_by_call
from jouleplan.skills.library import STAGED, PolicySet, load_policies, option_file

CONTROL_HZ = 30


@dataclass(frozen=True, slots=True)
class Conditions:
    """What is the same in every episode of an evaluation.

    Attributes:
        engine: Engine of plan and replans, or ``auto``.
        time_limit_s: For each planning [s].
        memory_limit_mb: For the processes of an engine together [MiB].
        costs: What operators cost, instead of the task's own metric.
        policies: Folder of policies; None takes the shipped ones.
        disturb: Probability of an outside hand, an operator.
        watts_per_core: For the CPU-time model [W]; None takes its table's.
        power_csv: File that a power meter writes meanwhile; None for other sources.
        transitions: Whether to keep the states around each operator.
        limited: Whether plans keep to what the arm can take, carry and reach.
        robot: Which arm, by its name in ``ROBOTS``.
        skills: What carries out the skills that move a body, one of ``SKILL_SETS``;
            what an operator's ``by`` in domain.toml says goes before it.
    """

    engine: str = "auto"
    time_limit_s: float = 30.0
    memory_limit_mb: int = 4096
    costs: Costs | None = None
    policies: Path | None = None
    disturb: float = 0.0
    watts_per_core: float | None = None
    power_csv: Path | None = None
    transitions: bool = False
    limited: bool = True
    robot: str = PANDA.name
    skills: str = STAGED

    @property
    def planning(self) -> Options:
        """What is asked of every planning."""
        return Options(
            self.engine, self.time_limit_s, self.memory_limit_mb, costs=self.costs
        )


@dataclass(frozen=True, slots=True)
class Run:
    """An episode and what was seen besides.

    Attributes:
        episode: How it went.
        rules_broken: Placings that break the domain's rules, as sensed.
        policies: Stage, or skill set of an option -> file of its policy.
        transitions: As `jouleplan learn-domain` reads them; empty where not kept.
        signature: The names that the transitions use; empty where not kept.
        load_before: 1-minute load average at the start.
        load_after: 1-minute load average at the end.
    """

    episode: Episode
    rules_broken: tuple[str, ...]
    policies: Mapping[str, str]
    transitions: str = ""
    signature: str = ""
    load_before: float | None = None
    load_after: float | None = None


def run(
    domain: str,
    problem: str,
    seed: int,
    conditions: Conditions = Conditions(),
    *,
    meter: Meter | None = None,
) -> Run:
    """Run one episode of a problem, everything named; see ``run_episode``."""
    meter = meter or Meter()
    mark = meter.mark()
    with meter.phase("loading"):
        task = read_task(domain, problem)
        policies = load_policies(conditions.policies, conditions.robot)
    return run_episode(task, policies, seed, conditions, meter=meter, since=mark)


def run_episode(
    task: Task,
    policies: PolicySet,
    seed: int,
    conditions: Conditions,
    *,
    meter: Meter,
    since: Mark | None = None,
    film: Film | None = None,
    gui: bool = False,
    hand: Disturber | None = None,
    told: Callable[[Episode], None] | None = None,
) -> Run:
    """Run one episode; the scene is closed whatever happens.

    Args:
        task: What is to be done.
        policies: One a stage.
        seed: Of the scene and of the outside hand.
        conditions: All else but the policies' folder, which ``policies`` came from.
        meter: Everything is charged to its phases.
        since: The episode's energy counts from here; None from now on.
        film: Gets a picture every few control steps; written at the end.
        gui: Show PyBullet's window, at the pace of the arm.
        hand: An outside hand of the caller's, instead of the conditions'.
        told: Called with the episode as far as it has come, whenever it was sensed.

    Raises:
        DomainError: The scene does not fit on the table, or contradicts `:init`.
        UnknownNameError: No such arm.
        PlannerError: No such engine, or one that is not installed.
        PolicyFileError: An option is missing or damaged.
    """
    load_before = load_average()[0]
    mark = meter.mark() if since is None else since
    files, folder = policies.files(), conditions.policies
    used = task.binding.skill_sets(conditions.skills)
    with meter.phase("loading"):
        skills = skills_by_call(used, folder, conditions.robot)
    files |= {name: str(option_file(name, folder)) for name in used if name != STAGED}
    rules = RuleWatch(task)
    transcript = Transcript(task) if conditions.transitions else None
    if hand is None and conditions.disturb > 0:
        rng = np.random.default_rng((seed, 1))
        hand = OutsideHand(task, conditions.disturb, rng).disturber()
    watchers: list[Callable[[Scene], None]] = []
    if film is not None:
        film.phase = meter.phase("rendering")
        watchers.append(film)
    if gui:
        watchers.append(_Pace())
    with meter.phase("executive"):
        with meter.phase("scene"):
            visuals: Visuals = "none" if film is None else "meshes"
            scene = build_scene(task, seed, conditions.robot, gui, visuals)

        def observe(state: State) -> None:
            rules(state)
            if told is not None:
                told(executive.episode)

        with scene:
            executive = Executive(
                task,
                scene,
                policies,
                meter,
                seed=seed,
                planning=conditions.planning,
                limited=conditions.limited,
                skills=skills,
                disturber=hand,
                watchers=tuple(watchers),
                observer=observe,
                witness=transcript,
            )
            if film is not None:
                film.begin(scene)
            episode = executive.run()
            if film is not None:
                film.finish(scene)
    episode.energy = by_phase(meter.since(mark))
    episode.total = meter.total(mark)
    return Run(
        episode,
        tuple(rules.broken),
        files,
        "" if transcript is None else transcript.text,
        "" if transcript is None else transcript.signature,
        load_before,
        load_average()[0],
    )


def count_startup(meter: Meter) -> None:
    """Charge what the process burnt so far, imports above all, to "startup".

    Only a CPU-time model can tell it afterwards; a sensor was not read at the start.
    """
    model = meter.source
    if isinstance(model, CpuTimeModel):
        cpu_s = time.process_time()
        joules = model.joules(cpu_s)
        used = Reading(
            joules, cpu_s, cpu_s, 1, model.name, "estimated", {"cpu": joules}
        )
        meter.add("startup", used)


def build_scene(
    task: Task,
    seed: int,
    robot: str = PANDA.name,
    gui: bool = False,
    visuals: Visuals = "none",
) -> Scene:
    """Return the scene of a task's `:init`, laid out by ``seed``.

    Args:
        task: Its binding says what the bodies are.
        seed: Decides places and shifts.
        robot: Name of the arm.
        gui: Open PyBullet's window.
        visuals: What pictures show of the arm.

    Raises:
        DomainError: The scene does not fit on the table, or contradicts `:init`.
        UnknownNameError: No such arm.
    """
    binding = task.binding
    facts = facts_of(task.problem.init, binding, task.problem)
    rng = np.random.default_rng(seed)
    return Scene(
        binding.bodies, binding.layout, facts, rng, gui, visuals, find_robot(robot)
    )


class _Pace:
    """Holds the simulation back to the pace of the arm, for those who watch."""

    def __init__(self) -> None:
        self._due = time.perf_counter()

    def __call__(self, _: Scene) -> None:
        """Wait until this control step is due."""
        now = time.perf_counter()
        self._due = max(self._due + 1 / CONTROL_HZ, now)
        time.sleep(self._due - now)
