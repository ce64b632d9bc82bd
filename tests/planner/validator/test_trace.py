"""States along a plan, and the parts of the semantics that others use."""

import pytest

from jouleplan.domains.language.features import Feature
from jouleplan.planner.validator import (
    Changes,
    InvalidPlanError,
    NotValidatedError,
    NumberChange,
    initial_state,
    step_effects,
    takes_time,
    trace,
)
from tests.planner.validator.tasks import (
    add,
    atom,
    delete,
    durative,
    effects,
    fact,
    operator,
    plan,
    task,
    update,
)

STEP = operator(
    "step",
    atom("at ?a"),
    effects(delete("at ?a"), add("at ?b"), update("increase", "n", 1)),
    "?a ?b",
)
WALK = task(STEP, objects="a b c", facts="at a", numbers={"n": 0}, goal=atom("at a"))


def test_trace_has_the_state_before_each_step_and_the_last() -> None:
    states = trace(WALK, plan("step a b", "step b c"))
    assert [state.facts for state in states] == [{fact(f"at {x}")} for x in "abc"]
    assert [state.numbers[("n",)] for state in states] == [0, 1, 2]


def test_trace_of_no_step_is_the_initial_state() -> None:
    assert trace(WALK, ()) == (initial_state(WALK),)


def test_trace_of_a_step_that_cannot_be_carried_out_is_an_error() -> None:
    with pytest.raises(InvalidPlanError, match=r"step 2, step\(a, b\): \(at a\)"):
        trace(WALK, plan("step a b", "step a b"))


def test_trace_of_a_step_that_takes_time_is_an_error() -> None:
    with pytest.raises(InvalidPlanError, match="wait takes time"):
        trace(task(durative("wait")), plan("wait @ 0 for 5"))


def test_trace_of_a_task_that_is_not_validated_is_an_error() -> None:
    with pytest.raises(NotValidatedError, match="probabilistic"):
        trace(task(features=[Feature.PROBABILITY]), ())


def test_effects_of_a_step_are_ground() -> None:
    found = step_effects(plan("step a b")[0], initial_state(WALK), WALK)
    change = NumberChange("increase", ("n",), WALK.problem.numbers["n",] + 1)
    assert found == Changes(
        frozenset({fact("at b")}), frozenset({fact("at a")}), (change,)
    )


def test_task_takes_time_if_an_operator_or_a_literal_does() -> None:
    assert takes_time(task(durative("wait")))
    assert not takes_time(WALK)
