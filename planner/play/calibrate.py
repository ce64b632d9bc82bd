"""Calibrate: rollouts of an option on unseen scenes, and what its value is worth."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import numpy as np

from jouleplan.domains.scene import Scene
from jouleplan.domains.skill_call import SkillCall
from jouleplan.energy.meter import Meter
from jouleplan.planner.actor import Actor
from jouleplan.planner.evaluate import Series, draw_problem, task_of
from jouleplan.planner.play.moves import Move, moves
from jouleplan.planner.play.senses import at_rest
from jouleplan.planner.run import build_scene
from jouleplan.planner.task import Task
from jouleplan.skills.gcrl.calibration import Calibration, Rollout, calibrate
from jouleplan.skills.gcrl.option import Option
from jouleplan.skills.library import load_policies
from jouleplan.skills.registry import SKILLS
from jouleplan.skills.skill import Workspace

CALIBRATION_SEED: Final = 20_000_000
"""First scene; play, and the trials of a card, are of seeds below."""
SCENE_MOVES: Final = 6
"""After so many moves another scene is laid out."""
_STREAM: Final = 7


def calibrated(
    option: Option, every: Sequence[Series], count: int, meter: Meter
) -> Calibration | None:
    """Return what the value of ``option`` is worth; None where it has none.

    Moves are made in turn by two runs of the option, pick and place, and by one.

    Args:
        option: Without a calibration, so that it neither declines nor foretells.
        every: Whose scenes are laid out, one after the other.
        count: Moves in all.
        meter: Everything is charged to its phases.
    """
    found: list[Rollout] = []
    if not option.valued:
        return None
    seed, made = CALIBRATION_SEED, 0
    while made < count:
        series = every[(seed - CALIBRATION_SEED) % len(every)]
        with tempfile.TemporaryDirectory(prefix="jouleplan-") as folder:
            task = task_of(draw_problem(series, seed, Path(folder)))
            with build_scene(task, seed) as scene:
                scene_rollouts = _Scene(task, scene, option, meter)
                rng = np.random.default_rng((seed, _STREAM))
                for some in scene_rollouts.run(rng, made):
                    found += some
                    made += 1
        seed += 1
    return calibrate(found)


class _Scene:
    """The rollouts of one scene."""

    def __init__(self, task: Task, scene: Scene, option: Option, meter: Meter) -> None:
        self._task, self._scene, self._option = task, scene, option
        self._meter = meter
        on_table = "on_table" in task.binding.classifiers.values()
        own = {"pick": option.pick, "place": option.place, "move": option.move}
        workspace = Workspace(scene, load_policies(), meter.phase)
        self._actor = Actor(workspace, on_table, {**SKILLS, **own})

    def run(self, rng: np.random.Generator, made: int) -> Iterator[list[Rollout]]:
        """Yield the rollouts of each move until one fails or the scene is used up."""
        state, _ = at_rest(self._task, self._scene, self._meter)
        for number in range(made, made + SCENE_MOVES):
            choices = moves(self._task, state)
            if not choices:
                return
            chosen = choices[rng.integers(len(choices))]
            found = list(self._try(chosen, number % 2 == 0))
            yield found
            if not found[-1].right:
                return
            state = chosen.after

    def _try(self, move: Move, parts: bool) -> Iterator[Rollout]:
        calls = (move.pick, move.place) if parts else (move.call,)
        for call in calls:
            rollout = self._one(call, move)
            yield rollout
            if not rollout.right:
                return

    def _one(self, call: SkillCall, move: Move) -> Rollout:
        self._actor.call((call,))
        after, facts = at_rest(self._task, self._scene, self._meter)
        right = after == move.after
        if call.skill == "pick":
            right = facts.held == call.object and not facts.loose
        trace = self._option.trace
        return Rollout(call.skill, trace.values[0], trace.steps, right)
