"""pyperplan: plans, proofs and limits on positive STRIPS."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import psutil
import pytest

from jouleplan.planner.engines.engine import PlanStatus
from jouleplan.planner.engines.pyperplan import FIRST, OPTIMAL, Pyperplan
from tests.planner.engines import cases
from tests.planner.engines.cases import Case, assert_valid, request

UNREAD_NUMBERS: Case = (
    """(define (domain d) (:predicates (p) (q) (p-q ?p)) (:functions (spent))
 (:action first :parameters ()
  :effect (and (and (p) (increase (spent) 2)) (not (q))))
 (:action second :parameters (?P) :precondition (and (and (p)))
  :effect (p-q ?p)))""",
    """(define (problem x) (:domain d) (:objects Q second) (:init (= (spent) 0))
 (:goal (and (and (p-q q) (p-q second)))))""",
)
"""No feature beyond STRIPS, but forms that pyperplan stumbles over."""


def switches(count: int) -> Case:
    """Return switches to be turned on: every set of them is a state."""
    names = " ".join(f"s{number}" for number in range(count))
    goal = " ".join(f"(on s{number})" for number in range(count))
    return (
        "(define (domain switches) (:predicates (on ?s))"
        "(:action press :parameters (?s) :effect (on ?s)))",
        f"(define (problem s) (:domain switches) (:objects {names})"
        f"(:init) (:goal (and {goal})))",
    )


@pytest.mark.parametrize("engine", [FIRST, OPTIMAL], ids=lambda engine: engine.name)
def test_the_first_plan_is_shortest(engine: Pyperplan, tmp_path: Path) -> None:
    asked = request(tmp_path, cases.hanoi(4))
    outcome = engine.run(asked)
    assert_valid(asked, outcome)
    assert outcome.proven
    assert len(outcome.plans[0]) == 15


def test_forms_that_pyperplan_does_not_read_are_written_as_it_does(
    tmp_path: Path,
) -> None:
    asked = request(tmp_path, UNREAD_NUMBERS)
    assert asked.task.features <= FIRST.supports
    outcome = FIRST.run(asked)
    assert_valid(asked, outcome)
    assert len(outcome.plans[0]) == 3


def test_the_end_of_all_states_proves_that_there_is_no_plan(tmp_path: Path) -> None:
    outcome = FIRST.run(request(tmp_path, cases.parity(6)))
    assert outcome.status is PlanStatus.UNSOLVABLE
    assert "every reachable state" in outcome.detail


def test_greedy_search_finds_what_breadth_first_does_not(tmp_path: Path) -> None:
    asked = request(tmp_path, switches(24), time_s=6.0)
    outcome = FIRST.run(asked)
    assert_valid(asked, outcome)
    assert not outcome.proven
    assert outcome.notes == ("bfs was ended by the time limit",)


def test_the_time_limit_leaves_no_process(tmp_path: Path) -> None:
    others = set(psutil.Process().children(recursive=True))
    before = time.perf_counter()
    outcome = OPTIMAL.run(request(tmp_path, cases.hanoi(14), time_s=1.0))
    assert time.perf_counter() - before < 12.0
    assert outcome.status is PlanStatus.TIMEOUT
    assert not set(psutil.Process().children(recursive=True)) - others


def test_a_stop_ends_it(tmp_path: Path) -> None:
    stop = threading.Event()
    threading.Timer(0.5, stop.set).start()
    before = time.perf_counter()
    outcome = FIRST.run(request(tmp_path, cases.hanoi(14), stop=stop))
    assert time.perf_counter() - before < 12.0
    assert outcome.status is PlanStatus.TIMEOUT
    assert "stop" in outcome.detail


def test_a_seed_gives_the_same_plan_again(tmp_path: Path) -> None:
    plans = []
    for number in range(2):
        folder = tmp_path / str(number)
        folder.mkdir()
        plans.append(FIRST.run(request(folder, cases.gripper(3), seed=7)).plans)
    assert plans[0] == plans[1]
