"""Play: trajectories without a task, as arrays of steps laid end to end."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from jouleplan.skills.gcrl.space import Floats


@dataclass(frozen=True, slots=True)
class Play:
    """Trajectories of n steps in all; the last observation of each has no action.

    Attributes:
        observations: Shape (n, observation size).
        actions: Shape (n, action size), in [-1, 1]; zeros at a trajectory's end.
        ends: Index of the last observation of each trajectory, ascending.
    """

    observations: Floats
    actions: Floats
    ends: npt.NDArray[np.int64]

    def __post_init__(self) -> None:
        """Check that the arrays fit together.

        Raises:
            ValueError: Lengths differ, a trajectory has no step, or a value is not
                finite.
        """
        n = len(self.observations)
        if len(self.actions) != n or not len(self.ends) or self.ends[-1] != n - 1:
            raise ValueError(
                f"{n} observations, {len(self.actions)} actions and trajectories that "
                f"end at {self.ends[-1:].tolist()} do not fit together"
            )
        if (np.diff(self.ends, prepend=-1) < 2).any():
            raise ValueError("a trajectory has at least two observations")
        for name in ("observations", "actions"):
            if not np.isfinite(getattr(self, name)).all():
                raise ValueError(f"{name} hold a number that is not finite")

    @property
    def steps(self) -> int:
        """Observations that an action follows."""
        return len(self.observations) - len(self.ends)


def join(trajectories: Iterable[tuple[Floats, Floats]]) -> Play:
    """Return the play of trajectories (observations (t + 1, o), actions (t, a)).

    Raises:
        ValueError: There is no trajectory, or one whose lengths do not fit.
    """
    observations, actions, ends = [], [], []
    count = 0
    for seen, done in trajectories:
        if len(seen) != len(done) + 1:
            raise ValueError(
                f"{len(seen)} observations for {len(done)} actions: one more is needed"
            )
        observations.append(np.asarray(seen, dtype=np.float32))
        actions.append(np.asarray(done, dtype=np.float32))
        actions.append(np.zeros((1, done.shape[1]), dtype=np.float32))
        count += len(seen)
        ends.append(count - 1)
    if not ends:
        raise ValueError("there is no trajectory")
    return Play(
        np.concatenate(observations),
        np.concatenate(actions),
        np.array(ends, dtype=np.int64),
    )


def merge(plays: Sequence[Play]) -> Play:
    """Return several plays as one.

    Raises:
        ValueError: There is none.
    """
    starts = np.cumsum([0, *(len(play.observations) for play in plays[:-1])])
    return Play(
        np.concatenate([play.observations for play in plays]),
        np.concatenate([play.actions for play in plays]),
        np.concatenate([p.ends + s for p, s in zip(plays, starts, strict=True)]),
    )
