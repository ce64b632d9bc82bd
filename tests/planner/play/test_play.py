"""Play, really collected: a few hundred steps of blocksworld, and its trials."""

import json
from pathlib import Path

import numpy as np
import pytest

from jouleplan.domains.skill_call import SkillCall
from jouleplan.energy.meter import Meter
from jouleplan.planner.errors import PlayError
from jouleplan.planner.evaluate import Series
from jouleplan.planner.play.session import collect_play
from jouleplan.planner.play.store import SYMBOLS, PlayStore, read_play, read_plays
from jouleplan.planner.play.trial import try_operators
from jouleplan.skills.gcrl.option_state import SPACE, to_gripper, to_world
from jouleplan.skills.gcrl.play import Play
from jouleplan.skills.registry import SKILLS
from jouleplan.skills.skill import SkillOutcome, SkillResult, Workspace

pytest.importorskip("minari")

SERIES = Series("blocksworld", sizes=(3, 4))
SETTINGS = {"domain": "blocksworld"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    parent = tmp_path_factory.mktemp("play")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(parent)  # as users name a folder
        store = PlayStore(Path("set"), SETTINGS)
        collect_play(SERIES, 500, 3, store, scene_steps=300)
    return parent / "set"


@pytest.fixture(scope="module")
def play(folder: Path) -> Play:
    return read_play(folder)[0]


def test_play_is_stored_with_operators_and_states(folder: Path, play: Play) -> None:
    _, symbols = read_play(folder)
    assert play.steps == symbols.steps >= 500
    assert any(name.startswith("pick-up(") for name in symbols.operators)
    assert any("holding(" in atom for state in symbols.states for atom in state)
    tried, shown = symbols.effects
    assert 0 < shown <= tried
    assert symbols.cpu_s > 0


def test_minari_itself_reads_the_play(folder: Path, play: Play) -> None:
    import minari

    data = minari.MinariDataset(folder)
    assert data.total_steps == play.steps
    episode = data[0]
    assert len(episode.observations) == len(episode.actions) + 1
    assert len(episode.infos["operator"]) == len(episode.observations)


def test_in_play_blocks_are_lifted_and_carried(play: Play) -> None:
    goals = SPACE.achieved(play.observations)
    moved = [
        np.ptp(goals[start : end + 1, 3:6], axis=0).max()
        for start, end in zip([0, *(play.ends[:-1] + 1)], play.ends, strict=True)
    ]
    assert np.median(moved) > 0.05 / 0.2


def test_collecting_goes_on_where_it_stopped(folder: Path) -> None:
    store = PlayStore(folder, SETTINGS)
    before = list(store.symbols.scenes)
    collect_play(SERIES, store.symbols.steps + 1, 3, store, scene_steps=300)
    assert store.symbols.scenes[: len(before)] == before
    assert len(store.symbols.scenes) == len(before) + 1


def test_a_scene_that_was_cut_short_is_not_read_twice(folder: Path, play: Play) -> None:
    whole = (folder / SYMBOLS).read_text()
    symbols = json.loads(whole)
    symbols["scenes"].pop(0)
    (folder / SYMBOLS).write_text(json.dumps(symbols))
    assert 0 < read_play(folder)[0].steps < play.steps
    (folder / SYMBOLS).write_text(whole)


def test_play_that_an_earlier_version_collected_is_read(folder: Path) -> None:
    whole = (folder / SYMBOLS).read_text()
    kept = json.loads(whole)
    kept["energy_source"], kept["energy_quality"] = kept["source"], kept["quality"]
    for later in ("source", "quality", "wall_s"):
        del kept[later]
    (folder / SYMBOLS).write_text(json.dumps(kept))
    symbols = read_play(folder)[1]
    (folder / SYMBOLS).write_text(whole)
    assert symbols.quality == json.loads(whole)["quality"] != ""
    assert symbols.energy_j == kept["energy_j"]


def test_several_sets_are_read_as_one(folder: Path) -> None:
    play, _ = read_play(folder)
    both, symbols = read_plays([folder, folder])
    assert both.steps == 2 * play.steps
    assert len(both.ends) == 2 * len(play.ends)
    n = len(play.observations)
    assert (both.observations[:n] == both.observations[n:]).all()
    assert [s.steps for s in symbols] == [play.steps, play.steps]


def test_operators_are_tried_and_judged_by_what_is_sensed() -> None:
    def idle(workspace: Workspace, call: SkillCall) -> SkillResult:
        return SkillResult(SkillOutcome.DONE)

    trial = try_operators(SERIES, SKILLS, 4, Meter())
    assert trial.operators == 4
    assert trial.successes == 4
    assert trial.control_steps > 40
    lazy = try_operators(SERIES, {**SKILLS, "pick": idle}, 2, Meter())
    assert (lazy.operators, lazy.successes) == (2, 0)
    assert lazy.causes == {"effects were not sensed": 2}


def test_play_of_other_settings_is_refused(folder: Path) -> None:
    with pytest.raises(PlayError, match="choose another folder"):
        PlayStore(folder, {"domain": "hanoi"})


def test_a_folder_of_something_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("")
    with pytest.raises(PlayError, match="not empty"):
        PlayStore(tmp_path, SETTINGS)
    with pytest.raises(PlayError, match="collect-play"):
        read_play(tmp_path)


def test_a_turned_action_turns_back() -> None:
    action = np.array([0.3, -0.5, 0.2, -1.0])
    back = to_gripper(to_world(action, 0.4).astype(np.float64), 0.4)
    assert back == pytest.approx(action, abs=1e-6)


def test_actions_are_read_with_what_the_gripper_is_after_them(play: Play) -> None:
    moving = np.setdiff1d(np.arange(len(play.actions)), play.ends)
    assert set(play.actions[moving, 3]) == {-1.0, 1.0}
    assert (play.actions[moving, 3] == -play.observations[moving + 1, 7]).all()


def test_turning_an_action_turns_the_way_it_goes() -> None:
    east = np.array([0.5, 0.0, 0.0, 0.0])
    assert to_world(east, np.pi / 2) == pytest.approx([0, 0.5, 0, 0], abs=1e-6)
