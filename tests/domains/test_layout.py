"""Layout: places and shifts by seed, gaps, towers that stand, what does not fit."""

from __future__ import annotations

import itertools
from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jouleplan.domains.body import Body
from jouleplan.domains.errors import DomainError, LayoutError
from jouleplan.domains.facts import TABLE, Facts
from jouleplan.domains.layout import (
    BODY_JITTER_M,
    BODY_JITTER_RAD,
    ROW_GAP_M,
    ROW_JITTER_M,
    ROW_PITCH_M,
    ROW_X_M,
    SLOT_PITCH_M,
    TOP_M,
    free_slots,
    lay_out,
    slots,
)
from jouleplan.domains.placement import Placement

GREY = (0.5, 0.5, 0.5, 1.0)
PEG_HEIGHT, DISK_HEIGHT = 0.02, 0.035
seeds = st.integers(0, 2**32 - 1)


def peg(name: str) -> Body:
    return Body(name, "fixed", "box", (0.09, 0.09, PEG_HEIGHT), 0.0, GREY)


def disk(name: str, width: float, height: float = DISK_HEIGHT) -> Body:
    return Body(name, "movable", "box", (width, width, height), 0.08, GREY)


def by_name(*bodies: Body) -> dict[str, Body]:
    return {body.name: body for body in bodies}


def hanoi(disks: int) -> tuple[dict[str, Body], dict[str, str], Facts]:
    """Return bodies, layout and facts of a tower on peg1, d1 the narrowest on top."""
    pegs = [peg(f"peg{i}") for i in (1, 2, 3)]
    tower = [disk(f"d{i + 1}", 0.036 + 0.004 * i) for i in range(disks)]
    names = [d.name for d in tower]
    support = dict(zip(names, [*names[1:], "peg1"], strict=True))
    return (
        by_name(*tower, *pegs),
        dict.fromkeys(("peg1", "peg2", "peg3"), "row"),
        Facts(support),
    )


def placed(
    scene: tuple[Mapping[str, Body], Mapping[str, str], Facts], seed: int
) -> dict[str, Placement]:
    return lay_out(*scene, np.random.default_rng(seed))


def on_table(count: int) -> tuple[dict[str, Body], dict[str, str], Facts]:
    bodies = by_name(*(disk(f"b{i}", 0.045, 0.04) for i in range(count)))
    return bodies, {}, Facts(dict.fromkeys(bodies, TABLE))


def distance(a: Placement, b: Placement) -> float:
    return float(np.hypot(*np.subtract(a.position[:2], b.position[:2])))


def test_the_same_seed_gives_the_same_layout() -> None:
    assert placed(hanoi(5), 7) == placed(hanoi(5), 7)
    assert placed(hanoi(5), 7) != placed(hanoi(5), 8)


def test_the_seed_permutes_which_place_each_peg_takes() -> None:
    orders = {
        tuple(sorted(("peg1", "peg2", "peg3"), key=lambda p: at[p].position[1]))
        for at in (placed(hanoi(3), seed) for seed in range(60))
    }
    assert orders == set(itertools.permutations(("peg1", "peg2", "peg3")))


@settings(deadline=None)
@given(seeds)
def test_pegs_shift_by_at_most_three_centimetres(seed: int) -> None:
    at = placed(hanoi(3), seed)
    row = sorted(at[f"peg{i}"].position for i in (1, 2, 3))
    ys = sorted(p[1] for p in row)
    for y, place in zip(ys, (-ROW_PITCH_M, 0.0, ROW_PITCH_M), strict=True):
        assert abs(y - place) <= ROW_JITTER_M
    assert all(abs(p[0] - ROW_X_M) <= ROW_JITTER_M for p in row)
    assert all(p[2] == PEG_HEIGHT / 2 for p in row)


def test_the_jitters_are_those_of_the_experiments() -> None:
    assert (ROW_JITTER_M, BODY_JITTER_M) == (0.03, 0.01)
    assert pytest.approx(np.deg2rad(15)) == BODY_JITTER_RAD


@settings(deadline=None)
@given(seeds, st.integers(2, 5))
def test_pegs_keep_a_gap_for_the_hand(seed: int, count: int) -> None:
    pegs = by_name(*(peg(f"p{i}") for i in range(count)))
    at = placed((pegs, dict.fromkeys(pegs, "row"), Facts({})), seed)
    ys = np.sort([at[p].position[1] for p in pegs])
    assert np.diff(ys).min() >= ROW_GAP_M - 1e-9


@settings(deadline=None)
@given(seeds, st.integers(1, 8))
def test_disks_shift_by_at_most_a_centimetre_and_15_degrees(
    seed: int, count: int
) -> None:
    scene = hanoi(count)
    at = placed(scene, seed)
    for name in scene[2].support:
        assert distance(at[name], at["peg1"]) <= BODY_JITTER_M + 1e-9
        assert abs(at[name].yaw) <= BODY_JITTER_RAD


def test_the_shifts_use_the_range_they_have() -> None:
    places = [placed(hanoi(3), seed) for seed in range(200)]
    shifts = [distance(at[d], at["peg1"]) for at in places for d in ("d1", "d2", "d3")]
    yaws = [abs(at[d].yaw) for at in places for d in ("d1", "d2", "d3")]
    pegs = [abs(at["peg1"].position[0] - ROW_X_M) for at in places]
    assert max(shifts) > 0.95 * BODY_JITTER_M
    assert max(yaws) > 0.95 * BODY_JITTER_RAD
    assert max(pegs) > 0.95 * ROW_JITTER_M


