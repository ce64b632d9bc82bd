"""A writer killed with -9 loses no committed record."""

from __future__ import annotations

import subprocess
import sys
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

EPISODES = 10_000
KEY = EpisodeKey("hanoi", "p03", "m")


def _writer(path: Path, episodes: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path), str(episodes)],
        stdout=subprocess.PIPE,
        text=True,
    )


def test_no_committed_episode_is_lost_and_resumption_completes(tmp_path: Path) -> None:
    path = tmp_path / "l.sqlite"
    told: set[int] = set()
    for kill_after in (1, 3, 7, 12, 18):
        with _writer(path, EPISODES) as writer:
            assert writer.stdout is not None
            for _ in range(kill_after):
                told.add(int(writer.stdout.readline()))
            writer.kill()  # most likely amid the next episode
            told |= {int(line) for line in writer.stdout if line.endswith("\n")}
        with Ledger(path, create=False) as ledger:
            kept = ledger.completed(KEY)
            assert told <= kept
            # At most the episode that was committed but not yet told of.
            assert len(kept - told) <= 1
            told = kept
            assert len(ledger.frame("operators")) == 50 * len(kept)
            assert len(ledger.frame("phases")) == 10 * len(kept)
    total = max(told) + 20
    with _writer(path, total) as writer:
        assert writer.stdout is not None
        fresh = {int(line) for line in writer.stdout}
    assert fresh == set(range(total)) - told
    with Ledger(path, create=False) as ledger:
        assert ledger.completed(KEY) == set(range(total))
        assert len(ledger.frame("runs")) == 6
