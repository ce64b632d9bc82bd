"""Steps against operators, objects and types; order of steps; the simplest costs."""

from fractions import Fraction

import pytest

from jouleplan.domains.language.features import Feature
from jouleplan.planner.validator import NOT_VALIDATED, validate
from tests.planner.validator.tasks import (
    add,
    atom,
    both,
    delete,
    effects,
    operator,
    plan,
    task,
)

MOVE = operator(
    "move",
    both(atom("at ?x ?a"), atom("road ?a ?b")),
    effects(add("at ?x ?b"), delete("at ?x ?a")),
    "?x:car/boat ?a:place ?b:place",
)
TYPES = {
    "object": (),
    "place": ("object",),
    "port": ("place",),
    "car": ("object",),
    "boat": ("object",),
}
TASK = task(
    MOVE,
    objects="c:car s:boat p:place q:port r:place rock",
    types=TYPES,
    facts="at c p, at s q, road p q, road q r",
    goal=atom("at c r"),
)


def test_plan_that_reaches_the_goal_is_valid_and_costs_its_steps() -> None:
    verdict = validate(TASK, plan("move c p q", "move c q r"))
    assert verdict.valid
    assert verdict.reason == ""
    assert verdict.cost == 2
    assert verdict.makespan is None
    assert verdict.violations == {}


def test_goal_that_is_not_reached_is_named() -> None:
    verdict = validate(TASK, plan("move c p q"))
    assert not verdict.valid
    assert verdict.reason == "goal not reached: (at c r) does not hold"
    assert verdict.cost is None


@pytest.mark.parametrize(
    ("step", "reason"),
    [
        ("move c p r", "step 1, move(c, p, r): (road p r) does not hold"),
        ("move c p", "step 1, move(c, p): move takes 3 objects, not 2"),
        ("move c p q r", "step 1, move(c, p, q, r): move takes 3 objects, not 4"),
        ("move c p z", "step 1, move(c, p, z): there is no object 'z'"),
        (
            "move c p rock",
            "step 1, move(c, p, rock): ?b of move is of type place, but rock of type "
            "object",
        ),
        (
            "move p p q",
            "step 1, move(p, p, q): ?x of move is of type car or boat, but p of type "
            "place",
        ),
        ("fly c p", "step 1, fly(c, p): there is no operator 'fly'; there are move"),
    ],
)
def test_step_that_does_not_fit_is_named(step: str, reason: str) -> None:
    assert validate(TASK, plan(step)).reason == reason


def test_reason_counts_steps_from_one() -> None:
    verdict = validate(TASK, plan("move c p q", "move c p q"))
    assert verdict.reason == "step 2, move(c, p, q): (at c p) does not hold"


def test_each_alternative_of_either_is_taken() -> None:
    verdict = validate(TASK, plan("move c p q", "move s q r", "move c q r"))
    assert verdict.valid


def test_object_of_a_type_below_is_taken() -> None:
    assert validate(TASK, plan("move c p q", "move c q r")).valid


def test_empty_plan_is_valid_where_the_goal_holds_at_first() -> None:
    verdict = validate(task(facts="p", goal=atom("p")), ())
    assert verdict.valid
    assert verdict.cost == 0


def test_times_on_a_task_without_time_give_the_order() -> None:
    verdict = validate(TASK, plan("move c q r @ 2", "move c p q @ 1"))
    assert verdict.valid
    assert verdict.cost == 2
    assert verdict.makespan == 2


def test_durations_on_a_task_without_time_count_for_the_makespan_alone() -> None:
    verdict = validate(TASK, plan("move c p q @ 0 for 1", "move c q r @ 1 for 1"))
    assert verdict.makespan == Fraction(2)


def test_step_without_time_among_others_with_times_is_named() -> None:
    verdict = validate(TASK, plan("move c p q @ 1", "move c q r"))
    assert verdict.reason == "step 2 has no time, though others have one"


@pytest.mark.parametrize("feature", sorted(NOT_VALIDATED))
def test_feature_without_semantics_is_refused_by_name(feature: Feature) -> None:
    verdict = validate(task(features=[feature]), ())
    assert verdict.reason == f"not validated: the task uses {feature}"


@pytest.mark.parametrize("kind", ["process", "event"])
def test_process_and_event_are_refused_though_no_feature_says_so(kind: str) -> None:
    verdict = validate(task(operator("rain", kind=kind)), ())
    assert not verdict.valid
    assert f"(:{kind})" in verdict.reason
