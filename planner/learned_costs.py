"""Learned costs: joules, seconds and failures of every operator, from a ledger.

A cost is what one *success* of an operator took, failed tries included: the sum over
all tries by the number of successes. Intervals are bootstrapped over episodes, because
operators of one episode share a scene.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from jouleplan.domains.errors import meant
from jouleplan.energy.errors import LedgerError
from jouleplan.energy.ledger import Ledger
from jouleplan.energy.statistics import wilson_interval

if TYPE_CHECKING:
    import pandas

JOULES = {
    "both": ("energy_j", "mechanical_work_j"),
    "compute": ("energy_j",),
    "mechanical": ("mechanical_work_j",),
}
"""What the joules of an operator may be -> the columns that are added up."""
EPISODES = "episodes"
_RESAMPLES = 1000
_PLURAL = {"domain": "domains", "method": "methods", "quality": "qualities"}


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean a success, with its 95 % interval."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class LearnedCost:
    """What an operator costs, in all or with arguments of certain types.

    Attributes:
        key: ``pick``, or ``pick(disk, peg)``.
        skill: What carried it out.
        tries: How often it was tried.
        successes: How often its effects were sensed.
        success: Rate of successes with its Wilson interval; None without a try.
        energy_j: What is to be minimised [J].
        compute_j: Of it, computing [J].
        mechanical_j: Of it, the robot's work [J].
        seconds: Simulated time [s].
        source: What this rests on: ``EPISODES``, or whose value.
    """

    key: str
    skill: str
    tries: int
    successes: int
    success: Estimate | None
    energy_j: Estimate
    compute_j: Estimate
    mechanical_j: Estimate
    seconds: Estimate
    source: str = EPISODES

    @property
    def failure_cost(self) -> float:
        """-ln of the chance of success: least in sum where all succeed most likely.

        The chance is (successes + 1/2) / (tries + 1), which is never 0 or 1.
        """
        return -math.log((self.successes + 0.5) / (self.tries + 1))


@dataclass(frozen=True, slots=True)
class LearnedCosts:
    """What a ledger says of a domain's operators.

    Attributes:
        domain: Name of the domain.
        method: What carried them out.
        operators: By operator, each followed by its types of arguments.
        skills: By skill.
        episodes: How many were looked at.
        quality: How the joules of computing came about.
        sources: What they rest on.
        hardware_ids: Where they were metered.
        joules: A key of ``JOULES``.
        problems: Names of the problems that were looked at.
    """

    domain: str
    method: str
    operators: tuple[LearnedCost, ...]
    skills: tuple[LearnedCost, ...]
    episodes: int
    quality: str
    sources: tuple[str, ...]
    hardware_ids: tuple[str, ...]
    joules: str
    problems: tuple[str, ...] = ()


def learn_costs(
    path: Path,
    *,
    domain: str | None = None,
    method: str | None = None,
    quality: str | None = None,
    joules: str = "both",
    seed: int = 0,
) -> LearnedCosts:
    """Return what the operators in a ledger cost.

    Args:
        path: The ledger.
        domain: Whose operators; None where the ledger holds one domain.
        method: Who carried them out; None where the ledger holds one method.
        quality: Of which joules; None where the ledger holds one quality.
        joules: A key of ``JOULES``.
        seed: Of the bootstrap.

    Raises:
        LedgerError: The ledger cannot be read, holds no joules of operators, or holds
            several domains, methods or qualities and none is chosen.
    """
    with Ledger(path, read_only=True) as ledger:
        episodes, operators = ledger.frame("episodes"), ledger.frame("operators")
        runs = ledger.frame("runs")
    episodes = _one(path, episodes, "domain", domain)
    episodes = _one(path, episodes, "method", method)
    episodes = episodes[episodes.quality != "unavailable"]
    episodes = _one(path, episodes, "quality", quality)
    rows = operators[
        operators.episode.isin(episodes.id)
        & (operators.skill != "")
        & ~operators.outcome.str.contains(": ", regex=False)  # recoveries
        & operators.energy_j.notna()
        & operators.mechanical_work_j.notna()
    ]
    if rows.empty:
        raise LedgerError(
            f"{path} holds no joules of operators: record episodes with `jouleplan "
            "evaluate ... --ledger FILE` of this version, without --power-csv, which "
            "does not tell the operators of an episode apart"
        )
    rows = rows.assign(
        operator=rows.name.str.partition("(")[0],
        done=(rows.outcome == "done").astype(float),
        cost=rows[list(JOULES[joules])].astype(float).sum(axis=1),
    )
    rng = np.random.default_rng(seed)
    used = runs[runs.id.isin(episodes.run_id)]
    return LearnedCosts(
        str(episodes.domain.iloc[0]),
        str(episodes.method.iloc[0]),
        tuple(_by_operator(rows, rng)),
        tuple(_cost(str(s), group, rng) for s, group in rows.groupby("skill")),
        int(rows.episode.nunique()),
        str(episodes.quality.iloc[0]),
        tuple(sorted(set(episodes.source))),
        tuple(sorted(set(used.hardware_id))),
        joules,
        tuple(sorted(set(episodes.problem))),
    )


def _one(
    path: Path, episodes: pandas.DataFrame, column: str, given: str | None
) -> pandas.DataFrame:
    """Return the episodes with one value in ``column``."""
    found = sorted(set(episodes[column]))
    if given is None and len(found) > 1:
        raise LedgerError(
            f"{path} holds episodes of several {_PLURAL[column]} ({', '.join(found)}), "
            f"which share no costs: choose one by --{column}"
        )
    if given is not None and given not in found:
        raise LedgerError(
            f"{path} holds no episode of {column} {given!r}; "
            f"{meant(given, found)}There are: {', '.join(found) or 'none at all'}"
        )
    return episodes if given is None else episodes[episodes[column] == given]


def _by_operator(
    rows: pandas.DataFrame, rng: np.random.Generator
) -> Sequence[LearnedCost]:
    found = []
    for name, group in rows.groupby("operator"):
        found.append(_cost(str(name), group, rng))
        for types, some in group.groupby("types"):
            words = json.loads(str(types))
            if words:
                found.append(_cost(f"{name}({', '.join(words)})", some, rng))
    return found


def _cost(key: str, rows: pandas.DataFrame, rng: np.random.Generator) -> LearnedCost:
    names = ["cost", "energy_j", "mechanical_work_j", "seconds", "done"]
    by_episode = rows.assign(tries=1.0).groupby("episode")[[*names, "tries"]].sum()
    table = by_episode.to_numpy(dtype=float)
    resampled = np.stack(
        [
            table[rng.integers(len(table), size=len(table))].sum(axis=0)
            for _ in range(_RESAMPLES)
        ]
    )
    means, spread = _per_success(table.sum(axis=0)[None])[0], _per_success(resampled)
    low, high = np.quantile(spread, (0.025, 0.975), axis=0)
    energy, computing, robot, seconds = (
        Estimate(float(m), float(a), float(b))
        for m, a, b in zip(means, low, high, strict=True)
    )
    tries, successes = len(rows), int(rows.done.sum())
    rate = Estimate(successes / tries, *wilson_interval(successes, tries))
    skills = " or ".join(sorted(set(rows.skill)))
    return LearnedCost(
        key, skills, tries, successes, rate, energy, computing, robot, seconds
    )


def _per_success(sums: np.ndarray) -> np.ndarray:
    """Return sums (n, 4 + done + tries) as means a success, shape (n, 4)."""
    done, tries = sums[:, 4], sums[:, 5]
    # one that never succeeded: half a success more than seen, in one try more
    done = np.where(done > 0, done, 0.5 * tries / (tries + 1))
    return np.asarray(sums[:, :4] / done[:, None])
