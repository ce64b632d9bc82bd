"""A writer killed with -9 loses no committed record."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path

from jouleplan.energy.ledger import Ledger
from jouleplan.energy.records import EpisodeKey

WRITER = """
import sys
from jouleplan.energy.ledger import Ledger
from jouleplan.energy.reading import Reading
from jouleplan.energy.records import EpisodeKey, EpisodeRecord, OperatorRecord

reading = Reading(2.0, 0.5, 0.6, 3, "model", "estimated", {"cpu": 2.0})
operators = tuple(OperatorRecord(f"pick(d{i})", "done", 3, 0, 1.0) for i in range(50))
phases = {f"phase {i}": reading for i in range(10)}
with Ledger(sys.argv[1]) as ledger:
    run = ledger.start_run("evaluate", method="m", seed=0)
    done = ledger.completed(EpisodeKey("hanoi", "p03", "m"))
    for seed in range(int(sys.argv[2])):
        if seed in done:
            continue
        record = EpisodeRecord("hanoi", "p03", seed, "m", True, "", reading, 1.0, 1.0,
                               0, operators, phases)
        if ledger.record_episode(run, record):
            print(seed, flush=True)
"""

EPISODES = 100_000
KEY = EpisodeKey("hanoi", "p03", "m")


def _writer(path: Path, episodes: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path), str(episodes)],
        stdout=subprocess.PIPE,
        text=True,
    )


def kill_writers(path: Path, kills: int, rng: random.Random) -> set[int]:
    """Kill writers at random moments; return the seeds that the ledger then holds.

    After each kill the ledger opens, holds every episode that was told of as committed
    and at most one more, each with all its operators and phases.
    """
    told: set[int] = set()
    for _ in range(kills):
        with _writer(path, EPISODES) as writer:
            assert writer.stdout is not None
            told.add(int(writer.stdout.readline()))
            time.sleep(rng.uniform(0, 0.05))
            writer.kill()
            told |= {int(line) for line in writer.stdout if line.endswith("\n")}
        with Ledger(path, read_only=True) as ledger:
            kept = ledger.completed(KEY)
            assert told <= kept
            # At most the episode that was committed but not yet told of.
            assert len(kept - told) <= 1
            told = kept
            counts = ledger.counts()
            assert counts["operators"] == 50 * len(kept)
            assert counts["phases"] == 10 * len(kept)
    return told


def complete(path: Path, episodes: int) -> set[int]:
    """Let a writer go on to the end; return the seeds that it wrote."""
    with _writer(path, episodes) as writer:
        assert writer.stdout is not None
        return {int(line) for line in writer.stdout}


def totals(path: Path) -> tuple[object, ...]:
    """Return counts and sums that do not tell how often a ledger was resumed."""
    with Ledger(path, read_only=True) as ledger:
        episodes, counts = ledger.frame("episodes"), ledger.counts()
        kept = {table: counts[table] for table in ("episodes", "operators", "phases")}
        sums = episodes[["energy_j", "cpu_s", "wall_s", "simulated_s"]].sum()
        return kept, *(round(float(value), 6) for value in sums)


def test_no_committed_episode_is_lost_and_resumption_completes(tmp_path: Path) -> None:
    path, whole = tmp_path / "l.sqlite", tmp_path / "whole.sqlite"
    kept = kill_writers(path, 5, random.Random(0))
    total = max(kept) + 20
    assert complete(path, total) == set(range(total)) - kept
    complete(whole, total)
    assert totals(path) == totals(whole)
