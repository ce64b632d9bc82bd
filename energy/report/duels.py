"""Methods against each other on the scenes that they share."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from jouleplan.energy.report.blocks import Block
from jouleplan.energy.statistics.verdicts import verdicts

if TYPE_CHECKING:
    from jouleplan.energy.statistics.pairs import Outcome, Paired
    from jouleplan.energy.statistics.ranking import Strength

MOST = 4000
"""Shared scenes that tests and ranking are made of at most; a sample beyond."""

MOST_METHODS = 12
"""Methods of a block that are paired; their pairs grow with the square."""


@dataclass(frozen=True, slots=True)
class Duels:
    """Paired tests and ranking of a block.

    Attributes:
        tests: One a pair of methods, adjusted for their number by Holm.
        ranking: The strongest first; empty where no scene is shared.
        sampled: Shared scenes of a pair before a sample was drawn; 0 for no sample.
    """

    tests: tuple[Paired, ...]
    ranking: tuple[Strength, ...]
    sampled: int


def duels(block: Block, seed: int = 0) -> Duels:
    """Return paired tests and ranking on the problems and seeds that methods share.

    Args:
        block: The episodes.
        seed: Of sample and bootstraps.
    """
    from jouleplan.energy.statistics.pairs import holm, paired
    from jouleplan.energy.statistics.ranking import Duel, bradley_terry, duel_score

    rng = np.random.default_rng(seed)
    outcomes = _outcomes(block)
    tests, met, sampled = [], [], 0
    for a, b in itertools.combinations(outcomes, 2):
        shared = [scene for scene in outcomes[a] if scene in outcomes[b]]
        if len(shared) > MOST:
            sampled = max(sampled, len(shared))
            drawn = rng.choice(len(shared), MOST, replace=False)
            shared = [shared[i] for i in sorted(drawn)]
        pairs = [(outcomes[a][scene], outcomes[b][scene]) for scene in shared]
        if not pairs:
            continue
        tests.append(paired(a, b, pairs, rng))
        for scene, (one, two) in zip(shared, pairs, strict=True):
            score = duel_score(*one, *two)
            if score is not None:
                met.append(Duel(a, b, score, scene))
    success = holm([test.mcnemar_p for test in tests])
    joules = holm([test.wilcoxon_p for test in tests])
    adjusted = tuple(
        replace(test, mcnemar_p_holm=p, wilcoxon_p_holm=q)
        for test, p, q in zip(tests, success, joules, strict=True)
    )
    return Duels(adjusted, bradley_terry(met, rng) if met else (), sampled)


Scene = tuple[object, ...]


def _outcomes(block: Block) -> dict[str, dict[Scene, Outcome]]:
    """Return label -> scene -> success and joules; the first where one ran twice."""
    found: dict[str, dict[Scene, Outcome]] = {}
    for line in block.lines[:MOST_METHODS]:
        mine = block.frame[block.frame["label"] == line.label]
        columns = (mine[c].tolist() for c in ("problem", "seed", "success", "energy_j"))
        scenes: dict[Scene, Outcome] = {}
        for problem, seed, success, energy in zip(*columns, strict=True):
            known = None if energy != energy else energy
            (verdict,) = verdicts((success,))
            scenes.setdefault((problem, seed), (verdict, known))
        found[line.label] = scenes
    return found
