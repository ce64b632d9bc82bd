"""Nuts and posts: their measures, their balance, and how they behave in physics."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from jouleplan.domains.compound import balance
from jouleplan.domains.shapes import (
    Form,
    Part,
    flat,
    in_world,
    lowest,
    nut,
    post,
    room,
)
from jouleplan.domains.simulator import Simulator

OUTER, HOLE, THICK, HANDLE = 0.0875, 0.0455, 0.03, (0.048, 0.036)
NUT = nut(OUTER, HOLE, THICK, HANDLE)
POST = post((0.09, 0.09, 0.01), 0.032, 0.045)
SIZE = (HANDLE[1], HANDLE[0], THICK)
LEVEL = np.array((0.0, 0.0, 0.0, 1.0))


def volume(form: Form) -> float:
    return float(sum(np.prod(part.size) for part in form.parts))


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    with Simulator() as made:
        yield made


def test_the_parts_of_a_nut_fill_ring_and_handle_once() -> None:
    whole = (OUTER**2 - HOLE**2 + HANDLE[0] * HANDLE[1]) * THICK
    assert volume(NUT) == pytest.approx(whole)


def test_the_hole_lies_behind_the_handle_at_the_ring_s_middle() -> None:
    assert NUT.axis == pytest.approx((0.0, -(OUTER + HANDLE[0]) / 2, 0.0))
    assert NUT.middle == pytest.approx((0.0, -OUTER / 2))
    assert NUT.reach == pytest.approx(OUTER + HANDLE[0] / 2)


def test_a_nut_has_half_the_difference_as_room_round_its_post() -> None:
    assert room(NUT, POST) == pytest.approx(0.00675)


def test_two_boxes_balance_at_their_middle_by_steiner() -> None:
    cube = (0.02, 0.02, 0.02)
    centre, inertia = balance((Part(cube), Part(cube, (0.0, 0.1, 0.0))), 2.0)
    own = 0.02**2 / 6
    assert centre == pytest.approx((0.0, 0.05, 0.0))
    assert inertia == pytest.approx(
        (2 * own + 2 * 0.05**2, 2 * own, 2 * own + 2 * 0.05**2)
    )


def test_a_point_turns_with_its_body() -> None:
    quarter = np.array((0.0, 0.0, np.sqrt(0.5), np.sqrt(0.5)))
    at = in_world((0.1, 0.0, 0.02), (np.array((1.0, 2.0, 3.0)), quarter))
    assert at == pytest.approx((1.0, 2.1, 3.02))


def test_a_nut_on_edge_is_not_flat_and_reaches_lower() -> None:
    on_edge = np.array((np.sqrt(0.5), 0.0, 0.0, np.sqrt(0.5)))
    at = np.array((0.0, 0.0, 0.5))
    assert flat((at, LEVEL), 0.1)
    assert not flat((at, on_edge), 0.1)
    assert lowest(NUT, (at, LEVEL)) == pytest.approx(0.485)
    assert lowest(NUT, (at, on_edge)) == pytest.approx(0.5 - OUTER - HANDLE[0] / 2)


def test_a_nut_is_found_where_it_was_put_although_its_mass_is_elsewhere(
    simulator: Simulator,
) -> None:
    simulator.add_compound("n", SIZE, NUT.parts, (0.5, 0.1, 0.015), yaw=1.0, mass=0.08)
    simulator.set_pose("n", (0.4, -0.1, 0.015), -2.0)
    position, quaternion = simulator.pose("n")
    assert position == pytest.approx((0.4, -0.1, 0.015), abs=1e-9)
    assert abs(quaternion[2]) == pytest.approx(np.sin(1.0))
    simulator.step(240)
    assert simulator.pose("n")[0] == pytest.approx((0.4, -0.1, 0.015), abs=1e-3)


@pytest.mark.parametrize(("off", "falls"), [(0.0, True), (0.005, True), (0.012, False)])
def test_a_nut_falls_round_a_post_only_within_its_room(
    simulator: Simulator, off: float, falls: bool
) -> None:
    at = np.array((0.5, 0.0, 0.005))
    simulator.add_compound("p", POST.parts[0].size, POST.parts, at)
    over = at - NUT.axis + (off, 0.0, 0.075)
    simulator.add_compound("n", SIZE, NUT.parts, over, mass=0.08)
    simulator.step(480)
    lies = flat(simulator.pose("n"), 0.05)
    assert (lies and float(simulator.pose("n")[0][2]) < 0.027) is falls
