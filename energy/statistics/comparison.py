"""Comparison: everything that a ledger says of methods, from its episodes."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from itertools import combinations
from typing import TYPE_CHECKING, Any

from jouleplan.energy.ledger import Ledger
from jouleplan.energy.statistics.frames import CompareFrames, compare_frames
from jouleplan.energy.statistics.pairs import Outcome, Paired, holm, paired
from jouleplan.energy.statistics.pareto import Point, pareto_front
from jouleplan.energy.statistics.payback import BreakEven, Costing, break_even
from jouleplan.energy.statistics.ranking import (
    Duel,
    Strength,
    bradley_terry,
    duel_score,
)
from jouleplan.energy.statistics.summary import Summary, summarise
from jouleplan.energy.statistics.verdicts import Verdict, verdicts

if TYPE_CHECKING:
    import numpy as np
    import pandas


@dataclass(frozen=True, slots=True)
class Training:
    """What training the policies of a method took, those of one quality together.

    Attributes:
        method: Its name.
        quality: How the joules came about; "unavailable" for policies without a card.
        energy_j: Joules [J]; None where unavailable.
        cpu_s: CPU time [s]; None where a card does not tell.
        steps: Environment steps.
        skills: What was trained.
    """

    method: str
    quality: str
    energy_j: float | None
    cpu_s: float | None
    steps: int
    skills: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DomainComparison:
    """Methods against each other in one domain.

    Attributes:
        domain: Its name.
        pairs: Every two methods on the seeds they share.
        break_evens: Every two whose training and episodes are of one quality.
        fronts: (quality, hardware_id) -> methods that no other one dominates.
        ranking: Bradley-Terry, the strongest first.
    """

    domain: str
    pairs: tuple[Paired, ...]
    break_evens: tuple[BreakEven, ...]
    fronts: dict[tuple[str, str], tuple[str, ...]]
    ranking: tuple[Strength, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return {
            "domain": self.domain,
            "pairs": [one.as_dict() for one in self.pairs],
            "break_evens": [one.as_dict() for one in self.break_evens],
            "fronts": [
                {"quality": quality, "hardware_id": machine, "methods": list(methods)}
                for (quality, machine), methods in self.fronts.items()
            ],
            "ranking": [one.as_dict() for one in self.ranking],
        }


@dataclass(frozen=True, slots=True)
class Comparison:
    """Everything that a ledger says of methods.

    Attributes:
        summaries: One a domain and method.
        trainings: One a method and quality; none for a method without training.
        domains: One a domain.
        notes: What a reader should know, e.g. that the machine was busy.
    """

    summaries: tuple[Summary, ...]
    trainings: tuple[Training, ...]
    domains: tuple[DomainComparison, ...]
    notes: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return {
            "summaries": [one.as_dict() for one in self.summaries],
            "trainings": [asdict(one) for one in self.trainings],
            "domains": [one.as_dict() for one in self.domains],
            "notes": list(self.notes),
        }


def compare_ledger(ledger: Ledger, *, seed: int = 0) -> Comparison:
    """Return everything that ``ledger`` says of methods.

    Args:
        ledger: An open ledger.
        seed: Of all resampling: the same ledger gives the same figures.

    Raises:
        LedgerError: The ledger cannot be read.
    """
    return compare(compare_frames(ledger), seed=seed)


def compare(frames: CompareFrames, *, seed: int = 0) -> Comparison:
    """Return everything that ``frames`` say of methods; see ``compare_ledger``."""
    import numpy as np

    rng = np.random.default_rng(seed)
    trainings = tuple(_trainings(frames.methods))
    summaries, domains = [], []
    for domain, episodes in frames.episodes.groupby("domain"):
        mine = [
            summarise(rows, frames.phases, rng)
            for _, rows in episodes.groupby("method")
        ]
        summaries += mine
        domains.append(_domain(str(domain), episodes, mine, trainings, rng))
    return Comparison(
        tuple(summaries),
        trainings,
        tuple(_adjusted(domains)),
        tuple(_notes(frames, summaries)),
    )


def _domain(
    domain: str,
    episodes: pandas.DataFrame,
    summaries: list[Summary],
    trainings: tuple[Training, ...],
    rng: np.random.Generator,
) -> DomainComparison:
    outcomes = {
        str(method): _outcomes(rows) for method, rows in episodes.groupby("method")
    }
    duels, pairs = [], []
    for a, b in combinations(outcomes, 2):
        shared = [s for s in outcomes[a] if s in outcomes[b]]
        matched = [_comparable(outcomes[a][s], outcomes[b][s]) for s in shared]
        pairs.append(paired(a, b, matched, rng))
        for scene, (x, y) in zip(shared, matched, strict=True):
            score = duel_score(x[0], x[1], y[0], y[1])
            if score is not None:
                duels.append(Duel(a, b, score, scene))
    points: dict[tuple[str, str], list[Point]] = {}
    for one in summaries:
        for e in one.energies:
            if e.per_episode.value is not None and e.judged == e.n:
                rate = e.successes / e.n
                point = Point(one.method, rate, e.per_episode.value, e.quality)
                points.setdefault((e.quality, e.hardware_id), []).append(point)
    return DomainComparison(
        domain,
        tuple(pairs),
        tuple(_break_evens(episodes, trainings, rng)),
        {key: pareto_front(found) for key, found in points.items()},
        bradley_terry(duels, rng),
    )


_Row = tuple[Verdict, float | None, str, str]
"""Success, joules, quality, hardware."""


def _outcomes(rows: pandas.DataFrame) -> dict[tuple[object, ...], _Row]:
    """Return scene and horizon -> what happened there."""
    columns = ["problem", "seed", "horizon", "success", "energy_j"]
    columns += ["quality", "hardware_id"]
    found: dict[tuple[object, ...], _Row] = {}
    for problem, seed, horizon, success, joules, quality, machine in zip(
        *(rows[c] for c in columns), strict=True
    ):
        known = None if quality == "unavailable" else float(joules)
        (verdict,) = verdicts((success,))
        found[problem, seed, horizon] = (verdict, known, quality, machine)
    return found


def _comparable(a: _Row, b: _Row) -> tuple[Outcome, Outcome]:
    """Return two outcomes, with joules only where quality and hardware are the same."""
    if a[2:] == b[2:]:
        return a[:2], b[:2]
    return (a[0], None), (b[0], None)


def _break_evens(
    episodes: pandas.DataFrame,
    trainings: tuple[Training, ...],
    rng: np.random.Generator,
) -> Iterator[BreakEven]:
    known = episodes[episodes["quality"] != "unavailable"]
    for (quality, _), rows in known.groupby(["quality", "hardware_id"]):
        lines = []
        for method, mine in rows.groupby("method"):
            spent = [t for t in trainings if t.method == method]
            judged = mine["success"].notna().all()
            if judged and all(t.quality == quality for t in spent):
                lines.append(
                    Costing(
                        str(method),
                        math.fsum(t.energy_j or 0.0 for t in spent),
                        mine["energy_j"].astype(float).tolist(),
                        mine["success"].astype(bool).tolist(),
                        str(quality),
                    )
                )
        for a, b in combinations(lines, 2):
            yield break_even(a, b, rng)


def _trainings(methods: pandas.DataFrame) -> Iterator[Training]:
    for method, text in zip(methods["method"], methods["training"], strict=True):
        by_quality: dict[str, list[dict[str, Any]]] = {}
        for share in json.loads(text):
            by_quality.setdefault(share["quality"], []).append(share)
        for quality, shares in by_quality.items():
            yield Training(
                str(method),
                quality,
                _sum(shares, "energy_j"),
                _sum(shares, "cpu_s"),
                sum(int(share["steps"] or 0) for share in shares),
                tuple(str(share["skill"]) for share in shares),
            )


def _sum(shares: list[dict[str, Any]], key: str) -> float | None:
    values = [share.get(key) for share in shares]
    known = [float(v) for v in values if v is not None]
    return math.fsum(known) if len(known) == len(values) else None


def _adjusted(domains: list[DomainComparison]) -> Iterator[DomainComparison]:
    """Yield the domains with p-values adjusted over all pairs of all domains."""
    every = [pair for domain in domains for pair in domain.pairs]
    success = iter(holm([pair.mcnemar_p for pair in every]))
    joules = iter(holm([pair.wilcoxon_p for pair in every]))
    for domain in domains:
        pairs = tuple(
            replace(p, mcnemar_p_holm=next(success), wilcoxon_p_holm=next(joules))
            for p in domain.pairs
        )
        yield replace(domain, pairs=pairs)


def _notes(frames: CompareFrames, summaries: list[Summary]) -> Iterator[str]:
    loaded = sum(one.loaded for one in summaries)
    if loaded:
        yield (
            f"{loaded} of {len(frames.episodes)} episodes ran while the load average "
            "was above the number of CPUs: their seconds and joules are inflated"
        )
    if frames.superseded:
        yield (
            f"{frames.superseded} episodes were run again on the same scene with other "
            "settings and are left out: the last one counts"
        )
    unjudged = dict.fromkeys(one.method for one in summaries if one.judged < one.n)
    if unjudged:
        yield (
            f"success is unknown, which is not zero: {', '.join(unjudged)}; in no "
            "front, ranking or break-even"
        )
    kinds = {(e.quality, e.hardware_id) for one in summaries for e in one.energies}
    if len(kinds) > 1:
        yield (
            "energies of more than one quality or machine: they are summed, compared "
            "and ranked only among themselves"
        )
