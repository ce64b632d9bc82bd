"""Intervals, checked against scipy."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from jouleplan.energy.statistics import (
    bootstrap_interval,
    per_success,
    wilson_interval,
)


@given(st.integers(1, 5000), st.floats(0, 1), st.sampled_from([0.8, 0.95, 0.99]))
def test_wilson_interval_equals_scipys(n: int, rate: float, confidence: float) -> None:
    successes = round(n * rate)
    ours = wilson_interval(successes, n, confidence)
    theirs = binomtest(successes, n).proportion_ci(confidence, method="wilson")
    assert ours == pytest.approx((theirs.low, theirs.high), abs=1e-12)


def test_wilson_interval_is_exact_at_the_ends_and_open_without_trials() -> None:
    assert wilson_interval(0, 50)[0] == 0.0
    assert wilson_interval(50, 50)[1] == 1.0
    assert wilson_interval(0, 0) == (0.0, 1.0)


@pytest.mark.parametrize(("successes", "n"), [(3, 2), (-1, 2)])
def test_impossible_counts_are_refused(successes: int, n: int) -> None:
    with pytest.raises(ValueError, match="0 <= successes <= n"):
        wilson_interval(successes, n)


def test_impossible_confidence_is_refused() -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        wilson_interval(1, 2, 95)


def test_bootstrap_interval_holds_the_mean_and_follows_the_seed() -> None:
    values = np.random.default_rng(1).exponential(5.0, 60).tolist()
    first = bootstrap_interval(values, np.random.default_rng(2))
    again = bootstrap_interval(values, np.random.default_rng(2))
    assert first == again
    assert first is not None
    assert first[0] < np.mean(values) < first[1]


def test_bootstrap_of_equal_or_too_few_values() -> None:
    rng = np.random.default_rng(0)
    assert bootstrap_interval([2.0, 2.0, 2.0], rng) == (2.0, 2.0)
    assert bootstrap_interval([2.0], rng) is None
    assert bootstrap_interval([], rng) is None


def test_figure_per_success_is_unknown_without_a_success() -> None:
    assert per_success(12.0, 3) == 4.0
    assert per_success(12.0, 0) is None
    assert per_success(None, 3) is None
