"""Summary: the figures of one method in one domain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from jouleplan.energy.statistics.boundary import WithinBoundary, by_boundary
from jouleplan.energy.statistics.estimate import Estimate, nothing
from jouleplan.energy.statistics.intervals import mean, success_rate
from jouleplan.energy.statistics.verdicts import count, verdicts
from jouleplan.energy.statistics.watts import AtWatts, by_watts

if TYPE_CHECKING:
    import numpy as np
    import pandas


@dataclass(frozen=True, slots=True)
class EnergySummary:
    """Joules of the episodes that share quality and hardware.

    Attributes:
        quality: How they came about.
        hardware_id: The machine; joules of two machines are not compared.
        sources: What they rest on.
        n: Episodes.
        judged: Those whose success is known.
        successes: Those that reached the goal.
        per_episode: Joules an episode [J].
        per_success: Joules a success, failures included [J].
        at_watts: The CPU's joules at other powers of a core; empty unless estimated.
        within: Joules within other boundaries.
    """

    quality: str
    hardware_id: str
    sources: tuple[str, ...]
    n: int
    judged: int
    successes: int
    per_episode: Estimate
    per_success: Estimate
    at_watts: tuple[AtWatts, ...]
    within: tuple[WithinBoundary, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return {
            "quality": self.quality,
            "hardware_id": self.hardware_id,
            "sources": list(self.sources),
            "n": self.n,
            "judged": self.judged,
            "successes": self.successes,
            "per_episode": self.per_episode.as_dict(),
            "per_success": self.per_success.as_dict(),
            "at_watts": [one.as_dict() for one in self.at_watts],
            "within": [one.as_dict() for one in self.within],
        }


@dataclass(frozen=True, slots=True)
class Summary:
    """One method in one domain.

    Attributes:
        domain: Name of the domain.
        problems: Names of the problems.
        method: What acted.
        label: Its name for people.
        n: Episodes.
        judged: Those whose success is known.
        successes: Those that reached the goal.
        seeds: Least and greatest seed.
        horizons: Control steps that were given, each once.
        success: Success rate of the judged ones, Wilson; no value where none is.
        progress: Share of the operators done; its n counts episodes that tell.
        energies: Joules, apart by quality and hardware.
        mechanical_work_j: The robot's work an episode [J].
        wall_s: Seconds an episode [s].
        cpu_s: CPU time an episode [s].
        simulated_s: Simulated time an episode [s].
        loaded: Episodes whose load average was above the number of logical CPUs.
    """

    domain: str
    problems: tuple[str, ...]
    method: str
    label: str
    n: int
    judged: int
    successes: int
    seeds: tuple[int, int]
    horizons: tuple[int, ...]
    success: Estimate
    progress: Estimate
    energies: tuple[EnergySummary, ...]
    mechanical_work_j: Estimate
    wall_s: Estimate
    cpu_s: Estimate
    simulated_s: Estimate
    loaded: int

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        nested = {
            name: getattr(self, name).as_dict()
            for name in (
                "success",
                "progress",
                "mechanical_work_j",
                "wall_s",
                "cpu_s",
                "simulated_s",
            )
        }
        energies = [one.as_dict() for one in self.energies]
        return {**asdict(self), **nested, "energies": energies}


def summarise(
    episodes: pandas.DataFrame, phases: pandas.DataFrame, rng: np.random.Generator
) -> Summary:
    """Return the figures of one method in one domain.

    Args:
        episodes: At least one, of one method and domain; see ``CompareFrames``.
        phases: At least theirs.
        rng: Source of the resampling.
    """
    first, n = episodes.iloc[0], len(episodes)
    wins, judged = count(verdicts(episodes["success"]))
    load = episodes[["load_before", "load_after"]].astype(float).max(axis=1)

    def of(column: str) -> Estimate:
        return mean(_known(episodes[column]), rng)

    groups = episodes[episodes["quality"] != "unavailable"].groupby(
        ["quality", "hardware_id"]
    )
    return Summary(
        domain=str(first["domain"]),
        problems=tuple(sorted(set(episodes["problem"]))),
        method=str(first["method"]),
        label=str(first["label"]),
        n=n,
        judged=judged,
        successes=wins,
        seeds=(int(episodes["seed"].min()), int(episodes["seed"].max())),
        horizons=tuple(sorted({int(h) for h in episodes["horizon"]})),
        success=success_rate(wins, judged) if judged else nothing(),
        progress=of("progress"),
        energies=tuple(
            _energy(str(quality), str(machine), rows, phases, rng)
            for (quality, machine), rows in groups
        ),
        mechanical_work_j=of("mechanical_work_j"),
        wall_s=of("wall_s"),
        cpu_s=of("cpu_s"),
        simulated_s=of("simulated_s"),
        loaded=int(((episodes["cpus"] > 0) & (load > episodes["cpus"])).sum()),
    )


def _energy(
    quality: str,
    hardware_id: str,
    rows: pandas.DataFrame,
    phases: pandas.DataFrame,
    rng: np.random.Generator,
) -> EnergySummary:
    success = verdicts(rows["success"])
    wins, judged = count(success)
    cpu_s = [float(v) for v in rows["cpu_s"]]
    theirs = phases[phases["episode"].isin(rows["id"])]
    within = by_boundary(rows, theirs, rng)
    everything = within[0]
    return EnergySummary(
        quality,
        hardware_id,
        tuple(sorted(set(rows["source"]))),
        len(rows),
        judged,
        wins,
        everything.per_episode,
        everything.per_success,
        by_watts(cpu_s, success, rng) if quality == "estimated" else (),
        within,
    )


def _known(column: pandas.Series) -> Sequence[float]:
    return [float(v) for v in column.dropna()]
