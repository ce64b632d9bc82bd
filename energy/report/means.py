"""Means of several columns of the same episodes, from the same resamples."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from jouleplan.energy.statistics.estimate import CONFIDENCE, Estimate, nothing
from jouleplan.energy.statistics.intervals import BCA_UP_TO, mean, resamples

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def means(
    columns: Mapping[str, NDArray[np.float64]], rng: np.random.Generator
) -> dict[str, Estimate]:
    """Return the mean of each column with its bootstrap interval.

    As ``statistics.mean`` column by column; beyond ``BCA_UP_TO`` episodes are drawn
    once for all columns, which a report of many episodes needs for its speed.

    Args:
        columns: Name -> figures of the episodes, shape (n,); one that is not a number
            makes its column's mean unknown.
        rng: Source of the resampling.
    """
    import numpy as np

    known = {k: v for k, v in columns.items() if not np.isnan(v).any()}
    found = {k: nothing(len(v)) for k, v in columns.items() if k not in known}
    n = len(next(iter(columns.values()), ()))
    if n <= BCA_UP_TO or not known:
        return found | {k: mean(v.tolist(), rng) for k, v in known.items()}
    table = np.stack(list(known.values()))
    drawn = np.empty((resamples(n), len(known)))
    for row in drawn:
        # How often each episode was drawn gives the same mean as the drawn episodes.
        often = np.bincount(rng.integers(0, n, n, dtype=np.int32), minlength=n)
        row[:] = table @ often / n
    tail = (1 - CONFIDENCE) / 2
    low, high = np.quantile(drawn, (tail, 1 - tail), axis=0)
    for name, value, a, b in zip(known, table.mean(axis=1), low, high, strict=True):
        same = known[name].min() == known[name].max()
        ends = (value, value) if same else (a, b)
        found[name] = Estimate(
            float(value), float(ends[0]), float(ends[1]), n, "bootstrap, percentile"
        )
    return found
