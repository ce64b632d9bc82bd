"""Ctrl-C while engines, workers and trainings are at work."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from jouleplan.domains.catalogue import find_domain
from jouleplan.domains.generate import GENERATORS
from jouleplan.energy.errors import LedgerError
from jouleplan.energy.ledger import Ledger

CLI = [sys.executable, "-m", "jouleplan.planner.cli"]


def _engines_in(folder: Path) -> list[int]:
    """Return the processes that work below ``folder``."""
    found = []
    for link in Path("/proc").glob("[0-9]*/cwd"):
        try:
            if folder in link.resolve().parents:
                found.append(int(link.parent.name))
        except OSError:
            continue
    return found


def test_an_interrupted_planning_leaves_no_engine(tmp_path: Path) -> None:
    problem = tmp_path / "problem.pddl"
    problem.write_text(GENERATORS["blocksworld"](40, np.random.default_rng(0)))
    domain = find_domain("blocksworld").domain_pddl
    program = [sys.executable, "-m", "jouleplan.planner.cli", "plan", str(domain)]
    own = tmp_path / "own"
    own.mkdir()
    with subprocess.Popen(
        [*program, str(problem), "--anytime", "--time-limit", "60"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "TMPDIR": str(own)},
        start_new_session=True,
    ) as process:
        deadline = time.monotonic() + 30
        while not _engines_in(own) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert _engines_in(own)
        time.sleep(1)
        os.killpg(process.pid, signal.SIGINT)
        process.communicate(timeout=30)
    assert process.returncode == 130
    assert _engines_in(own) == []
    assert list(own.iterdir()) == []


def _interrupted(arguments: list[str], ready: Callable[[], bool]) -> str:
    """Start a command, press Ctrl-C when ``ready``, return what it said on stderr."""
    with subprocess.Popen(
        [*CLI, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        deadline = time.monotonic() + 240
        while not ready() and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.2)
        assert ready()
        os.killpg(process.pid, signal.SIGINT)
        said, wrong = process.communicate(timeout=60)
    assert process.returncode == 130, wrong
    assert said == ""
    assert "Traceback" not in wrong
    assert _gone(process.pid)
    return wrong


def _gone(group: int) -> bool:
    """Whether a process group ends; multiprocessing's own helper takes a moment."""
    for _ in range(200):
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.05)
    return False


def _episodes(file: Path) -> int:
    try:
        with Ledger(file, create=False, read_only=True) as ledger:
            return ledger.counts()["episodes"]
    except LedgerError:
        return 0


@pytest.mark.slow
@pytest.mark.parametrize(
    ("command", "jobs"), [("evaluate hanoi p03", "1"), ("compare --problem p03", "2")]
)
def test_interrupted_episodes_stay_on_record_and_the_same_command_goes_on(
    command: str, jobs: str, tmp_path: Path
) -> None:
    file = tmp_path / "ledger.db"
    asked = [*command.split(), "--jobs", jobs, "--ledger", str(file), "--seed", "3"]
    said = _interrupted([*asked, "--episodes", "200"], lambda: _episodes(file) >= 2)
    assert "the same command goes on" in said
    kept = _episodes(file)
    assert kept >= 2
    again = subprocess.run(
        [*CLI, *asked, "--episodes", "1", "--json"], capture_output=True, text=True
    )
    assert again.returncode == 0, again.stderr
    assert _episodes(file) - kept <= 1  # of two methods one may have been cut short


@pytest.mark.slow
def test_interrupted_training_goes_on_from_its_checkpoint(tmp_path: Path) -> None:
    pytest.importorskip("stable_baselines3")
    asked = ["train", "reach", "--out", str(tmp_path), "--seed", "3"]
    model = tmp_path / "checkpoints" / "reach" / "model.zip"
    assert "goes on" in _interrupted(asked, model.is_file)
    assert model.is_file()


@pytest.mark.slow
def test_interrupted_play_goes_on(tmp_path: Path) -> None:
    pytest.importorskip("minari")
    asked = ["collect-play", "hanoi", "p03", "--out", str(tmp_path / "play")]
    begun = (tmp_path / "play" / "symbols.json").is_file
    assert "goes on" in _interrupted([*asked, "--steps", "40000"], begun)
    again = subprocess.run(
        [*CLI, *asked, "--steps", "200"], capture_output=True, text=True
    )
    assert again.returncode == 0, again.stderr
