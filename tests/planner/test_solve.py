"""Solving: the choice of engines, limits, and plans that are replayed."""

from __future__ import annotations

import math
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from jouleplan.domains.catalogue import find_domain, find_problem
from jouleplan.domains.generate import GENERATORS
from jouleplan.domains.pddl import read_domain, read_problem
from jouleplan.domains.symbols import Domain, GroundAtom, GroundOperator, Problem
from jouleplan.planner.engines import fast_downward, sas_search, translation
from jouleplan.planner.errors import LimitError, MissingEngineError, UnknownEngineError
from jouleplan.planner.options import ENGINE_CHOICES, Options
from jouleplan.planner.solve import PlanResult, PlanStatus, solve_from
from jouleplan.planner.solve import solve as solve_files

# Aries is for times and numbers, and its threads race for the first plan.
STEADY = [name for name in ENGINE_CHOICES if not name.startswith("aries")]

Read = tuple[Domain, Problem, Path, Path]


def _read(domain: str, problem: str) -> Read:
    files = find_domain(domain)
    read = read_domain(files.domain_pddl)
    file = find_problem(files, problem)
    return read, read_problem(file, read), files.domain_pddl, file


def solve(
    domain: Domain,
    problem: Problem,
    domain_pddl: Path,
    problem_pddl: Path,
    **asked: Any,
) -> PlanResult:
    """Solve what `_read` returns."""
    return solve_files(domain, domain_pddl, problem_pddl, Options(**asked))


def _reaches_goal(task: Read, plan: tuple[GroundOperator, ...]) -> bool:
    state = task[1].init
    for operator in plan:
        assert operator.applicable(state)
        state = operator.apply(state)
    return task[1].satisfied(state)


@pytest.fixture
def broken_search(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[str], None]:
    """Put a shell script in the place of Fast Downward's search binary."""
    folder = tmp_path / "bin"
    folder.mkdir()
    programs = translation.bin_folder() / "fast_downward"
    (folder / "fast_downward").symlink_to(programs)
    monkeypatch.setattr(fast_downward, "bin_folder", lambda: folder)

    def put(body: str) -> None:
        (folder / "downward").write_text(f"#!/bin/sh\n{body}\n")
        (folder / "downward").chmod(0o755)

    return put


@pytest.mark.parametrize("engine", STEADY)
@pytest.mark.parametrize("case", [("hanoi", "p04-middle"), ("blocksworld", "p06")])
def test_every_choice_finds_a_plan_that_replays(
    engine: str, case: tuple[str, str]
) -> None:
    task = _read(*case)
    result = solve(*task, engine=engine, seed=1)
    assert result.status is PlanStatus.SOLVED
    assert _reaches_goal(task, result.plan)
    assert result.cpu_s > 0
    assert result.wall_s > 0


def test_auto_plans_optimally_first() -> None:
    result = solve(*_read("hanoi", "p05"))
    assert result.engine == "fast-downward-optimal"
    assert len(result.plan) == 62
    assert "the plan is shortest" in result.notes


def test_auto_takes_any_plan_where_the_optimal_search_takes_too_long(
    tmp_path: Path,
) -> None:
    file = tmp_path / "problem.pddl"
    file.write_text(GENERATORS["blocksworld"](30, np.random.default_rng(0)))
    domain, _, domain_pddl, _ = _read("blocksworld", "p05")
    task = domain, read_problem(file, domain), domain_pddl, file
    result = solve(*task, time_limit_s=8)
    assert result.status is PlanStatus.SOLVED
    assert result.engine != "fast-downward-optimal"
    assert any("fast-downward-optimal: timeout" in note for note in result.notes)
    assert _reaches_goal(task, result.plan)


@pytest.mark.parametrize("engine", ENGINE_CHOICES)
def test_a_goal_that_holds_needs_no_operator(engine: str, tmp_path: Path) -> None:
    domain, _, domain_pddl, problem_pddl = _read("hanoi", "p03")
    head = problem_pddl.read_text().partition("(:goal")[0]
    file = tmp_path / "problem.pddl"
    file.write_text(f"{head}(:goal (free-gripper)))")
    task = domain, read_problem(file, domain), domain_pddl, file
    result = solve(*task, engine=engine)
    assert (result.status, result.plan) == (PlanStatus.SOLVED, ())


def test_an_unsolvable_task_is_a_result_of_auto(tmp_path: Path) -> None:
    domain, problem, *files = _read("hanoi", "p03")
    init = frozenset(a for a in problem.init if a.predicate != "smaller")
    head, _, tail = files[1].read_text().partition("(:init")
    bare = [a for a in init if a.predicate != "smaller"]
    atoms = " ".join(f"({' '.join((a.predicate, *a.objects))})" for a in bare)
    file = tmp_path / "problem.pddl"
    file.write_text(f"{head}(:init {atoms})\n{tail[tail.index('(:goal') :]}")
    result = solve_from(domain, init, files[0], file)
    assert result.status is PlanStatus.UNSOLVABLE
    assert result.plan == ()
    assert result.detail


def test_auto_falls_back_when_an_engine_is_killed(
    broken_search: Callable[[str], None],
) -> None:
    broken_search("kill -9 $$")
    task = _read("hanoi", "p03")
    result = solve(*task)
    assert (result.status, result.engine) == (PlanStatus.SOLVED, "symk")
    assert _reaches_goal(task, result.plan)
    assert any("SIGKILL" in note for note in result.notes)


