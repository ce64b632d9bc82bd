"""K*: the cheapest plans."""

from __future__ import annotations

from pathlib import Path

from jouleplan.planner.engines.engine import PlanStatus
from jouleplan.planner.engines.kstar import KStar
from jouleplan.planner.engines.symk import SymK
from tests.planner.engines import cases
from tests.planner.engines.cases import assert_valid, request
from tests.planner.engines.walks import DIAMONDS, walks


def test_the_cheapest_plans_are_all_that_are_that_cheap(tmp_path: Path) -> None:
    every = walks(DIAMONDS, "a", "g", longest=10, simple=False)
    assert len(every) > 12
    asked = request(tmp_path, cases.graph(DIAMONDS, "a", "g"), count=12)
    outcome = KStar().run(asked)
    assert_valid(asked, outcome)
    assert len(set(outcome.plans)) == 12
    assert [len(plan) for plan in outcome.plans] == [len(plan) for plan in every[:12]]
    assert set(outcome.plans) <= set(every)
    assert outcome.proven


def test_costs_rank_the_plans(tmp_path: Path) -> None:
    asked = request(tmp_path, cases.toll(True), count=2)
    outcome = KStar().run(asked)
    assert [len(plan) for plan in outcome.plans] == [3, 1]
    assert SymK().run(asked).plans == outcome.plans


def test_conditional_effects_and_axioms_are_taken(tmp_path: Path) -> None:
    asked = request(tmp_path, cases.ADL, count=4)
    outcome = KStar().run(asked)
    assert_valid(asked, outcome)
    assert len(set(outcome.plans)) == 4
    assert len(outcome.plans[0]) == cases.ADL_STEPS


def test_fewer_plans_than_asked_for_are_returned(tmp_path: Path) -> None:
    case = cases.graph([("a", "b"), ("b", "c"), ("a", "c")], "a", "c")
    outcome = KStar().run(request(tmp_path, case, count=5))
    assert outcome.status is PlanStatus.SOLVED
    assert [len(plan) for plan in outcome.plans] == [1, 2]
