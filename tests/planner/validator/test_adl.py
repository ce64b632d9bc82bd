"""Conditions and effects beyond STRIPS."""

import pytest

from jouleplan.domains.language.model import (
    And,
    Condition,
    Each,
    Effect,
    Exists,
    Forall,
    Modal,
    Not,
    Or,
    Same,
    When,
)
from jouleplan.planner.validator import (
    holds,
    initial_state,
    step_effects,
    validate,
)
from tests.planner.validator.tasks import (
    add,
    atom,
    both,
    delete,
    effects,
    operator,
    plan,
    task,
    update,
    variables,
)

TYPES = {"object": (), "block": ("object",), "box": ("object",)}
STATE = task(
    objects="a:block b:block c:block x:box",
    types=TYPES,
    facts="on a b, on b c, clear a, red a, red b, red c, open x",
    numbers={"n": 0},
)
B = variables("?b:block")


@pytest.mark.parametrize(
    ("condition", "truth"),
    [
        (And(), True),
        (Or(), False),
        (Not(atom("on b a")), True),
        (Or((atom("on b a"), atom("on a b"))), True),
        (Or((Not(atom("on a b")), atom("clear b"))), False),
        (Same("a", "a"), True),
        (Same("a", "b"), False),
        (Not(Same("a", "b")), True),
        (Exists(B, atom("on ?b c")), True),
        (Exists(B, atom("open ?b")), False),
        (Exists(variables("?b"), atom("open ?b")), True),
        (Forall(B, atom("red ?b")), True),
        (Forall(variables("?b"), atom("red ?b")), False),
        (Forall(variables("?b:ghost"), atom("red ?b")), True),
        (Exists(variables("?b:ghost"), And()), False),
        (Exists(B, Not(atom("red ?b"))), False),
        (Exists(variables("?b:block/box"), Not(atom("red ?b"))), True),
        (Exists(B, Exists(variables("?d:block"), atom("on ?b ?d"))), True),
        (Exists(B, atom("on ?b ?b")), False),
        (Forall(B, Exists(variables("?d:block"), atom("on ?b ?d"))), False),
        (
            Forall(
                B, Or((atom("clear ?b"), Exists(variables("?d"), atom("on ?d ?b"))))
            ),
            True,
        ),
        (Exists(B, both(atom("on a ?b"), Exists(B, atom("on ?b c")))), True),
        (
            Exists(B, both(atom("red ?b"), Or((Same("?b", "x"), atom("clear ?b"))))),
            True,
        ),
        (Not(Forall(variables("?b"), atom("red ?b"))), True),
    ],
)
def test_condition_has_its_truth_and_its_negation_the_other(
    condition: Condition, truth: bool
) -> None:
    state = initial_state(STATE)
    assert holds(condition, state, {}, STATE) is truth
    assert holds(Not(condition), state, {}, STATE) is not truth


def test_quantified_variable_hides_a_parameter_of_the_same_name() -> None:
    condition = Exists(B, atom("on ?b c"))
    assert holds(condition, initial_state(STATE), {"?b": "a"}, STATE)


def _result(effect: Effect, facts: str, goal: Condition) -> bool:
    small = task(
        operator("do", And(), effect),
        objects="a:block b:block c:block x:box",
        types=TYPES,
        facts=facts,
        goal=goal,
    )
    return validate(small, plan("do")).valid


def test_fact_both_deleted_and_added_is_true_after() -> None:
    assert _result(effects(add("p"), delete("p")), "p", atom("p"))
    assert _result(effects(delete("p"), add("p")), "", atom("p"))


def test_conditional_effect_happens_only_where_its_condition_holds() -> None:
    effect = When(atom("p"), add("q"))
    assert _result(effect, "p", atom("q"))
    assert _result(effect, "", Not(atom("q")))


def test_condition_of_an_effect_is_taken_in_the_state_before() -> None:
    effect = effects(add("p"), When(atom("p"), add("q")), When(atom("r"), delete("r")))
    assert _result(effect, "r", both(Not(atom("q")), Not(atom("r"))))


def test_universal_effect_happens_for_objects_of_its_type_alone() -> None:
    effect = Each(B, add("red ?b"))
    goal = both(Forall(B, atom("red ?b")), Not(atom("red x")))
    assert _result(effect, "", goal)


def test_universal_conditional_effect_happens_for_those_that_satisfy() -> None:
    effect = Each(B, When(atom("wet ?b"), effects(delete("wet ?b"), add("dry ?b"))))
    goal = both(atom("dry a"), Not(atom("dry b")), atom("wet x"), Not(atom("wet a")))
    assert _result(effect, "wet a, wet x", goal)


def test_universal_increase_counts_each_object_once() -> None:
    either = Or((atom("red ?b"), atom("wet ?b")))
    some = Exists(variables("?d:block"), atom("on ?d ?b"))
    small = task(
        operator(
            "do", And(), Each(B, When(Or((either, some)), update("increase", "n", 1)))
        ),
        objects="a:block b:block c:block",
        types=TYPES,
        facts="red a, wet a, on b a, on c a, wet b",
        numbers={"n": 0},
    )
    (first, second) = step_effects(plan("do")[0], initial_state(small), small).updates
    assert first == second


def test_failed_part_of_a_universal_condition_is_named() -> None:
    small = task(
        operator("do", Forall(B, both(atom("red ?b"), atom("dry ?b")))),
        objects="a:block x:box",
        types=TYPES,
        facts="red a",
    )
    assert validate(small, plan("do")).reason == "step 1, do(): (dry a) does not hold"


def test_disjunction_that_fails_is_shown_whole() -> None:
    condition = Or((atom("p ?b"), Not(Same("?b", "a"))))
    small = task(operator("do", condition, add("q"), "?b"), objects="a")
    reason = validate(small, plan("do a")).reason
    assert reason == "step 1, do(a): (or (p a) (not (= a a))) does not hold"


def test_constraint_in_a_precondition_is_not_passed_over() -> None:
    small = task(operator("do", Modal("always", (), (atom("p"),))))
    verdict = validate(small, plan("do"))
    assert verdict.reason.startswith("not validated:")