@settings(deadline=None)
@given(seeds, st.integers(1, 8))
def test_towers_stand_by_law(seed: int, count: int) -> None:
    """Every body's bottom lies on its support and the mass above it over the base."""
    bodies, layout, facts = hanoi(count)
    at = placed((bodies, layout, facts), seed)
    for name, on in facts.support.items():
        top = at[on].position[2] + bodies[on].height / 2
        bottom = at[name].position[2] - bodies[name].height / 2
        assert bottom == pytest.approx(top, abs=1e-12)
        above = [d for d in facts.support if at[d].position[2] >= at[name].position[2]]
        masses = np.array([bodies[d].mass for d in above])
        centres = np.array([at[d].position[:2] for d in above])
        gravity = (centres * masses[:, None]).sum(0) / masses.sum()
        reach = bodies[on].width / 2
        assert np.hypot(*(gravity - at[on].position[:2])) < reach
        assert distance(at[name], at[on]) < reach


@settings(deadline=None)
@given(seeds, st.integers(1, 10))
def test_towers_on_the_table_keep_a_gap(seed: int, count: int) -> None:
    at = placed(on_table(count), seed)
    assert set(at) == {f"b{i}" for i in range(count)}
    for a, b in itertools.combinations(at.values(), 2):
        dx, dy = np.abs(np.subtract(a.position[:2], b.position[:2]))
        # two shifts of 1 cm at most between places
        assert dy >= SLOT_PITCH_M - 2 * BODY_JITTER_M - 1e-9 or dx > 0.19
        assert 0.3 < np.hypot(*a.position[:2]) < 0.72


def test_a_block_tower_on_the_table_stands_on_its_base() -> None:
    bodies, layout, _ = on_table(3)
    at = placed((bodies, layout, Facts({"b0": "b1", "b1": "b2", "b2": TABLE})), 3)
    assert [at[b].position[2] for b in ("b2", "b1", "b0")] == pytest.approx(
        [0.02, 0.06, 0.10]
    )


def test_a_held_body_gets_no_place() -> None:
    bodies, layout, facts = hanoi(3)
    support = {d: on for d, on in facts.support.items() if d != "d1"}
    at = placed((bodies, layout, Facts(support, held="d1")), 0)
    assert "d1" not in at
    assert set(at) == set(bodies) - {"d1"}


def test_too_many_objects_on_the_table_name_the_first_without_a_place() -> None:
    places = len(slots())
    assert len(placed(on_table(places), 0)) == places
    with pytest.raises(LayoutError, match=rf"'b{places}' has no place.*use fewer"):
        placed(on_table(places + 1), 0)


def test_too_many_pegs_name_the_first_without_a_place() -> None:
    pegs = by_name(*(peg(f"p{i}") for i in range(9)))
    with pytest.raises(LayoutError, match=r"'p6' has no place.*at most 6.*use fewer"):
        placed((pegs, dict.fromkeys(pegs, "row"), Facts({})), 0)


def test_the_most_pegs_that_the_error_allows_fit() -> None:
    pegs = by_name(*(peg(f"p{i}") for i in range(6)))
    at = placed((pegs, dict.fromkeys(pegs, "row"), Facts({})), 0)
    assert np.diff(np.sort([p.position[1] for p in at.values()])).min() >= ROW_GAP_M


def test_a_tower_that_is_too_high_names_an_object() -> None:
    count = int((TOP_M - PEG_HEIGHT) / DISK_HEIGHT)
    assert len(placed(hanoi(count), 0)) == count + 3
    with pytest.raises(LayoutError, match=r"'d1' is 0\.\d+ m high.*use fewer"):
        placed(hanoi(count + 1), 0)


@pytest.mark.parametrize(
    ("size", "said"),
    [
        ((0.09, 0.09, 5.0), r"'odd' is 5\.000 m high; the arm carries over .*0\.43 m"),
        ((0.09, 0.4, 0.02), r"'odd' is 0\.400 m long along the row; .*up to 0\.26 m"),
    ],
)
def test_a_fixed_body_that_fits_no_row_names_its_measure(
    size: tuple[float, float, float], said: str
) -> None:
    row = by_name(peg("p"), Body("odd", "fixed", "box", size, 0.0, GREY))
    with pytest.raises(LayoutError, match=said):
        placed((row, dict.fromkeys(row, "row"), Facts({})), 0)


def test_a_layout_error_is_a_domain_error_and_a_value_error() -> None:
    assert issubclass(LayoutError, DomainError)
    assert issubclass(LayoutError, ValueError)


def test_free_slots_keep_away_from_what_is_taken() -> None:
    every = slots()
    assert list(free_slots([])) == every
    taken = every[0]
    free = list(free_slots([taken]))
    assert taken not in free
    assert len(free) == len(every) - 1
    assert not list(free_slots(every))


def test_a_slot_near_a_body_off_the_grid_is_not_free() -> None:
    x, y = slots()[3]
    free = list(free_slots([(x + 0.02, y + 0.05, 0.02)]))
    assert slots()[3] not in free
    assert slots()[4] not in free
    assert slots()[2] in free


def test_bodies_that_would_stand_in_each_other_are_named() -> None:
    size = (0.05, 0.34, 0.04)
    long = {
        name: Body(name, "movable", "box", size, 0.08, (1, 0, 0, 1))
        for name in ("plank", "board", "lath", "slat", "beam", "rail")
    }
    with pytest.raises(LayoutError, match=r"would stand in each other, 0\.340 m"):
        lay_out(long, {}, Facts(dict.fromkeys(long, TABLE)), np.random.default_rng(0))
