"""Plans with times."""

from fractions import Fraction

import pytest

from jouleplan.domains.language.model import (
    Forall,
    Metric,
    Not,
    Preference,
    Special,
    TimedChange,
    When,
)
from jouleplan.planner.validator import validate
from tests.planner.validator.tasks import (
    DURATION,
    add,
    at,
    atom,
    both,
    compare,
    delete,
    durative,
    during,
    effects,
    operator,
    plan,
    task,
    term,
    update,
    variables,
)

LOAD = durative(
    "load",
    both(
        during("start", atom("free")),
        during("all", atom("open")),
        during("end", atom("near")),
    ),
    effects(at("start", delete("free")), at("end", add("free"), add("loaded"))),
)
CLOSE = operator("close", effect=delete("open"))
OPEN = operator("open", effect=add("open"))
GO = operator("go", effect=delete("near"))
TASK = task(LOAD, CLOSE, OPEN, GO, facts="free, open, near", goal=atom("loaded"))


def test_schedule_is_valid_and_its_makespan_is_the_last_end() -> None:
    verdict = validate(TASK, plan("load @ 1 for 5"))
    assert verdict.valid
    assert verdict.makespan == 6
    assert verdict.cost == 1


def test_total_time_is_the_makespan() -> None:
    metric = Metric("minimize", Special("total-time"))
    small = task(LOAD, facts="free, open, near", metric=metric)
    assert validate(small, plan("load @ 0.5 for 5")).cost == Fraction(11, 2)


def test_plan_without_times_is_refused_for_a_task_with_time() -> None:
    verdict = validate(TASK, plan("load"))
    assert verdict.reason == ("step 1, load(): it has no time, but the task takes time")


def test_durative_step_without_duration_is_refused() -> None:
    reason = validate(TASK, plan("load @ 1")).reason
    assert reason.endswith("it has no duration, but load takes time")


def test_instantaneous_step_with_a_duration_is_refused() -> None:
    reason = validate(TASK, plan("close @ 1 for 2")).reason
    assert reason.endswith("close takes no time")


def test_step_before_time_zero_is_refused() -> None:
    assert "before time 0" in validate(TASK, plan("load @ -1 for 5")).reason


def test_negative_duration_is_refused() -> None:
    assert "negative" in validate(TASK, plan("load @ 1 for -5")).reason


def test_condition_at_start_is_of_the_state_before_the_start() -> None:
    verdict = validate(TASK, plan("load @ 1 for 5", "load @ 3 for 5"))
    assert verdict.reason == (
        "step 2, 3.000: load() [5.000]: at its start, (free) does not hold"
    )


def test_condition_over_all_fails_in_the_middle() -> None:
    verdict = validate(TASK, plan("load @ 1 for 5", "close @ 3"))
    assert verdict.reason == (
        "step 1, 1.000: load() [5.000]: over all of it, at 3, (open) does not hold"
    )


def test_condition_over_all_is_not_asked_before_the_start_and_at_the_end() -> None:
    shut = task(LOAD, CLOSE, OPEN, facts="free, near", goal=atom("loaded"))
    assert validate(shut, plan("open @ 1", "load @ 1 for 5", "close @ 6")).valid


def test_condition_over_all_sees_the_effects_of_its_own_start() -> None:
    hold = durative("hold", during("all", atom("on")), at("start", add("on")))
    assert validate(task(hold), plan("hold @ 0 for 5")).valid
    lose = durative("lose", during("all", atom("on")), at("start", delete("on")))
    assert not validate(task(lose, facts="on"), plan("lose @ 0 for 5")).valid


def test_condition_at_end_is_of_the_state_before_the_end() -> None:
    verdict = validate(TASK, plan("load @ 1 for 5", "go @ 2"))
    assert verdict.reason == (
        "step 1, 1.000: load() [5.000]: at its end, (near) does not hold"
    )


def test_effects_at_end_are_not_there_before() -> None:
    use = operator("use", atom("loaded"))
    small = task(LOAD, use, facts="free, open, near")
    assert not validate(small, plan("load @ 1 for 5", "use @ 4")).valid
    assert validate(small, plan("load @ 1 for 5", "use @ 6.001")).valid


