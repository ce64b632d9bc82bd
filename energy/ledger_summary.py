"""Summary: what a ledger holds, in a few numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from jouleplan.energy.database import stored_version
from jouleplan.energy.ledger import Ledger
from jouleplan.energy.statistics.verdicts import count, verdicts


@dataclass(frozen=True, slots=True)
class EpisodeGroup:
    """Episodes that may share a mean: of one problem, method and quality of joules.

    Attributes:
        domain: Name of the domain.
        problem: Name of the problem.
        method: What acted.
        quality: How the joules came about.
        episodes: How many.
        successes: How many reached the goal; None where that is unknown of all.
        energy_j_per_episode: Mean energy [J]; None where it is unavailable.
    """

    domain: str
    problem: str
    method: str
    quality: str
    episodes: int
    successes: int | None
    energy_j_per_episode: float | None


@dataclass(frozen=True, slots=True)
class LedgerSummary:
    """What a ledger holds.

    Attributes:
        version: Of the schema, as stored.
        records: Table -> number of its records.
        hardware: Hardware id -> JSON of the hardware.
        groups: The episodes.
    """

    version: int
    records: Mapping[str, int]
    hardware: Mapping[str, str]
    groups: tuple[EpisodeGroup, ...]


def summary(path: Path) -> LedgerSummary:
    """Return what the ledger at ``path`` holds.

    Raises:
        LedgerError: It cannot be read.
    """
    by = ["domain", "problem", "method", "quality"]
    with Ledger(path, read_only=True) as ledger:
        episodes, runs = ledger.frame("episodes"), ledger.frame("runs")
        records = ledger.counts()
    groups = []
    for (domain, problem, method, quality), group in episodes.groupby(by):
        wins, judged = count(verdicts(group.success))
        mean = group.energy_j.astype(float).mean()
        groups.append(
            EpisodeGroup(
                str(domain),
                str(problem),
                str(method),
                str(quality),
                len(group),
                wins if judged else None,
                None if quality == "unavailable" else float(mean),
            )
        )
    hardware = dict(zip(runs.hardware_id, runs.hardware, strict=True))
    return LedgerSummary(stored_version(path), records, hardware, tuple(groups))
