"""What all engines over Fast Downward's translator have in common."""

from __future__ import annotations

import importlib.util
import resource
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from jouleplan.domains.language.plan import Plan, read_plan
from jouleplan.planner.engines import fast_downward, kstar, symk
from jouleplan.planner.engines.engine import Engine, Limits, PlanStatus
from jouleplan.planner.engines.fast_downward import (
    FastDownward,
    FastDownwardAnytime,
    FastDownwardOptimal,
)
from jouleplan.planner.engines.kstar import KStar
from jouleplan.planner.engines.sas_search import PlanFiles
from jouleplan.planner.engines.symk import SymK
from jouleplan.planner.engines.translation import Translation
from tests.planner.engines import cases
from tests.planner.engines.cases import Case, assert_valid, request, script

FAST_DOWNWARD: list[Engine] = [
    FastDownward(),
    FastDownwardOptimal(),
    FastDownwardAnytime(),
]
ENGINES: list[Engine] = [*FAST_DOWNWARD, SymK(), KStar()]
GRACE_S = 1.0

every_engine = pytest.mark.parametrize("engine", ENGINES, ids=lambda e: e.name)
optimal_engine = pytest.mark.parametrize(
    "engine", [e for e in ENGINES if e.optimal], ids=lambda e: e.name
)


def _search_is(monkeypatch: pytest.MonkeyPatch, folder: Path, body: str) -> None:
    """Put a shell script in the place of every search."""
    folder.mkdir()
    script(folder / "downward", body)
    monkeypatch.setattr(fast_downward, "bin_folder", lambda: folder)
    for module in (symk, kstar):
        monkeypatch.setattr(module, "search_folder", lambda: folder)


def _left(word: str) -> list[psutil.Process]:
    """Return the living processes with a word in their command."""
    return [
        one
        for one in psutil.process_iter(["cmdline", "status"])
        if one.info["status"] != psutil.STATUS_ZOMBIE
        and any(word in part for part in one.info["cmdline"] or [])
    ]


@every_engine
@pytest.mark.parametrize(
    "case",
    [cases.hanoi(3), cases.ADL, cases.toll(True), cases.toll(False)],
    ids=["hanoi", "adl", "costs", "steps"],
)
def test_a_plan_is_valid(engine: Engine, case: Case, tmp_path: Path) -> None:
    asked = request(tmp_path, case)
    assert asked.task.features <= engine.supports
    outcome = engine.run(asked)
    assert outcome.status is PlanStatus.SOLVED
    assert_valid(asked, outcome)
    assert outcome.cpu_s > 0


@optimal_engine
@pytest.mark.parametrize(
    ("case", "steps"),
    [
        (cases.hanoi(4), 15),
        (cases.ADL, cases.ADL_STEPS),
        (cases.toll(True), 3),
        (cases.toll(False), 1),
    ],
    ids=["hanoi", "adl", "costs", "steps"],
)
def test_an_optimal_engine_proves_the_best_plan(
    engine: Engine, case: Case, steps: int, tmp_path: Path
) -> None:
    outcome = engine.run(request(tmp_path, case))
    assert outcome.proven
    assert len(outcome.plans[0]) == steps


@every_engine
def test_a_goal_that_holds_needs_no_step(engine: Engine, tmp_path: Path) -> None:
    case = cases.graph([("a", "b")], "a", "a")
    before = time.perf_counter()
    assert engine.run(request(tmp_path, case)).plans == ((),)
    assert time.perf_counter() - before < 5


@every_engine
def test_the_translator_proves_a_goal_out_of_reach(
    engine: Engine, tmp_path: Path
) -> None:
    outcome = engine.run(request(tmp_path, cases.graph([("a", "b")], "b", "a")))
    assert outcome.status is PlanStatus.UNSOLVABLE
    assert "translator" in outcome.detail


@every_engine
def test_the_search_proves_a_goal_out_of_reach(engine: Engine, tmp_path: Path) -> None:
    outcome = engine.run(request(tmp_path, cases.parity(7), count=3))
    assert outcome.status is PlanStatus.UNSOLVABLE
    assert "search" in outcome.detail


@every_engine
def test_no_engine_calls_a_solvable_task_with_axioms_unsolvable(
    engine: Engine, tmp_path: Path
) -> None:
    # Each lamp must be seen off while another is on: a trap for relaxations.
    domain, problem = cases.ADL
    problem = problem.replace("(tidy)", "(tidy) (dark)")
    outcome = engine.run(request(tmp_path, (domain, problem)))
    assert outcome.status is PlanStatus.SOLVED


@every_engine
def test_a_file_that_the_translator_refuses_is_a_crash(
    engine: Engine, tmp_path: Path
) -> None:
    asked = request(tmp_path, cases.hanoi(3))
    asked.domain_pddl.write_text("(define (domain hanoi) (:predicates (on ?x)")
    outcome = engine.run(asked)
    assert outcome.status is PlanStatus.CRASHED
    assert "the translator ended with exit code 31: Reason: " in outcome.detail


@every_engine
def test_the_form_of_the_files_does_not_matter(engine: Engine, tmp_path: Path) -> None:
    domain = "\ufeff(DEFINE (domain d) (:constants K) (:predicates (P ?x) (Q ?x))\r\n"
    domain += "; é\n(:action GO :parameters (?x) :effect (and (and (Q ?x)) (P K))))"
    problem = "\ufeff(define (problem q) (:domain D) (:objects A) (:init)\n"
    problem += "(:goal (and (q a) (p k))))"
    outcome = engine.run(request(tmp_path, (domain, problem)))
    assert outcome.plans == (read_plan("(go a)"),)