@pytest.mark.parametrize(
    ("duration", "valid"),
    [(5, True), (4, False), (Fraction("5.0000001"), True), (Fraction("5.1"), False)],
)
def test_fixed_duration_is_kept_but_for_rounding(
    duration: Fraction, valid: bool
) -> None:
    verdict = validate(TASK, plan(f"load @ 1 for {duration}"))
    assert verdict.valid is valid


def test_wrong_duration_is_named() -> None:
    verdict = validate(TASK, plan("load @ 1 for 4"))
    assert verdict.reason == (
        "step 1, 1.000: load() [4.000]: at its start, (= ?duration 5) does not hold: "
        "4 and 5"
    )


def test_duration_may_be_chosen_within_its_bounds() -> None:
    bounds = both(compare(DURATION, ">=", 2), compare(DURATION, "<=", term("most")))
    small = task(durative("rest", duration=bounds), numbers={"most": 4})
    assert validate(small, plan("rest @ 0 for 2")).valid
    assert validate(small, plan("rest @ 0 for 4")).valid
    assert not validate(small, plan("rest @ 0 for 1")).valid
    assert not validate(small, plan("rest @ 0 for 5")).valid


def test_bound_of_a_duration_at_the_end_is_of_the_state_there() -> None:
    bounds = during("end", compare(DURATION, "<=", term("most")))
    rest = durative("rest", duration=bounds)
    cut = operator("cut", effect=update("assign", "most", 1))
    small = task(rest, cut, numbers={"most": 4})
    assert validate(small, plan("rest @ 0 for 3")).valid
    assert not validate(small, plan("rest @ 0 for 3", "cut @ 1")).valid


def test_duration_is_used_in_effects() -> None:
    burn = durative("burn", effect=at("end", update("decrease", "fuel", DURATION)))
    small = task(burn, numbers={"fuel": 9}, goal=compare("fuel", "=", 4))
    assert validate(small, plan("burn @ 0 for 5")).valid


SLOW = durative("slow")


def _simultaneous(one: object, two: object, facts: str = "", **numbers: float) -> str:
    schemas = [SLOW]
    for name, given in (("one", one), ("two", two)):
        condition, effect = given if isinstance(given, tuple) else (both(), given)
        schemas.append(operator(name, condition, effect))
    small = task(*schemas, facts=facts, objects="a b", numbers=numbers)
    return validate(small, plan("one @ 1", "two @ 1.0000000001")).reason


def test_adding_and_deleting_a_fact_at_one_moment_interferes() -> None:
    reason = _simultaneous(add("p"), delete("p"))
    assert reason == (
        "step 1, 1.000: one(): it interferes at 1 with step 2, 1.000: two(): both "
        "touch (p)"
    )


def test_reading_what_another_changes_at_the_moment_interferes() -> None:
    assert "touch (p)" in _simultaneous((atom("p"), add("q")), delete("p"), "p")
    assert "touch (p)" in _simultaneous(add("p"), (Not(atom("p")), add("q")))
    some = Forall(variables("?x"), atom("p ?x"))
    assert "touch (p a)" in _simultaneous((some, add("q")), delete("p a"), "p a, p b")
    assert "touch (p)" in _simultaneous(When(atom("p"), add("q")), delete("p"), "p")
    full = compare("n", ">", 0)
    up = update("increase", "n", 1)
    assert "touch (n)" in _simultaneous((full, add("q")), up, n=1)
    assert "touch (n)" in _simultaneous(update("assign", "m", term("n")), up, n=1, m=1)


def test_assigning_one_number_twice_at_one_moment_interferes() -> None:
    two = update("assign", "n", 2)
    assert "touch (n)" in _simultaneous(two, two, n=1)
    assert "touch (n)" in _simultaneous(two, update("increase", "n", 2), n=1)


def test_what_does_not_interfere_may_share_a_moment() -> None:
    up = update("increase", "n", 1)
    assert _simultaneous(up, update("decrease", "n", 2), n=1) == ""
    assert _simultaneous(add("p"), add("p")) == ""
    assert _simultaneous((atom("p"), add("q")), (atom("p"), add("r")), "p") == ""
    assert _simultaneous((atom("p a"), add("q")), delete("p b"), "p a, p b") == ""


def test_steps_are_together_in_the_state_before() -> None:
    small = task(
        operator("one", effect=add("p")), operator("two", atom("p")), durative("slow")
    )
    assert "(p) does not hold" in validate(small, plan("one @ 1", "two @ 1")).reason
    assert validate(small, plan("one @ 1", "two @ 1.00000001")).valid


