"""Data: demonstrations as arrays, and the batches drawn from them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from jouleplan.skills.errors import TrainingError
from jouleplan.skills.vla.demos import Demo
from jouleplan.skills.vla.prompt import PADDING, UNKNOWN, Vocabulary
from jouleplan.skills.vla.views import scene_spots, wrist_spots

ACTION: Final = 5
"""Displacement (3,), turn, and whether the gripper is closed: what is learned of
the seven entries of LIBERO's action, of which two are always 0."""
TARGET: Final = 6
"""Where the first two bodies of the operator are, seen from the hand."""
SIDES: Final = 32
"""Pictures have sides that are multiples of it [px]."""
BODIES: Final = 2
SPOTS: Final = 4 * BODIES
"""Where these bodies are in the picture of the scene (2 each), and of the hand."""
TARGET_M: Final = 0.1
"""Unit of the targets [m]."""
UNKNOWN_SHARE: Final = 0.02
"""Share of the words that are hidden."""
STATE_NOISE: Final = 0.1
STATE_HIDDEN: Final = 0.2
"""Share of the frames whose state is hidden: it must not replace the pictures."""

Float = npt.NDArray[np.float32]
Int = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Frames:
    """All frames of a set of demonstrations.

    Attributes:
        scene: Pictures at half their sides, (n, s, s, 3) uint8.
        wrist: As ``scene``.
        state: Shape (n, 8); see ``views.observation``.
        action: Shape (n, 5).
        target: Shape (n, 6), in ``TARGET_M``, frame of the hand; NaN where unknown.
        spots: Where the same bodies are in the pictures, (n, 8), from -1 to 1; NaN
            where unknown or outside.
        task: Number of the prompt of the whole task, (n,).
        operator: Number of the prompt of the operator, (n,).
        task_left: Frames from this one to the end of its episode, (n,).
        operator_left: Frames from this one to the end of its operator, (n,).
        prompts: The prompts, in the order of their numbers.
    """

    scene: npt.NDArray[np.uint8]
    wrist: npt.NDArray[np.uint8]
    state: Float
    action: Float
    target: Float
    spots: Float
    task: Int
    operator: Int
    task_left: Int
    operator_left: Int
    prompts: tuple[str, ...]

    def __len__(self) -> int:
        """Return the number of frames."""
        return len(self.action)


@dataclass(frozen=True, slots=True)
class Batch:
    """What one update is made from.

    Attributes:
        scene: Pictures, (b, s, s, 3) uint8.
        wrist: As ``scene``.
        state: Shape (b, 8), normalised.
        words: Of the whole task and of the operator, (2, b, 16).
        chunk: Shape (b, chunk, 5).
        valid: Which actions of a chunk belong to either prompt, (2, b, chunk).
        target: Shape (b, 6); NaN where unknown.
        spots: Shape (b, 8), likewise.
    """

    scene: npt.NDArray[np.uint8]
    wrist: npt.NDArray[np.uint8]
    state: Float
    words: Int
    chunk: Float
    valid: Float
    target: Float
    spots: Float


def frames_of(demos: Sequence[Demo]) -> Frames:
    """Return the frames of demonstrations; those that missed their goal are left out.

    Raises:
        TrainingError: Nothing is left, or the sides of pictures are no multiple of 32.
    """
    parts: dict[str, list[npt.NDArray[np.generic]]] = {}
    numbers: dict[str, int] = {}
    shown = [demo for demo in demos if demo.success]
    if not shown:
        raise TrainingError(
            f"none of {len(demos)} demonstrations reached its goal: there is nothing "
            "to imitate"
        )
    side = shown[0].scene.shape[1]
    if side % SIDES:
        raise TrainingError(
            f"pictures of {side} pixels: collect them with a --size that is a multiple "
            f"of {SIDES}, such as 128"
        )
    for demo in shown:
        for key, value in _frames(demo, numbers).items():
            parts.setdefault(key, []).append(value)
    whole = {key: np.concatenate(values) for key, values in parts.items()}
    return Frames(**whole, prompts=tuple(numbers))


def _frames(demo: Demo, numbers: dict[str, int]) -> dict[str, npt.NDArray[np.generic]]:
    n = len(demo.action)
    target, spots = _targets(demo)
    said = [numbers.setdefault(one.prompt, len(numbers)) for one in demo.operators]
    task = numbers.setdefault(demo.prompt, len(numbers))
    operator = np.asarray(demo.operator, np.int64)
    ends = np.append(np.flatnonzero(np.diff(operator)) + 1, n)
    left = ends[np.searchsorted(ends, np.arange(n), side="right")] - np.arange(n)
    return {
        "scene": halved(demo.scene),
        "wrist": halved(demo.wrist),
        "state": demo.state,
        "action": reduced(demo.action),
        "target": target,
        "spots": spots,
        "task": np.full(n, task),
        "operator": np.array(said, np.int64)[operator],
        "task_left": n - np.arange(n),
        "operator_left": left,
    }


