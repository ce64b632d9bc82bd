"""Scales, marks and texts of the charts."""

from __future__ import annotations

import math
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jouleplan.energy.report.charts.bars import Bar, Stack, bars, stacks
from jouleplan.energy.report.charts.curves import Axis, Point, Series, curves
from jouleplan.energy.report.charts.dots import Dots, dots
from jouleplan.energy.report.charts.scale import linear, logarithmic, tick
from jouleplan.energy.report.text import figure, prefixed, ranges

POSITIVE = st.floats(1e-9, 1e15)


@given(st.lists(POSITIVE, min_size=1, max_size=5))
def test_scales_keep_order_and_stay_inside(values: list[float]) -> None:
    for make in (linear, logarithmic):
        scale = make(values, 10.0, 300.0)
        places = [scale.at(value) for value in sorted(values)]
        assert places == sorted(places)
        assert all(10.0 <= place <= 300.0 + 1e-9 for place in places)
        assert len(scale.ticks()) <= 12


@given(st.lists(st.none() | st.just(0.0) | POSITIVE, min_size=1, max_size=4))
def test_any_bars_are_drawn_as_xml(values: list[float | None]) -> None:
    items = [Bar(f"<{i}>", v, v, math.inf if v else v) for i, v in enumerate(values)]
    for drawing in (
        bars(items, "J", "says"),
        stacks([Stack("a", tuple(values))], [f"&{i}" for i in values], "J", "says"),
        dots(
            [Dots("a", tuple(values))], [("m", i) for i in range(len(values))], "", ""
        ),
    ):
        ElementTree.fromstring(drawing)
        assert "nan" not in drawing
        assert "inf" not in drawing


def test_unknown_bar_is_called_unknown() -> None:
    assert ">unknown<" in bars([Bar("a", None), Bar("b", 2.0)], "J", "says")


def test_longer_bar_has_the_larger_value() -> None:
    drawing = bars([Bar("a", 2.0), Bar("b", 4.0)], "J", "says")
    widths = [
        float(one.get("width", ""))
        for one in ElementTree.fromstring(drawing).iter("rect")
    ]
    assert widths[1] == pytest.approx(2 * widths[0], rel=0.01)


def test_curve_leaves_out_what_a_logarithm_has_no_place_for() -> None:
    points = (Point(0.0, 1.0), Point(1.0, 0.0), Point(2.0, 3.0))
    drawing = curves(
        [Series("a", points, joined=True)], Axis("x", log=True), Axis("y", log=True), ""
    )
    assert len(list(ElementTree.fromstring(drawing).iter("circle"))) == 2  # and legend


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "unknown"),
        (math.nan, "unknown"),
        (math.inf, "unbounded"),
        (0.0, "0"),
        (0.012345, "0.0123"),
        (9.999, "10.00"),
        (1234.5, "1,234"),
        (3.1e8, "3.1e+08"),
    ],
)
def test_figures_have_three_digits(value: float | None, words: str) -> None:
    assert figure(value) == words


def test_large_numbers_have_a_prefix() -> None:
    assert prefixed(3.1e11) == "310 G"


def test_seeds_are_written_as_ranges() -> None:
    assert ranges([5, 6, 7, 9, 11, 12]) == "5 to 7, 9, 11 to 12"


def test_ticks_are_short() -> None:
    assert [tick(value) for value in (0, 0.5, 1000, 20000, 3e6)] == [
        "0",
        "0.5",
        "1000",
        "20 k",
        "3 M",
    ]
