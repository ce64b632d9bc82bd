"""LeRobot: demonstrations as a LeRobotDataset v3.0, to fine-tune policies elsewhere.

Pictures are PNG in the Parquet files, which v3.0 allows beside video: nothing is lost,
any frame is read alone, and no encoder of video is needed. The language of a frame is
its operator's or the whole task's (``whole_task_index`` names the latter in any case).

Source: lerobot 0.4.4, ``lerobot_dataset`` (Hugging Face, Apache-2.0).
"""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np
import numpy.typing as npt

from jouleplan.skills.vla.actions import FRAMES_A_SECOND
from jouleplan.skills.vla.demos import Demo
from jouleplan.skills.vla.errors import DemosError
from jouleplan.skills.vla.lerobot_stats import Stats, all_stats, episode_stats

VERSION: Final = "v3.0"
FILE_MB: Final = 100
"""A file of frames that has become so large is followed by another."""
CHUNK: Final = 1000
"""Files of one folder."""
CAMERAS: Final = {
    "observation.images.scene": "scene",
    "observation.images.wrist": "wrist",
}
_FILE: Final = "chunk-{chunk_index:03d}/file-{file_index:03d}.parquet"
_STATE: Final = ("x", "y", "z", "turn_x", "turn_y", "turn_z", "finger", "other_finger")
_ACTION: Final = ("dx", "dy", "dz", "roll", "pitch", "yaw", "gripper")
_NUMBERS: Final = {
    "timestamp": "float32",
    "frame_index": "int64",
    "episode_index": "int64",
    "index": "int64",
    "task_index": "int64",
    "whole_task_index": "int64",
    "operator_reached": "bool",
}

Language = Literal["operator", "task"]
"""What a frame's task is: its operator's prompt, or the whole task's."""


def write_lerobot(
    demos: Iterable[Demo], folder: Path, robot: str, language: Language = "operator"
) -> dict[str, Any]:
    """Write demonstrations as a LeRobotDataset; return what its ``info.json`` says.

    Args:
        demos: At least one, all of one picture size.
        folder: Its root; replaced, whole or not at all.
        robot: Name of the arm.
        language: What the task of a frame is.

    Raises:
        DemosError: There are none.
        ImportError: The package pyarrow is missing.
    """
    require_pyarrow()
    partial = folder.with_name(folder.name + ".part")
    shutil.rmtree(partial, ignore_errors=True)
    writer = _Writer(partial, robot, language)
    try:
        for demo in demos:
            writer.add(demo)
        info = writer.finish()
    except BaseException:
        writer.close()
        shutil.rmtree(partial, ignore_errors=True)
        raise
    shutil.rmtree(folder, ignore_errors=True)
    partial.replace(folder)
    return info


