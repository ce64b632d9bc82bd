"""What is written as a LeRobotDataset v3.0 is read back, picture by picture."""

from __future__ import annotations

import io
import json
import sys
import types
from pathlib import Path

import numpy as np
import pytest

from jouleplan.skills.vla.demos import Demo
from jouleplan.skills.vla.errors import DemosError
from jouleplan.skills.vla.lerobot import write_lerobot
from tests.skills.vla.test_demos import made

DEMOS = [made(1, n=4), made(2, n=7)]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    pytest.importorskip("pyarrow")
    write_lerobot(DEMOS, tmp_path / "set", "panda")
    return tmp_path / "set"


def told(demo: Demo, frame: int) -> str:
    return demo.operators[int(demo.operator[frame])].prompt


def test_frames_episodes_and_tasks_are_read_back_by_pyarrow(root: Path) -> None:
    import pandas
    import pyarrow.parquet
    from PIL import Image

    info = json.loads((root / "meta/info.json").read_text())
    assert info["codebase_version"] == "v3.0"
    assert (info["total_episodes"], info["total_frames"], info["fps"]) == (2, 11, 10)
    frames = pyarrow.parquet.read_table(root / "data/chunk-000/file-000.parquet")
    assert set(info["features"]) == set(frames.column_names)
    tasks = pandas.read_parquet(root / "meta/tasks.parquet")
    episodes = pyarrow.parquet.read_table(
        root / "meta/episodes/chunk-000/file-000.parquet"
    ).to_pylist()
    assert [row["dataset_from_index"] for row in episodes] == [0, 4]
    rows = frames.to_pylist()
    for row in rows:
        demo, frame = DEMOS[row["episode_index"]], row["frame_index"]
        assert row["index"] == 4 * row["episode_index"] + frame
        assert row["timestamp"] == pytest.approx(frame / 10)
        assert row["action"] == pytest.approx(demo.action[frame])
        assert row["observation.state"] == pytest.approx(demo.state[frame])
        assert tasks.index[row["task_index"]] == told(demo, frame)
        assert tasks.index[row["whole_task_index"]] == demo.prompt
        assert row["operator_reached"] == (demo.operator[frame] > 0)
        picture = Image.open(io.BytesIO(row["observation.images.wrist"]["bytes"]))
        assert np.array_equal(np.asarray(picture), demo.wrist[frame])


def test_statistics_are_those_of_all_frames(root: Path) -> None:
    stats = json.loads((root / "meta/stats.json").read_text())
    actions = np.concatenate([demo.action for demo in DEMOS])
    found = stats["action"]
    assert found["mean"] == pytest.approx(actions.mean(0), abs=1e-6)
    assert found["std"] == pytest.approx(actions.std(0), abs=1e-6)
    assert found["min"] == pytest.approx(actions.min(0))
    assert found["count"] == [11]
    scenes = np.concatenate([demo.scene for demo in DEMOS]) / 255
    mean = np.array(stats["observation.images.scene"]["mean"])
    assert mean.shape == (3, 1, 1)
    assert mean.ravel() == pytest.approx(scenes.mean((0, 1, 2)), abs=1e-6)


def test_frames_may_be_told_the_whole_task(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    import pyarrow.parquet

    write_lerobot(DEMOS, tmp_path / "set", "panda", "task")
    file = tmp_path / "set/data/chunk-000/file-000.parquet"
    frames = pyarrow.parquet.read_table(file)
    assert frames["task_index"].to_pylist() == [0] * 11


def test_nothing_is_left_of_a_set_that_fails(root: Path) -> None:
    before = (root / "meta/info.json").read_text()
    with pytest.raises(DemosError, match="no demonstrations"):
        write_lerobot([], root, "panda")
    assert (root / "meta/info.json").read_text() == before
    assert not root.with_name("set.part").exists()


def test_lerobots_own_reader_reads_it(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By ``lerobot-dataset``, lerobot's reader on its own; it wants NumPy < 2.3.

    `pip install lerobot-dataset torchvision` in an environment apart.
    """
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    # torchvision's operators are compiled for another torch than the CPU's
    name = "torchvision._meta_registrations"
    monkeypatch.setitem(sys.modules, name, types.ModuleType(name))
    reader = pytest.importorskip("ledataset.datasets.lerobot_dataset")
    read = reader.LeRobotDataset(
        "jouleplan/demos", root=root, delta_timestamps={"action": [0.0, 0.1]}
    )
    assert (read.num_episodes, read.num_frames, read.fps) == (2, 11, 10)
    frame = read[6]
    assert frame["task"] == told(DEMOS[1], 2)
    assert frame["action"].numpy() == pytest.approx(DEMOS[1].action[2:4])
    scene = 255 * frame["observation.images.scene"].numpy().transpose(1, 2, 0)
    assert scene == pytest.approx(DEMOS[1].scene[2], abs=1e-3)
    assert set(read.meta.stats) == set(read.features)
