"""The translator: shared by several searches, and ended by none of them."""

from __future__ import annotations

import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from jouleplan.planner.engines.engine import Limits
from jouleplan.planner.engines.translation import Translation
from tests.planner.engines import cases
from tests.planner.engines.cases import Case, request, script


def _translation(folder: Path, case: Case, time_s: float = 20.0) -> Translation:
    asked = request(folder, case)
    limits = Limits(time_s, 4096)
    return Translation(asked.domain_pddl, asked.problem_pddl, limits, folder / "t")


def test_it_writes_the_task_that_searches_read(tmp_path: Path) -> None:
    translation = _translation(tmp_path, cases.hanoi(3))
    finished = translation.wait()
    assert (finished.code, finished.ended) == (0, False)
    assert translation.sas.read_text().startswith("begin_version")
    assert translation.cpu_s == finished.cpu_s > 0


def test_it_writes_the_same_whatever_the_hashes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = []
    for seed in ("1", "2", "3"):
        monkeypatch.setenv("PYTHONHASHSEED", seed)
        folder = tmp_path / seed
        folder.mkdir()
        translation = _translation(folder, cases.ADL)
        translation.wait()
        texts.append(translation.sas.read_text())
    assert texts[0] == texts[1] == texts[2]


def test_several_threads_wait_for_one(tmp_path: Path) -> None:
    translation = _translation(tmp_path, cases.hanoi(3))
    with ThreadPoolExecutor(4) as pool:
        waits = [pool.submit(translation.wait) for _ in range(4)]
        ends = [wait.result() for wait in waits]
    assert all(end is ends[0] for end in ends)


@pytest.fixture
def slow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Translation:
    """Start a translator that takes its time."""
    monkeypatch.setattr(sys, "executable", str(script(tmp_path / "slow", "sleep 9")))
    return _translation(tmp_path, cases.hanoi(3), time_s=2.0)


def test_a_deadline_ends_the_wait_and_not_the_translator(slow: Translation) -> None:
    assert slow.wait(time.perf_counter() + 0.1).timed_out
    assert slow.cpu_s == 0  # it has not ended
    slow.kill()
    assert slow.wait().stopped


def test_a_stop_ends_the_wait_and_not_the_translator(slow: Translation) -> None:
    stop = threading.Event()
    stop.set()
    assert slow.wait(stop=stop).stopped
    assert slow.cpu_s == 0
    slow.kill()


def test_its_own_limits_end_it(slow: Translation) -> None:
    assert slow.wait().timed_out


@pytest.mark.parametrize(
    ("case", "axioms"), [(cases.hanoi(3), False), (cases.ADL, True)]
)
def test_axioms_are_counted(case: Case, axioms: bool, tmp_path: Path) -> None:
    translation = _translation(tmp_path, case)
    translation.wait()
    assert bool(translation.axioms) is axioms


def test_a_goal_out_of_reach_may_be_known_at_once(tmp_path: Path) -> None:
    translation = _translation(tmp_path, cases.graph([("a", "b")], "b", "a"))
    translation.wait()
    assert translation.unsolvable
