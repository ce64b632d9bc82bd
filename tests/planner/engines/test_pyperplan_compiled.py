"""pyperplan behind compilers: ADL and trajectory constraints."""

from __future__ import annotations

import time
from pathlib import Path

import psutil
import pytest

from jouleplan.planner.engines.engine import PlanStatus
from jouleplan.planner.engines.pyperplan_compiled import ENGINE
from tests.planner.engines import cases
from tests.planner.engines.cases import Case, assert_valid, request

LAMPS = """(define (domain lamps) (:requirements :adl :constraints)
 (:types lamp) (:constants hall - lamp)
 (:predicates (lit ?l - lamp) (done) (checked ?l - lamp))
 (:action toggle :parameters (?l - lamp)
  :precondition (or (not (checked ?l)) (= ?l hall))
  :effect (and (checked ?l)
   (when (lit ?l) (not (lit ?l))) (when (not (lit ?l)) (lit ?l))))
 (:action reset :parameters () :precondition (not (done))
  :effect (forall (?l - lamp) (not (checked ?l))))
 (:action finish :parameters ()
  :precondition (and (forall (?l - lamp) (lit ?l)) (exists (?l - lamp) (checked ?l)))
  :effect (done)))"""


def lamps(goal: str, constraints: str = "(and)") -> Case:
    """Return two lamps, one lit, with a goal."""
    return LAMPS, (
        "(define (problem p) (:domain lamps) (:objects cellar - lamp)"
        f"(:init (lit hall)) (:goal {goal}) (:constraints {constraints}))"
    )


@pytest.mark.parametrize(
    ("goal", "constraints", "steps"),
    [
        ("(done)", "(and)", 2),
        ("(and (done) (not (lit hall)))", "(and)", 3),
        ("(or (not (lit hall)) (done))", "(and)", 1),
        ("(exists (?l - lamp) (and (checked ?l) (not (= ?l hall))))", "(and)", 1),
        ("(done)", "(sometime (not (lit hall)))", 3),
        ("(and (done) (not (lit hall)))", "(sometime-before (done) (checked hall))", 5),
        ("(done)", "(always (lit hall))", 2),
    ],
)
def test_what_is_compiled_away_is_kept(
    goal: str, constraints: str, steps: int, tmp_path: Path
) -> None:
    asked = request(tmp_path, lamps(goal, constraints))
    assert asked.task.features <= ENGINE.supports
    outcome = ENGINE.run(asked)
    assert_valid(asked, outcome)
    assert len(outcome.plans[0]) == steps
    assert outcome.proven


@pytest.mark.parametrize(
    ("goal", "constraints"),
    [
        ("(and (lit hall) (not (lit hall)))", "(and)"),
        ("(done)", "(always (not (lit cellar)))"),
        ("(done)", "(always (lit cellar))"),
    ],
)
def test_no_plan_is_proven(goal: str, constraints: str, tmp_path: Path) -> None:
    outcome = ENGINE.run(request(tmp_path, lamps(goal, constraints)))
    assert outcome.status is PlanStatus.UNSOLVABLE, outcome.detail


def test_a_constraint_that_is_not_read_is_named(tmp_path: Path) -> None:
    outcome = ENGINE.run(request(tmp_path, lamps("(done)", "(within 3 (done))")))
    assert outcome.status is PlanStatus.UNSUPPORTED
    assert "(within 3 (done))" in outcome.detail


def test_costs_are_not_dropped(tmp_path: Path) -> None:
    asked = request(tmp_path, cases.toll(metric=True))
    assert not asked.task.features <= ENGINE.supports


def test_the_time_limit_leaves_no_process(tmp_path: Path) -> None:
    others = set(psutil.Process().children(recursive=True))
    before = time.perf_counter()
    outcome = ENGINE.run(request(tmp_path, cases.hanoi(14), time_s=4.0))
    assert time.perf_counter() - before < 12.0
    assert outcome.status is PlanStatus.TIMEOUT
    assert not set(psutil.Process().children(recursive=True)) - others
