"""Numbers in conditions, effects and the metric."""

from fractions import Fraction

import pytest

from jouleplan.domains.language.model import (
    And,
    Condition,
    Effect,
    Expression,
    Forall,
    FunctionTerm,
    Metric,
    Not,
    Or,
    Special,
    When,
)
from jouleplan.planner.validator import (
    UndefinedNumberError,
    evaluate,
    holds,
    initial_state,
    order,
    trace,
    validate,
)
from tests.planner.validator.tasks import (
    arithmetic,
    atom,
    compare,
    delete,
    effects,
    number,
    operator,
    plan,
    task,
    term,
    update,
    variables,
)

FUEL = task(
    operator(
        "drive",
        compare("fuel ?x", ">=", 3),
        effects(update("decrease", "fuel ?x", 3), update("increase", "total-cost", 2)),
        "?x",
    ),
    objects="a b",
    numbers={"fuel a": 7, "total-cost": 0},
    functions="total-cost",
    metric=Metric("minimize", term("total-cost")),
)


def test_metric_is_the_cost() -> None:
    verdict = validate(FUEL, plan("drive a", "drive a"))
    assert verdict.valid
    assert verdict.cost == 4


def test_failed_comparison_is_named_with_its_values() -> None:
    verdict = validate(FUEL, plan("drive a", "drive a", "drive a"))
    assert verdict.reason == (
        "step 3, drive(a): (>= (fuel a) 3) does not hold: 1 and 3"
    )


def test_undefined_number_in_a_condition_is_named() -> None:
    verdict = validate(FUEL, plan("drive b"))
    assert verdict.reason == (
        "step 1, drive(b): (>= (fuel b) 3) does not hold: (fuel b) has no value"
    )


def test_comparison_with_an_undefined_number_is_neither_true_nor_false() -> None:
    state = initial_state(FUEL)
    unknown = compare("fuel b", "<", 3)
    assert not holds(unknown, state, {}, FUEL)
    assert not holds(Not(unknown), state, {}, FUEL)
    assert holds(Or((unknown, And())), state, {}, FUEL)
    assert not holds(
        Forall(variables("?x"), compare("fuel ?x", ">", 0)), state, {}, FUEL
    )


def test_total_cost_without_initial_value_begins_at_zero() -> None:
    small = task(
        operator("do", effect=update("increase", "total-cost", 3)),
        functions="total-cost",
        metric=Metric("minimize", term("total-cost")),
    )
    assert validate(small, plan("do", "do")).cost == 6


@pytest.mark.parametrize(
    ("name", "amount", "result"),
    [
        ("assign", 5, 5),
        ("increase", 5, 13),
        ("decrease", 5, 3),
        ("scale-up", 5, 40),
        ("scale-down", 5, Fraction(8, 5)),
    ],
)
def test_update_has_its_exact_result(name: str, amount: int, result: Fraction) -> None:
    small = task(operator("do", effect=update(name, "n", amount)), numbers={"n": 8})
    assert trace(small, plan("do"))[-1].numbers == {("n",): result}


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        (arithmetic("+", term("n"), number(2), number("0.1")), Fraction(101, 10)),
        (arithmetic("-", term("n"), number(3)), 5),
        (arithmetic("-", term("n")), -8),
        (arithmetic("*", term("n"), number(2), number(3)), 48),
        (arithmetic("/", term("n"), number(3)), Fraction(8, 3)),
    ],
)
def test_expression_has_its_exact_value(
    expression: Expression, value: Fraction
) -> None:
    small = task(numbers={"n": 8})
    assert evaluate(expression, initial_state(small), {}, small) == value


def test_division_by_zero_is_undefined() -> None:
    small = task(numbers={"n": 0})
    with pytest.raises(UndefinedNumberError, match=r"\(/ 1 \(n\)\) divides by zero"):
        evaluate(arithmetic("/", number(1), term("n")), initial_state(small), {}, small)


@pytest.mark.parametrize(
    ("effect", "reason"),
    [
        (update("increase", "m", 1), "(m) has no value to increase"),
        (update("assign", "n", term("m")), "(m) has no value"),
        (update("scale-down", "n", 0), "(n) is scaled down by zero"),
        (
            effects(update("assign", "n", 1), update("assign", "n", 2)),
            "(n) is assigned two values at once",
        ),
        (
            effects(update("assign", "n", 1), update("increase", "n", 2)),
            "(n) is changed in two ways at once",
        ),
        (
            effects(update("scale-up", "n", 1), update("increase", "n", 2)),
            "(n) is changed in two ways at once",
        ),
    ],
)
def test_update_without_a_result_makes_the_step_invalid(
    effect: Effect, reason: str
) -> None:
    small = task(operator("do", effect=effect), numbers={"n": 1})
    assert validate(small, plan("do")).reason == f"step 1, do(): {reason}"


def test_assignment_gives_a_first_value() -> None:
    small = task(operator("do", effect=update("assign", "m", 1)))
    assert validate(small, plan("do")).valid


def test_updates_of_a_step_read_the_state_before_and_add_up() -> None:
    swap = effects(
        update("assign", "a", term("b")),
        update("assign", "b", term("a")),
        update("increase", "c", 1),
        update("increase", "c", term("a")),
        update("decrease", "c", 5),
    )
    small = task(operator("do", effect=swap), numbers={"a": 1, "b": 2, "c": 10})
    last = trace(small, plan("do"))[-1].numbers
    assert last == {("a",): 2, ("b",): 1, ("c",): 7}


@pytest.mark.parametrize("size", [1, 1000, 10**9])
def test_values_that_floats_confuse_count_as_equal(size: int) -> None:
    value = Fraction(size) + Fraction(1, 3)
    near = Fraction(float(value))
    assert order(value, near) == 0
    assert order(value, value * Fraction(1_000_002, 1_000_000)) == -1


def test_whole_numbers_are_compared_exactly() -> None:
    assert order(Fraction(10**9), Fraction(10**9 + 1)) == -1


def test_equal_values_are_not_less() -> None:
    small = task(numbers={"n": Fraction(1, 3)})
    state = initial_state(small)
    below: Condition = compare("n", "<", number(Fraction(1, 3)))
    assert not holds(below, state, {}, small)
    assert holds(Not(below), state, {}, small)


def test_metric_to_maximize_is_the_value_itself() -> None:
    small = task(
        operator("do", effect=update("increase", "n", 2)),
        numbers={"n": 1},
        metric=Metric("maximize", arithmetic("*", number(10), term("n"))),
    )
    assert validate(small, plan("do")).cost == 30


def test_total_time_of_a_sequence_is_its_steps() -> None:
    small = task(operator("do"), metric=Metric("minimize", Special("total-time")))
    assert validate(small, plan("do", "do")).cost == 2


def test_metric_of_an_undefined_number_leaves_the_plan_valid_without_cost() -> None:
    small = task(metric=Metric("minimize", FunctionTerm("m")))
    verdict = validate(small, ())
    assert verdict.valid
    assert verdict.cost is None


def test_conditional_cost_depends_on_the_state() -> None:
    small = task(
        operator(
            "do",
            effect=effects(When(atom("p"), update("increase", "n", 7)), delete("p")),
        ),
        facts="p",
        numbers={"n": 0},
        metric=Metric("minimize", term("n")),
    )
    assert validate(small, plan("do", "do")).cost == 7
