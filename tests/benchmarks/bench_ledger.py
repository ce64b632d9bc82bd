"""A writer killed with -9, and a large ledger.

``python -m tests.benchmarks.bench_ledger --kills 50 --episodes 20000``
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from pathlib import Path

from jouleplan.energy.ledger import Ledger
from jouleplan.energy.merge import merge
from jouleplan.energy.reading import Reading
from jouleplan.energy.records import EpisodeRecord, OperatorRecord
from tests.energy.test_ledger_killed import complete, kill_writers, totals


def main() -> None:
    """Kill writers, resume, compare; then time opening, reading and merging."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--episodes", type=int, default=2000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path, whole = Path(folder) / "l.sqlite", Path(folder) / "whole.sqlite"
        kept = kill_writers(path, given.kills, random.Random(given.seed))
        total = max(kept) + 20
        fresh = complete(path, total)
        assert fresh == set(range(total)) - kept
        complete(whole, total)
        assert totals(path) == totals(whole)
        print(
            f"{given.kills} writers killed with SIGKILL at random moments (seed "
            f"{given.seed}): {len(kept)} episodes committed, none lost, none in part; "
            f"resumed to {total}, totals as of a ledger never interrupted"
        )
        _rates(Path(folder))
        _sizes(Path(folder), given.episodes)


def _rates(folder: Path, records: int = 200) -> None:
    """Print what one record takes its writer, without and with waiting for the disk."""
    reading = Reading(2.0, 0.5, 0.6, 3, "model", "estimated", {"cpu": 2.0})
    phases = {f"phase {i}": reading for i in range(10)}
    for count in (14, 62, 510):  # of hanoi with 3, 5 and 8 disks
        done = OperatorRecord("pick(d1)", "done", 3, 0, 1.0)
        rest = (reading, 1.0, 1.0, 0, (done,) * count, phases)
        with Ledger(folder / f"{count}.sqlite") as ledger:
            run = ledger.start_run("evaluate", method="m", seed=0)
            began, cpu = time.perf_counter(), time.process_time()
            for seed in range(records):
                record = EpisodeRecord("hanoi", "p03", seed, "m", True, "", *rest)
                ledger.record_episode(run, record)
            wall_ms = 1e3 * (time.perf_counter() - began) / records
            cpu_ms = 1e3 * (time.process_time() - cpu) / records
        print(f"a record of {count} operators: {cpu_ms:.1f} CPU-ms, {wall_ms:.1f} ms")


def _sizes(folder: Path, episodes: int) -> None:
    path, began = folder / "large.sqlite", time.perf_counter()
    complete(path, episodes)
    wrote = time.perf_counter()
    with Ledger(path, read_only=True) as ledger:
        ledger.frame("episodes"), ledger.frame("operators")
    read = time.perf_counter()
    merge([path, path], folder / "merged.sqlite")
    merged = time.perf_counter()
    print(
        f"{episodes} episodes of 50 operators: {path.stat().st_size / 1e6:.1f} MB, "
        f"written at {1e3 * (wrote - began) / episodes:.2f} ms each, read in "
        f"{read - wrote:.2f} s, merged with itself in {merged - read:.2f} s"
    )


if __name__ == "__main__":
    main()
