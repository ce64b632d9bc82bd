"""Ledgers of known figures for the tests of comparisons."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from jouleplan.energy.ledger import Ledger
from jouleplan.energy.reading import Quality, Reading
from jouleplan.energy.records import (
    EpisodeRecord,
    MethodRecord,
    TrainingShare,
)


def reading(joules: float | None, quality: Quality = "estimated") -> Reading:
    """Return a reading of 4 W per core."""
    if joules is None:
        return Reading(None, 1.0, 1.0, 1, "nothing", "unavailable")
    cpu_s = joules / 4
    return Reading(joules, cpu_s, cpu_s, 1, f"{quality} source", quality)


def episode(
    method: str,
    seed: int,
    success: bool | None,
    joules: float | None,
    *,
    domain: str = "hanoi",
    quality: Quality = "estimated",
    load: float = 0.5,
) -> EpisodeRecord:
    """Return an episode; half of its joules are simulation, a tenth sensing."""
    parts = {"simulation": 0.5, "sensing": 0.1, "control": 0.4}
    return EpisodeRecord(
        domain=domain,
        problem="p03",
        seed=seed,
        method=method,
        success=success,
        cause="" if success else "dropped",
        energy=reading(joules, quality),
        mechanical_work_j=2.0,
        simulated_s=3.0,
        replans=0,
        phases={
            name: reading(None if joules is None else joules * share, quality)
            for name, share in parts.items()
        },
        progress=1.0 if success else 0.5,
        horizon=100,
        control_steps=90,
        load_before=load,
        load_after=load,
    )


def write(
    path: Path,
    episodes: list[EpisodeRecord],
    training: Mapping[str, tuple[TrainingShare, ...]] | None = None,
    machine: str = "EPYC",
) -> Path:
    """Write episodes to a ledger, one run a method."""
    with Ledger(path) as ledger:
        for method in dict.fromkeys(e.method for e in episodes):
            run = ledger.start_run(
                "jouleplan compare",
                method=method,
                seed=0,
                settings={"method": method},
                hardware={"cpu": machine, "logical_cpus": 2},
            )
            shares = (training or {}).get(method, ())
            ledger.record_method(run, MethodRecord(method, method.title(), "", shares))
            for one in episodes:
                if one.method == method:
                    ledger.record_episode(run, one)
    return path


def share(skill: str, joules: float | None, quality: Quality) -> TrainingShare:
    """Return what training one skill took."""
    return TrainingShare(skill, "TD3", 1000, 10.0, joules, quality, "a card", 11.0)
