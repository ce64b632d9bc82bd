"""Options of the study: of one block and of two, trained where no file is there yet."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np

from jouleplan.domains.articulation import Array
from jouleplan.domains.facts import TABLE
from jouleplan.domains.robot import GRASP_ABOVE_CENTRE_M
from jouleplan.domains.skill_call import SkillCall
from jouleplan.planner.play.store import SYMBOLS, read_plays
from jouleplan.planner.provenance import fingerprint
from jouleplan.skills.approach import best_yaw
from jouleplan.skills.gcrl.goals import RETREAT_M
from jouleplan.skills.gcrl.learning.export import export
from jouleplan.skills.gcrl.learning.recipes import option_recipe
from jouleplan.skills.gcrl.learning.training import Recipe, train
from jouleplan.skills.gcrl.network import OptionNetwork
from jouleplan.skills.gcrl.option import Option, put, squared
from jouleplan.skills.gcrl.option_state import SPACE
from jouleplan.skills.gcrl.play import Play, merge
from jouleplan.skills.gcrl.rollout import STEP_LIMIT, Errand, Trace, roll
from jouleplan.skills.gcrl.space import GoalSpace
from jouleplan.skills.place import placing_point
from jouleplan.skills.skill import SkillResult, Workspace
from tests.benchmarks.horizon.pair_state import (
    PAIR_SPACE,
    observe_pair,
    rest_goal_pair,
)

PAIR_HIDDEN: Final[Mapping[str, tuple[int, ...]]] = {"hiql": (240, 240)}
"""Three networks of 256 that see two blocks are more than the 1 MB of an option."""

Tell = Callable[[str], None]


def pair_recipe(
    algorithm: str, updates: int, follow: float, waypoint_steps: int
) -> Recipe:
    """Return how an option of two blocks is trained.

    Args:
        algorithm: Its name.
        updates: Of the training.
        follow: Rate at which target networks follow. What is worth ``n`` steps reaches
            the target after some ``n`` / ``follow`` updates.
        waypoint_steps: How far ahead a way point lies [control steps].
    """
    recipe = option_recipe(algorithm, updates)
    mixture = replace(recipe.mixture, waypoint_steps=waypoint_steps)
    hidden = PAIR_HIDDEN.get(algorithm, recipe.settings.hidden)
    settings = replace(recipe.settings, follow=follow, hidden=hidden)
    return replace(recipe, mixture=mixture, settings=settings)


def single_option(
    algorithm: str,
    seed: int,
    updates: int,
    plays: Sequence[Path],
    out: Path,
    tell: Tell,
) -> Path:
    """Return the file of an option of one block, trained on play where it is missing.

    Args:
        algorithm: Its name.
        seed: Of the training.
        updates: Of the training.
        plays: Folders of `jouleplan collect-play`.
        out: Gets the file; what is there already, e.g. a shipped one, is taken.
        tell: Called with a line now and then.
    """
    target = out / f"{algorithm}.onnx"
    if not target.is_file():
        play, _ = read_plays(plays)
        data = fingerprint(folder / SYMBOLS for folder in plays)
        recipe = option_recipe(algorithm, updates)
        _train(play, SPACE, recipe, seed, data, target, tell)
    return target


def pair_option(
    algorithm: str,
    seed: int,
    updates: int,
    follow: float,
    waypoint_steps: int,
    files: Sequence[Path],
    out: Path,
    tell: Tell,
) -> Path:
    """Return the file of an option of two blocks, trained on pair play likewise."""
    target = out / f"{algorithm}.onnx"
    if not target.is_file():
        play = merge([_load(file) for file in files])
        recipe = pair_recipe(algorithm, updates, follow, waypoint_steps)
        _train(play, PAIR_SPACE, recipe, seed, fingerprint(files), target, tell)
    return target


def _load(file: Path) -> Play:
    with np.load(file, allow_pickle=False) as kept:
        return Play(kept["observations"], kept["actions"], kept["ends"])


def _train(
    play: Play,
    space: GoalSpace,
    recipe: Recipe,
    seed: int,
    data: str,
    target: Path,
    tell: Tell,
) -> None:
    def report(done: int, total: int, losses: dict[str, float]) -> None:
        if done % 1000 == 0:
            tell(f"{target.parent.name} {recipe.algorithm} {done}/{total} {losses}")

    folder = target.parent / f"checkpoint-{recipe.algorithm}"
    trained = train(play, space, recipe, seed, folder, data=data, report=report)
    export(trained, target)


def training_of(file: Path) -> dict[str, Any]:
    """Return what an option's training took, where its checkpoint is still there."""
    import json

    kept = file.parent / f"checkpoint-{file.stem}" / "progress.json"
    if not kept.is_file():
        return {}
    told = json.loads(kept.read_text(encoding="utf-8"))
    names = ("updates", "seed", "cpu_s", "energy_j", "quality")
    return {name: told[name] for name in names}


def read_single(file: Path) -> Option:
    """Return an option of one block, which neither declines nor foretells."""
    return Option(OptionNetwork(file, SPACE.observation_size, SPACE.input_size))


class PairOption:
    """Carries out two moves in a row by one goal-conditioned network.

    Args:
        file: Its network, of ``PAIR_SPACE``.

    Attributes:
        trace: What it went through last.
    """

    def __init__(self, file: Path) -> None:
        """Load the network."""
        space = PAIR_SPACE
        self._network = OptionNetwork(file, space.observation_size, space.input_size)
        self.trace = Trace()

    def run(
        self, workspace: Workspace, first: SkillCall, second: SkillCall
    ) -> SkillResult:
        """Move ``first.object``, then ``second.object``, to one goal of both."""
        scene = workspace.scene
        one, other = first.object, second.object
        at_one, at_other = _places(workspace, first, second)
        hand = at_other + (0, 0, GRASP_ABOVE_CENTRE_M + RETREAT_M)
        goal, mask = rest_goal_pair(at_one, at_other, hand)
        both = put(scene, one, at_one), put(scene, other, at_other)
        turns = [
            squared(scene, name, scene.simulator.pose(name)[0]) for name in (one, other)
        ]
        scene.robot.yaw_goal = best_yaw(scene, one)
        went_over = False

        def tend() -> None:
            nonlocal went_over
            if not went_over and both[0]():
                went_over, scene.robot.yaw_goal = True, best_yaw(scene, other)
            turns[went_over]()

        def done() -> bool:
            near = np.abs(scene.simulator.pose(one)[0] - at_one).max() < 0.02
            return bool(near) and both[1]()

        errand = Errand(
            (one, other),
            lambda: observe_pair(scene, one, other),
            goal,
            mask,
            done,
            tend,
            PAIR_SPACE,
            4 * STEP_LIMIT,
        )
        result, self.trace = roll(workspace, self._network, errand)
        return result


def _places(
    workspace: Workspace, first: SkillCall, second: SkillCall
) -> tuple[Array, Array]:
    """Return where the centres of both blocks shall come to lie, (3,) [m] each."""
    scene = workspace.scene
    assert first.on is not None
    assert second.on is not None
    assert not first.on == second.on == TABLE, "two places on the table may be one"
    one = placing_point(workspace, first.object, first.on)
    if second.on != first.object:
        return one, placing_point(workspace, second.object, second.on)
    heights = [scene.standing(name).height for name in (first.object, second.object)]
    return one, one + (0, 0, sum(heights) / 2)
