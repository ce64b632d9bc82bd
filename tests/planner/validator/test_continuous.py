"""Numbers that change with time."""

import pytest

from jouleplan.domains.language.model import Expression, Or, Special
from jouleplan.planner.validator import validate
from tests.planner.validator.tasks import (
    arithmetic,
    at,
    atom,
    both,
    compare,
    delete,
    durative,
    during,
    effects,
    number,
    operator,
    plan,
    task,
    term,
    update,
)

TIME = Special("#t")


def _rate(value: float) -> Expression:
    return arithmetic("*", TIME, number(value))


FILL = durative(
    "fill",
    during("all", compare("level", "<=", 10)),
    at("all", update("increase", "level", _rate(2))),
)
DRAIN = durative("drain", effect=at("all", update("decrease", "level", _rate(1))))
LOOK = operator("look", compare("level", "=", 6))


def test_number_changes_in_proportion_to_time() -> None:
    small = task(FILL, LOOK, numbers={"level": 0}, goal=compare("level", "=", 10))
    assert validate(small, plan("fill @ 1 for 5", "look @ 4")).valid
    assert not validate(small, plan("fill @ 1 for 5", "look @ 3")).valid


def test_changes_of_two_steps_add_up() -> None:
    small = task(FILL, DRAIN, numbers={"level": 0}, goal=compare("level", "=", 5))
    assert validate(small, plan("fill @ 0 for 5", "drain @ 3 for 5")).valid


def test_bound_over_all_is_kept_until_the_end_and_no_longer() -> None:
    assert validate(task(FILL, numbers={"level": 0}), plan("fill @ 0 for 5")).valid
    verdict = validate(task(FILL, numbers={"level": 1}), plan("fill @ 0 for 5"))
    assert verdict.reason == (
        "step 1, 0.000: fill() [5.000]: over all of it, at 4.75, (<= (level) 10) does "
        "not hold: 10.5 and 10"
    )


def test_strict_bound_may_be_met_at_the_very_end() -> None:
    fill = durative(
        "fill",
        during("all", compare("level", "<", 10)),
        at("all", update("increase", "level", _rate(2))),
    )
    assert validate(task(fill, numbers={"level": 0}), plan("fill @ 0 for 5")).valid


def test_bounds_that_hold_at_both_ends_alone_are_broken_in_between() -> None:
    outside = Or((compare("level", "<=", 2), compare("level", ">=", 8)))
    fill = durative(
        "fill",
        during("all", outside),
        at("all", update("increase", "level", _rate(2))),
    )
    verdict = validate(task(fill, numbers={"level": 0}), plan("fill @ 0 for 5"))
    assert not verdict.valid


def test_bound_that_is_met_between_two_steps_is_noticed() -> None:
    small = task(FILL, DRAIN, numbers={"level": 5}, goal=both())
    verdict = validate(small, plan("fill @ 0 for 5", "drain @ 1 for 5"))
    assert "over all" in verdict.reason


def test_discrete_change_acts_on_a_changing_number() -> None:
    spill = operator("spill", effect=update("assign", "level", 0))
    small = task(FILL, spill, numbers={"level": 4}, goal=compare("level", "=", 4))
    assert validate(small, plan("fill @ 0 for 5", "spill @ 3")).valid


def test_speed_of_a_change_follows_the_state() -> None:
    fill = durative(
        "fill",
        effect=at("all", update("increase", "n", arithmetic("*", TIME, term("v")))),
    )
    faster = operator("faster", effect=update("assign", "v", 3))
    small = task(fill, faster, numbers={"n": 0, "v": 1}, goal=compare("n", "=", 11))
    assert validate(small, plan("fill @ 0 for 5", "faster @ 2")).valid


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (arithmetic("*", TIME, TIME), "the continuous change (* #t #t) is not linear"),
        (number(3), "the continuous change 3 is not linear in #t"),
        (
            arithmetic("*", TIME, term("n")),
            "the speed of a change depends on (n), which changes too",
        ),
    ],
)
def test_change_that_is_not_linear_is_refused(value: Expression, reason: str) -> None:
    grow = durative("grow", effect=at("all", update("increase", "n", value)))
    verdict = validate(task(grow, numbers={"n": 1}), plan("grow @ 0 for 5"))
    assert verdict.reason.startswith(f"not validated: {reason}")


def test_condition_that_is_not_linear_is_refused() -> None:
    square = arithmetic("*", term("n"), term("n"))
    grow = durative(
        "grow",
        during("all", compare(square, "<", 9)),
        at("all", update("increase", "n", _rate(1))),
    )
    verdict = validate(task(grow, numbers={"n": 1}), plan("grow @ 0 for 5"))
    assert verdict.reason.startswith("not validated: a condition over all")


def test_changing_number_without_value_is_named() -> None:
    verdict = validate(task(FILL), plan("fill @ 0 for 5"))
    assert verdict.reason == "(level) has no value to change with time"


def test_facts_over_all_are_checked_while_numbers_change() -> None:
    fill = durative(
        "fill",
        during("all", atom("open")),
        effects(at("all", update("increase", "level", _rate(2)))),
        duration=5,
    )
    close = operator("close", effect=delete("open"))
    small = task(fill, close, facts="open", numbers={"level": 0})
    assert validate(small, plan("fill @ 0 for 5")).valid
    assert validate(small, plan("fill @ 0 for 5", "close @ 5")).valid
    assert not validate(small, plan("fill @ 0 for 5", "close @ 2")).valid
