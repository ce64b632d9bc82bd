"""Session: scene after scene of play into a store, until there are enough steps."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

import numpy as np

from jouleplan.domains.skill_call import MOVING
from jouleplan.energy.meter import Meter
from jouleplan.planner.errors import PlayError
from jouleplan.planner.evaluate import Series, draw_problem, task_of
from jouleplan.planner.play.collect import EPISODE_STEPS, Player, Segment
from jouleplan.planner.play.store import PlayStore
from jouleplan.planner.run import build_scene
from jouleplan.planner.task import Task
from jouleplan.skills.library import PolicySet, load_policies

_STREAM: Final = 5
"""Tells the noise of play from other draws of the same seed."""


def check_playable(task: Task) -> None:
    """Check that a task's operators move blocks and do nothing else.

    Raises:
        PlayError: An operator presses or hovers, or a body is a nut.
    """
    used = {call.skill for calls in task.binding.skills.values() for call in calls}
    others = sorted(used - MOVING)
    bodies = task.binding.bodies.items()
    nuts = sorted(n for n, body in bodies if body.form is not None and body.movable)
    if others or nuts:
        raise PlayError(
            f"{task.name} has {', '.join((*others, *nuts))}: play is of boxes that are "
            "picked and placed; choose a domain of these, such as hanoi"
        )


def collect_play(
    series: Series,
    steps: int,
    seed: int,
    store: PlayStore,
    report: Callable[[int], None] | None = None,
    scene_steps: int = EPISODE_STEPS,
) -> None:
    """Add play to ``store`` until it holds ``steps`` actions.

    Args:
        series: Whose scenes are played: a problem, or generated ones.
        steps: Actions in all, those in the store included.
        seed: Of the first scene; each further scene has the next one.
        store: Grows by a scene at a time; scenes that it holds are not played again.
        report: Called with the steps stored, after each scene.
        scene_steps: Actions after which another scene is laid out.
    """
    symbols, policies = store.symbols, load_policies()
    scene_seed = seed
    while symbols.steps < steps:
        if scene_seed not in symbols.scenes:
            meter = Meter()
            with meter.phase("play"):
                segments = _play(series, scene_seed, policies, meter, scene_steps)
            symbols.add(meter.total())
            store.add(scene_seed, segments)
            if report is not None:
                report(symbols.steps)
        scene_seed += 1


def _play(
    series: Series, seed: int, policies: PolicySet, meter: Meter, steps: int
) -> list[Segment]:
    rng = np.random.default_rng((seed, _STREAM))
    with tempfile.TemporaryDirectory(prefix="jouleplan-") as folder:
        task = task_of(draw_problem(series, seed, Path(folder)))
        with build_scene(task, seed) as scene:
            player = Player(task, scene, policies, meter, rng)
            return list(player.play(steps))
