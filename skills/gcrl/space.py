"""Goal space: which part of an observation a goal speaks of, and when it is reached."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class GoalSpace:
    """What may be asked for, and what counts as done.

    Success is nearness and not identity: a body at rest has the same pose at many
    times, and a reward by identity of the time would contradict itself.

    Attributes:
        observation_size: Length of an observation.
        index: Entries of the observation that make up an achieved goal.
        masks: Which entries of a goal may be asked for together, each of the length of
            ``index``; the first asks for all of them.
        tolerance: Largest distance, over the entries asked for, that counts as reached;
            in the observation's units.
        scales: Networks see a goal as its way from what is achieved, divided by each
            of these and clipped to [-1, 1]: far and near alike are told apart. Empty
            shows them the goal as it is.
    """

    observation_size: int
    index: tuple[int, ...]
    masks: tuple[tuple[float, ...], ...]
    tolerance: float
    scales: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        """Check that index and masks fit together.

        Raises:
            ValueError: An index outside the observation, no mask, a mask of another
                length, or a first mask with a gap.
        """
        if not all(0 <= i < self.observation_size for i in self.index):
            raise ValueError(
                f"index {self.index} lies outside an observation of "
                f"{self.observation_size} entries"
            )
        if not self.masks or any(len(m) != len(self.index) for m in self.masks):
            raise ValueError(f"each mask has {len(self.index)} entries: {self.masks}")
        if any(entry != 1.0 for entry in self.masks[0]):
            raise ValueError(f"the first mask asks for all entries: {self.masks[0]}")

    @property
    def size(self) -> int:
        """Entries of a goal."""
        return len(self.index)

    @property
    def masked(self) -> bool:
        """Whether goals say which of their entries they ask for."""
        return len(self.masks) > 1

    @property
    def input_size(self) -> int:
        """Entries of a goal as a network sees it: its values and its mask."""
        return self.size * (max(1, len(self.scales)) + self.masked)

    def achieved(self, observations: Floats) -> Floats:
        """Return the achieved goals, shape (..., size)."""
        chosen: Floats = np.take(observations, self.index, axis=-1)
        return chosen

    def reached(self, achieved: Floats, goals: Floats, masks: Floats) -> Floats:
        """Return 1.0 where the goal is reached, shape (...).

        Args:
            achieved: Shape (..., size).
            goals: Shape (..., size).
            masks: Shape (..., size) of 0 and 1.
        """
        off = masks * (achieved - goals)
        near: Floats = np.square(off).sum(-1) <= self.tolerance**2
        return near.astype(np.float32)

    def bare(self, achieved: Floats, goals: Floats) -> Floats:
        """Return goals as a high level predicts them, shape (..., size)."""
        return goals - achieved if self.scales else goals

    def encode(self, achieved: Floats, goals: Floats, masks: Floats) -> Floats:
        """Return goals as a network sees them, shape (..., input_size)."""
        bare = self.bare(achieved, goals) * masks
        parts = [np.clip(bare / scale, -1.0, 1.0) for scale in self.scales] or [bare]
        if self.masked:
            parts.append(masks)
        return np.concatenate(parts, axis=-1) if len(parts) > 1 else parts[0]


def whole(observation_size: int, index: Sequence[int], tolerance: float) -> GoalSpace:
    """Return a space whose goals always ask for all of their entries."""
    full = (1.0,) * len(index)
    return GoalSpace(observation_size, tuple(index), (full,), tolerance)
