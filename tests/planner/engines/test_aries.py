"""Aries: tasks with times and with numbers."""

from __future__ import annotations

import time
from fractions import Fraction
from pathlib import Path

import psutil
import pytest

from jouleplan.domains.language.plan import Plan
from jouleplan.planner.engines.aries import ANYTIME, FIRST
from jouleplan.planner.engines.engine import PlanStatus
from jouleplan.planner.validator import validate
from tests.planner.engines import cases
from tests.planner.engines.cases import Case, assert_valid, request


def kitchen(goal: str, init: str = "", metric: str = "") -> Case:
    """Return water that must boil, for a time of choice, while bread is cut."""
    return (
        """(define (domain kitchen)
 (:requirements :durative-actions :duration-inequalities :fluents
  :negative-preconditions :timed-initial-literals)
 (:types meal) (:predicates (boiling) (cut ?m - meal) (cooked ?m - meal) (free) (open))
 (:functions (weight ?m - meal) (gas))
 (:durative-action boil :parameters ()
  :duration (and (>= ?duration 2.5) (<= ?duration 9))
  :condition (and (at start (not (boiling))) (at start (>= (gas) 2)))
  :effect (and (at start (boiling)) (at end (not (boiling)))
   (at start (decrease (gas) 2))))
 (:durative-action cook :parameters (?m - meal) :duration (= ?duration (weight ?m))
  :condition (and (over all (boiling)) (at start (free)))
  :effect (and (at start (not (free))) (at end (free)) (at end (cooked ?m))))
 (:action slice :parameters (?m - meal) :precondition (and (open) (not (cut ?m)))
  :effect (cut ?m)))""",
        "(define (problem dinner) (:domain kitchen) (:objects rice corn - meal)"
        "(:init (free) (= (weight rice) 1.5) (= (weight corn) 2) (= (gas) 4)"
        f"{init}) (:goal {goal}) {metric})",
    )


def test_operators_overlap_where_they_must(tmp_path: Path) -> None:
    asked = request(tmp_path, kitchen("(and (cooked rice) (cooked corn))"))
    assert asked.task.features <= FIRST.supports
    outcome = FIRST.run(asked)
    assert_valid(asked, outcome)
    (plan,) = outcome.plans
    durations = {step.objects: step.duration for step in plan}
    assert durations[("rice",)] == Fraction(3, 2)
    assert durations[("corn",)] == 2


def test_what_happens_by_itself_is_waited_for(tmp_path: Path) -> None:
    asked = request(tmp_path, kitchen("(cut corn)", "(at 5.25 (open))"))
    assert asked.task.features <= FIRST.supports
    outcome = FIRST.run(asked)
    assert_valid(asked, outcome)
    (step,) = outcome.plans[0]
    assert step.start is not None
    assert step.start > Fraction(21, 4)
    assert step.duration is None


def test_numbers_that_are_fractions_are_kept_exactly(tmp_path: Path) -> None:
    domain = """(define (domain tank) (:requirements :fluents)
 (:functions (level) (spare))
 (:action fill :parameters () :precondition (<= (level) 1.25)
  :effect (and (increase (level) 0.75) (decrease (spare) 0.5)))
 (:action drain :parameters () :effect (decrease (level) 0.25)))"""
    problem = """(define (problem p) (:domain tank) (:init (= (level) 0) (= (spare) 2))
 (:goal (and (= (level) 2) (>= (spare) 0.5))))"""
    asked = request(tmp_path, (domain, problem))
    outcome = FIRST.run(asked)
    assert_valid(asked, outcome)


def test_logic_that_it_does_not_take_is_rewritten(tmp_path: Path) -> None:
    domain = """(define (domain d) (:requirements :adl) (:types t)
 (:predicates (p ?x - t) (q ?x - t) (done))
 (:action spread :parameters (?x - t) :precondition (p ?x)
  :effect (forall (?y - t) (when (not (= ?x ?y)) (and (q ?y) (not (p ?y))))))
 (:action end :parameters ()
  :precondition (or (and (not (exists (?x - t) (p ?x))) (done))
                    (exists (?x - t) (and (q ?x) (not (p ?x)))))
  :effect (and (not (done)) (done))))"""
    problem = """(define (problem p) (:domain d) (:objects a b - t)
 (:init (p a) (p b)) (:goal (and (done) (or (p a) (p b)))))"""
    asked = request(tmp_path, (domain, problem))
    assert asked.task.features <= FIRST.supports
    outcome = FIRST.run(asked)
    assert_valid(asked, outcome)


def test_plans_get_cheaper_and_are_reported(tmp_path: Path) -> None:
    found: list[Plan] = []
    asked = request(tmp_path, cases.toll(metric=True), time_s=8.0, found=found.append)
    assert asked.task.features <= ANYTIME.supports
    outcome = ANYTIME.run(asked)
    assert_valid(asked, outcome)
    assert validate(asked.task, outcome.plans[0]).cost == 6
    assert found[-1] == outcome.plans[0]
    assert not outcome.proven


def test_numbers_that_are_multiplied_are_refused(tmp_path: Path) -> None:
    domain = """(define (domain d) (:requirements :fluents) (:functions (x))
 (:action square :parameters () :effect (assign (x) (* (x) (x)))))"""
    problem = "(define (problem p) (:domain d) (:init (= (x) 2)) (:goal (= (x) 16)))"
    outcome = FIRST.run(request(tmp_path, (domain, problem)))
    assert outcome.status is PlanStatus.UNSUPPORTED
    assert "multiply" in outcome.detail


def test_what_is_not_read_is_named(tmp_path: Path) -> None:
    domain = """(define (domain d) (:requirements :durative-actions) (:functions (x))
 (:durative-action run :parameters () :duration (and (>= ?duration 1) (<= ?duration 5))
  :condition () :effect (at end (increase (x) ?duration))))"""
    problem = "(define (problem p) (:domain d) (:init (= (x) 0)) (:goal (>= (x) 3)))"
    outcome = FIRST.run(request(tmp_path, (domain, problem)))
    assert outcome.status is PlanStatus.UNSUPPORTED
    assert "duration" in outcome.detail


@pytest.mark.parametrize("engine", [FIRST, ANYTIME], ids=lambda engine: engine.name)
def test_no_plan_ends_at_the_limit_and_leaves_no_server(
    engine: object, tmp_path: Path
) -> None:
    assert engine in (FIRST, ANYTIME)
    asked = request(tmp_path, kitchen("(and (boiling) (cut rice))"), time_s=5.0)
    before = time.perf_counter()
    outcome = (FIRST if engine is FIRST else ANYTIME).run(asked)
    assert time.perf_counter() - before < 15.0
    assert outcome.status is PlanStatus.TIMEOUT
    assert not [
        process
        for process in psutil.process_iter(["cmdline", "cwd"])
        if process.info["cwd"] == str(asked.folder)
    ]
