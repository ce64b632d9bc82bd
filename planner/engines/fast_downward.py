"""Fast Downward, from the package up-fast-downward, in processes of its own.

Its translator and its search are called directly: the driver in between costs as much
CPU as the two together on small tasks. GPL-3: it is never imported.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from jouleplan.domains.language.features import Feature
from jouleplan.planner.engines import sas_search
from jouleplan.planner.engines.engine import About, Outcome, PlanStatus, Request
from jouleplan.planner.engines.process import Finished
from jouleplan.planner.engines.sas_search import ADL, UNSUPPORTED_CODE, PlanFiles
from jouleplan.planner.engines.translation import Translation, bin_folder


def _about(purpose: str) -> About:
    """Return what people are told of one of the engines."""
    return About(
        package="up-fast-downward",
        module="up_fast_downward",
        install="pip install up-fast-downward",
        licence="GPL-3.0",
        purpose=purpose,
    )


_FIRST_ABOUT = _about("classical planning: a plan soon")
_OPTIMAL_ABOUT = _about("classical planning: a best plan, by A*")
_ANYTIME_ABOUT = _about("classical planning: better and better plans")

_HEURISTICS = (
    "let(hlm{n},eval_modify_costs(landmark_sum(lm_reasonable_orders_hps({landmarks}),"
    "pref=false),cost_type=plusone),"
    "let(hff{n},eval_modify_costs(ff(),cost_type=plusone),{search}))"
)
"""LAMA's: an operator counts its cost and one; just one where none has costs."""

_QUICK = "lm_zg()"
"""Landmarks that are found soon in the largest tasks, too."""

_RICH = "lm_rhw()"
"""LAMA's own landmarks, disjunctions too: they lead to shorter plans, but may take 10 s
where the quick ones take 0.5 s."""

_FIRST = _HEURISTICS.format(
    n="1",
    landmarks=_QUICK,
    search="lazy_greedy([hff1,hlm1],preferred=[hff1,hlm1],reopen_closed=false)",
)
# Under a bound only a search that reopens states and finds nothing has proved that
# there is nothing to find.
_WEIGHTED = (
    "lazy_wastar([hff2,hlm2],preferred=[hff2,hlm2],reopen_closed=true,w={weight})"
)
_ANYTIME = _HEURISTICS.format(
    n="2",
    landmarks=_RICH,
    search="iterated([{}],repeat_last=true)".format(
        ",".join([_FIRST, *(_WEIGHTED.format(weight=w) for w in (5, 3, 2, 1))])
    ),
)
"""The first plan, then the weighted searches of the alias ``lama``, whose landmarks are
sought only once there is a plan."""

_NO_BETTER = re.compile(rb"no plan with cost (\d+) or less exists")


@dataclass(frozen=True, slots=True)
class FastDownward:
    """Fast Downward's first plan: greedy search with landmarks and h_FF."""

    name: str = "fast-downward"
    about: About = _FIRST_ABOUT
    supports: frozenset[Feature] = ADL
    optimal: bool = field(default=False, init=False)
    anytime: bool = field(default=False, init=False)
    top_k: bool = field(default=False, init=False)
    translates: bool = field(default=True, init=False)

    def missing(self) -> str:
        """See ``Engine.missing``."""
        return sas_search.missing(self.about)

    def run(self, request: Request) -> Outcome:
        """Return what translator and search find; see ``Engine.run``."""

        def search(translation: Translation, deadline: float) -> Outcome:
            return _search(_FIRST, request, translation, deadline)[0]

        return sas_search.solve(request, search)