@every_engine
def test_the_cpu_of_an_engine_counts_as_that_of_our_children(
    engine: Engine, tmp_path: Path
) -> None:
    asked = request(tmp_path, cases.hanoi(4))
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    outcome = engine.run(asked)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    counted_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    assert counted_s == pytest.approx(outcome.cpu_s, abs=0.02)


@every_engine
def test_a_seed_that_changes_nothing_is_said(engine: Engine, tmp_path: Path) -> None:
    outcome = engine.run(request(tmp_path, cases.hanoi(3), seed=3))
    assert "seed" in " ".join(outcome.notes)


@every_engine
def test_several_engines_share_a_translation(engine: Engine, tmp_path: Path) -> None:
    asked = request(tmp_path, cases.hanoi(3))
    translation = Translation(
        asked.domain_pddl, asked.problem_pddl, asked.limits, tmp_path / "t"
    )
    outcome = engine.run(replace(asked, translation=translation))
    assert_valid(asked, outcome)
    assert not (asked.folder / "translation").exists()
    assert translation.cpu_s > 0


@every_engine
def test_a_translator_that_hangs_is_ended_with_its_grandchild(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hang = script(tmp_path / "hang", "setsid sleep 987654 &\nsleep 987654")
    monkeypatch.setattr(sys, "executable", str(hang))
    asked = request(tmp_path, cases.hanoi(3), time_s=0.4)
    before = time.perf_counter()
    outcome = engine.run(asked)
    assert time.perf_counter() - before < 0.4 + GRACE_S
    assert outcome.status is PlanStatus.TIMEOUT
    assert not _left("987654")


@every_engine
def test_a_search_that_hangs_is_ended_with_its_grandchild(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hang = "trap '' TERM\nsetsid sleep 987655 &\nsleep 987655"
    _search_is(monkeypatch, tmp_path / "bin", hang)
    asked = request(tmp_path, cases.hanoi(3), time_s=0.8)
    before = time.perf_counter()
    outcome = engine.run(asked)
    assert time.perf_counter() - before < 0.8 + GRACE_S
    assert outcome.status is PlanStatus.TIMEOUT
    assert not _left("987655")


@every_engine
def test_a_stop_ends_an_engine(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _search_is(monkeypatch, tmp_path / "bin", "sleep 987656")
    asked = request(tmp_path, cases.hanoi(3))
    threading.Timer(0.4, asked.stop.set).start()
    before = time.perf_counter()
    outcome = engine.run(asked)
    assert time.perf_counter() - before < 0.4 + GRACE_S
    assert outcome.status is PlanStatus.TIMEOUT
    assert not _left("987656")


@every_engine
def test_a_search_that_is_killed_is_a_crash(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _search_is(monkeypatch, tmp_path / "bin", "kill -9 $$")
    outcome = engine.run(request(tmp_path, cases.hanoi(3)))
    assert outcome.status is PlanStatus.CRASHED
    assert "SIGKILL" in outcome.detail


@every_engine
def test_a_search_that_eats_memory_is_ended(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Several processes below the limit of each.
    eat = "held = bytearray(b'x') * 80_000_000; import time; time.sleep(600)"
    one = f'{sys.executable} -S -c "{eat}"'
    _search_is(monkeypatch, tmp_path / "bin", f"{one} & {one} & {one} & {one}")
    asked = request(tmp_path, cases.hanoi(3))
    outcome = engine.run(replace(asked, limits=Limits(20.0, 200)))
    assert outcome.status is PlanStatus.MEMORY


@every_engine
def test_a_missing_interpreter_is_a_crash(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "none"))
    outcome = engine.run(request(tmp_path, cases.hanoi(3)))
    assert outcome.status is PlanStatus.CRASHED
    assert "No such file" in outcome.detail


@every_engine
@pytest.mark.parametrize(
    ("code", "status"),
    [
        (11, PlanStatus.UNSOLVABLE),
        (12, PlanStatus.UNPROVEN),
        (13, PlanStatus.UNPROVEN),
        (22, PlanStatus.MEMORY),
        (23, PlanStatus.TIMEOUT),
        (34, PlanStatus.UNSUPPORTED),
        (32, PlanStatus.CRASHED),
        (0, PlanStatus.CRASHED),
    ],
)
def test_exit_codes_are_told_apart(
    engine: Engine,
    code: int,
    status: PlanStatus,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _search_is(monkeypatch, tmp_path / "bin", f"exit {code}")
    outcome = engine.run(request(tmp_path, cases.hanoi(3)))
    assert outcome.status is status


@every_engine
def test_what_is_missing_is_named_with_its_command(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert engine.missing() == ""
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert engine.about.install in engine.missing()


def test_a_plan_file_is_read_once_it_is_complete(tmp_path: Path) -> None:
    seen: list[Plan] = []
    plans = PlanFiles(tmp_path, seen.append)
    file = tmp_path / "plan.1"
    file.write_text("(GO a)\n(go ")
    plans.look()
    assert not seen
    file.write_text("(GO a)\n(go b)\n; cost = 5 (general cost)\n")
    (tmp_path / "plan.2").write_text("(go c)\n; cost = 3 (general cost)\n")
    (tmp_path / "plan.3").write_text("(go c)\n; cost = 3 (general cost)\n")
    plans.look()
    assert seen == [read_plan("(go a)\n(go b)"), read_plan("(go c)")]
    assert plans.best(5) == (read_plan("(go c)"), read_plan("(go a)\n(go b)"))
