"""Ctrl-C while engines are at work."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

from jouleplan.domains.catalogue import find_domain
from jouleplan.domains.generate import GENERATORS


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
