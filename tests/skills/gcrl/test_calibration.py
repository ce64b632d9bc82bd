"""Calibration: steps from values, and what a card keeps of it."""

from __future__ import annotations

import math

import numpy as np
import pytest

from jouleplan.skills.errors import PolicyFileError
from jouleplan.skills.gcrl.calibration import (
    Calibration,
    Rollout,
    calibrate,
    read_calibration,
    steps_left,
)


def value_of(steps: float) -> float:
    """Return the V that speaks of so many steps."""
    return float(-(1 - 0.99**steps) / 0.01)


def rollouts(factor: float = 2.0, power: float = 1.0) -> list[Rollout]:
    """Return rollouts that took ``factor`` x (what V says) ** ``power`` steps."""
    rng = np.random.default_rng(0)
    said = rng.uniform(5.0, 60.0, 80)
    return [
        Rollout(
            "pick",
            value_of(s),
            round(factor * s**power * rng.uniform(0.95, 1.05)),
            True,
        )
        for s in said
    ]


def test_a_value_speaks_of_steps() -> None:
    assert steps_left(0.0) == pytest.approx(0.0)
    assert steps_left(value_of(40.0)) == pytest.approx(40.0)


@pytest.mark.parametrize(("factor", "power"), [(1.0, 1.0), (2.0, 1.0), (0.7, 1.3)])
def test_steps_are_foretold_although_the_value_is_off(
    factor: float, power: float
) -> None:
    found = calibrate(rollouts(factor, power))
    assert found is not None
    assert found.steps(value_of(30.0)) == pytest.approx(factor * 30.0**power, rel=0.05)
    assert found.error < 0.06
    assert found.error <= found.error_raw + 0.02


def test_few_long_ways_round_do_not_bend_the_line() -> None:
    some = rollouts()
    some[0] = Rollout("pick", some[0].value, 900, True)
    some[2] = Rollout("pick", some[2].value, 900, True)
    found = calibrate(some)
    assert found is not None
    assert found.steps(value_of(30.0)) == pytest.approx(60.0, rel=0.06)


def test_the_bound_lies_below_every_start_that_went_well() -> None:
    some = [*rollouts(), *(Rollout("move", value_of(400.0), 220, False),) * 4]
    found = calibrate(some)
    assert found is not None
    assert found.bound < min(r.value for r in some[::2] if r.right)
    assert value_of(400.0) < found.bound
    assert (found.declined, found.missed) == (2, 0)


def test_too_few_rollouts_calibrate_nothing() -> None:
    assert calibrate(rollouts()[:10]) is None
    assert calibrate([]) is None


def test_a_card_gives_back_what_was_found() -> None:
    found = calibrate(rollouts())
    assert found is not None
    again = read_calibration({"value": found.as_dict()})
    assert isinstance(again, Calibration)
    assert math.isclose(again.steps(-20.0), found.steps(-20.0), rel_tol=1e-3)
    assert read_calibration({"skill": "pick"}) is None
    assert read_calibration(None) is None


def test_a_damaged_card_says_what_to_do() -> None:
    with pytest.raises(PolicyFileError, match="train the option again"):
        read_calibration({"value": {"intercept": "high"}})