def test_auto_falls_back_when_an_engine_hangs(
    broken_search: Callable[[str], None],
) -> None:
    broken_search("sleep 600")
    result = solve(*_read("hanoi", "p03"), time_limit_s=9)
    assert (result.status, result.engine) == (PlanStatus.SOLVED, "symk")
    assert any("timeout" in note or "time limit" in note for note in result.notes)


def test_a_plan_that_is_not_valid_is_a_crash(
    broken_search: Callable[[str], None],
) -> None:
    broken_search("printf '(pick d3 peg1)\\n; cost = 1 (unit cost)\\n' > plan")
    result = solve(*_read("hanoi", "p03"), engine="fast-downward")
    assert result.status is PlanStatus.CRASHED
    assert "not valid: step 1, pick(d3, peg1)" in result.detail
    assert result.plan == ()


def _negative_task(folder: Path) -> Read:
    """Return a task that pyperplan refuses."""
    domain_file, problem_file = folder / "d.pddl", folder / "p.pddl"
    domain_file.write_text(
        "(define (domain d) (:predicates (p ?x)) (:action go :parameters (?x)"
        " :precondition (not (p ?x)) :effect (p ?x)))"
    )
    problem_file.write_text(
        "(define (problem q) (:domain d) (:objects a) (:init) (:goal (p a)))"
    )
    domain = read_domain(domain_file)
    return domain, read_problem(problem_file, domain), domain_file, problem_file


def test_an_engine_that_refuses_is_named_with_the_feature(tmp_path: Path) -> None:
    task = _negative_task(tmp_path)
    refused = solve(*task, engine="pyperplan")
    assert refused.status is PlanStatus.UNSUPPORTED
    assert "negative preconditions" in refused.detail
    assert [str(step) for step in solve(*task).plan] == ["go(a)"]


def test_where_no_engine_answers_the_status_tells_most(
    tmp_path: Path, broken_search: Callable[[str], None]
) -> None:
    broken_search("exit 22")
    task = _negative_task(tmp_path)
    result = solve(*task, engine="fast-downward")
    assert result.status is PlanStatus.MEMORY
    assert "out of memory" in result.detail or "exit code 22" in result.detail


def test_replanning_starts_from_the_given_state_and_keeps_static_atoms() -> None:
    domain, problem, domain_pddl, problem_pddl = _read("hanoi", "p03")
    on = {"d1": "peg3", "d2": "peg2", "d3": "peg1"}
    state = frozenset(
        [GroundAtom("on", pair) for pair in on.items()]
        + [GroundAtom("clear", (disk,)) for disk in on]
        + [GroundAtom("free-gripper")]
    )
    result = solve_from(domain, state, domain_pddl, problem_pddl, Options(seed=4))
    assert result.status is PlanStatus.SOLVED
    assert str(result.plan[0]) == "pick(d1, peg3)"
    static = {a for a in problem.init if a.predicate == "smaller"}
    here = domain, replace(problem, init=state | static), domain_pddl, domain_pddl
    assert _reaches_goal(here, result.plan)


@pytest.mark.parametrize("engine", STEADY)
def test_the_same_seed_finds_the_same_plan(engine: str) -> None:
    task = _read("blocksworld", "p07")
    plans = [solve(*task, engine=engine, seed=5).plan for _ in range(2)]
    assert plans[0] == plans[1]


def test_an_unknown_engine_names_near_matches() -> None:
    with pytest.raises(UnknownEngineError, match="did you mean pyperplan"):
        solve(*_read("hanoi", "p03"), engine="pyperlan")


@pytest.mark.parametrize(
    ("time_limit_s", "memory_limit_mb"),
    [(0, 4096), (-1, 4096), (math.nan, 4096), (math.inf, 4096), (30, 0), (30, 5)],
)
def test_a_limit_that_cannot_be_kept_is_refused(
    time_limit_s: float, memory_limit_mb: int
) -> None:
    with pytest.raises(LimitError, match="give a positive"):
        solve(
            *_read("hanoi", "p03"),
            time_limit_s=time_limit_s,
            memory_limit_mb=memory_limit_mb,
        )


def test_a_missing_package_is_an_error_only_where_it_was_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def missing() -> Path:
        raise MissingEngineError("Fast Downward is not installed; run: pip install x")

    monkeypatch.setattr(translation, "bin_folder", missing)
    monkeypatch.setattr(sas_search, "missing", lambda about: "run: pip install x")
    with pytest.raises(ImportError, match="pip install"):
        solve(*_read("hanoi", "p03"), engine="fast-downward")
    # without the translator the engines of UP and Java are left, whichever is first
    assert solve(*_read("hanoi", "p03")).engine in (
        "pyperplan",
        "pyperplan-compiled",
        "enhsp",
        "aries",
    )


def test_solving_imports_neither_an_engine_nor_unified_planning() -> None:
    code = (
        "import sys, jouleplan.planner.solve, jouleplan.domains.pddl; "
        "print(*{name.partition('.')[0] for name in sys.modules})"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()
    heavy = {"pyperplan", "up_fast_downward", "unified_planning", "numpy"}
    assert "jouleplan" in loaded
    assert not heavy & set(loaded)
