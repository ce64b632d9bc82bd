"""Ranking: Bradley-Terry strengths from episodes that methods share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

from jouleplan.energy.statistics.estimate import CONFIDENCE
from jouleplan.energy.statistics.verdicts import Verdict

if TYPE_CHECKING:
    import numpy as np

REGULARISATION: Final = 0.1
"""Of choix: keeps the strengths finite where a method wins or loses every duel."""
RESAMPLES: Final = 200


@dataclass(frozen=True, slots=True)
class Duel:
    """Two methods on one scene.

    Attributes:
        a: Name of the first method.
        b: Name of the second method.
        score: 1 where ``a`` wins, 0 where ``b`` does, 0.5 for a tie.
        scene: What they share, e.g. (domain, problem, seed); drawn together.
    """

    a: str
    b: str
    score: float
    scene: tuple[object, ...] = ()


@dataclass(frozen=True, slots=True)
class Strength:
    """A method's place in the ranking.

    Attributes:
        method: Its name.
        strength: Logarithm of its Bradley-Terry parameter; they sum to 0.
        low: Lower end of its bootstrap interval.
        high: Upper end.
        wins: Duels won.
        losses: Duels lost.
        ties: Duels that nobody won.
    """

    method: str
    strength: float
    low: float
    high: float
    wins: int
    losses: int
    ties: int

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return asdict(self)


def duel_score(
    success_a: Verdict,
    energy_a_j: float | None,
    success_b: Verdict,
    energy_b_j: float | None,
) -> float | None:
    """Return who wins a scene: a success beats a failure, then fewer joules beat more.

    Returns:
        1, 0 or 0.5 as in ``Duel``; two failures tie. None where both succeeded and
        their joules cannot be compared, or a success is unknown.
    """
    if success_a is None or success_b is None:
        return None
    if success_a != success_b:
        return 1.0 if success_a else 0.0
    if not success_a:
        return 0.5
    if energy_a_j is None or energy_b_j is None:
        return None
    if energy_a_j == energy_b_j:
        return 0.5
    return 1.0 if energy_a_j < energy_b_j else 0.0


def bradley_terry(
    duels: Sequence[Duel], rng: np.random.Generator
) -> tuple[Strength, ...]:
    """Return every method's strength, the strongest first.

    A tie is half a win for each. Scenes are resampled for the interval, percentile.

    Args:
        duels: At least one; methods are those named in them.
        rng: Source of the resampling.

    Source: Bradley and Terry 1952, doi:10.2307/2334029; fitted by I-LSR (Maystre and
    Grossglauser 2015, arXiv:1503.04369) as in choix.
    """
    import numpy as np

    if not duels:
        return ()
    methods = list(dict.fromkeys(m for d in duels for m in (d.a, d.b)))
    index = {method: i for i, method in enumerate(methods)}
    scenes: dict[tuple[object, ...], np.ndarray] = {}
    for number, duel in enumerate(duels):
        key = duel.scene or (number,)
        table = scenes.setdefault(key, np.zeros((len(methods),) * 2))
        table[index[duel.a], index[duel.b]] += duel.score
        table[index[duel.b], index[duel.a]] += 1 - duel.score
    tables = np.array(list(scenes.values()))
    strengths = _fit(tables.sum(0))
    drawn = [
        _fit(tables[rng.integers(0, len(tables), len(tables))].sum(0))
        for _ in range(RESAMPLES)
    ]
    tail = (1 - CONFIDENCE) / 2
    low, high = np.quantile(drawn, (tail, 1 - tail), axis=0)
    found = [
        Strength(m, float(s), float(x), float(y), *_record(m, duels))
        for m, s, x, y in zip(methods, strengths, low, high, strict=True)
    ]
    return tuple(sorted(found, key=lambda one: (-one.strength, one.method)))


def _fit(wins: np.ndarray) -> np.ndarray:
    import choix
    import numpy as np

    return np.asarray(
        choix.ilsr_pairwise_dense(wins, alpha=REGULARISATION, max_iter=1000)
    )


def _record(method: str, duels: Sequence[Duel]) -> tuple[int, int, int]:
    """Return wins, losses and ties of a method."""
    scores = [d.score for d in duels if d.a == method]
    scores += [1 - d.score for d in duels if d.b == method]
    return scores.count(1.0), scores.count(0.0), scores.count(0.5)
