"""Planning for any two files: rewriting, engines side by side, refusals, limits."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from jouleplan.domains.errors import PddlError
from jouleplan.planner.attempts import Found
from jouleplan.planner.costs import read_costs
from jouleplan.planner.engines.engine import PlanStatus
from jouleplan.planner.engines.registry import ENGINES
from jouleplan.planner.errors import (
    CostsError,
    LimitError,
    UnfitEngineError,
    UnknownEngineError,
)
from jouleplan.planner.options import Options
from jouleplan.planner.planned import Planning
from jouleplan.planner.planning import plan_files

SWITCH = """(define (domain lamps) (:requirements :adl)
  (:types lamp)
  (:predicates (on ?x - lamp) (near ?x ?y - lamp) (at ?x - lamp))
  (:action walk :parameters (?x ?y - lamp) :precondition (and (at ?x) (near ?x ?y))
   :effect (and (at ?y) (not (at ?x))))
  (:action switch :parameters (?x - lamp) :precondition (and (at ?x) (not (on ?x)))
   :effect (on ?x)))
"""
LAMPS = """(define (problem three) (:domain lamps) (:objects a b c - lamp)
  (:init (at a) (near a b) (near b a) (near b c) (near c b))
  (:goal GOAL))
"""
BOTH = "(and (on a) (on c))"


def _files(folder: Path, domain: str, problem: str) -> tuple[Path, Path]:
    files = folder / "domain.pddl", folder / "problem.pddl"
    for file, text in zip(files, (domain, problem), strict=True):
        file.write_text(text, encoding="utf-8")
    return files


def _plan(
    folder: Path, domain: str, problem: str, options: Options | None = None
) -> Planning:
    return plan_files(*_files(folder, domain, problem), options or Options())


def _lamps(goal: str = BOTH) -> str:
    return LAMPS.replace("GOAL", goal)


def _steps(planning: Planning) -> list[str]:
    return [str(step) for step in planning.plans[0].plan]


def test_a_classical_task_gets_a_plan_that_is_proven_best(tmp_path: Path) -> None:
    planning = _plan(tmp_path, SWITCH, _lamps())
    assert planning.status is PlanStatus.SOLVED
    assert planning.proven
    assert _steps(planning) == ["switch(a)", "walk(a, b)", "walk(b, c)", "switch(c)"]
    assert planning.times.total >= planning.times.search > 0


def test_files_that_the_translator_misreads_are_written_for_it(tmp_path: Path) -> None:
    problem = _lamps()
    goal = problem[problem.index("(:goal") :].rstrip()[:-1]
    swapped = problem.replace(goal, "").replace("(:init", f"{goal} (:init")
    planning = _plan(tmp_path, SWITCH, swapped, Options("fast-downward-optimal"))
    assert len(planning.plans[0].plan) == 4


def test_alternatives_of_types_are_rewritten(tmp_path: Path) -> None:
    domain = SWITCH.replace("(:types lamp)", "(:types lamp post)").replace(
        ":action switch :parameters (?x - lamp)",
        ":action switch :parameters (?x - (either lamp post))",
    )
    domain = domain.replace("(on ?x - lamp)", "(on ?x - (either lamp post))")
    domain = domain.replace("(at ?x - lamp)", "(at ?x - (either lamp post))")
    planning = _plan(tmp_path, domain, _lamps("(forall (?x - lamp) (on ?x))"))
    assert planning.proven
    assert len(planning.plans[0].plan) == 5


def test_a_preference_is_kept_where_that_is_worth_its_price(tmp_path: Path) -> None:
    goal = "(and (on a) (preference far (on c)) (preference mid (on b)))"
    problem = _lamps(goal).rstrip()[:-1]
    metric = "(+ (* 9 (is-violated far)) (* 0.5 (is-violated mid)) (total-time))"
    planning = _plan(tmp_path, SWITCH, f"{problem}(:metric minimize {metric}))")
    assert planning.proven
    assert planning.plans[0].verdict.violations == {"far": 0, "mid": 1}
    assert planning.plans[0].verdict.cost == 4.5


TIMED = SWITCH.replace(
    """(:action switch :parameters (?x - lamp) :precondition (and (at ?x) (not (on ?x)))
   :effect (on ?x))""",
    """(:durative-action switch :parameters (?x - lamp) :duration (= ?duration 2)
   :condition (and (at start (at ?x)) (over all (at ?x)))
   :effect (at end (on ?x)))""",
)


def test_operators_that_take_time_are_timed_and_validated(tmp_path: Path) -> None:
    planning = _plan(tmp_path, TIMED, _lamps(), Options("fast-downward"))
    assert planning.status is PlanStatus.SOLVED
    makespan = planning.plans[0].verdict.makespan
    assert makespan is not None
    assert 4 <= makespan < 4.1
    assert not planning.proven


def test_timed_literals_are_met_by_steps_between_them(tmp_path: Path) -> None:
    problem = _lamps().replace("(:init (at a)", "(:init (at a) (at 7 (on b))")
    planning = _plan(tmp_path, SWITCH, problem.replace("(on a)", "(on b)"))
    assert planning.status is PlanStatus.SOLVED
    assert [step.operator for step in planning.plans[0].plan].count("switch") == 1


PRICED = SWITCH.replace(
    "(:action walk", "(:functions (total-cost) (far ?x ?y - lamp)) (:action walk"
).replace(
    "(not (at ?x))))", "(not (at ?x)) (increase (total-cost) (* 2 (far ?x ?y)))))"
)


def test_costs_with_fractions_are_minimised_exactly(tmp_path: Path) -> None:
    problem = _lamps().replace(
        "(:init",
        "(:init (near a c) (= (far a b) 0.3) (= (far b a) 1) (= (far b c) 0.4) "
        "(= (far c b) 1) (= (far a c) 0.75) (= (total-cost) 0)",
    )
    problem = problem.rstrip()[:-1] + "(:metric minimize (total-cost)))"
    planning = _plan(tmp_path, PRICED, problem)
    assert planning.proven
    assert planning.plans[0].verdict.cost == pytest.approx(1.4)
    assert "walk(a, b)" in _steps(planning)


def test_an_unreachable_goal_is_proven(tmp_path: Path) -> None:
    problem = _lamps().replace("(near b c)", "")
    planning = _plan(tmp_path, SWITCH, problem)
    assert planning.status is PlanStatus.UNSOLVABLE
    assert planning.detail


def test_no_plan_of_a_rewritten_task_is_no_proof(tmp_path: Path) -> None:
    problem = _lamps().replace("(near b c)", "")
    planning = _plan(tmp_path, TIMED, problem, Options("fast-downward"))
    assert planning.status is PlanStatus.UNPROVEN


def test_a_named_engine_refuses_by_the_feature_and_names_others(
    tmp_path: Path,
) -> None:
    planning = _plan(tmp_path, SWITCH, _lamps(), Options("pyperplan"))
    assert planning.status is PlanStatus.UNSUPPORTED
    assert "negative preconditions" in planning.detail
    assert "engines that can: fast-downward" in planning.detail


def test_what_no_engine_takes_is_refused_by_the_feature(tmp_path: Path) -> None:
    domain = SWITCH.replace(":effect (on ?x)", ":effect (probabilistic 0.5 (on ?x))")
    planning = _plan(tmp_path, domain, _lamps())
    assert planning.status is PlanStatus.UNSUPPORTED
    assert "probabilistic" in planning.detail


def test_several_plans_are_the_best_ones_in_order(tmp_path: Path) -> None:
    planning = _plan(tmp_path, SWITCH, _lamps(), Options(top_k=3))
    costs = [found.verdict.cost for found in planning.plans]
    assert len({found.plan for found in planning.plans}) == 3
    assert costs == sorted(costs)  # type: ignore[type-var]
    assert costs[0] == 4


def test_an_anytime_search_reports_better_and_better_plans(tmp_path: Path) -> None:
    seen: list[Found] = []
    files = _files(tmp_path, SWITCH, _lamps())
    options = Options(anytime=True, time_limit_s=5)
    planning = plan_files(*files, options, improved=seen.append)
    assert planning.status is PlanStatus.SOLVED
    costs = [found.verdict.cost for found in seen]
    assert costs == sorted(costs, reverse=True)  # type: ignore[type-var]
    assert seen[-1] == planning.plans[0]


def test_a_fault_of_the_files_ends_the_translation(tmp_path: Path) -> None:
    with pytest.raises(PddlError, match="unknown object 'd'"):
        _plan(tmp_path, SWITCH, _lamps("(on d)"))


@pytest.mark.parametrize(
    ("options", "error"),
    [
        (Options("fast-downwrd"), UnknownEngineError),
        (Options(time_limit_s=math.nan), LimitError),
        (Options(memory_limit_mb=3), LimitError),
        (Options("fast-downward", optimal=True), UnfitEngineError),
        (Options(optimal=True, anytime=True), UnfitEngineError),
    ],
)
def test_options_that_do_not_fit_are_refused(
    tmp_path: Path, options: Options, error: type[Exception]
) -> None:
    with pytest.raises(error):
        _plan(tmp_path, SWITCH, _lamps(), options)


@pytest.mark.parametrize("engine", [n for n, e in ENGINES.items() if not e.missing()])
def test_every_engine_takes_strips_and_its_plan_is_valid(
    tmp_path: Path, engine: str
) -> None:
    domain = SWITCH.replace("(and (at ?x) (not (on ?x)))", "(at ?x)")
    planning = _plan(tmp_path, domain, _lamps(), Options(engine, time_limit_s=20))
    assert planning.status is PlanStatus.SOLVED, planning.detail
    assert planning.plans[0].verdict.valid


# --- costs from outside ---


def _costs(folder: Path, text: str) -> Options:
    file = folder / "costs.toml"
    file.write_text(f"version = 1\n{text}")
    return Options(costs=read_costs(file))


def test_given_costs_are_minimised(tmp_path: Path) -> None:
    problem = _lamps().replace("(:init", "(:init (near a c)")
    cheap = "[operators]\nwalk = 1\nswitch = 2.5\n'walk(a, c)' = 5"
    around = _plan(tmp_path, SWITCH, problem, _costs(tmp_path, cheap))
    assert around.plans[0].verdict.cost == 7
    assert "walk(a, b)" in _steps(around)
    straight = cheap.replace("= 5", "= 1.5")
    planning = _plan(tmp_path, SWITCH, problem, _costs(tmp_path, straight))
    assert "walk(a, c)" in _steps(planning)


def test_the_most_specific_cost_counts(tmp_path: Path) -> None:
    text = "default = 9\n[operators]\n'walk(*, lamp)' = 3\nwalk = 5\n'walk(a, *)' = 2"
    planning = _plan(tmp_path, SWITCH, _lamps(), _costs(tmp_path, text))
    assert planning.plans[0].verdict.cost == 2 + 3 + 9 + 9


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[operators]\nwalk = 1", "no cost for every switch"),
        ("default = 1\n[operators]\nwolk = 1", "did you mean walk"),
        ("default = 1\n[operators]\n'walk(a)' = 1", "takes 2 objects"),
        ("default = 1\n[operators]\n'walk(a, z)' = 1", "unknown object or type 'z'"),
        ("default = -1", "give a number from 0"),
        ("default = true", "give a number from 0"),
        ("extra = 1", "unknown 'extra'"),
        ("default = ", "cannot be read as TOML"),
        (f"default = 1{'0' * 5000}", "cannot be read as TOML: Exceeds"),
        (f"default = {'[' * 10000}", "cannot be read as TOML: .*recursion"),
    ],
)
def test_costs_that_do_not_fit_are_refused(
    tmp_path: Path, text: str, reason: str
) -> None:
    with pytest.raises(CostsError, match=reason):
        _plan(tmp_path, SWITCH, _lamps(), _costs(tmp_path, text))
