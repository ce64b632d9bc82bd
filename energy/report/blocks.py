"""What may be pooled: one block a domain and basis, one line a method and problem."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jouleplan.energy.report.commands import commands
from jouleplan.energy.report.labels import labelled, labels_of
from jouleplan.energy.report.read import BASIS, Data
from jouleplan.energy.statistics.estimate import Estimate, nothing
from jouleplan.energy.statistics.intervals import mean, wilson_interval
from jouleplan.energy.statistics.ratio import energy_per_success
from jouleplan.energy.statistics.verdicts import count, verdicts

if TYPE_CHECKING:
    import pandas

ALL = ""
"""The problem of a line over every problem of its block."""

MOST_LINES = 80
"""Lines by problem of a block; where there were more, there are none."""


@dataclass(frozen=True, slots=True)
class Basis:
    """What joules rest on; those of two bases are never added.

    Attributes:
        hardware_id: Of the machine.
        quality: measured, attributed, estimated, published or unavailable.
        source: Sensor or model.
    """

    hardware_id: str
    quality: str
    source: str

    @property
    def words(self) -> str:
        """The basis in words."""
        return f"{self.quality}: {self.source} (hardware {self.hardware_id})"


@dataclass(frozen=True, slots=True)
class Line:
    """The figures of one method on one problem, or on all of a block.

    Attributes:
        method: As in the ledger.
        label: For people; says which settings differ.
        problem: Name of the problem, or :data:`ALL`.
        series: Index of the method's colour in the whole report.
        n: Episodes.
        judged: Those whose success is known.
        successes: Of them.
        success: Low and high end of the success rate's Wilson interval; None where
            it is unknown.
        progress: Share of the goal's operators done.
        per_episode: Joules an episode.
        per_success: Joules a success, failures' included.
        cpu_s: CPU-seconds an episode.
        wall_s: Seconds an episode.
        simulated_s: Simulated seconds an episode.
        work: Mechanical work of the robot an episode [J].
        flops: Floating point operations an episode.
        flops_per_action: The same, a control step.
        seeds: Seeds of the episodes.
        runs: Ids of their runs.
        horizons: Control steps given.
        causes: Cause of failure -> how often.
    """

    method: str
    label: str
    problem: str
    series: int
    n: int
    judged: int
    successes: int
    success: tuple[float, float] | tuple[None, None]
    progress: Estimate
    per_episode: Estimate
    per_success: Estimate
    cpu_s: Estimate
    wall_s: Estimate
    simulated_s: Estimate
    work: Estimate
    flops: Estimate
    flops_per_action: Estimate
    seeds: list[int]
    runs: list[str]
    horizons: list[int]
    causes: dict[str, int]

    @property
    def rate(self) -> float | None:
        """The success rate of the judged episodes; None where none is."""
        return self.successes / self.judged if self.judged else None

    @property
    def never_succeeded(self) -> bool:
        """Whether every episode was judged, and none a success."""
        return self.judged == self.n and self.successes == 0


@dataclass(frozen=True, slots=True)
class Block:
    """Episodes of one domain whose joules may be compared.

    Attributes:
        domain: Name of the domain.
        basis: What the joules rest on.
        lines: One a method, over all problems.
        by_problem: One a method and problem; empty where there is one problem, or more
            than a reader would read.
        frame: Its episodes, with a ``label`` each.
        phases: Its phases, with a ``label`` each.
        same_scenes: Whether every method ran the same problems and seeds.
        commands: Names of the commands that made it, e.g. ``C1 to C2``.
    """

    domain: str
    basis: Basis
    lines: list[Line]
    by_problem: list[Line]
    frame: pandas.DataFrame
    phases: pandas.DataFrame
    same_scenes: bool
    commands: str

    @property
    def title(self) -> str:
        """The block's heading."""
        return f"{self.domain}: {self.basis.quality} energy"

    @property
    def problems(self) -> list[str]:
        """The names of its problems."""
        return sorted(self.frame["problem"].unique())


def blocks(data: Data, seed: int = 0) -> list[Block]:
    """Return the blocks of a ledger, in the order of domains and bases.

    Args:
        data: The records.
        seed: Of the bootstraps.
    """
    if data.episodes.empty:
        return []
    labels, series = labels_of(data)
    named = commands(data.runs)
    episodes, phases = labelled(data.episodes, labels), labelled(data.phases, labels)
    found = []
    for key, frame in episodes.groupby(["domain", *BASIS], sort=True, observed=True):
        domain, *basis = key
        mine = phases
        for column, value in zip(("domain", *BASIS), key, strict=True):
            mine = mine[mine[column] == value]
        made = named.words(frame["run_id"].unique())
        found.append(
            _block(str(domain), Basis(*basis), frame, mine, series, made, seed)
        )
    return found


def _block(
    domain: str,
    basis: Basis,
    frame: pandas.DataFrame,
    phases: pandas.DataFrame,
    series: Mapping[str, int],
    made: str,
    seed: int,
) -> Block:
    lines, by_problem, scenes = [], [], []
    for label, mine in sorted(frame.groupby("label"), key=lambda x: series[x[0]]):
        lines.append(_line(mine, label, ALL, series[label], seed))
        scenes.append(set(zip(mine["problem"], mine["seed"], strict=True)))
    most = MOST_LINES // len(lines)
    if 1 < frame["problem"].nunique() <= most:
        for (problem, label), mine in sorted(
            frame.groupby(["problem", "label"]),
            key=lambda x: (x[0][0], series[x[0][1]]),
        ):
            by_problem.append(_line(mine, label, problem, series[label], seed))
    same = all(one == scenes[0] for one in scenes)
    return Block(domain, basis, lines, by_problem, frame, phases, same, made)


def _line(
    frame: pandas.DataFrame, label: str, problem: str, series: int, seed: int
) -> Line:
    import numpy as np

    rng = np.random.default_rng(seed)
    success = verdicts(frame["success"])
    successes, judged = count(success)
    energy = frame["energy_j"].to_numpy(dtype=float)
    n = len(frame)
    failed = [verdict is False for verdict in success]
    causes = frame.loc[failed, "cause"].value_counts()

    def mean_of(values: pandas.Series) -> Estimate:
        # One that is unknown makes the mean unknown.
        return nothing(n) if values.isna().any() else mean(values.tolist(), rng)

    def averaged(column: str) -> Estimate:
        return mean_of(frame[column].astype(float))

    steps = frame["control_steps"].astype(float)

    return Line(
        method=str(frame["method"].iloc[0]),
        label=label,
        problem=problem,
        series=series,
        n=n,
        judged=judged,
        successes=successes,
        success=wilson_interval(successes, judged) if judged else (None, None),
        progress=averaged("progress"),
        per_episode=averaged("energy_j"),
        per_success=nothing(n)
        if np.isnan(energy).any()
        else energy_per_success(energy, success, rng),
        cpu_s=averaged("cpu_s"),
        wall_s=averaged("wall_s"),
        simulated_s=averaged("simulated_s"),
        work=averaged("mechanical_work_j"),
        flops=averaged("flops"),
        flops_per_action=mean_of(frame["flops"].astype(float) / steps.where(steps > 0)),
        seeds=sorted(map(int, frame["seed"].unique())),
        runs=sorted(frame["run_id"].unique()),
        horizons=sorted(map(int, frame["horizon"].unique())),
        causes={str(cause): int(count) for cause, count in causes.items()},
    )
