"""Searches over a translated task: Fast Downward's and those that grew out of it.

They take the same options, end with the same codes and write the same plan files.
"""

from __future__ import annotations

import importlib.util
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from jouleplan.domains.language.features import Feature
from jouleplan.domains.language.plan import Plan, read_plan
from jouleplan.planner.engines import process
from jouleplan.planner.engines.engine import About, Outcome, PlanStatus, Request
from jouleplan.planner.engines.process import Finished
from jouleplan.planner.engines.translation import Translation, translation_for
from jouleplan.planner.errors import MissingEngineError

ADL = frozenset(
    {
        Feature.NEGATIVE,
        Feature.NEGATIVE_GOAL,
        Feature.EQUALITY,
        Feature.DISJUNCTION,
        Feature.EXISTS,
        Feature.FORALL,
        Feature.CONDITIONAL_EFFECT,
        Feature.UNIVERSAL_EFFECT,
        Feature.DERIVED,
        Feature.COSTS,
    }
)
"""What the translator takes; costs as non-negative integers."""

UNSUPPORTED_CODE = 34
NO_SEED = "the search makes no random choices; the seed is not used"

_STATUS_OF_CODE = {
    10: PlanStatus.UNSOLVABLE,  # by the translator
    11: PlanStatus.UNSOLVABLE,  # by the search
    12: PlanStatus.UNPROVEN,
    13: PlanStatus.UNPROVEN,  # within a bound
    20: PlanStatus.MEMORY,
    21: PlanStatus.TIMEOUT,
    22: PlanStatus.MEMORY,
    23: PlanStatus.TIMEOUT,
    24: PlanStatus.TIMEOUT,
    UNSUPPORTED_CODE: PlanStatus.UNSUPPORTED,
}
"""Exit codes of translator and search (``driver/returncodes.py``); others: crashed."""

_COST = re.compile(r"^; cost = (\d+)", re.MULTILINE)


def missing(about: About) -> str:
    """Return the command that installs an engine and its translator; empty if there."""
    for module, install in (
        (about.module, about.install),
        ("up_fast_downward", "pip install up-fast-downward"),
    ):
        if importlib.util.find_spec(module) is None:
            return f"{module} is not installed; run: {install}"
    return ""


def package_folder(about: About) -> Path:
    """Return the folder of an engine's package, without importing it.

    Raises:
        MissingEngineError: It is not installed.
    """
    found = importlib.util.find_spec(about.module)
    if found is None or found.origin is None:
        raise MissingEngineError(
            f"{about.package} is not installed; run: {about.install}"
        )
    return Path(found.origin).parent


def solve(request: Request, search: Callable[[Translation, float], Outcome]) -> Outcome:
    """Return what ``search`` finds in the translation of a request.

    Args:
        request: What is asked.
        search: Takes the translation and the deadline, on the clock of
            ``time.perf_counter``; is called if there is something to search.
    """
    deadline = time.perf_counter() + request.limits.time_s
    with translation_for(request) as translation:
        translated = translation.wait(deadline, request.stop)
        if translated.ended or translated.code:
            outcome = failure("translator", translated)
        elif translation.unsolvable:
            detail = "the translator proved that the goal cannot be reached"
            outcome = Outcome(PlanStatus.UNSOLVABLE, detail=detail)
        else:
            outcome = search(translation, deadline)
    if request.translation is None:
        outcome = replace(outcome, cpu_s=outcome.cpu_s + translation.cpu_s)
    if request.seed is not None:
        outcome = replace(outcome, notes=(*outcome.notes, NO_SEED))
    return outcome


def run_search(
    folder: Path,
    options: Sequence[str],
    request: Request,
    translation: Translation,
    deadline: float,
    *,
    log: str = "search.txt",
    on_tick: Callable[[], bool] = lambda: False,
) -> Finished:
    """Run the search in ``folder`` for a request; its plans go to files ``plan*``."""
    left_s = max(0.0, deadline - time.perf_counter())
    return process.run(
        [str(folder / "downward"), *options, "--internal-plan-file", "plan"],
        replace(request.limits, time_s=left_s),
        request.folder,
        stdin=translation.sas,
        log=log,
        stop=request.stop,
        on_tick=on_tick,
    )


def failure(part: str, ended: Finished) -> Outcome:
    """Return the outcome of a part that ended without a plan."""
    if ended.ended:
        status = PlanStatus.MEMORY if ended.memory_exceeded else PlanStatus.TIMEOUT
        if ended.crowded:
            status = PlanStatus.CRASHED
        detail = f"the {part} was ended at {ended.ending}"
        return Outcome(status, cpu_s=ended.cpu_s, detail=detail)
    status = _STATUS_OF_CODE.get(ended.code, PlanStatus.CRASHED)
    detail = f"the {part} ended with {ended.ending}"
    if status is PlanStatus.UNSOLVABLE:
        detail = f"the {part} proved that the goal cannot be reached"
    return Outcome(status, cpu_s=ended.cpu_s, detail=detail)


class PlanFiles:
    """The plans that a search has written so far.

    Attributes:
        found: Cost and plan, in the order of the files, without duplicates.
    """

    def __init__(self, folder: Path, report: Callable[[Plan], None]) -> None:
        """Look in ``folder``; call ``report`` with each plan that is found."""
        self.found: list[tuple[int, Plan]] = []
        self._folder, self._report = folder, report
        self._next = 1
        self._known: set[Plan] = set()

    def look(self) -> None:
        """Read the plans that have appeared."""
        while self._read(f"plan.{self._next}"):
            self._next += 1
        if self._next == 1 and not self.found:
            self._read("plan")

    @property
    def written(self) -> int:
        """How many numbered files there are."""
        return self._next - 1

    def restart(self) -> None:
        """Make room for the files of another search."""
        for number in range(1, self._next):
            (self._folder / f"plan.{number}").unlink()
        self._next = 1

    def best(self, count: int = 1) -> tuple[Plan, ...]:
        """Return the cheapest plans, the best first."""
        ranked = sorted(self.found, key=lambda pair: pair[0])
        return tuple(plan for _, plan in ranked[:count])

    def _read(self, name: str) -> bool:
        """Take a plan file; return whether it was there, complete."""
        try:
            text = (self._folder / name).read_text()
        except FileNotFoundError:
            return False
        cost = _COST.search(text)  # the last line: the file is complete
        if cost is None or not text.endswith("\n"):
            return False
        plan = read_plan(text)
        if plan not in self._known:
            self._known.add(plan)
            self.found.append((int(cost[1]), plan))
            self._report(plan)
        return True
