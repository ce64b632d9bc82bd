"""Demonstrations are what the arm did, in fitting words, and outlive what ends them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from jouleplan.domains.scene import Scene
from jouleplan.energy.meter import Meter
from jouleplan.planner.cli.app import run
from jouleplan.planner.demos.collect import Demand, collect
from jouleplan.planner.demos.episode import demonstrate
from jouleplan.planner.demos.store import INDEX, DemoStore
from jouleplan.planner.errors import DemonstrationError, DemosFolderError
from jouleplan.planner.evaluate import Series, draw_problem, task_of
from jouleplan.planner.run import build_scene
from jouleplan.skills.library import PolicySet, load_policies
from jouleplan.skills.stages import Observation
from jouleplan.skills.vla.actions import control_steps
from jouleplan.skills.vla.demos import Demo, episode_files, read_demos

MOVES = Series("hanoi", "", (3, 4), "move")
SIDE = 16
SEED = 5


def store_of(folder: Path) -> DemoStore:
    return DemoStore(folder, {"domain": "hanoi"})


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demos") / "moves"
    collect(Demand(MOVES, SIDE), 2, SEED, store_of(folder), load_policies())
    return folder


@pytest.fixture(scope="module")
def demos(folder: Path) -> list[Demo]:
    return read_demos([folder])


def scene_of(demo: Demo, folder: Path) -> Scene:
    return build_scene(task_of(draw_problem(MOVES, demo.seed, folder)), demo.seed)


def test_recorded_actions_replayed_open_loop_reach_nearly_the_same_poses(
    demos: list[Demo], tmp_path: Path
) -> None:
    for demo in demos:
        with scene_of(demo, tmp_path) as scene:
            robot, pose = scene.robot, scene.simulator.pose
            for action, state, poses in zip(
                demo.action, demo.state, demo.poses, strict=True
            ):
                seen = np.array([pose(name)[0] for name in demo.bodies])
                assert np.abs(seen - poses[:, :3]).max() < 0.01
                assert np.abs(robot.state.ee_position - state[:3]).max() < 0.015
                for turn, told in control_steps(action, robot.closed):
                    robot.yaw_goal += turn
                    robot.step(told)


def test_frames_name_their_operator_in_words(demos: list[Demo]) -> None:
    for demo in demos:
        pick, place = demo.operators
        assert pick.reached
        assert place.reached
        assert pick.prompt.startswith("Pick the ")
        assert place.prompt.startswith("Place it on the ")
        assert demo.prompt.startswith("Put the ")
        assert pick.objects[0] == place.objects[0] == demo.objects_of(0)[0]
        assert list(demo.operator) == sorted(demo.operator)


def test_the_gripper_closes_to_pick_and_opens_to_place(demos: list[Demo]) -> None:
    for demo in demos:
        flips = np.flatnonzero(np.diff(demo.action[:, 6]))
        assert len(flips) == 2
        assert list(demo.operator[flips + 1]) == [0, 1]
        assert demo.closed[flips[0] + 2]
        assert not demo.closed[flips[0] + 1]  # seen before the frame's command


def test_what_waits_leaves_no_frame(demos: list[Demo]) -> None:
    for demo in demos:
        moves = np.abs(demo.action[:, :6]).max(1)
        flips = np.diff(demo.action[:, 6], prepend=-1.0) != 0
        assert ((moves > 0) | flips).all()
        assert (np.diff(demo.step) > 0).all()


def test_noise_disturbs_what_is_done_and_not_what_is_recorded(tmp_path: Path) -> None:
    task = task_of(draw_problem(MOVES, SEED, tmp_path))

    def demo(noise: float) -> Demo:
        done = demonstrate(task, load_policies(), SEED, Meter(), side=SIDE, noise=noise)
        assert done.demo is not None
        return done.demo

    quiet, noisy = demo(0.0), demo(0.3)
    assert noisy.success
    # the same scene, the same first command, another way from there
    assert np.array_equal(quiet.state[0], noisy.state[0])
    assert np.abs(quiet.action[0, 2] - noisy.action[0, 2]) < 0.1
    shared = min(quiet.frames, noisy.frames)
    assert np.abs(quiet.state[:shared, :3] - noisy.state[:shared, :3]).max() > 0.01
    # what was done in a frame is not what was recorded for it
    moved = np.diff(noisy.state[:, 2])
    told = noisy.action[:-1, 2] * 0.045
    undisturbed = np.diff(quiet.state[:, 2]) - quiet.action[:-1, 2] * 0.045
    assert np.abs(moved - told).mean() > 1.2 * np.abs(undisturbed).mean()


def test_collecting_goes_on_where_it_stopped(folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "more"
    collect(Demand(MOVES, SIDE), 1, SEED, store_of(other), load_policies())
    (first,) = episode_files(other)
    before = first.stat().st_mtime_ns
    collect(Demand(MOVES, SIDE), 2, SEED, store_of(other), load_policies())
    assert first.stat().st_mtime_ns == before
    for mine, theirs in zip(read_demos([other]), read_demos([folder]), strict=True):
        assert mine.seed == theirs.seed
        assert np.array_equal(mine.action, theirs.action)
        assert np.array_equal(mine.scene, theirs.scene)


def test_an_episode_that_the_index_does_not_know_is_taken_up(folder: Path) -> None:
    index = folder / INDEX
    document = json.loads(index.read_text())
    spent = document["cpu_s"]
    last = str(max(map(int, document["scenes"])))
    index.write_text(json.dumps({**document, "scenes": {}, "phases": {}}))
    (folder / "episode-99.h5.part").write_bytes(b"cut short")
    store = store_of(folder)
    assert store.kept == 2
    assert int(last) in store.scenes
    assert not list(folder.glob("*.part"))
    assert 0.7 * spent < store.summary()["cpu_s"] <= spent


def test_what_it_took_is_on_record(folder: Path) -> None:
    document = json.loads((folder / INDEX).read_text())
    assert {"rendering", "simulation", "drawing", "encoding"} <= set(
        document["phases"]
    ) | {"encoding"}
    parts = sum(one["energy_j"] for one in document["phases"].values())
    assert document["energy_j"] == pytest.approx(parts)
    assert document["bytes"] == sum(f.stat().st_size for f in episode_files(folder))
    assert document["frames"] == sum(d.frames for d in read_demos([folder]))


def test_episodes_that_miss_their_goal_are_stored_only_on_demand(
    tmp_path: Path,
) -> None:
    still = load_policies().policies["reach"].path

    class Idle:
        path = still

        def __call__(self, observation: Observation) -> npt.NDArray[np.float32]:
            return np.zeros(4, np.float32)

    idle = PolicySet(dict.fromkeys(load_policies().policies, Idle()))
    dropped = store_of(tmp_path / "dropped")
    with pytest.raises(DemonstrationError, match="1 scenes in a row"):
        collect(Demand(MOVES, SIDE), 1, SEED, dropped, idle, most_failures=1)
    assert not episode_files(dropped.folder)
    assert not dropped.scenes[SEED].kept
    assert dropped.scenes[SEED].cause
    kept = store_of(tmp_path / "kept")
    collect(
        Demand(MOVES, SIDE, keep_failures=True), 1, SEED, kept, idle, most_failures=2
    )
    (demo,) = read_demos([kept.folder])
    assert not demo.success
    assert not any(operator.reached for operator in demo.operators)


def test_a_kill_leaves_whole_episodes_and_the_rest_is_collected(
    tmp_path: Path,
) -> None:
    out = tmp_path / "killed"
    command = ["collect", "hanoi", "--generate", "move:3", "--size", str(SIDE)]
    command += ["--out", str(out), "--seed", str(SEED), "--json", "--episodes"]
    with subprocess.Popen(
        [sys.executable, "-m", "jouleplan.planner.cli", *command, "1000"],
        stdout=subprocess.DEVNULL,
    ) as process:
        for _ in range(600):
            if episode_files(out) or process.poll() is not None:
                break
            time.sleep(0.1)
        os.kill(process.pid, signal.SIGKILL)
    done = len(read_demos([out]))
    assert done >= 1
    assert run([*command, str(done + 1)]) == 0
    assert len({demo.seed for demo in read_demos([out])}) == done + 1


def test_a_folder_of_something_else_is_refused(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(DemosFolderError, match="choose another folder"):
        DemoStore(folder, {"domain": "blocksworld"})
    (tmp_path / "letter.txt").write_text("mine")
    with pytest.raises(DemosFolderError, match="holds no demonstrations"):
        store_of(tmp_path)
    damaged = tmp_path / "damaged"
    damaged.mkdir()
    (damaged / INDEX).write_text("[]")
    with pytest.raises(DemosFolderError, match="is damaged"):
        store_of(damaged)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["hanoi"], "give either PROBLEM or --generate"),
        (["hanoi", "p03", "--generate", "3"], "give either PROBLEM or --generate"),
        (["hanoi", "--generate", "jump:3"], "There are move"),
        (["sorting", "--generate", "move:3"], "unknown variant"),
        (["hanoi", "p03", "--noise", "2"], "from 0 to 1"),
        (["hanoi", "p03", "--size", "8"], "at least 16"),
        (["hanoi", "p99"], "unknown problem"),
    ],
)
def test_wrong_input_says_what_is_allowed(
    arguments: list[str],
    said: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    out = ["--out", str(tmp_path / "out"), "--episodes", "1"]
    assert run(["collect", *arguments, *out]) == 2
    assert said in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_missing_extra_is_named(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    out = ["--out", str(tmp_path / "out"), "--episodes", "1"]
    with monkeypatch.context() as without:
        without.setitem(sys.modules, "h5py", None)
        assert run(["collect", "hanoi", "p03", *out]) == 2
    assert "pip install 'jouleplan[vla]'" in capsys.readouterr().err
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    assert run(["collect", "hanoi", "p03", *out, "--format", "lerobot"]) == 2
    assert "pip install 'jouleplan[parquet]'" in capsys.readouterr().err
