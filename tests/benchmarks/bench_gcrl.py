"""Updates a second of each offline learner: 2 x 256, batches of 256, one thread.

    python -m tests.benchmarks.bench_gcrl [--updates 300] [--rounds 5] [--json]

The play is random of the options' own shape: speed does not depend on what it holds.
Learners take turns, so that a slower moment of the machine meets all of them. Told are
medians, and the range of the updates per CPU-second. Given beside are the figures that
a plain implementation reached on two shared cores, and the quotient of the medians; 1.5
is the target.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

os.environ["OMP_NUM_THREADS"] = "1"  # torch reads it when it is imported

import numpy as np
import torch

from jouleplan.energy.hardware import hardware
from jouleplan.skills.gcrl.learning.learner import Sizes, tensors
from jouleplan.skills.gcrl.learning.recipes import MIXTURE
from jouleplan.skills.gcrl.learning.registry import ALGORITHMS
from jouleplan.skills.gcrl.option_state import ACTION_SIZE, SPACE
from jouleplan.skills.gcrl.play import Play
from jouleplan.skills.gcrl.sampler import Sampler
from jouleplan.skills.gcrl.space import GoalSpace, whole

BATCH = 256
PLAIN = {"gcivl": 53.0, "saw": 30.0, "hiql": 35.0}
WARM_UP = 20


def random_play(trajectories: int = 200, length: int = 100) -> Play:
    """Return play of the options' shape."""
    rng = np.random.default_rng(0)
    n = trajectories * length
    return Play(
        rng.normal(size=(n, SPACE.observation_size)).astype(np.float32),
        rng.uniform(-1, 1, (n, ACTION_SIZE)).astype(np.float32),
        np.arange(1, trajectories + 1) * length - 1,
    )


def speed(algorithm: str, updates: int) -> tuple[float, float]:
    """Return updates a second of wall time and of CPU time, batches included."""
    torch.set_num_threads(1)
    torch.manual_seed(0)
    made = ALGORITHMS[algorithm]
    space: GoalSpace = SPACE
    if made.whole_goals:
        space = whole(SPACE.observation_size, range(SPACE.observation_size), 0.1)
    sizes = Sizes(
        space.observation_size,
        space.input_size,
        space.size,
        ACTION_SIZE,
        space.scales,
        space.masked,
    )
    learner = made.make(sizes, replace(made.settings, hidden=(256, 256)))
    sampler = Sampler(random_play(), space, MIXTURE, np.random.default_rng(1))
    for _ in range(WARM_UP):
        learner.update(tensors(sampler.draw(BATCH)))
    began, cpu = time.perf_counter(), time.process_time()
    for _ in range(updates):
        learner.update(tensors(sampler.draw(BATCH)))
    wall_s, cpu_s = time.perf_counter() - began, time.process_time() - cpu
    return updates / wall_s, updates / cpu_s


def row_of(name: str, found: Sequence[tuple[float, float]]) -> dict[str, Any]:
    """Return a learner's row, of (updates a second, updates a CPU-second) a turn."""
    walls, cpus = zip(*found, strict=True)
    cpu, plain = statistics.median(cpus), PLAIN.get(name)
    return {
        "learner": name,
        "updates_per_s": round(statistics.median(walls), 1),
        "updates_per_cpu_s": round(cpu, 1),
        "range_per_cpu_s": [round(min(cpus), 1), round(max(cpus), 1)],
        "plain": plain,
        "quotient": None if plain is None else round(cpu / plain, 2),
    }


def main() -> None:
    """Measure every learner and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--updates", type=int, default=300)
    parser.add_argument("--rounds", type=int, default=5, help="turns of each learner")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    load = os.getloadavg()[0]
    turns = [
        {name: speed(name, given.updates) for name in ALGORITHMS}
        for _ in range(given.rounds)
    ]
    rows = [row_of(name, [turn[name] for turn in turns]) for name in ALGORITHMS]
    if given.json:
        told = {
            "command": f"python -m tests.benchmarks.bench_gcrl --updates "
            f"{given.updates} --rounds {given.rounds} --json",
            "load_average": load,
            "hardware": hardware(),
            "learners": rows,
        }
        print(json.dumps(told, indent=2))
        return
    for row in rows:
        print("  ".join(f"{key} {value}" for key, value in row.items()))


if __name__ == "__main__":
    main()
