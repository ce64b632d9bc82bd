"""Time and size of a report of 100,000 episodes: at most 20 s and 5 MB.

Run: ``python tests/benchmarks/bench_report.py``. The ledger holds four methods, two
domains of four problems, nine phases and fourteen operators an episode; it is written
in one transaction, and the report is made by a process of its own.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage

import numpy as np

from jouleplan.energy.database import open_database
from jouleplan.energy.ledger import Ledger
from jouleplan.energy.records import MethodRecord, TrainingShare

METHODS = ("neurosymbolic", "scripted", "flat", "hierarchical")
DOMAINS = ("hanoi", "blocksworld")
PROBLEMS = ("p03", "p04", "p05", "p06")
PHASES = (
    "planning",
    "policy",
    "control",
    "sensing",
    "simulation",
    "scene",
    "executive",
    "loading",
    "startup",
)
OPERATORS = 14
SOURCE = "CPU-time model, 4 W per core (default)"


def main() -> None:
    """Build the ledger, make the report, print time, memory and size."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--episodes", type=int, default=100_000)
    parser.add_argument(
        "--keep", type=Path, help="folder for the ledger and the report"
    )
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = chosen.keep or Path(scratch)
        ledger, page = folder / "large.sqlite", folder / "large.html"
        began = time.perf_counter()
        build(ledger, chosen.episodes)
        size = ledger.stat().st_size / 1e6
        print(f"ledger: {time.perf_counter() - began:.1f} s, {size:.0f} MB")
        code = "from jouleplan.planner.cli import main; main()"
        began = time.perf_counter()
        command = [sys.executable, "-c", code, "report", str(ledger), "-o", str(page)]
        subprocess.run(command, check=True)
        wall, used = time.perf_counter() - began, getrusage(RUSAGE_CHILDREN)
        cpu, size = used.ru_utime + used.ru_stime, page.stat().st_size / 1e6
        print(
            f"report of {chosen.episodes} episodes: {wall:.1f} s, {cpu:.1f} CPU-s, "
            f"{used.ru_maxrss / 1e6:.2f} GB, {size:.2f} MB"
        )


def build(path: Path, episodes: int) -> None:
    """Write a ledger of ``episodes`` episodes to ``path``."""
    share = TrainingShare("pick", "TD3", 1000, 99.0, 396.0, "estimated", SOURCE, 100.0)
    with Ledger(path) as ledger:
        runs = [
            ledger.start_run("jouleplan compare", method=method, seed=0)
            for method in METHODS
        ]
        for run, method in zip(runs, METHODS, strict=True):
            ledger.record_method(run, MethodRecord(method, method, "", (share,)))
    db = open_database(path)
    db.execute("BEGIN")
    insert(db, "episodes", _episodes(runs, episodes))
    insert(db, "phases", _phases(episodes))
    insert(db, "operators", _operators(episodes))
    db.execute("COMMIT")
    db.close()


def insert(db: object, table: str, rows: Iterator[dict[str, object]]) -> None:
    """Write rows that have the same keys."""
    first = next(rows)
    marks = ", ".join("?" * len(first))
    text = f"INSERT INTO {table} ({', '.join(first)}) VALUES ({marks})"
    db.execute(text, tuple(first.values()))  # type: ignore[attr-defined]
    db.executemany(text, (tuple(row.values()) for row in rows))  # type: ignore[attr-defined]


def _energy(cpu_s: float) -> dict[str, object]:
    return {
        "cpu_s": cpu_s,
        "wall_s": 1.2 * cpu_s,
        "energy_j": 4 * cpu_s,
        "source": SOURCE,
        "quality": "estimated",
        "components": f'{{"cpu": {4 * cpu_s}}}',
        "calls": 1,
    }


def _episodes(runs: list[str], count: int) -> Iterator[dict[str, object]]:
    rng = np.random.default_rng(0)
    spread = rng.lognormal(0, 0.2, count).tolist()
    luck = rng.random(count).tolist()
    for i in range(count):
        scene, method = divmod(i, len(METHODS))
        seed, place = divmod(scene, len(DOMAINS) * len(PROBLEMS))
        domain, problem = divmod(place, len(PROBLEMS))
        won = luck[i] < (0.97, 1.0, 0.2, 0.6)[method]
        yield {
            "id": i + 1,
            "run_id": runs[method],
            "domain": DOMAINS[domain],
            "problem": PROBLEMS[problem],
            "method": METHODS[method],
            "settings": "{}",
            "seed": seed,
            "success": int(won),
            "cause": "" if won else "horizon reached",
            "mechanical_work_j": 400 * spread[i],
            "simulated_s": 20.0,
            "replans": 0,
            "progress": 1.0 if won else luck[i] / 2,
            "horizon": 2000,
            "control_steps": 400,
            "idle_j": 9.0,
            "load_before": 0.5,
            "load_after": 1.0,
            "flops": None,
            "turn": i,
            "init": "",
            "signature": "",
            **_energy(spread[i] * (1 + problem) * (1 + method / 4)),
        }


def _phases(count: int) -> Iterator[dict[str, object]]:
    for i in range(count):
        for place, phase in enumerate(PHASES):
            yield {"episode": i + 1, "phase": phase, **_energy((place + 1) / 45)}


def _operators(count: int) -> Iterator[dict[str, object]]:
    for i in range(count):
        for position in range(OPERATORS):
            yield {
                "episode": i + 1,
                "position": position,
                "name": f"pick(d{position}, peg1)",
                "outcome": "done",
                "control_steps": 30,
                "retries": 0,
                "seconds": 1.0,
                "skill": "pick",
                "types": '["disk", "peg"]',
                "cpu_s": 0.1,
                "energy_j": 0.4,
                "mechanical_work_j": 30.0,
                "added": "",
                "removed": "",
            }


if __name__ == "__main__":
    main()
