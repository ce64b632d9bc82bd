"""Means of several columns from the same resamples."""

from __future__ import annotations

import math

import numpy as np
import pytest

from jouleplan.energy.report.means import means
from jouleplan.energy.statistics.intervals import mean


@pytest.mark.parametrize("n", [40, 3000])
def test_interval_is_that_of_each_column_by_itself(n: int) -> None:
    rng = np.random.default_rng(1)
    columns = {"a": rng.exponential(5.0, n), "b": rng.normal(100.0, 3.0, n)}
    found = means(columns, np.random.default_rng(2))
    for name, values in columns.items():
        alone = mean(values.tolist(), np.random.default_rng(3))
        assert found[name].value == pytest.approx(alone.value)
        assert alone.low is not None
        assert alone.high is not None
        width = alone.high - alone.low
        assert found[name].low == pytest.approx(alone.low, abs=0.15 * width)
        assert found[name].high == pytest.approx(alone.high, abs=0.15 * width)
        assert found[name].interval == alone.interval


def test_column_with_an_unknown_figure_is_unknown_and_leaves_the_others() -> None:
    values = np.arange(1000.0)
    found = means({"a": np.append(values[:-1], math.nan), "b": values}, _rng())
    assert found["a"].value is None
    assert found["b"].value == pytest.approx(499.5)


def test_equal_figures_have_an_interval_of_no_width() -> None:
    found = means({"a": np.full(1000, 0.1)}, _rng())["a"]
    assert found.low == found.high == found.value


def _rng() -> np.random.Generator:
    return np.random.default_rng(0)
