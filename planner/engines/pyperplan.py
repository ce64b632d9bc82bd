"""pyperplan, in a process of its own: positive STRIPS, small tasks.

Breadth-first search first: its plans are shortest and it proves unsolvability by
exhausting the states; greedy search with h_FF in the time that is left. pyperplan reads
plain STRIPS text that is written for it, as it is strict about form. GPL-3: it is
never imported.
"""

from __future__ import annotations

import importlib.util
import sys
import time
from dataclasses import dataclass, replace
from pathlib import Path

from jouleplan.planner.engines import process
from jouleplan.planner.engines.engine import (
    Limits,
    Outcome,
    PlanStatus,
    Task,
    read_steps,
)
from jouleplan.planner.engines.strips_text import domain_text, problem_text
from jouleplan.planner.errors import MissingEngineError

_EXHAUSTED = "No operators left. Task unsolvable."
_BFS_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class Pyperplan:
    """pyperplan with breadth-first, then greedy best-first search."""

    name: str = "pyperplan"

    def refusal(self, task: Task) -> str:
        """Return the first feature of ``task`` beyond positive STRIPS with types."""
        operators = task.domain.operators.values()
        if any(operator.negative_preconditions for operator in operators):
            return "negative preconditions"
        if any(operator.equalities for operator in operators):
            return "equality"
        if task.problem.negative_goal:
            return "negative goals"
        return ""

    def run(
        self, task: Task, limits: Limits, seed: int | None, folder: Path
    ) -> Outcome:
        """Return what the two searches find; see ``Engine.run``."""
        if importlib.util.find_spec("pyperplan") is None:
            raise MissingEngineError(
                "pyperplan is not installed; run: pip install pyperplan"
            )
        deadline = time.perf_counter() + limits.time_s
        (folder / "d.pddl").write_text(domain_text(task.domain))
        text = problem_text(task.domain, task.problem, task.problem.init)
        (folder / "p.pddl").write_text(text)
        first = _search("bfs", _part(deadline, _BFS_SHARE, limits), seed, folder)
        if first.status not in (PlanStatus.TIMEOUT, PlanStatus.MEMORY):
            return first
        second = _search("gbf", _part(deadline, 1.0, limits), seed, folder)
        return replace(
            second,
            cpu_s=first.cpu_s + second.cpu_s,
            notes=(first.detail, *second.notes),
        )


def _part(deadline: float, share: float, limits: Limits) -> Limits:
    """Return ``limits`` with a share of the time that is left."""
    left_s = max(0.0, share * (deadline - time.perf_counter()))
    return replace(limits, time_s=left_s)


def _search(search: str, limits: Limits, seed: int | None, folder: Path) -> Outcome:
    """Return what one search finds in the files of ``folder``."""
    ended = process.run(
        [sys.executable, "-m", "pyperplan", "-s", search, "d.pddl", "p.pddl"],
        limits,
        folder,
        # Its sets of strings order the search: fixed hashes make plans repeatable.
        variables={"PYTHONHASHSEED": str((seed or 0) % 2**32)},
    )
    plan = folder / "p.pddl.soln"
    if ended.timed_out:
        detail = f"{search} was ended at the time limit"
        return Outcome(PlanStatus.TIMEOUT, cpu_s=ended.cpu_s, detail=detail)
    if ended.code == 0 and plan.is_file():
        notes = ("the plan is shortest",) if search == "bfs" else ()
        steps = read_steps(plan.read_text())
        return Outcome(PlanStatus.SOLVED, steps, ended.cpu_s, notes)
    status, detail = PlanStatus.CRASHED, f"{search} ended with {ended.ending}"
    if ended.code == 0:
        status, detail = PlanStatus.UNPROVEN, f"{search} ended without a plan"
        if search == "bfs" and _EXHAUSTED in ended.output:
            status = PlanStatus.UNSOLVABLE
            detail = "bfs visited every reachable state; none fulfils the goal"
    elif "MemoryError" in ended.output:
        status, detail = PlanStatus.MEMORY, f"{search} reached the memory limit"
    return Outcome(status, cpu_s=ended.cpu_s, detail=detail)
