"""Fast Downward, from the package up-fast-downward, in processes of its own.

Its translator and its search are called directly: the driver in between costs as much
CPU as the two together on small tasks. GPL-3: it is never imported.
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
from jouleplan.planner.errors import MissingEngineError

OPTIMAL = "astar(lmcut())"
FIRST_PLAN = (
    "let(hlm, landmark_sum(lm_reasonable_orders_hps(lm_rhw()), pref=false), "
    "let(hff, ff(), lazy_greedy([hff, hlm], preferred=[hff, hlm], "
    "cost_type=one, reopen_closed=false)))"
)
"""The search of the alias ``lama-first`` for unit costs."""

_EXHAUSTED = "Completely explored state space"
_STATUS_OF_CODE = {
    10: PlanStatus.UNSOLVABLE,  # by the translator
    11: PlanStatus.UNSOLVABLE,  # by the search
    12: PlanStatus.UNPROVEN,
    20: PlanStatus.MEMORY,
    21: PlanStatus.TIMEOUT,
    22: PlanStatus.MEMORY,
    23: PlanStatus.TIMEOUT,
    24: PlanStatus.TIMEOUT,
    34: PlanStatus.UNSUPPORTED,
}
"""Exit codes of translator and search (``driver/returncodes.py``); others: crashed."""


@dataclass(frozen=True, slots=True)
class FastDownward:
    """Fast Downward with one search.

    Attributes:
        name: Name in the registry.
        search: What stands behind ``--search``.
        optimal: Whether a plan it finds is shortest, and an exhausted search a proof.
    """

    name: str
    search: str
    optimal: bool

    def refusal(self, task: Task) -> str:
        """Return ``either`` types; it takes all else that is read here."""
        types = [d.types for d in task.domain.operators.values()]
        types += [d.types for d in task.domain.predicates.values()]
        if any(len(kinds) > 1 for declared in types for kinds in declared):
            return "types of several alternatives (either)"
        return ""

    def run(
        self, task: Task, limits: Limits, seed: int | None, folder: Path
    ) -> Outcome:
        """Return what translator and search find; see ``Engine.run``."""
        programs = bin_folder()
        deadline = time.perf_counter() + limits.time_s
        for name, file in (("d", task.domain_pddl), ("p", task.problem_pddl)):
            text = file.read_bytes().removeprefix(b"\xef\xbb\xbf")
            (folder / f"{name}.pddl").write_bytes(text)
        translated = process.run(
            [sys.executable, "-m", "fast_downward.translate", "d.pddl", "p.pddl"],
            limits,
            folder,
            variables={"PYTHONPATH": str(programs), "PYTHONHASHSEED": "0"},
        )
        if translated.timed_out or translated.code:
            return self._failed("translator", translated, translated.cpu_s)
        left = replace(limits, time_s=max(0.0, deadline - time.perf_counter()))
        searched = process.run(
            [
                str(programs / "downward"),
                *("--search", self.search, "--internal-plan-file", "plan"),
            ],
            left,
            folder,
            stdin=folder / "output.sas",
        )
        cpu_s = translated.cpu_s + searched.cpu_s
        plan = folder / "plan"
        if searched.timed_out or searched.code or not plan.is_file():
            return self._failed("search", searched, cpu_s)
        notes: tuple[str, ...] = ("the plan is shortest",) if self.optimal else ()
        if seed is not None:
            notes += ("the search makes no random choices; the seed is not used",)
        return Outcome(PlanStatus.SOLVED, read_steps(plan.read_text()), cpu_s, notes)

    def _failed(self, part: str, ended: process.Finished, cpu_s: float) -> Outcome:
        """Return the outcome of a part that ended without a plan."""
        if ended.timed_out:
            detail = f"the {part} was ended at the time limit"
            return Outcome(PlanStatus.TIMEOUT, cpu_s=cpu_s, detail=detail)
        status = _STATUS_OF_CODE.get(ended.code, PlanStatus.CRASHED)
        detail = f"the {part} ended with {ended.ending}"
        if (
            status is PlanStatus.UNPROVEN
            and self.optimal
            and _EXHAUSTED in ended.output
        ):
            status = PlanStatus.UNSOLVABLE
        if status is PlanStatus.UNSOLVABLE:
            detail = f"the {part} proved that the goal cannot be reached"
        return Outcome(status, cpu_s=cpu_s, detail=detail)


def bin_folder() -> Path:
    """Return the folder of the search binary and the translator's package."""
    # Finding the package, not importing it: the import takes seconds.
    found = importlib.util.find_spec("up_fast_downward")
    if found is None or found.origin is None:
        raise MissingEngineError(
            "Fast Downward is not installed; run: pip install up-fast-downward"
        )
    return Path(found.origin).parent / "downward" / "builds" / "release" / "bin"
