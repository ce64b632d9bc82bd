"""pyperplan, in a process of its own: positive STRIPS, small tasks.

Breadth-first search first: its plans are shortest and it proves unsolvability by
exhausting the states; greedy search with h_FF in the time that is left. pyperplan reads
plain text that is written for it, as it is strict about form. GPL-3: it is never
imported.
"""

from __future__ import annotations

import importlib.util
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from jouleplan.domains.language.features import Feature
from jouleplan.domains.language.model import (
    And,
    Condition,
    Effect,
    Effects,
    TaskModel,
    Update,
)
from jouleplan.domains.language.names import plain_names
from jouleplan.domains.language.plan import Plan, read_plan
from jouleplan.domains.language.write import task_text
from jouleplan.planner.engines import process
from jouleplan.planner.engines.engine import (
    About,
    Limits,
    Outcome,
    PlanStatus,
    Request,
)
from jouleplan.planner.lowering.rebuild import join, rebuild_effect

_EXHAUSTED = "No operators left. Task unsolvable."
_BREADTH_FIRST, _GREEDY = "bfs", "gbf"
_FIRST_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class Pyperplan:
    """pyperplan with breadth-first search, then with greedy best-first search.

    Attributes:
        name: Name in the registry.
        optimal: Whether only breadth-first search is run.
    """

    name: str
    optimal: bool
    supports: frozenset[Feature] = frozenset()
    anytime: bool = False
    top_k: bool = False
    translates: bool = False

    @property
    def about(self) -> About:
        """What people are told."""
        purpose = "shortest plans" if self.optimal else "shortest plans first, then any"
        return About(
            "pyperplan",
            "pyperplan",
            "pip install pyperplan",
            "GPL-3.0-or-later",
            f"small STRIPS tasks, without a compiler: {purpose}",
        )

    def missing(self) -> str:
        """Return what is not installed."""
        if importlib.util.find_spec("pyperplan") is None:
            return f"pyperplan is not installed; run: {self.about.install}"
        return ""

    def run(self, request: Request) -> Outcome:
        """Return what the searches find; see ``Engine.run``."""
        deadline = time.perf_counter() + request.limits.time_s
        names = plain_names(request.task)
        domain, problem = task_text(plain_strips(request.task), names)
        files = request.folder / "domain.pddl", request.folder / "problem.pddl"
        for file, text in zip(files, (domain, problem), strict=True):
            file.write_text(text, encoding="utf-8")
        return searched(request, files, deadline, names.original, self.optimal)


def searched(
    request: Request,
    files: tuple[Path, Path],
    deadline: float,
    restore: Callable[[Plan], Plan],
    optimal: bool,
) -> Outcome:
    """Return what pyperplan's searches find.

    Args:
        request: What is asked.
        files: Domain and problem, plain STRIPS, in the request's folder.
        deadline: End, on the clock of ``time.perf_counter``.
        restore: Turns a plan of the files into one of the task.
        optimal: Whether only breadth-first search is run.
    """
    share = 1.0 if optimal else _FIRST_SHARE
    first = _search(_BREADTH_FIRST, request, files, deadline, share, restore)
    unfinished = first.status in (PlanStatus.TIMEOUT, PlanStatus.MEMORY)
    if optimal or not unfinished or request.stop.is_set():
        return first
    second = _search(_GREEDY, request, files, deadline, 1.0, restore)
    return replace(
        second, cpu_s=first.cpu_s + second.cpu_s, notes=(first.detail, *second.notes)
    )


def plain_strips(task: TaskModel) -> TaskModel:
    """Return ``task`` without nested conjunctions, and without its numbers.

    Numbers decide nothing where the task has none of their features.
    """
    schemas = {
        name: replace(
            schema,
            condition=And(tuple(_parts(schema.condition))),
            effect=rebuild_effect(schema.effect, _without_numbers),
        )
        for name, schema in task.domain.schemas.items()
    }
    goal = And(tuple(_parts(task.problem.goal)))
    return TaskModel(
        replace(task.domain, schemas=schemas, functions={}),
        replace(task.problem, goal=goal, numbers={}, metric=None),
    )


def _without_numbers(effect: Effect) -> Effect:
    """Return ``effect`` without updates, its parts not nested."""
    if isinstance(effect, Update):
        return Effects()
    return join(*effect.parts) if isinstance(effect, Effects) else effect


def _parts(condition: Condition) -> list[Condition]:
    """Return the parts of nested conjunctions."""
    if isinstance(condition, And):
        return [inner for part in condition.parts for inner in _parts(part)]
    return [condition]


def _search(
    search: str,
    request: Request,
    files: tuple[Path, Path],
    deadline: float,
    share: float,
    restore: Callable[[Plan], Plan],
) -> Outcome:
    """Return what one search finds in a share of the time that is left."""
    left_s = max(0.0, share * (deadline - time.perf_counter()))
    ended = process.run(
        [sys.executable, "-m", "pyperplan", "-s", search, *(f.name for f in files)],
        Limits(left_s, request.limits.memory_mb),
        request.folder,
        # Its sets of strings order the search: fixed hashes make plans repeatable.
        variables={"PYTHONHASHSEED": str((request.seed or 0) % 2**32)},
        stop=request.stop,
    )
    plan = Path(f"{files[1]}.soln")
    if ended.code == 0 and plan.is_file() and not ended.ended:
        steps = restore(read_plan(plan.read_text(encoding="utf-8")))
        shortest = search == _BREADTH_FIRST
        return Outcome(PlanStatus.SOLVED, (steps,), shortest, ended.cpu_s)
    status, detail = _failure(search, ended)
    return Outcome(status, cpu_s=ended.cpu_s, detail=detail)


def _failure(search: str, ended: process.Finished) -> tuple[PlanStatus, str]:
    """Return status and reason of a search without a plan."""
    if ended.memory_exceeded or "MemoryError" in ended.output:
        return PlanStatus.MEMORY, f"{search} reached the memory limit"
    if ended.ended and not ended.crowded:
        return PlanStatus.TIMEOUT, f"{search} was ended by {ended.ending}"
    if ended.code != 0:
        return PlanStatus.CRASHED, f"{search} ended with {ended.ending}"
    if search == _BREADTH_FIRST and _EXHAUSTED in ended.output:
        reason = "bfs visited every reachable state; none fulfils the goal"
        return PlanStatus.UNSOLVABLE, reason
    return PlanStatus.UNPROVEN, f"{search} ended without a plan"


FIRST = Pyperplan("pyperplan", optimal=False)
OPTIMAL = Pyperplan("pyperplan-optimal", optimal=True)
