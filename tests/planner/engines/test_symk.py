"""SymK: the best plans that visit no state twice."""

from __future__ import annotations

from pathlib import Path

from jouleplan.domains.language.plan import Plan
from jouleplan.planner.engines.engine import PlanStatus
from jouleplan.planner.engines.symk import SymK
from tests.planner.engines import cases
from tests.planner.engines.cases import assert_valid, request
from tests.planner.engines.walks import DIAMONDS, walks


def test_the_best_plans_are_all_that_are_that_short(tmp_path: Path) -> None:
    found: list[Plan] = []
    case = cases.graph(DIAMONDS, "a", "g")
    simple = walks(DIAMONDS, "a", "g", longest=8, simple=True)
    asked = request(tmp_path, case, count=6, found=found.append)
    outcome = SymK().run(asked)
    assert_valid(asked, outcome)
    assert len(set(outcome.plans)) == 6
    assert [len(plan) for plan in outcome.plans] == [len(plan) for plan in simple[:6]]
    assert set(outcome.plans) <= set(simple)
    assert sorted(map(len, found)) == [len(plan) for plan in outcome.plans]
    assert outcome.proven


def test_several_plans_of_a_task_beyond_strips(tmp_path: Path) -> None:
    asked = request(tmp_path, cases.ADL, count=4)
    outcome = SymK().run(asked)
    assert_valid(asked, outcome)
    assert len(set(outcome.plans)) == 4
    assert len(outcome.plans[0]) == cases.ADL_STEPS


def test_fewer_plans_than_asked_for_are_returned(tmp_path: Path) -> None:
    case = cases.graph([("a", "b"), ("b", "c"), ("a", "c")], "a", "c")
    outcome = SymK().run(request(tmp_path, case, time_s=2.0, count=5))
    assert outcome.status is PlanStatus.SOLVED
    assert [len(plan) for plan in outcome.plans] == [1, 2]
