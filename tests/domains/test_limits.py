"""What of a scene is beyond the arm, with the value measured and the limit."""

from dataclasses import replace

import pytest

from jouleplan.domains.body import Body, Size
from jouleplan.domains.facts import TABLE, Facts
from jouleplan.domains.layout import ROW_HALF_M, ROW_JITTER_M, ROW_X_M, slots
from jouleplan.domains.limits import PANDA, too_high, unreachable, untakeable

SIZE = (0.05, 0.05, 0.04)


def box(name: str = "crate", size: Size = SIZE, mass: float = 0.08) -> Body:
    return Body(name, "movable", "box", size, mass, (1, 0, 0, 1))


@pytest.mark.parametrize(
    ("body", "what", "measured", "said"),
    [
        (box(size=(0.094, 0.094, 0.05)), "width", 0.094, "'crate' is 0.094 m wide"),
        (box(mass=1.2), "mass", 1.2, "'crate' weighs 1.2 kg; the hand holds up to"),
        (box(size=(0.05, 0.05, 0.005)), "height", 0.005, "'crate' is 0.005 m high"),
        (box(size=(0.06, 0.06, 0.085)), "height", 0.085, "'crate' is 0.085 m high"),
        (box(size=(0.04, 0.04, 0.08)), "slenderness", 2.0, "0.080 m high and 0.040 m"),
    ],
)
def test_a_body_beyond_a_limit_is_named_with_value_and_limit(
    body: Body, what: str, measured: float, said: str
) -> None:
    (breach,) = untakeable([body], PANDA)
    assert (breach.object, breach.property) == ("crate", what)
    assert breach.measured == pytest.approx(measured)
    assert said in breach.reason
    assert breach.remedy in str(breach)


@pytest.mark.parametrize(
    "body",
    [
        box(),
        box(size=(PANDA.width_m, PANDA.width_m, 0.04), mass=PANDA.mass_kg),
        box(size=(0.05, 0.12, 0.04)),  # taken across its narrow side
        replace(box(size=(0.3, 0.3, 0.3), mass=9), kind="fixed"),
    ],
)
def test_what_is_within_the_limits_or_never_moved_is_no_breach(body: Body) -> None:
    assert untakeable([body], PANDA) == ()


def test_every_limit_that_a_body_is_beyond_is_told() -> None:
    found = untakeable([box(size=(0.1, 0.1, 0.2), mass=2)], PANDA)
    found_of = [breach.property for breach in found]
    assert found_of == ["width", "mass", "height", "slenderness"]


def test_out_of_reach_says_how_far() -> None:
    near, far = unreachable({"a": (0.1, 0.0), "b": (0.5, 0.1), "c": (0.8, 0.3)}, PANDA)
    assert (near.object, far.object) == ("a", "c")
    assert (near.limit, far.limit) == PANDA.reach_m
    assert "'c' stands 0.854 m from the arm's base" in far.reason


def test_every_place_that_is_laid_out_is_within_reach() -> None:
    """Row and slots with their jitter; the layout is older than the limit."""
    edge = ROW_HALF_M + ROW_JITTER_M
    row = [(ROW_X_M + dx, edge) for dx in (-ROW_JITTER_M, ROW_JITTER_M)]
    places = {str(i): at for i, at in enumerate([*row, *slots()])}
    assert unreachable(places, PANDA) == ()


def test_the_first_tower_that_is_too_high_is_told_by_its_top() -> None:
    bodies = {name: box(name) for name in "abc"}
    low = Facts({"a": TABLE, "b": "a", "c": TABLE})
    high = Facts({"a": TABLE, "b": "a", "c": "b"})
    limits = replace(PANDA, top_m=0.08)
    assert too_high(low, bodies, limits) is None
    breach = too_high(high, bodies, limits)
    assert breach is not None
    assert breach.object == "c"
    assert breach.measured == pytest.approx(0.12)
