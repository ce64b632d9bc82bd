"""Preferences: counted, never demanded."""

from jouleplan.domains.language.model import (
    Forall,
    Metric,
    Modal,
    Or,
    Preference,
    Violations,
)
from jouleplan.planner.validator import validate
from tests.planner.validator.tasks import (
    add,
    arithmetic,
    atom,
    both,
    delete,
    number,
    operator,
    plan,
    task,
    variables,
)


def test_goal_preference_is_counted_where_it_fails() -> None:
    goal = both(atom("p"), Preference("tidy", atom("q")), Preference("calm", atom("p")))
    verdict = validate(task(facts="p", goal=goal), ())
    assert verdict.valid
    assert verdict.violations == {"calm": 0, "tidy": 1}


def test_preference_inside_forall_is_counted_for_each_object() -> None:
    goal = Forall(variables("?x"), Preference("tidy", atom("p ?x")))
    verdict = validate(task(objects="a b c", facts="p a", goal=goal), ())
    assert verdict.violations == {"tidy": 2}


def test_preference_around_forall_is_counted_once() -> None:
    goal = Preference("tidy", Forall(variables("?x"), atom("p ?x")))
    verdict = validate(task(objects="a b c", facts="p a", goal=goal), ())
    assert verdict.violations == {"tidy": 1}


def test_precondition_preference_is_counted_for_each_application() -> None:
    condition = both(atom("p"), Preference("dry", atom("q")))
    small = task(
        operator("do", condition), operator("wipe", effect=add("q")), facts="p"
    )
    verdict = validate(small, plan("do", "do", "wipe", "do"))
    assert verdict.valid
    assert verdict.violations == {"dry": 2}


def test_metric_weighs_violations() -> None:
    weighed = arithmetic("*", number(5), Violations("tidy"))
    small = task(
        operator("do"),
        goal=Preference("tidy", atom("q")),
        metric=Metric("minimize", arithmetic("+", weighed, number(1))),
    )
    assert validate(small, plan("do")).cost == 6


def test_preference_of_a_constraint_is_counted() -> None:
    small = task(
        operator("do", effect=delete("p")),
        facts="p",
        constraints=both(
            Preference("dry", Modal("always", (), (atom("p"),))),
            Preference("once", Modal("sometime", (), (atom("p"),))),
        ),
    )
    verdict = validate(small, plan("do"))
    assert verdict.valid
    assert verdict.violations == {"dry": 1, "once": 0}


def test_preference_in_a_disjunction_is_refused() -> None:
    verdict = validate(task(goal=Or((Preference("odd", atom("p")),))), ())
    assert not verdict.valid
    assert verdict.reason.startswith("not validated: the preference 'odd'")
