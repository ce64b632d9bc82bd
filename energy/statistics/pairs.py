"""Paired: two methods on the same seeds, with effect sizes beside p-values."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from jouleplan.energy.statistics.estimate import Estimate
from jouleplan.energy.statistics.intervals import mean, wilson_interval
from jouleplan.energy.statistics.verdicts import Verdict

if TYPE_CHECKING:
    import numpy as np

Outcome = tuple[Verdict, float | None]
"""Success of an episode, None if unknown, and its joules [J]; None where they are not
comparable."""


@dataclass(frozen=True, slots=True)
class Paired:
    """How method ``a`` compares with method ``b``, difference = a - b.

    Attributes:
        a: Name of the first method.
        b: Name of the second method.
        n: Seeds that both were run on. Where a success is unknown, only joules are
            compared.
        both: Seeds on which both succeeded.
        only_a: Seeds on which only ``a`` did.
        only_b: Seeds on which only ``b`` did.
        neither: Seeds on which none did.
        success_difference: Difference of the success rates, with Newcombe's interval;
            its n counts seeds on which both are known.
        mcnemar_p: McNemar's exact two-sided p; None without a pair.
        odds_ratio: Effect size of success: only_a / only_b; infinite where only ``a``
            ever wins alone, None where neither does.
        joules_n: Pairs whose joules can be compared.
        joules_difference: Mean of the paired differences [J], with its interval.
        wilcoxon_p: Wilcoxon's signed-rank two-sided p; None without such pairs.
        rank_biserial: Effect size of joules, -1 (``a`` always uses less) to 1.
        mcnemar_p_holm: Adjusted by ``holm`` for the comparisons made beside this one.
        wilcoxon_p_holm: Adjusted likewise.
    """

    a: str
    b: str
    n: int
    both: int
    only_a: int
    only_b: int
    neither: int
    success_difference: Estimate
    mcnemar_p: float | None
    odds_ratio: float | None
    joules_n: int
    joules_difference: Estimate
    wilcoxon_p: float | None
    rank_biserial: float | None
    mcnemar_p_holm: float | None = None
    wilcoxon_p_holm: float | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON; an infinite odds ratio is the word."""
        infinite = self.odds_ratio is not None and math.isinf(self.odds_ratio)
        return {
            **asdict(self),
            "success_difference": self.success_difference.as_dict(),
            "joules_difference": self.joules_difference.as_dict(),
            "odds_ratio": "infinite" if infinite else self.odds_ratio,
        }


def paired(
    a: str,
    b: str,
    pairs: Sequence[tuple[Outcome, Outcome]],
    rng: np.random.Generator,
) -> Paired:
    """Return the comparison of two methods on shared seeds.

    Args:
        a: Name of the first method.
        b: Name of the second method.
        pairs: For each seed what ``a`` and what ``b`` did there.
        rng: Source of the resampling.

    Source: McNemar 1947, doi:10.1007/BF02295996 (exact: a binomial test of the pairs
    that differ); Wilcoxon 1945, doi:10.2307/3001968; Kerby 2014,
    doi:10.2466/11.IT.3.1 (rank-biserial correlation).
    """
    wins = [(x[0], y[0]) for x, y in pairs if None not in (x[0], y[0])]
    both, neither = wins.count((True, True)), wins.count((False, False))
    only_a, only_b = wins.count((True, False)), wins.count((False, True))
    differences = [
        x[1] - y[1] for x, y in pairs if x[1] is not None and y[1] is not None
    ]
    p, effect = _signed_rank(differences)
    return Paired(
        a,
        b,
        len(pairs),
        both,
        only_a,
        only_b,
        neither,
        _difference(both, only_a, only_b, neither),
        _mcnemar(only_a, only_b) if wins else None,
        _odds(only_a, only_b),
        len(differences),
        mean(differences, rng),
        p,
        effect,
    )


def holm(p_values: Sequence[float | None]) -> list[float | None]:
    """Return p-values adjusted for their number; None stays and does not count.

    Source: Holm 1979, Scandinavian Journal of Statistics 6, 65-70.
    """
    known = sorted((p, i) for i, p in enumerate(p_values) if p is not None)
    adjusted: list[float | None] = [None] * len(p_values)
    above = 0.0
    for rank, (p, i) in enumerate(known):
        above = max(above, min(1.0, p * (len(known) - rank)))
        adjusted[i] = above
    return adjusted


def _mcnemar(only_a: int, only_b: int) -> float:
    from scipy.stats import binomtest

    differing = only_a + only_b
    return float(binomtest(only_a, differing).pvalue) if differing else 1.0


def _odds(only_a: int, only_b: int) -> float | None:
    if only_b:
        return only_a / only_b
    return math.inf if only_a else None


def _signed_rank(differences: Sequence[float]) -> tuple[float | None, float | None]:
    """Return Wilcoxon's p and the rank-biserial correlation; equal pairs are left out.

    Where all are equal, p is 1 and the effect 0.
    """
    if not differences:
        return None, None
    differing = [d for d in differences if d != 0]
    if not differing:
        return 1.0, 0.0
    import numpy as np
    from scipy.stats import rankdata, wilcoxon

    values = np.asarray(differing)
    ranks = rankdata(np.abs(values))
    effect = float((ranks * np.sign(values)).sum() / ranks.sum())
    return float(wilcoxon(values).pvalue), effect


def _difference(both: int, only_a: int, only_b: int, neither: int) -> Estimate:
    """Return the difference of two paired rates; also bounded where all agree.

    Source: Newcombe 1998, Statistics in Medicine 17, 2635-2650, method 10.
    """
    n = both + only_a + only_b + neither
    if n == 0:
        return Estimate(None, None, None, 0, "none: no pair")
    wins_a, wins_b = both + only_a, both + only_b
    low_a, high_a = wilson_interval(wins_a, n)
    low_b, high_b = wilson_interval(wins_b, n)
    rate_a, rate_b = wins_a / n, wins_b / n
    margins = wins_a * (n - wins_a) * wins_b * (n - wins_b)
    agreement = float(both * neither - only_a * only_b)
    if agreement > 0:
        agreement = max(agreement - n / 2, 0.0)
    phi = agreement / math.sqrt(margins) if margins else 0.0

    def half(x: float, y: float) -> float:
        return math.sqrt(max(0.0, x * x - 2 * phi * x * y + y * y))

    difference = rate_a - rate_b
    low = max(-1.0, difference - half(rate_a - low_a, high_b - rate_b))
    high = min(1.0, difference + half(high_a - rate_a, rate_b - low_b))
    return Estimate(difference, low, high, n, "Newcombe, paired")