class _Writer:
    """Grows by an episode at a time."""

    def __init__(self, root: Path, robot: str, language: Language) -> None:
        self._root, self._robot, self._language = root, robot, language
        self._tasks: dict[str, int] = {}
        self._rows: list[dict[str, Any]] = []
        self._stats: list[dict[str, Stats]] = []
        self._frames = self._file = self._side = 0
        self._out: Any = None
        self._path = root

    def add(self, demo: Demo) -> None:
        """Write the frames of an episode."""
        import pyarrow
        import pyarrow.parquet

        number, n = len(self._rows), demo.frames
        self._side = demo.scene.shape[1]
        columns = self._columns(demo, number)
        used = dict.fromkeys(int(index) for index in columns["task_index"])
        names = list(self._tasks)
        stats = episode_stats({**columns, **_pictures(demo)})
        table = pyarrow.table(
            {
                **{name: _encoded(array) for name, array in _pictures(demo).items()},
                "observation.state": _lists(demo.state),
                "action": _lists(demo.action),
                **{name: columns[name] for name in _NUMBERS},
            },
            schema=_schema(),
        )
        if self._out is None:
            self._path = self._root / "data" / self._name(self._file)
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._out = pyarrow.parquet.ParquetWriter(self._path, _schema())
        self._out.write_table(table)
        self._rows.append(
            {
                "episode_index": number,
                "tasks": [names[index] for index in used],
                "length": n,
                "data/chunk_index": self._file // CHUNK,
                "data/file_index": self._file % CHUNK,
                "dataset_from_index": self._frames,
                "dataset_to_index": self._frames + n,
                "meta/episodes/chunk_index": 0,
                "meta/episodes/file_index": 0,
                **{
                    f"stats/{name}/{kind}": value.tolist()
                    for name, found in stats.items()
                    for kind, value in found.items()
                },
            }
        )
        self._stats.append(stats)
        self._frames += n
        if self._path.stat().st_size > FILE_MB * 2**20:
            self.close()
            self._file += 1

    def finish(self) -> dict[str, Any]:
        """Write all but the frames; return ``info.json``."""
        import pandas
        import pyarrow
        import pyarrow.parquet

        self.close()
        if not self._rows:
            raise DemosError("no demonstrations to write as a LeRobotDataset")
        meta = self._root / "meta"
        episodes = meta / "episodes" / self._name(0)
        episodes.parent.mkdir(parents=True)
        pyarrow.parquet.write_table(pyarrow.Table.from_pylist(self._rows), episodes)
        pandas.DataFrame(
            {"task_index": list(self._tasks.values())}, index=list(self._tasks)
        ).to_parquet(meta / "tasks.parquet")
        stats = {
            name: {kind: value.tolist() for kind, value in found.items()}
            for name, found in all_stats(self._stats).items()
        }
        info = self._info()
        for name, document in (("stats", stats), ("info", info)):
            text = json.dumps(document, indent=4) + "\n"
            (meta / f"{name}.json").write_text(text, encoding="utf-8")
        return info

    def close(self) -> None:
        """Close the file of frames, if one is open."""
        if self._out is not None:
            self._out.close()
            self._out = None

    def _columns(self, demo: Demo, number: int) -> dict[str, npt.NDArray[Any]]:
        whole = self._task(demo.prompt)
        told = np.array([self._task(one.prompt) for one in demo.operators])
        n = demo.frames
        return {
            "observation.state": demo.state,
            "action": demo.action,
            "timestamp": (np.arange(n) / FRAMES_A_SECOND).astype(np.float32),
            "frame_index": np.arange(n),
            "episode_index": np.full(n, number),
            "index": self._frames + np.arange(n),
            "task_index": told[demo.operator]
            if self._language == "operator"
            else np.full(n, whole),
            "whole_task_index": np.full(n, whole),
            "operator_reached": np.array(
                [demo.operators[index].reached for index in demo.operator]
            ),
        }

    def _task(self, prompt: str) -> int:
        return self._tasks.setdefault(prompt, len(self._tasks))

    def _name(self, file: int) -> str:
        return _FILE.format(chunk_index=file // CHUNK, file_index=file % CHUNK)

    def _info(self) -> dict[str, Any]:
        side = self._side
        picture = {
            "dtype": "image",
            "shape": [side, side, 3],
            "names": ["height", "width", "channels"],
        }
        return {
            "codebase_version": VERSION,
            "robot_type": self._robot,
            "total_episodes": len(self._rows),
            "total_frames": self._frames,
            "total_tasks": len(self._tasks),
            "chunks_size": CHUNK,
            "data_files_size_in_mb": FILE_MB,
            "video_files_size_in_mb": FILE_MB,
            "fps": FRAMES_A_SECOND,
            "splits": {"train": f"0:{len(self._rows)}"},
            "data_path": f"data/{_FILE}",
            "video_path": None,
            "features": {
                **dict.fromkeys(CAMERAS, picture),
                "observation.state": _vector(_STATE),
                "action": _vector(_ACTION),
                **{
                    name: {"dtype": kind, "shape": [1], "names": None}
                    for name, kind in _NUMBERS.items()
                },
            },
        }


def _vector(names: tuple[str, ...]) -> dict[str, Any]:
    return {"dtype": "float32", "shape": [len(names)], "names": list(names)}


def _pictures(demo: Demo) -> dict[str, npt.NDArray[np.uint8]]:
    return {name: getattr(demo, camera) for name, camera in CAMERAS.items()}


def _encoded(pictures: npt.NDArray[np.uint8]) -> list[dict[str, Any]]:
    """Return pictures (n, side, side, 3) as PNG, in the form of an image column."""
    from PIL import Image

    found: list[dict[str, Any]] = []
    for picture in pictures:
        file = io.BytesIO()
        Image.fromarray(picture).save(file, format="PNG", compress_level=1)
        found.append({"bytes": file.getvalue(), "path": None})
    return found


def _lists(array: npt.NDArray[np.float32]) -> Any:
    """Return (n, size) as a column of lists of one length."""
    import pyarrow

    flat = pyarrow.array(np.ascontiguousarray(array).ravel())
    return pyarrow.FixedSizeListArray.from_arrays(flat, array.shape[1])


def _schema() -> Any:
    """Return the columns of frames, noted so that `datasets` knows pictures."""
    import pyarrow

    picture = pyarrow.struct({"bytes": pyarrow.binary(), "path": pyarrow.string()})
    vectors = {"observation.state": _STATE, "action": _ACTION}
    fields = [
        *((name, picture) for name in CAMERAS),
        *(
            (name, pyarrow.list_(pyarrow.float32(), len(entries)))
            for name, entries in vectors.items()
        ),
        *((name, pyarrow.type_for_alias(kind)) for name, kind in _NUMBERS.items()),
    ]
    features = {
        **{name: {"_type": "Image"} for name in CAMERAS},
        **{
            name: {
                "feature": {"dtype": "float32", "_type": "Value"},
                "length": len(entries),
                "_type": "Sequence",
            }
            for name, entries in vectors.items()
        },
        **{name: {"dtype": kind, "_type": "Value"} for name, kind in _NUMBERS.items()},
    }
    note = json.dumps({"info": {"features": features}})
    return pyarrow.schema(fields, metadata={"huggingface": note})


def require_pyarrow() -> None:
    """Check that what writes Parquet is installed.

    Raises:
        ImportError: It is not; says what to install.
    """
    try:
        import pyarrow.parquet  # noqa: F401
    except ImportError as error:
        raise ImportError(
            "LeRobot's data sets are Parquet files, written by pyarrow: pip install "
            "'jouleplan[parquet]'"
        ) from error