@dataclass(frozen=True, slots=True)
class FastDownwardOptimal:
    """Fast Downward's A*, with the best admissible heuristic that takes the task."""

    name: str = "fast-downward-optimal"
    about: About = _OPTIMAL_ABOUT
    supports: frozenset[Feature] = ADL
    optimal: bool = field(default=True, init=False)
    anytime: bool = field(default=False, init=False)
    top_k: bool = field(default=False, init=False)
    translates: bool = field(default=True, init=False)

    def missing(self) -> str:
        """See ``Engine.missing``."""
        return sas_search.missing(self.about)

    def run(self, request: Request) -> Outcome:
        """Return what translator and search find; see ``Engine.run``."""

        def search(translation: Translation, deadline: float) -> Outcome:
            # With axioms hmax does not complain, but overestimates.
            heuristics = ["blind()"] if translation.axioms else ["lmcut()", "hmax()"]
            cpu_s = 0.0
            for heuristic in heuristics:
                astar = f"astar({heuristic})"
                outcome, ended = _search(astar, request, translation, deadline)
                cpu_s += ended.cpu_s
                # LM-cut refuses conditional effects, of which the translator makes
                # some from plain operators too.
                if ended.ended or ended.code != UNSUPPORTED_CODE:
                    break
            proven = outcome.status is PlanStatus.SOLVED
            return replace(outcome, proven=proven, cpu_s=cpu_s)

        return sas_search.solve(request, search)


@dataclass(frozen=True, slots=True)
class FastDownwardAnytime:
    """LAMA: a first plan, then better and better ones."""

    name: str = "fast-downward-anytime"
    about: About = _ANYTIME_ABOUT
    supports: frozenset[Feature] = ADL
    optimal: bool = field(default=False, init=False)
    anytime: bool = field(default=True, init=False)
    top_k: bool = field(default=False, init=False)
    translates: bool = field(default=True, init=False)

    def missing(self) -> str:
        """See ``Engine.missing``."""
        return sas_search.missing(self.about)

    def run(self, request: Request) -> Outcome:
        """Return what translator and searches find; see ``Engine.run``.

        It ends before the limit once the best plan is proven best: a search has
        visited every state that could be on a cheaper one.
        """

        def search(translation: Translation, deadline: float) -> Outcome:
            plans = PlanFiles(request.folder, request.found)
            # h_FF may take a state for a dead end that is none where there are axioms.
            sound = not translation.axioms
            proof = _Proof(plans, request.folder / "search.txt", sound)
            ended = _run(_ANYTIME, request, translation, deadline, proof.look)
            return replace(_outcome(plans, ended), proven=proof.look())

        return sas_search.solve(request, search)


class _Proof:
    """Whether the best plan that a search has written so far is proven best."""

    def __init__(self, plans: PlanFiles, log: Path, sound: bool) -> None:
        """Watch plans and log; ``sound`` tells whether the log can be trusted."""
        self._plans, self._log, self._sound = plans, log, sound
        self._read = 0
        self._part = b""
        self._excluded = -1

    def look(self) -> bool:
        """Read what has been written since; return whether there is a proof."""
        self._plans.look()
        with open(self._log, "rb") as stream:
            stream.seek(self._read)
            text = self._part + stream.read()
            self._read = stream.tell()
        self._part = text[text.rfind(b"\n") + 1 :]
        if self._sound:
            said = [int(cost) for cost in _NO_BETTER.findall(text)]
            self._excluded = max([self._excluded, *said])
        # What costs nothing is best, but LAMA would find it again and again.
        return any(cost <= self._excluded + 1 for cost, _ in self._plans.found)


def _search(
    config: str, request: Request, translation: Translation, deadline: float
) -> tuple[Outcome, Finished]:
    """Return what a search for one plan finds, and how it ended."""
    plans = PlanFiles(request.folder, request.found)
    ended = _run(config, request, translation, deadline)
    plans.look()
    return _outcome(plans, ended), ended


def _run(
    config: str,
    request: Request,
    translation: Translation,
    deadline: float,
    on_tick: Callable[[], bool] = lambda: False,
) -> Finished:
    """Return how a search ended."""
    return sas_search.run_search(
        bin_folder(),
        ["--search", config],
        request,
        translation,
        deadline,
        on_tick=on_tick,
    )


def _outcome(plans: PlanFiles, ended: Finished) -> Outcome:
    """Return the outcome of a search that has ended."""
    if plans.found:
        return Outcome(PlanStatus.SOLVED, plans.best(), cpu_s=ended.cpu_s)
    return sas_search.failure("search", ended)
