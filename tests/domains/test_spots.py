"""Spots: as many as fit, on the body, free only where the hand has room."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jouleplan.domains.spots import (
    INSET_M,
    LOW_M,
    LOW_NEAR_M,
    PITCH_M,
    SPOT_JITTER_M,
    TALL_NEAR_M,
    capacity,
    is_free,
    roomiest,
    spots,
    table_spots,
)

extents = st.floats(0.07, 0.5)


@pytest.mark.parametrize(
    ("size", "places"),
    [
        ((0.22, 0.22, 0.006), 6),
        ((0.3, 0.3, 0.006), 12),
        ((0.3, 0.22, 0.006), 9),
        ((0.05, 0.05, 0.006), 1),
    ],
)
def test_a_size_has_so_many_places(
    size: tuple[float, float, float], places: int
) -> None:
    assert capacity(size) == places


@given(extents, extents)
def test_every_spot_lies_well_on_the_body_and_apart(x: float, y: float) -> None:
    found = spots((x, y, 0.006), (0.5, 0.1))
    for a, b in found:
        assert abs(a - 0.5) <= x / 2 - INSET_M + 1e-6
        assert abs(b - 0.1) <= y / 2 - INSET_M + 1e-6
    for (a, b), (c, d) in itertools.combinations(found, 2):
        assert abs(a - c) > PITCH_M[0] - 1e-6 or abs(b - d) > PITCH_M[1] - 1e-6


def test_neighbours_leave_a_spot_free_however_the_seed_shifts_them() -> None:
    for axis, pitch in enumerate(PITCH_M):
        shift = 2 * SPOT_JITTER_M
        at = [0.5, 0.0, 0.046]
        at[axis] += pitch - shift
        assert pitch - shift > LOW_NEAR_M[axis] - 1e-9
        assert is_free((0.5, 0.0), [(at[0] + 1e-9, at[1] + 1e-9, at[2])], 0.006)


def test_a_tower_takes_more_room_than_a_low_body() -> None:
    low, high = (0.5, 0.08, 0.01 + LOW_M), (0.5, 0.08, 0.02 + LOW_M)
    assert is_free((0.5, 0.0), [low], 0.01)
    assert not is_free((0.5, 0.0), [high], 0.01)
    assert is_free((0.5, -TALL_NEAR_M[1] + 0.08), [high], 0.01)


def test_the_roomiest_spot_is_the_farthest_from_what_stands_there() -> None:
    free = [(0.5, 0.08), (0.5, 0.16), (0.5, 0.32)]
    assert roomiest(free, [(0.5, 0.0, 0.04)], np.zeros(3)) == (0.5, 0.32)
    assert roomiest(free, [], np.array((0.5, 0.2, 0.3))) == (0.5, 0.16)


def test_no_spot_on_the_table_is_under_a_fixed_body() -> None:
    zone = ((0.22, 0.22, 0.006), (0.55, 0.0))
    found = table_spots([zone])
    assert (0.36, 0.0) in found
    assert all(abs(x - 0.55) >= 0.15 or abs(y) >= 0.15 for x, y in found)
    assert table_spots([]) != found
