"""ENHSP: numbers and costs, and what it would misread."""

from __future__ import annotations

import shutil
import time
from fractions import Fraction
from pathlib import Path

import psutil
import pytest

from jouleplan.domains.language.plan import Plan
from jouleplan.planner.engines.engine import PlanStatus
from jouleplan.planner.engines.enhsp import ANYTIME, FIRST, OPTIMAL
from jouleplan.planner.validator import validate
from tests.planner.engines import cases
from tests.planner.engines.cases import Case, assert_valid, request

pytestmark = pytest.mark.skipif(
    shutil.which("java") is None, reason="ENHSP needs Java, which is not installed"
)


def counters(goal: str, operators: str = "", metric: str = "") -> Case:
    """Return two counters that can be raised, and what else is given."""
    return (
        "(define (domain counters) (:requirements :adl :numeric-fluents)"
        "(:types counter) (:constants x y - counter)"
        "(:predicates (marked ?c - counter) (all-marked) (done))"
        "(:functions (value ?c - counter) (limit) (spent))"
        "(:action raise :parameters (?c - counter)"
        " :precondition (<= (+ (value ?c) 1) (limit))"
        f" :effect (and (increase (value ?c) 1) (increase (spent) 2))) {operators})",
        "(define (problem p) (:domain counters)"
        "(:init (= (value x) 0) (= (value y) 0) (= (limit) 9) (= (spent) 0))"
        f"(:goal {goal}) {metric})",
    )


def act(name: str, condition: str, effect: str, parameters: str = "") -> str:
    """Return an operator."""
    return (
        f"(:action {name} :parameters ({parameters}) :precondition {condition}"
        f" :effect {effect})"
    )


EXPENSIVE = act("leap", "(and)", "(and (increase (value x) 4) (increase (spent) 9))")


@pytest.mark.parametrize(
    ("case", "steps"),
    [
        (counters("(and (>= (value x) 3) (= (value y) 2))"), 5),
        (counters("(and (not (<= (value x) 1)) (< (value y) 1))"), 2),
        (
            counters(
                "(>= (value y) 9)",
                act("square", "(and)", "(assign (value y) (* (value x) (value x)))"),
            ),
            4,
        ),
        (counters("(= (value x) 8)", act("x2", "(and)", "(scale-up (value x) 2)")), 4),
        (
            counters(
                "(= (value x) -2)", act("n", "(and)", "(assign (value x) (- 0 2))")
            ),
            1,
        ),
        (
            counters(
                "(= (value x) -2)",
                act("flip", "(and)", "(assign (value x) (- (value x)))"),
            ),
            3,
        ),
        (
            counters(
                "(done)",
                act("mark", "(and)", "(marked ?c)", "?c - counter")
                + act(
                    "check",
                    "(not (exists (?c - counter) (not (or (marked ?c)"
                    " (forall (?d - counter) (>= (value ?d) 3))))))",
                    "(done)",
                ),
            ),
            3,
        ),
        (
            counters(
                "(and (= (value x) 2) (= (value y) 2))",
                act("all", "(and)", "(forall (?c - counter) (increase (value ?c) 1))"),
            ),
            2,
        ),
        (
            counters(
                "(and (marked x) (done))",
                act(
                    "move",
                    "(and)",
                    "(and (not (marked ?c)) (marked ?d) (done))",
                    "?c ?d - counter",
                ),
            ),
            1,
        ),
        (
            counters(
                "(marked y)",
                act(
                    "others",
                    "(and)",
                    "(forall (?d - counter) (when (not (= ?c ?d)) (marked ?d)))",
                    "?c - counter",
                ),
            ),
            1,
        ),
        (counters("(or (= x y) (marked x) (= (value y) 1))"), 1),
    ],
)
def test_what_it_misreads_is_written_as_it_reads_it(
    case: Case, steps: int, tmp_path: Path
) -> None:
    asked = request(tmp_path, case)
    assert asked.task.features <= FIRST.supports
    outcome = OPTIMAL.run(asked)
    assert_valid(asked, outcome)
    assert outcome.proven
    assert len(outcome.plans[0]) == steps