def reduced(action: Float) -> Float:
    """Return what is learned (n, 5) of LIBERO's actions (n, 7)."""
    closed = (action[:, 6:] > 0).astype(np.float32)
    return np.concatenate((action[:, :3], action[:, 5:6], closed), 1)


def halved(pictures: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """Return pictures (n, s, s, 3) at half their sides, each pixel the mean of four."""
    n, side = len(pictures), pictures.shape[1] // 2
    fours = pictures.reshape(n, side, 2, side, 2, 3).astype(np.uint16)
    means: npt.NDArray[np.uint8] = ((fours.sum((2, 4)) + 2) // 4).astype(np.uint8)
    return means


def _targets(demo: Demo) -> tuple[Float, Float]:
    """Return where the bodies of each frame's operator are.

    Returns:
        Shape (n, 6), in the hand's frame; and shape (n, 8), in both pictures.
    """
    n, place = len(demo.action), {name: at for at, name in enumerate(demo.bodies)}
    targets = np.full((n, BODIES, 3), np.nan, np.float32)
    spots = np.full((n, 2, BODIES, 2), np.nan, np.float32)
    hand, yaw = demo.state[:, :3], yaws(demo.state)
    for number in range(len(demo.operators)):
        here = np.flatnonzero(demo.operator == number)
        known = [place[one] for one in demo.objects_of(number) if one in place]
        for at, body in enumerate(known[:BODIES]):
            points = demo.poses[here, body, :3]
            targets[here, at] = _turned(points - hand[here], yaw[here]) / TARGET_M
            spots[here, 0, at] = scene_spots(points)
            spots[here, 1, at] = wrist_spots(points, hand[here], yaw[here])
    spots[np.abs(spots).max(-1) > 1.0] = np.nan
    return targets.reshape(n, TARGET), spots.reshape(n, SPOTS)


def _turned(away: Float, yaw: npt.NDArray[np.float64]) -> Float:
    """Return displacements (n, 3) of the world as a hand turned by yaw sees them."""
    c, s, (x, y, z) = np.cos(yaw), np.sin(yaw), away.T
    return np.stack((c * x + s * y, c * y - s * x, z), 1)


def yaws(state: Float) -> npt.NDArray[np.float64]:
    """Return the turn of the hand [rad] in states (n, 8); see ``views.down_turn``."""
    return 2 * np.arctan2(state[:, 4], state[:, 3]).astype(np.float64)


class Sampler:
    """Draws batches.

    Args:
        frames: What is drawn from.
        vocabulary: Of its prompts.
        normal: Mean and spread of the states, (2, 8).
        chunk: Actions of a chunk.
        rng: Decides.
    """

    def __init__(
        self,
        frames: Frames,
        vocabulary: Vocabulary,
        normal: Float,
        chunk: int,
        rng: np.random.Generator,
    ) -> None:
        """Keep the frames; nothing is copied."""
        self._frames, self._normal, self._rng = frames, normal, rng
        self._words = np.stack([vocabulary.encode(one) for one in frames.prompts])
        self._chunk = chunk

    def draw(self, size: int) -> Batch:
        """Return a batch of ``size`` frames, drawn alike."""
        frames, rng = self._frames, self._rng
        at = rng.integers(len(frames), size=size)
        words = self._words[np.stack((frames.task[at], frames.operator[at]))]
        hidden = (rng.random(words.shape) < UNKNOWN_SHARE) & (words != PADDING)
        left = np.stack((frames.task_left[at], frames.operator_left[at]))
        ahead = np.arange(self._chunk)
        valid = ahead < left[..., None]
        # what lies beyond is not counted, so that any frame will do
        index = np.minimum(at[:, None] + ahead, len(frames) - 1)
        state = (frames.state[at] - self._normal[0]) / self._normal[1]
        state = state + rng.normal(0.0, STATE_NOISE, state.shape)
        state *= (rng.random(size) >= STATE_HIDDEN)[:, None]
        return Batch(
            frames.scene[at],
            frames.wrist[at],
            state.astype(np.float32),
            np.where(hidden, UNKNOWN, words),
            frames.action[index],
            valid.astype(np.float32),
            frames.target[at],
            frames.spots[at],
        )


def normal_of(frames: Frames) -> Float:
    """Return mean and spread (2, 8) of the states; a constant is spread by 1."""
    spread = frames.state.std(0)
    spread = np.where(spread < 1e-4, 1.0, spread)
    return np.stack((frames.state.mean(0), spread)).astype(np.float32)