def test_timed_literal_happens_by_itself() -> None:
    small = task(
        operator("enter", atom("open")),
        timed=[
            TimedChange(Fraction(3), add("open")),
            TimedChange(Fraction(7), delete("open")),
        ],
    )
    assert not validate(small, plan("enter @ 2")).valid
    assert validate(small, plan("enter @ 5")).valid
    assert not validate(small, plan("enter @ 8")).valid
    reason = validate(small, plan("enter @ 3")).reason
    assert "(open) does not hold" in reason


def test_timed_literal_interferes_like_a_step() -> None:
    small = task(
        operator("enter", atom("open")),
        facts="open",
        timed=[TimedChange(Fraction(3), delete("open"))],
    )
    reason = validate(small, plan("enter @ 3")).reason
    assert "interferes at 3 with what happens by itself at 3" in reason


def test_timed_number_gets_its_value() -> None:
    small = task(
        operator("buy", compare("price", "<", 5)),
        numbers={"price": 9},
        timed=[TimedChange(Fraction(3), update("assign", "price", 4))],
    )
    assert not validate(small, plan("buy @ 2")).valid
    assert validate(small, plan("buy @ 4")).valid


def test_timed_literal_breaks_a_condition_over_all() -> None:
    small = task(
        LOAD,
        facts="free, open, near",
        timed=[TimedChange(Fraction(4), delete("open"))],
    )
    assert not validate(small, plan("load @ 1 for 5")).valid


def test_timed_literal_behind_the_last_step_counts_for_the_goal() -> None:
    day = TimedChange(Fraction(9), add("day"))
    night = TimedChange(Fraction(12), delete("day"))
    verdict = validate(task(OPEN, timed=[day], goal=atom("day")), plan("open @ 1"))
    assert verdict.valid
    assert verdict.makespan == 1
    small = task(OPEN, timed=[night, day], goal=atom("day"))
    assert not validate(small, plan("open @ 10")).valid


def test_timed_literal_at_time_zero_is_there_at_first() -> None:
    small = task(
        operator("enter", atom("open")), timed=[TimedChange(Fraction(0), add("open"))]
    )
    assert validate(small, plan("enter @ 0")).valid


def test_effect_at_end_may_depend_on_the_state_at_the_start() -> None:
    effect = effects(
        When(during("start", atom("p")), at("end", add("q"))),
        at("start", delete("p")),
    )
    small = task(durative("do", effect=effect), facts="p", goal=atom("q"))
    assert validate(small, plan("do @ 0 for 5")).valid
    small = task(durative("do", effect=effect), goal=atom("q"))
    assert not validate(small, plan("do @ 0 for 5")).valid


def test_effect_at_end_may_depend_on_what_holds_all_the_time() -> None:
    effect = When(during("all", atom("open")), at("end", add("q")))
    small = task(durative("do", effect=effect), CLOSE, facts="open", goal=atom("q"))
    assert validate(small, plan("do @ 0 for 5")).valid
    assert not validate(small, plan("do @ 0 for 5", "close @ 2")).valid


def test_effect_that_depends_on_what_comes_later_is_refused() -> None:
    effect = When(during("end", atom("p")), at("start", add("q")))
    verdict = validate(task(durative("do", effect=effect)), plan("do @ 0 for 5"))
    assert verdict.reason.startswith("not validated:")


def test_preference_over_all_is_counted_once_a_step() -> None:
    wish = Preference("quiet", during("all", atom("open")))
    small = task(durative("do", wish), CLOSE, OPEN, facts="open")
    verdict = validate(
        small, plan("do @ 0 for 5", "close @ 2", "open @ 3", "close @ 4")
    )
    assert verdict.valid
    assert verdict.violations == {"quiet": 1}


def test_condition_without_a_time_is_refused() -> None:
    verdict = validate(task(durative("do", atom("p"))), plan("do @ 0 for 5"))
    assert verdict.reason == "not validated: (p) does not say when it is to hold"


def test_universal_condition_takes_each_object() -> None:
    every = Forall(variables("?x"), during("start", atom("p ?x")))
    small = task(durative("do", every), objects="a b", facts="p a")
    assert "(p b) does not hold" in validate(small, plan("do @ 0 for 5")).reason
