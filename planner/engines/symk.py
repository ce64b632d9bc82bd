"""SymK, from the package up-symk: symbolic search for a best plan, or the k best.

It searches with decision diagrams over sets of states, from both ends, and takes
conditional effects and derived predicates as they are. It reads what Fast Downward's
translator writes. GPL-3: it is never imported, it runs in a process of its own.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

from jouleplan.domains.language.features import Feature
from jouleplan.planner.engines import sas_search
from jouleplan.planner.engines.engine import About, Outcome, PlanStatus, Request
from jouleplan.planner.engines.sas_search import ADL, PlanFiles, package_folder
from jouleplan.planner.engines.translation import Translation

_BEST = "sym_bd()"
_TOP_K = "symk_bd(simple=true,plan_selection=top_k(num_plans={count}))"
_EXHAUSTED = f"BOUND: {2**31 - 1} <"
"""SymK writes the least cost that a plan can still have; this is its infinity."""

_ABOUT = About(
    package="up-symk",
    module="up_symk",
    install="pip install up-symk",
    licence="GPL-3.0",
    purpose="classical planning: a best plan or the k best, by symbolic search",
)


@dataclass(frozen=True, slots=True)
class SymK:
    """A best plan, or the best of the plans that visit no state twice."""

    name: str = "symk"
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
            plans = PlanFiles(request.folder, request.found)
            # One first: the search for several does not end where there is none.
            outcome = _search(_BEST, plans, request, translation, deadline)
            cpu_s, asked = outcome.cpu_s, request.count
            # The translator splits an operator at each ``or``: one plan may be written
            # several times, and more than ``count`` files hold ``count`` plans.
            while len(plans.found) < request.count and (
                outcome.status is PlanStatus.SOLVED and not outcome.notes
            ):
                plans.restart()
                config = _TOP_K.format(count=asked)
                outcome = _search(config, plans, request, translation, deadline)
                cpu_s += outcome.cpu_s
                if plans.written < asked:
                    break
                asked *= 2
            return replace(outcome, cpu_s=cpu_s)

        return sas_search.solve(request, search)


def _search(
    config: str,
    plans: PlanFiles,
    request: Request,
    translation: Translation,
    deadline: float,
) -> Outcome:
    """Return what a search finds."""

    def look() -> bool:
        plans.look()
        return False

    ended = sas_search.run_search(
        search_folder(),
        ["--search", config],
        request,
        translation,
        deadline,
        on_tick=look,
    )
    plans.look()
    if plans.found:
        best = plans.best(request.count)
        notes: tuple[str, ...] = ()
        if len(best) < request.count and (ended.ended or ended.code):
            why = sas_search.failure("search", ended).detail
            notes = (f"{len(best)} of {request.count} plans: {why}",)
        return Outcome(
            PlanStatus.SOLVED, best, proven=True, cpu_s=ended.cpu_s, notes=notes
        )
    outcome = sas_search.failure("search", ended)
    if outcome.status is PlanStatus.UNPROVEN and _EXHAUSTED in ended.output:
        detail = "the search proved that the goal cannot be reached"
        outcome = replace(outcome, status=PlanStatus.UNSOLVABLE, detail=detail)
    return outcome


def search_folder() -> Path:
    """Return the folder of the search."""
    return package_folder(_ABOUT) / "symk" / "builds" / "release" / "bin"
