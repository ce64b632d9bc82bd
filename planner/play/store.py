"""Store: play as a Minari data set, with operators and symbolic states beside it.

A folder holds Minari's own files and ``symbols.json``: the names that the data set's
infos count into, and which scenes are done, so that collecting goes on where it
stopped. Each segment is one of Minari's episodes, with one more observation than
actions.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import numpy as np

from jouleplan.energy.spent import Spent
from jouleplan.planner.errors import PlayError
from jouleplan.planner.play.collect import Segment
from jouleplan.skills.gcrl.option_state import (
    ACTION_SIZE,
    OBSERVATION_SIZE,
    SPACE,
    kept_gripper,
)
from jouleplan.skills.gcrl.play import Play, join, merge

SYMBOLS: Final = "symbols.json"

_FORMER_NAMES: Final = {"energy_source": "source", "energy_quality": "quality"}
"""Names in play collected by earlier versions -> today's."""


@dataclass(kw_only=True, slots=True)
class Symbols(Spent):
    """What the numbers in a data set's infos stand for, and how far it is.

    Attributes:
        settings: What the play was collected with; two parts of a set share them.
        operators: Number -> ground operator.
        states: Number -> atoms, sorted.
        scenes: Seeds whose scenes are done.
        steps: Actions stored.
        effects: Operators tried and those whose effects were sensed.
    """

    settings: dict[str, Any]
    operators: list[str] = field(default_factory=list)
    states: list[list[str]] = field(default_factory=list)
    scenes: list[int] = field(default_factory=list)
    steps: int = 0
    effects: list[int] = field(default_factory=lambda: [0, 0])


class PlayStore:
    """A folder of play that grows.

    Args:
        folder: Made where there is none.
        settings: What makes its parts comparable.

    Attributes:
        symbols: What is stored so far.

    Raises:
        PlayError: The folder holds something else, or play of other settings.
        ImportError: The package minari is missing.
    """

    def __init__(self, folder: Path, settings: dict[str, Any]) -> None:
        """Open or make it."""
        storage = _require_minari()
        # Minari joins a relative path to itself
        self.folder = folder = folder.absolute()
        known = folder / SYMBOLS
        if known.is_file():
            self.symbols = _read(known)
            if self.symbols.settings != settings:
                raise PlayError(
                    f"{folder} holds play of {self.symbols.settings}, not of "
                    f"{settings}; choose another folder"
                )
            self._data = storage.read(folder)
            return
        if folder.exists() and any(folder.iterdir()):
            raise PlayError(f"{folder} is not empty and holds no play; choose another")
        folder.mkdir(parents=True, exist_ok=True)
        from gymnasium.spaces import Box

        self._data = storage.new(
            folder,
            observation_space=Box(-np.inf, np.inf, (OBSERVATION_SIZE,), np.float32),
            action_space=Box(-1.0, 1.0, (ACTION_SIZE,), np.float32),
        )
        self._data.update_metadata(
            {"dataset_id": "jouleplan/play-v0", "minari_version": version("minari")}
        )
        self.symbols = Symbols(settings=settings)
        self.save()

    def add(self, scene: int, segments: Sequence[Segment]) -> None:
        """Store the segments of a scene; a crash before the end leaves it undone."""
        from minari.data_collector import EpisodeBuffer

        symbols = self.symbols
        buffers = []
        for segment in segments:
            count = len(segment.actions)
            operators = [_number(symbols.operators, name) for name in segment.operators]
            states = [
                _number(symbols.states, sorted(str(atom) for atom in state))
                for state in segment.states
            ]
            over = [False] * (count - 1) + [True]
            buffers.append(
                EpisodeBuffer(
                    seed=scene,
                    observations=np.array(segment.observations),
                    actions=np.array(segment.actions),
                    rewards=[0.0] * count,
                    terminations=[False] * count,
                    truncations=over,
                    infos={
                        "operator": np.array([*operators, operators[-1]]),
                        "state": np.array([*states, states[-1]]),
                        "scene": np.full(count + 1, scene),
                    },
                )
            )
            symbols.steps += count
            symbols.effects[0] += len(segment.effects)
            symbols.effects[1] += sum(done for _, done in segment.effects)
        if buffers:
            self._data.update_episodes(buffers)
        symbols.scenes.append(scene)
        self.save()

    def save(self) -> None:
        """Write what the numbers stand for, last."""
        partial = self.folder / f"{SYMBOLS}.part"
        partial.write_text(json.dumps(asdict(self.symbols)), encoding="utf-8")
        partial.replace(self.folder / SYMBOLS)


def _number(known: list[Any], item: Any) -> int:
    """Return where ``item`` stands in ``known``; put it there where it does not."""
    if item not in known:
        known.append(item)
    return known.index(item)


def read_play(folder: Path) -> tuple[Play, Symbols]:
    """Return the play in ``folder`` and what its numbers stand for.

    The gripper's entry of an action is what the gripper is after it: what options
    learn, see ``kept_gripper``; the data set holds what was commanded.

    Raises:
        PlayError: There is no play, or it does not fit the options of today.
        ImportError: The package minari is missing.
    """
    storage = _require_minari()
    folder = folder.absolute()
    if not (folder / SYMBOLS).is_file():
        raise PlayError(
            f"{folder} holds no play; `jouleplan collect-play DOMAIN --out {folder}` "
            "collects it"
        )
    data, symbols = storage.read(folder), _read(folder / SYMBOLS)
    shape = data.observation_space.shape
    if shape != (SPACE.observation_size,):
        raise PlayError(
            f"{folder} holds observations of shape {shape}; options observe "
            f"{SPACE.observation_size} entries: collect it again"
        )
    done = set(symbols.scenes)

    def trajectories() -> Iterator[tuple[Any, Any]]:
        for episode in data.get_episodes(range(data.total_episodes)):
            # a scene that was cut short is stored again later
            if int(episode["infos"]["scene"][0]) in done:
                seen = episode["observations"]
                yield seen, kept_gripper(seen, episode["actions"])

    try:
        return join(trajectories()), symbols
    except ValueError as error:
        raise PlayError(f"{folder} holds no usable play: {error}") from error


def read_plays(folders: Sequence[Path]) -> tuple[Play, list[Symbols]]:
    """Return the play of several folders as one, and what the numbers of each mean.

    Raises:
        PlayError: A folder holds no play, or it does not fit the options of today.
        ImportError: The package minari is missing.
    """
    plays, symbols = zip(*(read_play(folder) for folder in folders), strict=True)
    return merge(plays), list(symbols)


def _read(path: Path) -> Symbols:
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        return Symbols(**{_FORMER_NAMES.get(k, k): value for k, value in kept.items()})
    except (AttributeError, ValueError, TypeError) as error:
        raise PlayError(f"{path} is damaged ({error}); collect it again") from error


def _require_minari() -> Any:
    try:
        import h5py  # noqa: F401
        from minari.dataset.minari_storage import MinariStorage
    except ImportError as error:
        raise ImportError(
            "play is stored by minari and h5py: pip install 'jouleplan[train]'"
        ) from error
    return MinariStorage