def test_a_first_plan_is_valid(tmp_path: Path) -> None:
    asked = request(tmp_path, counters("(and (= (value x) 9) (= (value y) 9))"))
    outcome = FIRST.run(asked)
    assert_valid(asked, outcome)
    assert not outcome.proven
    assert outcome.cpu_s > 0


@pytest.mark.parametrize("metric", ["(spent)", "(+ (* 3 (spent)) 5)"])
def test_the_cheapest_plan_is_proven(metric: str, tmp_path: Path) -> None:
    case = counters("(>= (value x) 4)", EXPENSIVE, f"(:metric minimize {metric})")
    asked = request(tmp_path, case)
    assert asked.task.features <= OPTIMAL.supports
    outcome = OPTIMAL.run(asked)
    assert_valid(asked, outcome)
    assert outcome.proven
    assert len(outcome.plans[0]) == 4


def test_plans_get_cheaper_and_are_reported(tmp_path: Path) -> None:
    case = cases.toll(metric=True)
    found: list[Plan] = []
    asked = request(tmp_path, case, found=found.append)
    outcome = ANYTIME.run(asked)
    assert_valid(asked, outcome)
    costs = [validate(asked.task, plan).cost for plan in outcome.plans]
    assert costs[0] == Fraction(6)
    assert costs == sorted(costs, key=lambda cost: cost or 0)
    assert tuple(reversed(found)) == outcome.plans


@pytest.mark.parametrize(
    "metric", ["(value x)", "(- 0 (spent))", "(+ (total-time) (spent))"]
)
def test_a_metric_that_it_would_misread_is_refused(metric: str, tmp_path: Path) -> None:
    lower = act("lower", "(and)", "(decrease (value x) 1)")
    case = counters("(= (value y) 1)", lower, f"(:metric minimize {metric})")
    outcome = OPTIMAL.run(request(tmp_path, case))
    assert outcome.status is PlanStatus.UNSUPPORTED
    assert "ENHSP takes metrics" in outcome.detail


def test_no_plan_is_proven_with_integers(tmp_path: Path) -> None:
    for number, engine in enumerate((FIRST, OPTIMAL)):
        folder = tmp_path / str(number)
        folder.mkdir()
        outcome = engine.run(request(folder, counters("(> (value x) 9)")))
        assert outcome.status is PlanStatus.UNSOLVABLE


def test_no_plan_is_no_proof_with_fractions(tmp_path: Path) -> None:
    outcome = OPTIMAL.run(request(tmp_path, counters("(> (value x) 9.5)")))
    assert outcome.status is PlanStatus.UNPROVEN


def test_a_quantifier_over_too_many_objects_is_refused(tmp_path: Path) -> None:
    domain, _ = counters("(done)")
    many = " ".join(f"c{number}" for number in range(198))
    goal = "(forall (?a ?b ?c - counter) (or (marked ?a) (marked ?b) (marked ?c)))"
    problem = f"(define (problem p) (:domain counters) (:objects {many} - counter)"
    asked = request(tmp_path, (domain, f"{problem} (:init) (:goal {goal}))"))
    outcome = FIRST.run(asked)
    assert outcome.status is PlanStatus.UNSUPPORTED
    assert "8000000 instances" in outcome.detail


def test_the_time_limit_leaves_no_process(tmp_path: Path) -> None:
    asked = request(tmp_path, cases.hanoi(14), time_s=2.0)
    others = set(psutil.Process().children(recursive=True))
    before = time.perf_counter()
    outcome = OPTIMAL.run(asked)
    assert time.perf_counter() - before < 12.0
    assert outcome.status is PlanStatus.TIMEOUT
    assert not set(psutil.Process().children(recursive=True)) - others


def test_without_java_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    assert FIRST.missing() == ""
    monkeypatch.setenv("PATH", "")
    assert "apt install default-jre" in FIRST.missing()
