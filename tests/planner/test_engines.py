"""Engines on real tasks, and what is left when they are killed or hang."""

from __future__ import annotations

import os
import resource
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from jouleplan.domains.catalogue import find_domain, find_problem
from jouleplan.domains.pddl import read_domain, read_problem
from jouleplan.planner.engines import ENGINES, fast_downward, process
from jouleplan.planner.engines.engine import (
    Engine,
    Limits,
    PlanStatus,
    Task,
    read_steps,
)
from jouleplan.planner.engines.replay import replay
from jouleplan.planner.engines.strips_text import domain_text, problem_text
from jouleplan.planner.errors import ReplayError

LIMITS = Limits(30.0, 4096)
every_engine = pytest.mark.parametrize("engine", ENGINES.values(), ids=list(ENGINES))


def _task(domain: str = "hanoi", problem: str = "p03") -> Task:
    files = find_domain(domain)
    read = read_domain(files.domain_pddl)
    file = find_problem(files, problem)
    return Task(read, read_problem(file, read), files.domain_pddl, file)


def _own_task(folder: Path, domain: str, problem: str) -> Task:
    files = folder / "own-domain.pddl", folder / "own-problem.pddl"
    for file, text in zip(files, (domain, problem), strict=True):
        file.write_text(text, encoding="utf-8")
    read = read_domain(files[0])
    return Task(read, read_problem(files[1], read), *files)


def _script(file: Path, body: str) -> Path:
    file.write_text(f"#!/bin/sh\n{body}\n")
    file.chmod(0o755)
    return file


def _alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def _children() -> list[int]:
    found = []
    for file in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = file.read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(fields[1]) == os.getpid() and fields[0] != "Z":
            found.append(int(file.parent.name))
    return found


@contextmanager
def _killer() -> Iterator[list[int]]:
    """End with SIGKILL the first child process that appears."""
    killed: list[int] = []
    before, stop = set(_children()), threading.Event()

    def watch() -> None:
        while not killed and not stop.is_set():
            for pid in set(_children()) - before:
                os.kill(pid, signal.SIGKILL)
                killed.append(pid)
            time.sleep(0.002)

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield killed
    finally:
        stop.set()
        thread.join()


@every_engine
@pytest.mark.parametrize("case", [("hanoi", "p03-spread"), ("blocksworld", "p05")])
def test_a_plan_replays_to_the_goal(
    engine: Engine, case: tuple[str, str], tmp_path: Path
) -> None:
    task = _task(*case)
    outcome = engine.run(task, LIMITS, 3, tmp_path)
    assert outcome.status is PlanStatus.SOLVED
    assert replay(task.domain, task.problem, outcome.steps)
    assert outcome.cpu_s > 0


@every_engine
def test_the_cpu_of_an_engine_counts_as_that_of_our_children(
    engine: Engine, tmp_path: Path
) -> None:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    outcome = engine.run(_task(), LIMITS, None, tmp_path)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    counted_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    assert counted_s == pytest.approx(outcome.cpu_s, abs=0.02)


@every_engine
def test_a_goal_out_of_reach_is_proved_so(engine: Engine, tmp_path: Path) -> None:
    task = _task()
    init = frozenset(a for a in task.problem.init if a.predicate != "smaller")
    text = problem_text(task.domain, task.problem, init)
    own = _own_task(tmp_path, domain_text(task.domain), text)
    outcome = engine.run(own, LIMITS, None, tmp_path)
    assert outcome.status is PlanStatus.UNSOLVABLE
    assert outcome.detail


@every_engine
def test_a_loop_of_states_without_the_goal_is_proved_unsolvable(
    engine: Engine, tmp_path: Path
) -> None:
    task = _task("blocksworld", "p05")
    on = "(on b1 b2) (on b2 b1)"
    text = problem_text(task.domain, task.problem, task.problem.init)
    text = text[: text.index("(:goal")] + f"(:goal (and {on})))"
    own = _own_task(tmp_path, domain_text(task.domain), text)
    outcome = engine.run(own, LIMITS, None, tmp_path)
    assert outcome.status is PlanStatus.UNSOLVABLE


@every_engine
def test_an_engine_killed_while_it_runs_is_crashed(
    engine: Engine, tmp_path: Path
) -> None:
    with _killer() as killed:
        outcome = engine.run(_task("hanoi", "p08"), LIMITS, None, tmp_path)
    assert killed
    assert outcome.status is PlanStatus.CRASHED
    assert "SIGKILL" in outcome.detail


@every_engine
def test_an_engine_that_hangs_is_ended_with_its_grandchild(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pids = tmp_path / "pids"
    hang = f"sleep 600 &\necho $! >> {pids}\necho $$ >> {pids}\nsleep 600"
    monkeypatch.setattr(sys, "executable", str(_script(tmp_path / "hang", hang)))
    outcome = engine.run(_task(), Limits(0.5, 4096), None, tmp_path)
    assert outcome.status is PlanStatus.TIMEOUT
    left = [int(pid) for pid in pids.read_text().split()]
    assert len(left) >= 2
    deadline = time.perf_counter() + 5
    while any(map(_alive, left)) and time.perf_counter() < deadline:
        time.sleep(0.01)
    assert not any(map(_alive, left))


@every_engine
def test_an_engine_whose_program_is_missing_is_crashed(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "none"))
    outcome = engine.run(_task(), LIMITS, None, tmp_path)
    assert outcome.status is PlanStatus.CRASHED
    assert "No such file" in outcome.detail


