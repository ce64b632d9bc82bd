"""Fast Downward: first, best, and better and better plans."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from jouleplan.domains.language.plan import Plan
from jouleplan.planner.engines.engine import PlanStatus
from jouleplan.planner.engines.fast_downward import (
    FastDownward,
    FastDownwardAnytime,
    FastDownwardOptimal,
)
from tests.planner.engines import cases
from tests.planner.engines.cases import assert_valid, request


def test_the_first_plan_is_not_said_to_be_best(tmp_path: Path) -> None:
    outcome = FastDownward().run(request(tmp_path, cases.hanoi(3)))
    assert outcome.status is PlanStatus.SOLVED
    assert not outcome.proven


def test_lama_ends_with_a_proof(tmp_path: Path) -> None:
    found: list[Plan] = []
    asked = request(tmp_path, cases.hanoi(6), found=found.append)
    outcome = FastDownwardAnytime().run(asked)
    assert outcome.proven
    assert len(outcome.plans[0]) == 63
    assert found[-1] == outcome.plans[0]
    assert_valid(asked, outcome)


def test_lama_minds_costs(tmp_path: Path) -> None:
    outcome = FastDownwardAnytime().run(request(tmp_path, cases.toll(True)))
    assert outcome.proven
    assert len(outcome.plans[0]) == 3


def test_lama_proves_nothing_where_there_are_axioms(tmp_path: Path) -> None:
    outcome = FastDownwardAnytime().run(request(tmp_path, cases.ADL))
    assert outcome.status is PlanStatus.SOLVED
    assert not outcome.proven


def test_lama_reports_plans_as_it_finds_them_and_has_the_best_at_the_limit(
    tmp_path: Path,
) -> None:
    times: list[float] = []
    started = time.perf_counter()
    asked = request(
        tmp_path,
        cases.gripper(16),
        time_s=2.0,
        found=lambda plan: times.append(time.perf_counter() - started),
    )
    outcome = FastDownwardAnytime().run(asked)
    assert outcome.status is PlanStatus.SOLVED
    assert not outcome.proven
    assert_valid(asked, outcome)
    assert times[0] < 1.9


@pytest.mark.parametrize("change", ["", "(not (on ?d ?to))"])
def test_a_star_takes_conditional_effects(change: str, tmp_path: Path) -> None:
    # A delete effect without its precondition becomes a conditional one, too.
    domain = cases.HANOI.replace("(on ?d ?to) ", f"(on ?d ?to) {change}")
    domain = domain.replace(
        "(not (on ?d ?from))", "(when (clear ?d) (not (on ?d ?from)))"
    )
    outcome = FastDownwardOptimal().run(request(tmp_path, (domain, cases.hanoi(3)[1])))
    assert outcome.proven
    assert len(outcome.plans[0]) == 7
