"""Runs ``up_worker.py`` within limits and reads its answer, line by line."""

from __future__ import annotations

import importlib.util
import json
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from jouleplan.domains.language.plan import Plan, Step
from jouleplan.planner.engines import process
from jouleplan.planner.engines.engine import Limits, PlanStatus, Request

_WORKER = Path(__file__).with_name("up_worker.py")


@dataclass(frozen=True, slots=True)
class Answer:
    """What the worker said.

    Attributes:
        ended: How its process ended.
        plans: Plans in the spelling of its files, in the order in which they came.
        last: Its last line; empty if it did not come to it.
    """

    ended: process.Finished
    plans: tuple[Plan, ...]
    last: Mapping[str, Any]

    def failure(self, program: str) -> tuple[PlanStatus, str]:
        """Return status and reason of a run without a plan.

        Args:
            program: What was run, in words.
        """
        if self.ended.memory_exceeded or "MemoryError" in self.ended.output:
            return PlanStatus.MEMORY, f"{program} reached the memory limit"
        if self.ended.ended and not self.ended.crowded:
            return PlanStatus.TIMEOUT, f"{program} was ended by {self.ended.ending}"
        if "status" not in self.last:
            return PlanStatus.CRASHED, f"{program} ended with {self.ended.ending}"
        return PlanStatus(self.last["status"]), str(self.last["detail"])


def missing(packages: Mapping[str, str]) -> str:
    """Return which packages are not installed, and the command for them.

    Args:
        packages: Module -> distribution.
    """
    absent = [name for m, name in packages.items() if not importlib.util.find_spec(m)]
    if not absent:
        return ""
    verb = "is" if len(absent) == 1 else "are"
    names = " ".join(absent)
    return f"{' and '.join(absent)} {verb} not installed; run: pip install {names}"


def run_worker(
    word: str,
    request: Request,
    texts: tuple[str, str],
    deadline: float,
    found: Callable[[Plan], None] = lambda plan: None,
) -> Answer:
    """Return what the worker says of a task.

    Args:
        word: What it is to do.
        request: What is asked.
        texts: The task as PDDL.
        deadline: End, on the clock of ``time.perf_counter``.
        found: Called with each plan as it comes.
    """
    names = "domain.pddl", "problem.pddl"
    for name, text in zip(names, texts, strict=True):
        (request.folder / name).write_text(text, encoding="utf-8")
    left_s = max(0.0, deadline - time.perf_counter())
    answer = _Lines(request.folder / "answer.jsonl", found)
    ended = process.run(
        # -P: or the engines beside it would stand for the packages of their names.
        [
            *(sys.executable, "-P", str(_WORKER), word, *names),
            *("answer.jsonl", f"{left_s:.3f}"),
        ],
        Limits(left_s, request.limits.memory_mb),
        request.folder,
        variables={"PYTHONHASHSEED": str((request.seed or 0) % 2**32)},
        address_space=False,  # its threads reserve far more than they use
        stop=request.stop,
        on_tick=answer.look,
    )
    answer.look()
    return Answer(ended, tuple(answer.plans), answer.last)


class _Lines:
    """Reads whole lines of the answer as it grows."""

    def __init__(self, file: Path, found: Callable[[Plan], None]) -> None:
        self._file, self._found, self._read = file, found, 0
        self.plans: list[Plan] = []
        self.last: Mapping[str, Any] = {}

    def look(self) -> bool:
        """Read the lines that have been written since the last look; never a stop."""
        if not self._file.is_file() or self._file.stat().st_size == self._read:
            return False
        with self._file.open("rb") as stream:
            stream.seek(self._read)
            text, newline, _ = stream.read().rpartition(b"\n")
        self._read += len(text) + len(newline)
        for line in text.splitlines():
            said = json.loads(line)
            if "plan" in said:
                self.plans.append(tuple(_step(step) for step in said["plan"]))
                self._found(self.plans[-1])
            else:
                self.last = said
        return False


def _step(said: list[Any]) -> Step:
    operator, objects, start, duration = said
    times = (None if time is None else Fraction(time) for time in (start, duration))
    return Step(operator.lower(), tuple(o.lower() for o in objects), *times)