@every_engine
def test_form_of_the_files_does_not_matter(engine: Engine, tmp_path: Path) -> None:
    domain = "\ufeff(DEFINE (domain d) (:constants K) (:predicates (P ?x) (Q ?x))\r\n"
    domain += "; é\n(:action GO :parameters (?x) :effect (and (and (Q ?x)) (P K))))"
    problem = "\ufeff(define (problem q) (:domain D) (:objects A) (:init)\n"
    problem += "(:goal (and (q a) (p k))))"
    task = _own_task(tmp_path, domain, problem)
    outcome = engine.run(task, LIMITS, None, tmp_path)
    assert outcome.steps == (("go", "a"),)


@pytest.mark.parametrize(
    ("condition", "feature"),
    [("(not (p ?x))", "negative preconditions"), ("(= ?x ?x)", "equality")],
)
def test_pyperplan_refuses_what_it_would_ignore(
    condition: str, feature: str, tmp_path: Path
) -> None:
    domain = "(define (domain d) (:predicates (p ?x)) (:action go :parameters (?x)"
    domain += f" :precondition {condition} :effect (p ?x)))"
    problem = "(define (problem q) (:domain d) (:objects a) (:init) (:goal (p a)))"
    task = _own_task(tmp_path, domain, problem)
    assert ENGINES["pyperplan"].refusal(task) == feature
    assert not ENGINES["fast-downward"].refusal(task)


def test_fast_downward_refuses_either_types(tmp_path: Path) -> None:
    domain = "(define (domain d) (:types s t) (:predicates (p ?x - (either s t))))"
    problem = "(define (problem q) (:domain d) (:objects a - s) (:init) (:goal (p a)))"
    task = _own_task(tmp_path, domain, problem)
    assert "either" in ENGINES["fast-downward"].refusal(task)


@pytest.mark.parametrize(
    ("code", "status"),
    [
        (11, PlanStatus.UNSOLVABLE),
        (12, PlanStatus.UNPROVEN),
        (22, PlanStatus.MEMORY),
        (23, PlanStatus.TIMEOUT),
        (34, PlanStatus.UNSUPPORTED),
        (32, PlanStatus.CRASHED),
        (0, PlanStatus.CRASHED),
    ],
)
def test_exit_codes_of_fast_downward_are_told_apart(
    code: int,
    status: PlanStatus,
    tmp_path: Path,
    fake_search: Callable[[str], None],
) -> None:
    fake_search(f"exit {code}")
    outcome = ENGINES["fast-downward"].run(_task(), LIMITS, None, tmp_path)
    assert outcome.status is status


@pytest.fixture
def fake_search(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[str], None]:
    """Put a shell script in the place of the search binary."""
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "fast_downward").symlink_to(fast_downward.bin_folder() / "fast_downward")
    monkeypatch.setattr(fast_downward, "bin_folder", lambda: folder)

    def put(body: str) -> None:
        _script(folder / "downward", body)

    return put


def test_the_memory_limit_holds_in_the_process(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "bytearray(500_000_000)"]
    assert process.run(command, Limits(20, 4096), tmp_path).code == 0
    ended = process.run(command, Limits(20, 128), tmp_path)
    assert ended.code == 1
    assert "MemoryError" in ended.output


def test_a_process_left_behind_is_ended_too(tmp_path: Path) -> None:
    pid_file = tmp_path / "pid"
    script = _script(tmp_path / "leave", f"sleep 600 &\necho $! > {pid_file}")
    ended = process.run([str(script)], Limits(20, 4096), tmp_path)
    assert (ended.code, ended.timed_out) == (0, False)
    deadline = time.perf_counter() + 5
    while _alive(int(pid_file.read_text())) and time.perf_counter() < deadline:
        time.sleep(0.01)
    assert not _alive(int(pid_file.read_text()))


def test_plan_lines_are_read_without_comments_and_in_any_case() -> None:
    text = "(PICK d1 Peg1)\n\n; cost = 1\n(noop)\n"
    assert read_steps(text) == (("pick", "d1", "peg1"), ("noop",))


@pytest.mark.parametrize(
    ("steps", "reason"),
    [
        ((("pick", "d2", "d3"),), r"clear\(d2\) is false"),
        ((("lift", "d1"),), "no such operator"),
        ((("pick", "d1"),), "takes 2 objects"),
        ((("pick", "d9", "d2"),), "no object 'd9'"),
        ((("pick", "peg1", "d2"),), "is no disk"),
        ((), "ends without"),
    ],
)
def test_a_plan_that_does_not_fit_fails_the_replay(
    steps: tuple[tuple[str, ...], ...], reason: str
) -> None:
    task = _task()
    with pytest.raises(ReplayError, match=reason):
        replay(task.domain, task.problem, steps)


def test_the_replay_checks_equalities(tmp_path: Path) -> None:
    domain = "(define (domain d) (:predicates (p)) (:action go :parameters (?x ?y)"
    domain += " :precondition (not (= ?x ?y)) :effect (p)))"
    problem = "(define (problem q) (:domain d) (:objects a b) (:init) (:goal (p)))"
    task = _own_task(tmp_path, domain, problem)
    assert replay(task.domain, task.problem, [("go", "a", "b")])
    with pytest.raises(ReplayError, match="equality"):
        replay(task.domain, task.problem, [("go", "a", "a")])


@pytest.mark.parametrize("name", ["hanoi", "blocksworld"])
def test_written_text_is_read_back_as_the_same_symbols(
    name: str, tmp_path: Path
) -> None:
    task = _task(name, "p05")
    text = problem_text(task.domain, task.problem, task.problem.init)
    own = _own_task(tmp_path, domain_text(task.domain), text)
    assert own.problem == task.problem
    assert own.domain.operators == task.domain.operators
    assert own.domain.predicates == task.domain.predicates
