"""Statistics of a LeRobot data set: of each episode, and of all together.

Source: lerobot 0.4.4, ``compute_stats`` (Hugging Face, Apache-2.0).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

QUANTILES: Final = {"q01": 0.01, "q10": 0.1, "q50": 0.5, "q90": 0.9, "q99": 0.99}
_PICTURES: Final = 20
"""Of each episode, evenly spread: pictures in a row are all but alike."""

Stats = dict[str, npt.NDArray[np.float64]]
"""Statistic -> its value an entry; "count" has one entry."""


def episode_stats(columns: Mapping[str, npt.NDArray[Any]]) -> dict[str, Stats]:
    """Return column -> its statistics in one episode.

    Args:
        columns: Shape (n,) or (n, size); pictures (n, height, width, 3) are told by
            channel, (3, 1, 1), in [0, 1].
    """
    return {name: _of(array) for name, array in columns.items()}


def _of(array: npt.NDArray[Any]) -> Stats:
    if array.ndim == 4:
        some = np.linspace(0, len(array) - 1, min(len(array), _PICTURES)).astype(int)
        values = array[some].reshape(-1, 3) / 255.0
        found = _values(values, len(some))
        count = found.pop("count")
        return {**{k: v.reshape(3, 1, 1) for k, v in found.items()}, "count": count}
    return _values(array.reshape(len(array), -1).astype(np.float64), len(array))


def _values(values: npt.NDArray[np.float64], count: int) -> Stats:
    quantiles = np.quantile(values, list(QUANTILES.values()), axis=0)
    return {
        "min": values.min(0),
        "max": values.max(0),
        "mean": values.mean(0),
        "std": values.std(0),
        "count": np.array([count]),
        **dict(zip(QUANTILES, quantiles, strict=True)),
    }


def all_stats(episodes: Sequence[Mapping[str, Stats]]) -> dict[str, Stats]:
    """Return column -> its statistics in all episodes together.

    Quantiles are means of the episodes', weighted by their frames, as lerobot has them.
    """
    return {name: _together([one[name] for one in episodes]) for name in episodes[0]}


def _together(parts: Sequence[Stats]) -> Stats:
    stacked = {name: np.stack([part[name] for part in parts]) for name in parts[0]}
    counts = stacked.pop("count")
    weights = counts / counts.sum()
    weights = weights.reshape(-1, *(1,) * (stacked["mean"].ndim - 1))
    mean = (weights * stacked["mean"]).sum(0)
    spread = stacked["std"] ** 2 + (stacked["mean"] - mean) ** 2
    return {
        "min": stacked["min"].min(0),
        "max": stacked["max"].max(0),
        "mean": mean,
        "std": np.sqrt((weights * spread).sum(0)),
        "count": counts.sum(0),
        **{name: (weights * stacked[name]).sum(0) for name in QUANTILES},
    }
