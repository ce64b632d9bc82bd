"""A comparison on a Ray cluster of one node beside two, and what 1,000 episodes cost.

Run: ``python tests/benchmarks/bench_cluster.py``. Both clusters are on this machine,
one CPU a node; they take turns (1 2 1 2 ...). The rate is counted from the first
episode that ends to the last one, so that the start of Ray's workers, printed apart, is
not in it: it is paid once, by 24 episodes as by 1,000.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jouleplan.energy.ledger import Ledger
from jouleplan.planner.compare import Plan, compare
from jouleplan.planner.evaluate import Series
from jouleplan.planner.provenance import load_average

METHOD = "neurosymbolic"


@dataclass(frozen=True, slots=True)
class Measured:
    """One comparison: episodes a second, what one takes, and the start.

    Of each episode: joules and CPU-seconds where it was played, and CPU-seconds of the
    process that hands out the work and writes the ledger.
    """

    rate: float
    energy_j: float
    cpu_s: float
    driver_s: float
    start_s: float


def main() -> None:
    """Measure and print the ratio and the cost."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3, help="turns of each side")
    parser.add_argument("--episodes", type=int, default=24, help="episodes a turn")
    parser.add_argument("--problem", default="p03", help="of hanoi")
    chosen = parser.parse_args()
    print(f"load average {load_average()[0]:.2f} before, {os.cpu_count()} CPUs")
    ratios, found = [], []
    for _ in range(chosen.rounds):
        one, two = (
            measured(nodes, chosen.problem, chosen.episodes) for nodes in (1, 2)
        )
        ratios.append(two.rate / one.rate)
        found.append((one, two))
        print(
            f"  1 node {one.rate:.3f} episodes/s (start {one.start_s:.1f} s), "
            f"2 nodes {two.rate:.3f} (start {two.start_s:.1f} s): {ratios[-1]:.2f}"
        )
    print(
        f"episodes a second, 2 nodes / 1 node: {statistics.median(ratios):.2f} "
        f"({min(ratios):.2f} to {max(ratios):.2f}, {chosen.rounds} turns of "
        f"{chosen.episodes} episodes)"
    )
    for nodes, runs in zip((1, 2), zip(*found, strict=True), strict=True):
        print(f"1,000 episodes of hanoi {chosen.problem} on {nodes}: {cost(runs)}")


def cost(runs: tuple[Measured, ...]) -> str:
    """Return what 1,000 episodes cost, from the medians of ``runs``."""
    hours = 1000 / statistics.median(run.rate for run in runs) / 3600
    cpu_h = statistics.median(run.cpu_s for run in runs) / 3.6
    kilojoules = statistics.median(run.energy_j for run in runs)
    driver_s = 1000 * statistics.median(run.driver_s for run in runs)
    return (
        f"{hours:.2f} h, {cpu_h:.2f} CPU-h, {kilojoules:.1f} kJ (estimated); "
        f"{driver_s:.1f} CPU-s of the driver"
    )


def measured(nodes: int, problem: str, episodes: int) -> Measured:
    """Return how one comparison went on a cluster of so many nodes."""
    ended: list[tuple[float, float]] = []
    with tempfile.TemporaryDirectory() as folder, cluster(nodes) as address:
        plan = Plan(
            (METHOD,),
            (Series("hanoi", problem),),
            tuple(range(1000, 1000 + episodes)),
            watts_per_core=4.0,
            cluster=address,
        )
        began = time.perf_counter()
        with Ledger(Path(folder) / "ledger.sqlite") as ledger:
            compare(plan, ledger, on_turn=lambda *_: ended.append(clocks()))
            frame = ledger.frame("phases")
    assert len(ended) == episodes
    (first, first_cpu), (last, last_cpu) = ended[0], ended[-1]
    return Measured(
        (episodes - 1) / (last - first),
        frame["energy_j"].sum() / episodes,
        frame["cpu_s"].sum() / episodes,
        (last_cpu - first_cpu) / (episodes - 1),
        first - began,
    )


def clocks() -> tuple[float, float]:
    """Return wall and CPU seconds of this process."""
    return time.perf_counter(), time.process_time()


@contextmanager
def cluster(nodes: int) -> Iterator[str]:
    """Start nodes of one CPU each on this machine; yield the cluster's address."""
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    from ray.cluster_utils import Cluster

    head: dict[str, Any] = {"num_cpus": 1, "include_dashboard": False}
    started: Any = Cluster(initialize_head=True, head_node_args=head)
    try:
        for _ in range(nodes - 1):
            started.add_node(num_cpus=1)
        yield started.address
    finally:
        started.shutdown()


if __name__ == "__main__":
    main()
