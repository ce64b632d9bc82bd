"""Demonstrations: episodes of pictures, words and actions, in a folder of HDF5 files.

| file                | holds                                                          |
|---------------------|----------------------------------------------------------------|
| ``demos.json``      | settings, which scenes are done, what collecting took          |
| ``episode-<seed>.h5`` | one episode; written beside and renamed, so whole or absent  |

Pictures are stored without loss.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from jouleplan.skills.vla.actions import SIZE
from jouleplan.skills.vla.errors import DemosError

VERSION: Final = 1
STATE_SIZE: Final = 8
_LEVEL: Final = 1
"""Of gzip; higher levels take longer and save little."""
_ARRAYS: Final = (
    "scene",
    "wrist",
    "state",
    "closed",
    "action",
    "operator",
    "step",
    "poses",
)
_NAME: Final = "episode-{}.h5"


@dataclass(frozen=True, slots=True)
class DemoOperator:
    """One ground operator, or one recovery, of an episode.

    Attributes:
        name: E.g. ``pick(d1, peg1)``.
        prompt: What a policy is told, e.g. "Pick the red block."
        reached: Whether its effects were sensed afterwards.
        kind: "operator", "restore" or "recover".
    """

    name: str
    prompt: str
    reached: bool
    kind: str

    @property
    def objects(self) -> tuple[str, ...]:
        """Names of its objects, e.g. ``("d1", "peg1")``."""
        inner = self.name.partition("(")[2].removesuffix(")")
        return tuple(part.strip() for part in inner.split(",") if part.strip())


@dataclass(frozen=True, slots=True)
class Demo:
    """One episode of n frames, 10 a second; what waited is left out.

    Attributes:
        seed: Of the scene.
        domain: Name of the domain.
        problem: The problem's name.
        prompt: The whole task in words.
        success: Whether physics showed the goal at the end.
        operators: In order.
        bodies: Names.
        scene: Pictures of the camera in front, shape (n, side, side, 3), uint8.
        wrist: Pictures of the camera at the hand, likewise.
        state: Proprioception, shape (n, 8), float32; see ``views.observation``.
        closed: The gripper's command before the frame, shape (n,), bool.
        action: What the expert commanded, shape (n, 7), float32; see ``actions``.
        operator: Index into ``operators``, shape (n,).
        step: Control step at which the frame begins, shape (n,).
        poses: Of the bodies, shape (n, bodies, 7): position [m] and quaternion xyzw,
            world frame.
    """

    seed: int
    domain: str
    problem: str
    prompt: str
    success: bool
    operators: tuple[DemoOperator, ...]
    bodies: tuple[str, ...]
    scene: npt.NDArray[np.uint8]
    wrist: npt.NDArray[np.uint8]
    state: npt.NDArray[np.float32]
    closed: npt.NDArray[np.bool_]
    action: npt.NDArray[np.float32]
    operator: npt.NDArray[np.int16]
    step: npt.NDArray[np.int32]
    poses: npt.NDArray[np.float32]

    @property
    def frames(self) -> int:
        """Number of frames."""
        return len(self.action)

    def objects_of(self, operator: int) -> tuple[str, ...]:
        """Return the names of the objects of an operator, by its index."""
        return self.operators[operator].objects


def episode_file(folder: Path, seed: int) -> Path:
    """Return where the episode of a scene lies."""
    return folder / _NAME.format(seed)


def episode_files(folder: Path) -> list[Path]:
    """Return the episodes in ``folder``, by seed."""
    return sorted(folder.glob(_NAME.format("*")), key=_seed)


def _seed(file: Path) -> int:
    text = file.stem.partition("-")[2]
    return int(text) if text.isdecimal() else -1


def write_demo(demo: Demo, folder: Path, more: Mapping[str, Any]) -> Path:
    """Write an episode, whole or not at all, and return its file.

    Args:
        demo: The episode.
        folder: Where.
        more: Further values that JSON can hold, e.g. what it took; see ``read_more``.

    Raises:
        ImportError: The package h5py is missing.
    """
    h5py = require_h5py()
    file = episode_file(folder, demo.seed)
    partial = file.with_name(file.name + ".part")
    about = {
        "version": VERSION,
        "seed": demo.seed,
        "domain": demo.domain,
        "problem": demo.problem,
        "prompt": demo.prompt,
        "success": demo.success,
        "operators": [
            [one.name, one.prompt, one.reached, one.kind] for one in demo.operators
        ],
        "bodies": list(demo.bodies),
        "more": dict(more),
    }
    with h5py.File(partial, "w") as out:
        out.attrs["about"] = json.dumps(about)
        for name in _ARRAYS:
            array = getattr(demo, name)
            picture = array.dtype == np.uint8 and len(array) > 0
            out.create_dataset(
                name,
                data=array,
                chunks=(1, *array.shape[1:]) if picture else None,
                compression="gzip" if picture else None,
                compression_opts=_LEVEL if picture else None,
            )
    with partial.open("rb") as done:
        os.fsync(done.fileno())
    partial.replace(file)
    return file


def read_demo(file: Path) -> Demo:
    """Return an episode, all of it in memory.

    Raises:
        DemosError: It is damaged, or of another version.
        ImportError: The package h5py is missing.
    """
    h5py = require_h5py()
    try:
        with h5py.File(file, "r") as data:
            about = _about(data)
            arrays = {name: data[name][()] for name in _ARRAYS}
    except (OSError, KeyError, ValueError, TypeError) as error:
        raise DemosError(
            f"{file} is no episode ({type(error).__name__}: {error}); remove it and "
            "collect it again"
        ) from error
    _check(file, about, arrays)
    return Demo(
        about["seed"],
        about["domain"],
        about["problem"],
        about["prompt"],
        about["success"],
        tuple(DemoOperator(*one) for one in about["operators"]),
        tuple(about["bodies"]),
        **arrays,
    )


def read_demos(folders: Sequence[Path], side: int | None = None) -> list[Demo]:
    """Return the episodes of several folders, all of them in memory.

    Args:
        folders: Each with at least one episode.
        side: Width of the pictures that is wanted [px]; None takes any, if it is one.

    Raises:
        DemosError: A folder has none, or one is damaged, or pictures differ in size.
        ImportError: The package h5py is missing.
    """
    demos: list[Demo] = []
    for folder in folders:
        files = episode_files(folder)
        if not files:
            raise DemosError(
                f"{folder} holds no demonstrations; `jouleplan collect DOMAIN "
                f"--out {folder}` collects them"
            )
        demos += map(read_demo, files)
    sides = {int(demo.scene.shape[1]) for demo in demos}
    if side is not None:
        sides.add(side)
    if len(sides) > 1:
        raise DemosError(
            f"pictures of {' and '.join(map(str, sorted(sides)))} pixels; collect them "
            "all with one --size"
        )
    return demos


def read_about(file: Path) -> dict[str, Any]:
    """Return what an episode says of itself, without its arrays.

    Raises:
        DemosError: It is damaged, or of another version.
        ImportError: The package h5py is missing.
    """
    h5py = require_h5py()
    try:
        with h5py.File(file, "r") as data:
            about = _about(data)
            about["frames"] = len(data["action"])
    except (OSError, KeyError, ValueError, TypeError) as error:
        raise DemosError(
            f"{file} is no episode ({type(error).__name__}: {error}); remove it and "
            "collect it again"
        ) from error
    return about


def _about(data: Any) -> dict[str, Any]:
    about = json.loads(data.attrs["about"])
    if not isinstance(about, dict) or about.get("version") != VERSION:
        raise ValueError(f"not of version {VERSION}")
    return about


def _check(file: Path, about: Mapping[str, Any], arrays: Mapping[str, Any]) -> None:
    n, side = len(arrays["action"]), arrays["scene"].shape[-2]
    shapes = {
        "scene": (n, side, side, 3),
        "wrist": (n, side, side, 3),
        "state": (n, STATE_SIZE),
        "closed": (n,),
        "action": (n, SIZE),
        "operator": (n,),
        "step": (n,),
        "poses": (n, len(about["bodies"]), 7),
    }
    for name, shape in shapes.items():
        if arrays[name].shape != shape:
            raise DemosError(
                f"{file}: {name} has the shape {arrays[name].shape}, not {shape}; "
                "remove the file and collect it again"
            )
    top = int(arrays["operator"].max(initial=-1))
    if top >= len(about["operators"]) or int(arrays["operator"].min(initial=0)) < 0:
        raise DemosError(f"{file}: a frame of operator {top}, which it does not name")


def require_h5py() -> Any:
    """Return the module h5py.

    Raises:
        ImportError: It is missing; says what to install.
    """
    try:
        import h5py
    except ImportError as error:
        raise ImportError(
            "demonstrations are stored by h5py: pip install 'jouleplan[vla]'"
        ) from error
    return h5py
