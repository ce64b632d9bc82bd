"""Evaluation: every seed once, resumed from the ledger, dead workers survived."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from jouleplan.domains.generate import GENERATORS, generate_blocksworld
from jouleplan.domains.robots.registry import ROBOTS
from jouleplan.energy.ledger import Ledger
from jouleplan.planner.books import Line
from jouleplan.planner.evaluate import (
    Series,
    draw_problem,
    evaluate,
    settings_of,
    task_of,
)
from jouleplan.planner.run import Conditions
from jouleplan.planner.tally import tally
from jouleplan.planner.workers import Done, Report, WorkerBugError, share

ONE = Conditions()
P03 = Series("hanoi", "p03")


def double(job: int, report: Report) -> int:
    report(f"doing {job}")
    if job == 13:
        os.kill(os.getpid(), signal.SIGKILL)
    if job == 666:
        raise ZeroDivisionError("a bug of ours")
    return 2 * job


def threads(_: int, __: Report) -> str | None:
    return os.environ.get("OMP_NUM_THREADS")


# --- workers ---


def test_every_job_is_done_once() -> None:
    said: list[str] = []
    done = list(share(double, range(7), 2, lambda _, message: said.append(message)))
    assert sorted((d.job, d.result) for d in done) == [(i, 2 * i) for i in range(7)]
    assert sorted(said) == [f"doing {i}" for i in range(7)]


def test_worker_that_dies_is_named_and_harms_no_other_job() -> None:
    done = list(share(double, [1, 13, 2, 3], 2))
    died = [d for d in done if d.result is None]
    assert died == [Done(13, None, "worker process ended by SIGKILL")]
    assert sorted(d.result for d in done if d.result is not None) == [2, 4, 6]


def test_bug_in_a_worker_shows_its_traceback() -> None:
    with pytest.raises(WorkerBugError, match="ZeroDivisionError: a bug of ours"):
        list(share(double, [666], 2))


def test_workers_have_one_thread_each(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "7")
    assert [d.result for d in share(threads, [0], 1)] == ["1"]
    assert os.environ["OMP_NUM_THREADS"] == "7"


# --- figures ---


def test_tally_counts_failures_and_divides_by_successes() -> None:
    lines = [
        Line("p", 1, success=True, cause="", first=(4, 4), moves=2),
        Line("p", 2, success=False, cause="lost", disturbances=("moved d1 to x",)),
    ]
    figures = tally(lines)
    assert figures["success_rate"] == 0.5
    assert figures["operators"]["rate"] == 1.0
    assert figures["causes"] == {"lost": 1}
    assert figures["failures"] == [{"problem": "p", "seed": 2, "cause": "lost"}]
    assert figures["disturbances"] == {"moved": 1}
    assert figures["energy_j_per_episode"] is None


def test_generated_problems_follow_their_seed(tmp_path: Path) -> None:
    series = Series("blocksworld", sizes=(5, 6))
    drawn = []
    for number, seed in enumerate((1, 1, 2)):
        folder = tmp_path / str(number)
        folder.mkdir()
        drawn.append(draw_problem(series, seed, folder))
    tasks = [task_of(one) for one in drawn]
    inits = [task.problem.init for task in tasks]
    assert inits[0] == inits[1] != inits[2]
    assert all(len(task.problem.objects) in (5, 6) for task in tasks)


def test_a_problem_that_cannot_be_laid_out_is_drawn_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first one drawn has eleven blocks beside each other, and ten places."""
    sizes: list[int] = []

    def make(size: int, rng: np.random.Generator) -> str:
        sizes.append(size)
        if len(sizes) > 1:
            return generate_blocksworld(size, rng)
        blocks = [f"b{i}" for i in range(11)]
        flat = "".join(f"(on-table {b}) (clear {b}) " for b in blocks)
        return (
            f"(define (problem flat) (:domain blocksworld) (:objects "
            f"{' '.join(blocks)} - block) (:init (arm-empty) {flat}) "
            "(:goal (and (on b1 b2))))"
        )

    monkeypatch.setitem(GENERATORS, "blocksworld", make)
    drawn = draw_problem(Series("blocksworld", sizes=(3, 3)), 1, tmp_path)
    assert sizes == [3, 3]
    assert len(task_of(drawn).problem.objects) == 3


# --- episodes in physics ---


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger(tmp_path / "ledger.db") as found:
        yield found


def test_second_run_continues_and_repeats_nothing(ledger: Ledger) -> None:
    first = evaluate(P03, [5, 6], ONE, ledger=ledger)
    again = evaluate(P03, [5, 6, 7], ONE, ledger=ledger)
    assert all(line.success for line in again), again
    assert [line.from_ledger for line in again] == [True, True, False]
    for fresh, read in zip(first, again, strict=False):
        assert fresh.energy == read.energy
        assert fresh.phases == read.phases
        assert (fresh.first, fresh.moves, fresh.operators) == (
            read.first,
            read.moves,
            read.operators,
        )


def test_other_conditions_are_another_series() -> None:
    both = [
        settings_of(P03, 5, conditions, jobs=1)[1]
        for conditions in (ONE, Conditions(engine="pyperplan"))
    ]
    assert both[0] != both[1]


def test_another_arm_is_another_series_and_solves_the_task() -> None:
    arms = [Conditions(robot=name) for name in ROBOTS]
    settings = [settings_of(P03, 5, arm, jobs=1)[1] for arm in arms]
    assert [found["robot"] for found in settings] == list(ROBOTS)
    for arm in arms[1:]:
        [line] = evaluate(P03, [5], arm)
        assert line.success, line


def test_same_seed_in_another_process_is_the_same_episode() -> None:
    here = evaluate(P03, [5], ONE)[0]
    there = evaluate(P03, [5], ONE, jobs=2)[0]
    assert here.simulated_s == there.simulated_s
    assert here.mechanical_work_j == pytest.approx(there.mechanical_work_j)


def test_summary_is_printed_and_written(tmp_path: Path) -> None:
    out = tmp_path / "summary.json"
    done = subprocess.run(
        [sys.executable, "-m", "jouleplan.planner.cli", "evaluate", "hanoi", "p03"]
        + ["--episodes", "2", "--seed", "1000", "--jobs", "2", "--json"]
        + ["--out", str(out)],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert answer == json.loads(out.read_text())
    assert answer["episodes"] == answer["successes"] == 2
    assert answer["wilson_95"][1] == 1.0
    assert answer["energy_quality"] == "estimated"
    assert answer["energy_j_per_success"] > 0
    assert answer["moves"] >= 14
    assert answer["rules_broken"] == 0
