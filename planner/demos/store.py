"""Store: a folder of demonstrations that grows by an episode at a time.

``demos.json`` tells what was asked for, which scenes are done, and what each took. It
is written after the episode's own file; an episode that it does not know, because
collecting ended between the two, is found again by its file.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from jouleplan.energy.reading import Reading, add_readings
from jouleplan.planner.errors import DemosFolderError
from jouleplan.skills.vla.demos import (
    VERSION,
    Demo,
    episode_files,
    read_about,
    require_h5py,
    write_demo,
)

INDEX: Final = "demos.json"


@dataclass(frozen=True, slots=True)
class SceneEntry:
    """What one scene came to.

    Attributes:
        kept: Whether its episode is stored.
        success: Whether the goal was reached.
        frames: Of its episode.
        size: Of its file [bytes].
        cause: Why the goal was not reached.
    """

    kept: bool
    success: bool
    frames: int = 0
    size: int = 0
    cause: str = ""


class DemoStore:
    """A folder of demonstrations.

    Args:
        folder: Made where there is none.
        settings: What makes its episodes belong together; values that JSON can hold.

    Attributes:
        scenes: Seed -> what it came to.
        phases: Phase -> what it used, all scenes together.

    Raises:
        DemosFolderError: The folder holds something else, or demonstrations of other
            settings.
        ImportError: The package h5py is missing.
    """

    def __init__(self, folder: Path, settings: Mapping[str, Any]) -> None:
        """Open or make it."""
        require_h5py()
        self.folder, self.settings = folder, dict(settings)
        self.scenes: dict[int, SceneEntry] = {}
        self.phases: dict[str, Reading] = {}
        index = folder / INDEX
        if not index.is_file():
            if folder.exists() and any(folder.iterdir()):
                raise DemosFolderError(
                    f"{folder} is not empty and holds no demonstrations; choose another"
                )
            folder.mkdir(parents=True, exist_ok=True)
            self._save()
            return
        known = self._load(index)
        if known != self.settings:
            raise DemosFolderError(
                f"{folder} holds demonstrations of {_told(known, self.settings)}, not "
                f"of {_told(self.settings, known)}; choose another folder"
            )
        self._find()

    @property
    def kept(self) -> int:
        """Number of episodes that are stored."""
        return sum(scene.kept for scene in self.scenes.values())

    def write(self, demo: Demo, cause: str, used: Mapping[str, Reading]) -> SceneEntry:
        """Write an episode; ``note`` it next.

        Args:
            demo: The episode.
            cause: Why its goal was not reached.
            used: Phase -> what it took so far, for an episode that is found again.
        """
        more = {"cause": cause, "phases": _plain(used)}
        size = write_demo(demo, self.folder, more).stat().st_size
        return SceneEntry(True, demo.success, demo.frames, size, cause)

    def note(self, seed: int, entry: SceneEntry, used: Mapping[str, Reading]) -> None:
        """Take note of a scene, which is not tried again, and of what it took."""
        self.scenes[seed] = entry
        for name, reading in used.items():
            before = [self.phases[name]] if name in self.phases else []
            self.phases[name] = add_readings([*before, reading])
        self._save()

    def _find(self) -> None:
        """Take up the episodes that the index does not know; drop what is cut short."""
        for partial in self.folder.glob("*.part"):
            partial.unlink()
        for file in episode_files(self.folder):
            about = read_about(file)
            if about["seed"] not in self.scenes:
                more, size = about["more"], file.stat().st_size
                entry = SceneEntry(
                    True, about["success"], about["frames"], size, more["cause"]
                )
                used = {name: Reading(**r) for name, r in more["phases"].items()}
                self.note(about["seed"], entry, used)

    def _load(self, index: Path) -> dict[str, Any]:
        """Read the index; return its settings."""
        try:
            found = json.loads(index.read_text(encoding="utf-8"))
            if found["version"] != VERSION:
                raise ValueError(f"version {found['version']!r}, not {VERSION}")
            self.scenes = {
                int(seed): SceneEntry(**entry)
                for seed, entry in found["scenes"].items()
            }
            self.phases = {name: Reading(**r) for name, r in found["phases"].items()}
            settings = found["settings"]
            assert isinstance(settings, dict)
        except (
            ValueError,
            TypeError,
            KeyError,
            AttributeError,
            AssertionError,
        ) as fault:
            raise DemosFolderError(
                f"{index} is damaged ({type(fault).__name__}: {fault}); collect into "
                "another folder"
            ) from fault
        return settings

    def _save(self) -> None:
        document = {
            "version": VERSION,
            "settings": self.settings,
            **self.summary(),
            "phases": _plain(self.phases),
            "scenes": {seed: asdict(entry) for seed, entry in self.scenes.items()},
        }
        partial = self.folder / f"{INDEX}.part"
        partial.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
        partial.replace(self.folder / INDEX)

    def summary(self) -> dict[str, Any]:
        """Return episodes, frames, bytes and what collecting took, for JSON."""
        total = add_readings(self.phases.values())
        entries = self.scenes.values()
        return {
            "episodes": self.kept,
            "scenes_tried": len(self.scenes),
            "successes": sum(entry.success for entry in entries),
            "frames": sum(entry.frames for entry in entries),
            "bytes": sum(entry.size for entry in entries),
            "cpu_s": total.cpu_s,
            "wall_s": total.wall_s,
            "energy_j": total.energy_j,
            "energy_source": total.source,
            "energy_quality": total.quality,
        }


def _plain(used: Mapping[str, Reading]) -> dict[str, Any]:
    return {name: reading.as_dict() for name, reading in used.items()}


def _told(settings: Mapping[str, Any], other: Mapping[str, Any]) -> str:
    """Return what of ``settings`` differs from ``other``."""
    return ", ".join(
        f"{name} {value!r}"
        for name, value in settings.items()
        if name not in other or other[name] != value
    )
