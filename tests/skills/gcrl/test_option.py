"""Options in physics: goals by the value, declining, time-outs, moves at one go."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from jouleplan.domains.scene import Scene
from jouleplan.domains.skill_call import SkillCall
from jouleplan.energy.meter import Meter
from jouleplan.planner.actor import Actor
from jouleplan.planner.run import build_scene
from jouleplan.planner.task import read_task
from jouleplan.skills.gcrl import rollout
from jouleplan.skills.gcrl.calibration import Calibration
from jouleplan.skills.gcrl.goals import best_goal, held_goals, rest_goals
from jouleplan.skills.gcrl.network import Answer, OptionNetwork
from jouleplan.skills.gcrl.option import Option
from jouleplan.skills.gcrl.option_state import SPACE, UNIT_M, as_lifted, observe
from jouleplan.skills.gcrl.skill_set import read_option
from jouleplan.skills.gcrl.space import Floats
from jouleplan.skills.library import load_policies, option_file
from jouleplan.skills.registry import SKILLS
from jouleplan.skills.skill import SkillOutcome, Workspace

TRUSTING = Calibration(0.0, 1.0, -1e9, 0.1, 0.1, 50, 50, 0, 0)
PICK, PLACE = SkillCall("pick", "d1"), SkillCall("place", "d1", "peg2")
MOVE = SkillCall("move", "d1", "peg2")


@pytest.fixture
def workspace() -> Iterator[Workspace]:
    with build_scene(read_task("hanoi", "p03"), 4) as scene:
        scene.settle()
        yield Workspace(scene, load_policies(), Meter().phase)


@pytest.fixture(scope="module")
def flat() -> Option:
    return read_option(option_file("gcrl-flat"))


class Liking(OptionNetwork):
    """A network that likes a goal the better the higher it asks the hand to be.

    Args:
        much: V of a hand that is one unit higher.
    """

    def __init__(self, much: float) -> None:
        self._much = much

    def __call__(self, observation: Floats, goal: Floats) -> Answer:
        nothing = np.zeros(0, dtype=np.float32)
        return Answer(
            np.zeros(4, dtype=np.float32), nothing, self._much * float(goal[2])
        )


def test_of_the_goals_that_satisfy_the_effects_the_value_chooses() -> None:
    goals = rest_goals(np.array((0.5, 0.0, 0.03)), np.random.default_rng(0))
    seen = np.zeros(SPACE.observation_size, dtype=np.float32)
    (chosen, _), value = best_goal(Liking(1000.0), seen, goals)
    assert value is not None
    assert chosen[2] == max(goal[2] for goal, _ in goals)
    assert chosen[2] > goals[0][0][2]


def test_the_plainest_goal_is_kept_where_the_value_likes_none_clearly_better() -> None:
    goals = rest_goals(np.array((0.5, 0.0, 0.03)), np.random.default_rng(0))
    seen = np.zeros(SPACE.observation_size, dtype=np.float32)
    (chosen, _), _ = best_goal(Liking(1.0), seen, goals)
    assert chosen is goals[0][0]


def test_every_candidate_satisfies_the_effects() -> None:
    rng, at = np.random.default_rng(1), np.array((0.5, 0.1, 0.03))
    plain, lowest = rest_goals(at, rng), 0.05 + 0.011 - 1e-6
    for goal, _ in plain:
        off = UNIT_M * (goal[3:6] - plain[0][0][3:6])
        assert np.abs(off).max() < 0.006  # still in the middle of its place
        assert UNIT_M * (goal[2] - goal[5]) >= lowest - 0.011  # the hand has let go
    lifts = held_goals(at, 0.04, rng)
    assert all(goal[5] >= lifts[0][0][5] - 1e-6 for goal, _ in lifts)
    assert all(goal[6] == pytest.approx(0.04 / UNIT_M) for goal, _ in lifts)


def test_a_start_below_the_bound_is_declined_and_nothing_moves(
    workspace: Workspace, flat: Option
) -> None:
    wary = Option(flat.network, replace(TRUSTING, bound=-1.0))
    steps = workspace.scene.robot.control_steps
    result = wary.pick(workspace, PICK)
    assert result.outcome is SkillOutcome.DECLINED
    assert "its value is" in result.detail
    assert workspace.scene.robot.control_steps == steps


def test_the_value_says_when_it_is_too_late(
    workspace: Workspace, flat: Option, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rollout, "LEAST_STEPS", 1)
    hasty = Option(flat.network, replace(TRUSTING, intercept=-3.0))
    result = hasty.pick(workspace, PICK)
    assert result.outcome is SkillOutcome.TIMEOUT
    assert "not done in" in result.detail
    assert hasty.trace.steps == hasty.trace.limit < 20


def test_a_value_that_does_not_rise_ends_an_option(workspace: Workspace) -> None:
    still = Option(Liking(1.0), TRUSTING)
    result = still.pick(workspace, PICK)
    assert result.outcome is SkillOutcome.TIMEOUT
    assert "stalled" in result.detail
    assert still.trace.steps <= 2 * rollout.STALL_STEPS


def test_one_option_moves_a_block_at_one_go(workspace: Workspace, flat: Option) -> None:
    scene = workspace.scene
    result = flat.move(workspace, MOVE)
    assert result.done, result.detail
    scene.settle()
    assert on(scene, "d1", "peg2")
    assert not scene.robot.closed


def test_a_skill_goes_on_from_an_option_and_an_option_from_a_skill(
    workspace: Workspace, flat: Option
) -> None:
    actor = Actor(workspace, False, {**SKILLS, "pick": flat.pick})
    assert actor.call((PICK,)).done
    assert actor.call((PLACE,)).done
    assert on(workspace.scene, "d1", "peg2")
    back = replace(PLACE, on="peg3")
    actor = Actor(workspace, False, {**SKILLS, "place": flat.place})
    assert actor.call((PICK, back)).done
    assert on(workspace.scene, "d1", "peg3")


def test_a_place_is_foretold_without_a_move(workspace: Workspace, flat: Option) -> None:
    trusting, steps = (
        Option(flat.network, TRUSTING),
        workspace.scene.robot.control_steps,
    )
    told = [trusting.foretell(workspace, call) for call in (PICK, PLACE, MOVE)]
    assert workspace.scene.robot.control_steps == steps
    pick, place, move = (t or 0.0 for t in told)
    assert 0 < pick < move
    assert 0 < place < move
    assert Option(flat.network).foretell(workspace, PICK) is None


def test_a_lifted_block_is_imagined_as_it_is_seen(
    workspace: Workspace, flat: Option
) -> None:
    imagined = as_lifted(workspace.scene, "d1", 0.08)
    assert flat.pick(workspace, PICK).done
    seen = observe(workspace.scene, "d1")
    assert imagined[7:10] == pytest.approx(seen[7:10])
    assert UNIT_M * np.abs(imagined[:7] - seen[:7]).max() < 0.05
    assert imagined[19] == pytest.approx(seen[19])


def on(scene: Scene, block: str, place: str) -> bool:
    """Return whether a block lies within 2 cm of the middle of a place."""
    off = scene.simulator.pose(block)[0][:2] - scene.simulator.pose(place)[0][:2]
    return bool(np.abs(off).max() < 0.02)
