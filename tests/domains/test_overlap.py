"""Which bodies of a scene stand in the same place."""

import math

import pytest

from jouleplan.domains.body import Body, Size
from jouleplan.domains.facts import TABLE, Facts
from jouleplan.domains.overlap import overlapping
from jouleplan.domains.placement import Placement

APART = Facts({"a": TABLE, "b": TABLE})


def box(name: str, size: Size = (0.1, 0.04, 0.04)) -> Body:
    return Body(name, "movable", "box", size, 0.08, (1, 0, 0, 1))


@pytest.mark.parametrize(
    ("at", "yaw", "meet"),
    [
        ((0.09, 0.0, 0.02), 0.0, True),
        ((0.11, 0.0, 0.02), 0.0, False),
        ((0.0, 0.05, 0.02), 0.0, False),
        ((0.0, 0.05, 0.02), math.pi / 2, True),  # turned it is long that way
        ((0.075, 0.075, 0.02), math.pi / 4, False),  # only circles round them meet
        ((0.0, 0.0, 0.06), 0.0, False),  # above it
    ],
)
def test_turned_boxes_meet_where_no_axis_keeps_them_apart(
    at: tuple[float, float, float], yaw: float, meet: bool
) -> None:
    bodies = {name: box(name) for name in "ab"}
    placed = {"a": Placement((0.0, 0.0, 0.02), 0.0), "b": Placement(at, yaw)}
    assert overlapping(bodies, placed, APART) == (("a", "b") if meet else None)


def test_what_rests_on_another_may_go_into_it() -> None:
    """A ring over a peg, say: the tower's own layout decides."""
    bodies = {name: box(name) for name in "ab"}
    placed = {"a": Placement((0, 0, 0.02), 0.0), "b": Placement((0, 0, 0.03), 0.0)}
    assert overlapping(bodies, placed, APART) == ("a", "b")
    assert overlapping(bodies, placed, Facts({"a": TABLE, "b": "a"})) is None
