"""K*, from the package kstar-planner: the k cheapest plans.

Plans may visit a state twice. It reads what Fast Downward's translator writes. GPL-3:
it is never imported, it runs in a process of its own.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field, replace
from pathlib import Path

from jouleplan.domains.language.features import Feature
from jouleplan.domains.language.plan import Plan, Step
from jouleplan.planner.engines import sas_search
from jouleplan.planner.engines.engine import About, Outcome, PlanStatus, Request
from jouleplan.planner.engines.process import Finished
from jouleplan.planner.engines.sas_search import (
    ADL,
    UNSUPPORTED_CODE,
    package_folder,
)
from jouleplan.planner.engines.translation import Translation

_SYMMETRIES = (
    "--symmetries",
    "sym=structural_symmetries(time_bound=0,search_symmetries=oss,"
    "stabilize_initial_state=false,keep_operator_symmetries=true)",
)
_SEARCH = "kstar({heuristic},k={count},dump_plan_files=false,json_file_to_dump=k.json"
_EXHAUSTED = ("Completely explored state space", "Initial state is a dead end")
_WRITING_SHARE, _WRITING_S = 0.1, 1.0
"""The time for writing what was found until then: a share, and the most [s]."""

_ABOUT = About(
    package="kstar-planner",
    module="kstar_planner",
    install="pip install kstar-planner",
    licence="GPL-3.0",
    purpose="classical planning: the k cheapest plans, by A*",
)


@dataclass(frozen=True, slots=True)
class KStar:
    """The ``count`` cheapest plans, by A* and Eppstein's paths."""

    name: str = "kstar"
    about: About = _ABOUT
    supports: frozenset[Feature] = ADL
    optimal: bool = field(default=True, init=False)
    anytime: bool = field(default=False, init=False)
    top_k: bool = field(default=True, init=False)
    translates: bool = field(default=True, init=False)

    def missing(self) -> str:
        """See ``Engine.missing``."""
        return sas_search.missing(self.about)

    def run(self, request: Request) -> Outcome:
        """Return the ``request.count`` best plans; see ``Engine.run``."""

        def search(translation: Translation, deadline: float) -> Outcome:
            asked, cpu_s = request.count, 0.0
            while True:
                outcome, written = _best(asked, request, translation, deadline)
                cpu_s += outcome.cpu_s
                # The translator splits an operator at each ``or``: one plan may be
                # written several times.
                if len(outcome.plans) >= request.count or written < asked:
                    break
                asked *= 2
            for plan in outcome.plans:
                request.found(plan)
            return replace(outcome, cpu_s=cpu_s)

        return sas_search.solve(request, search)


def _best(
    asked: int, request: Request, translation: Translation, deadline: float
) -> tuple[Outcome, int]:
    """Return what the first search that takes the task finds, and how many it wrote."""
    # Its symmetries fail on conditional effects, which LM-cut refuses; with axioms
    # blind search alone is admissible.
    tries = [
        ("lmcut(transform=undo_to_origin())", _SYMMETRIES),
        ("celmcut()", ()),
    ]
    if translation.axioms:
        tries = [("blind()", ())]
    cpu_s = 0.0
    for heuristic, symmetries in tries:
        left_s = max(0.0, deadline - time.perf_counter())
        writing_s = min(_WRITING_SHARE * left_s, _WRITING_S)
        config = _SEARCH.format(heuristic=heuristic, count=asked)
        config += f",max_time={left_s - writing_s:.3f}"
        config += ",symmetries=sym)" if symmetries else ")"
        ended = sas_search.run_search(
            search_folder(),
            [*symmetries, "--search", config],
            request,
            translation,
            deadline,
        )
        cpu_s += ended.cpu_s
        if ended.ended or ended.code != UNSUPPORTED_CODE:
            break
    written = _plans(request.folder / "k.json")
    plans = tuple(dict.fromkeys(written))[: request.count]
    if plans:
        notes: tuple[str, ...] = ()
        if len(plans) < request.count and "time limit" in ended.output:
            notes = (f"{len(plans)} of {request.count} plans by the time limit",)
        outcome = Outcome(
            PlanStatus.SOLVED, plans, proven=True, cpu_s=cpu_s, notes=notes
        )
        return outcome, len(written)
    return replace(_without_plan(ended), cpu_s=cpu_s), 0


def _without_plan(ended: Finished) -> Outcome:
    """Return the outcome of a search that has found nothing."""
    outcome = sas_search.failure("search", ended)
    if outcome.status is PlanStatus.UNPROVEN:
        if any(words in ended.output for words in _EXHAUSTED):
            detail = "the search proved that the goal cannot be reached"
            return replace(outcome, status=PlanStatus.UNSOLVABLE, detail=detail)
        if "time limit" in ended.output:
            detail = "the search was ended at the time limit"
            return replace(outcome, status=PlanStatus.TIMEOUT, detail=detail)
    return outcome


def _plans(file: Path) -> tuple[Plan, ...]:
    """Return the plans of a file of K*'s, the cheapest first."""
    try:
        written = json.loads(file.read_text())["plans"]
    except (FileNotFoundError, json.JSONDecodeError):
        return ()  # it was ended before it had written them
    ranked = sorted(written, key=lambda plan: plan["cost"])
    return tuple(
        tuple(
            Step(name, tuple(objects))
            for name, *objects in (action.lower().split() for action in plan["actions"])
        )
        for plan in ranked
    )


def search_folder() -> Path:
    """Return the folder of the search."""
    return package_folder(_ABOUT) / "builds" / "release" / "bin"
