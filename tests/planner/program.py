"""The program as users run it, for tests."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

from jouleplan.planner.cli.output import ExitCode

PROGRAM: Final = (sys.executable, "-m", "jouleplan.planner.cli")


def jouleplan(
    *arguments: str | Path, cwd: Path | None = None, **environment: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*PROGRAM, *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=120,
        cwd=cwd,
        env=os.environ | environment,
    )


def document(done: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    """The one JSON document on stdout; fails if there is anything else."""
    answer = json.loads(done.stdout)
    assert isinstance(answer, dict)
    return answer


def refused(done: subprocess.CompletedProcess[str]) -> str:
    """The error of a command that refused its input, the same on both streams."""
    assert done.returncode == ExitCode.BAD_INPUT, done.stderr
    assert "Traceback" not in done.stderr
    answer = document(done)
    assert answer["status"] == "error"
    assert answer["kind"]
    error = str(answer["error"])
    assert error in done.stderr
    return error
