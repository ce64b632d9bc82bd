"""Skill sets: options replace pick and place of boxes, and are checked on loading."""

from pathlib import Path

import numpy as np
import pytest

from jouleplan.domains.skill_sets import SKILL_SETS
from jouleplan.planner.run import Conditions, run
from jouleplan.skills import library
from jouleplan.skills.errors import PolicyFileError
from jouleplan.skills.gcrl.network import OptionNetwork
from jouleplan.skills.gcrl.option_state import OBSERVATION_SIZE, SPACE
from jouleplan.skills.gcrl.skill_set import skill_set
from jouleplan.skills.library import OPTIONS, STAGED, option_file
from jouleplan.skills.registry import SKILLS


def test_every_skill_set_but_that_of_stages_has_an_option() -> None:
    assert (STAGED, *OPTIONS) == SKILL_SETS


def test_options_replace_pick_and_place_and_nothing_else() -> None:
    assert skill_set("rl") is SKILLS
    own = skill_set("gcrl-flat")
    assert set(own) == set(SKILLS)
    assert {n for n in own if own[n] is not SKILLS[n]} == {"pick", "place", "move"}


@pytest.mark.parametrize("name", OPTIONS)
def test_a_shipped_option_answers_within_its_bounds(name: str) -> None:
    network = OptionNetwork(option_file(name), OBSERVATION_SIZE, SPACE.input_size)
    seen = np.zeros(OBSERVATION_SIZE, dtype=np.float32)
    goal = np.zeros(SPACE.input_size, dtype=np.float32)
    answer = network(seen, goal)
    assert answer.action.shape == (4,)
    assert np.abs(answer.action).max() <= 1.0
    assert answer.way_point.size == (SPACE.size if "hier" in name else 0)
    assert answer.value is not None


@pytest.mark.parametrize("name", OPTIONS)
def test_an_option_solves_under_the_planner(name: str) -> None:
    done = run("hanoi", "p03", 3, Conditions(skills=name))
    assert done.episode.goal_reached, done.episode.cause
    assert Path(done.policies[name]).name == f"{OPTIONS[name]}.onnx"


def test_a_nut_keeps_its_own_skills() -> None:
    done = run("nut-assembly", "p01", 1, Conditions(skills="gcrl-flat"))
    usual = run("nut-assembly", "p01", 1)
    assert done.episode.goal_reached
    assert done.episode.mechanical_work_j == usual.episode.mechanical_work_j


def test_a_missing_option_says_what_makes_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(library, "SHIPPED", tmp_path)
    with pytest.raises(PolicyFileError, match="jouleplan train saw --play"):
        skill_set("gcrl-flat")


def test_an_unknown_skill_set_is_named_with_those_there_are() -> None:
    with pytest.raises(PolicyFileError, match="There are rl, gcrl-flat"):
        skill_set("gcrl-fat")


def test_another_arm_has_no_option() -> None:
    with pytest.raises(PolicyFileError, match="trained for the panda"):
        skill_set("gcrl-flat", robot="xarm")


def test_a_policy_of_a_stage_is_no_option(tmp_path: Path) -> None:
    (tmp_path / "saw.onnx").write_bytes((library.SHIPPED / "reach.onnx").read_bytes())
    with pytest.raises(PolicyFileError, match="train it again"):
        skill_set("gcrl-flat", tmp_path)
