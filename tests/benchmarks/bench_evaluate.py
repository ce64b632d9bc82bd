"""Speed of an evaluation on two processes beside one, measured in one run.

Run: ``python tests/benchmarks/bench_evaluate.py``. The two take turns (1 2 1 2 ...), as
whole processes with their start-up; the median of the pairs' ratios is printed.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import time

PROBLEM = ("hanoi", "p04")


def main() -> None:
    """Measure and print the ratio."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3, help="turns of each side")
    parser.add_argument("--episodes", type=int, default=24, help="episodes a turn")
    chosen = parser.parse_args()
    ratios = []
    for _ in range(chosen.rounds):
        one, two = (seconds(jobs, chosen.episodes) for jobs in (1, 2))
        ratios.append(one / two)
        print(f"  1 process {one:.1f} s, 2 processes {two:.1f} s: {one / two:.2f}")
    print(f"evaluation, 1 process / 2 processes: {statistics.median(ratios):.2f}")


def seconds(jobs: int, episodes: int) -> float:
    """Return the wall seconds of one evaluation."""
    code = "from jouleplan.planner.cli import main; main()"
    command = [sys.executable, "-c", code, "evaluate", *PROBLEM]
    command += ["--episodes", str(episodes), "--jobs", str(jobs), "--json"]
    began = time.perf_counter()
    subprocess.run(
        command,
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    )
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
