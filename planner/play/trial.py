"""Trial: random ground operators by a set of skills, judged by sensed effects."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np

from jouleplan.domains.facts import Facts
from jouleplan.domains.scene import Scene
from jouleplan.domains.symbols import GroundOperator, State
from jouleplan.energy.meter import Meter
from jouleplan.planner.actor import Actor
from jouleplan.planner.evaluate import Series, draw_problem, task_of
from jouleplan.planner.play.collect import applicable
from jouleplan.planner.play.senses import at_rest
from jouleplan.planner.run import build_scene
from jouleplan.planner.task import Task
from jouleplan.skills.library import load_policies
from jouleplan.skills.skill import Skill, Workspace

TRIAL_SEED: Final = 10_000_000
"""First scene of trials; play is collected from seeds below."""
SCENE_OPERATORS: Final = 20
"""After so many operators another scene is laid out."""
_STREAM: Final = 6


@dataclass(slots=True)
class Trial:
    """How operators went.

    Attributes:
        tried: Skill -> operators whose last skill it is.
        right: Skill -> those whose effects were sensed.
        causes: What the skill said of a failure -> how often.
        control_steps: Made in all.
    """

    tried: Counter[str] = field(default_factory=Counter)
    right: Counter[str] = field(default_factory=Counter)
    causes: Counter[str] = field(default_factory=Counter)
    control_steps: int = 0

    @property
    def operators(self) -> int:
        """Operators tried."""
        return self.tried.total()

    @property
    def successes(self) -> int:
        """Operators whose effects were sensed."""
        return self.right.total()

    def add(self, other: Trial) -> None:
        """Count another trial's operators too."""
        self.tried += other.tried
        self.right += other.right
        self.causes += other.causes
        self.control_steps += other.control_steps


def try_operators(
    series: Series,
    skills: Mapping[str, Skill],
    operators: int,
    meter: Meter,
    seed: int = TRIAL_SEED,
    report: Callable[[Trial], None] | None = None,
) -> Trial:
    """Return how ``operators`` random applicable operators went, scene after scene.

    A failure is not tried again: the scene goes on from where it ended.

    Args:
        series: Whose scenes are laid out.
        skills: What carries out each skill.
        operators: How many.
        meter: Everything is charged to its phases.
        seed: Of the first scene; each next one's is 1 more.
        report: Called after each operator.
    """
    trial = Trial()
    while trial.operators < operators:
        with tempfile.TemporaryDirectory(prefix="jouleplan-") as folder:
            task = task_of(draw_problem(series, seed, Path(folder)))
            with build_scene(task, seed) as scene:
                scene_trial = _SceneTrial(task, scene, skills, meter, trial)
                rng = np.random.default_rng((seed, _STREAM))
                scene_trial.run(rng, operators, report)
                trial.control_steps += scene.robot.control_steps
        seed += 1
    return trial


class _SceneTrial:
    """The operators of one scene."""

    def __init__(
        self,
        task: Task,
        scene: Scene,
        skills: Mapping[str, Skill],
        meter: Meter,
        trial: Trial,
    ) -> None:
        self._task, self._scene, self._meter, self._trial = task, scene, meter, trial
        workspace = Workspace(scene, load_policies(), meter.phase)
        on_table = "on_table" in task.binding.classifiers.values()
        self._actor = Actor(workspace, on_table, skills)

    def run(
        self,
        rng: np.random.Generator,
        operators: int,
        report: Callable[[Trial], None] | None,
    ) -> None:
        """Try operators until the scene is used up, something is astray, or enough."""
        domain, problem = self._task.domain, self._task.problem
        state, facts = self._sense()
        for _ in range(SCENE_OPERATORS):
            choices = list(applicable(state, domain, problem))
            done = self._trial.operators >= operators
            if facts.loose or not choices or done:
                return
            state, facts = self._try(choices[rng.integers(len(choices))])
            if report is not None:
                report(self._trial)

    def _try(self, operator: GroundOperator) -> tuple[State, Facts]:
        trial, calls = self._trial, self._task.binding.calls(operator)
        result = self._actor.call(calls)
        after, facts = self._sense()
        right = operator.shown(after)
        trial.tried[calls[-1].skill] += 1
        trial.right[calls[-1].skill] += right
        if not right:
            trial.causes[result.detail or "effects were not sensed"] += 1
        return after, facts

    def _sense(self) -> tuple[State, Facts]:
        return at_rest(self._task, self._scene, self._meter)
