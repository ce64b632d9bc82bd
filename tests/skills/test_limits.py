"""The limits are those of physics: what is within is held, what is beyond is not."""

import pytest

from jouleplan.domains.body import Size
from jouleplan.domains.limits import PANDA
from jouleplan.skills.library import load_policies
from tests.benchmarks.measure_limits import moved

W = PANDA.width_m
LIGHT = 0.08
NEAR, FAR = PANDA.reach_m


@pytest.mark.parametrize(
    ("size", "mass", "distance"),
    [
        ((W, W, 0.04), LIGHT, None),
        ((0.05, 0.05, 0.04), PANDA.mass_kg, None),
        ((0.05, 0.05, PANDA.heights_m[0]), LIGHT, None),
        ((0.06, 0.06, PANDA.heights_m[1]), LIGHT, None),
        ((0.04, 0.04, 0.04 * PANDA.slenderness), LIGHT, None),
        ((0.05, 0.05, 0.04), LIGHT, NEAR),
        ((0.05, 0.05, 0.04), LIGHT, FAR),
    ],
)
def test_a_box_at_the_limit_is_taken_held_and_placed(
    size: Size, mass: float, distance: float | None
) -> None:
    assert moved(load_policies(None), size, mass, 1, distance) == ""


@pytest.mark.parametrize(
    ("size", "mass", "distance"),
    [
        ((0.079, 0.079, 0.04), LIGHT, None),
        ((0.05, 0.05, 0.04), 2.0, None),
        ((0.05, 0.05, 0.04), LIGHT, 0.86),
    ],
)
def test_a_box_well_beyond_a_limit_is_not(
    size: Size, mass: float, distance: float | None
) -> None:
    assert moved(load_policies(None), size, mass, 1, distance) != ""
