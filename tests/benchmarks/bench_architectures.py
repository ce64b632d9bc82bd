"""What a chunk of SmolVLA and pi0 takes: CPU-s, joules, operations, peak memory.

Each architecture runs in a process of its own, so that the peak of memory is its own:

    python tests/benchmarks/bench_architectures.py [--chunks N] [--pi0 N] [--out FILE]

The first chunk is not counted: memory is laid out in it. Joules are CPU-seconds times
an assumed power: estimated.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import resource
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

from jouleplan.energy.sources.cpu_model import cpu_time_model
from jouleplan.energy.statistics import mean
from jouleplan.planner.provenance import hardware, load_average, versions
from jouleplan.skills.vla.architectures.blueprint import BLUEPRINTS, CHUNK, FLOW_STEPS

RUNS = (
    ("smolvla-random", "fp32", 2),
    ("smolvla-random", "bf16", 2),
    ("smolvla-random", "fp32", 1),
)
PI0_RUN = ("pi0-random", "bf16", 2)


def chunk(name: str, dtype: str, cameras: int, count: int) -> dict[str, Any]:
    """Return the figures of ``count`` chunks of one architecture."""
    from jouleplan.skills.vla.architectures.policy import RandomPolicy

    began = time.process_time()
    policy = RandomPolicy(BLUEPRINTS[name], dtype=dtype, cameras=cameras)
    building_s = time.process_time() - began
    rng = np.random.default_rng(0)
    seen = {
        "observation/image": rng.integers(0, 256, (224, 224, 3), np.uint8),
        "observation/wrist_image": rng.integers(0, 256, (224, 224, 3), np.uint8),
        "observation/state": np.zeros(8, np.float32),
        "prompt": "hanoi: d1 on d2, d2 on d3, d3 on peg3.",
    }
    policy.infer(seen)
    cpu_s, wall_s = [], []
    for _ in range(count):
        cpu, wall = time.process_time(), time.perf_counter()
        policy.infer(seen)
        cpu_s.append(time.process_time() - cpu)
        wall_s.append(time.perf_counter() - wall)
    peak_gb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e9
    flops = policy.flops(seen)  # after the peak: it keeps every product of attention
    model = cpu_time_model()
    return {
        "method": name,
        "dtype": dtype,
        "cameras": cameras,
        "parameters": policy.parameters,
        "chunks": count,
        "building_cpu_s": building_s,
        "gflop": flops / 1e9,
        "peak_memory_gb": peak_gb,
        "cpu_s": _estimate(cpu_s),
        "wall_s": _estimate(wall_s),
        "energy_j": {
            **_estimate([model.joules(s) for s in cpu_s]),
            "quality": "estimated",
            "source": model.name,
        },
    }


def _estimate(values: list[float]) -> dict[str, Any]:
    return mean(values, np.random.default_rng(0)).as_dict()


def main() -> None:
    """Run every architecture and print one document."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--chunks", type=int, default=10)
    parser.add_argument(
        "--pi0", type=int, default=0, help="chunks of pi0; takes 8.5 GB"
    )
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    runs = [(*run, given.chunks) for run in RUNS]
    if given.pi0:
        runs.append((*PI0_RUN, given.pi0))
    spawn = multiprocessing.get_context("spawn")
    figures, load = [], load_average()
    for run in runs:
        with spawn.Pool(1) as pool:
            figures.append(pool.apply(chunk, run))
        print(figures[-1]["method"], figures[-1]["dtype"], file=sys.stderr)
    document = {
        "command": " ".join(["python", *sys.argv]),
        "actions_a_chunk": CHUNK,
        "flow_steps": FLOW_STEPS,
        "threads": 1,
        "architectures": figures,
        "load_average": {"before": load, "after": load_average()},
        "hardware": hardware(),
        "versions": {**versions(), **versions(("torch", "transformers"))},
    }
    text = json.dumps(document, indent=2) + "\n"
    print(text, end="")
    if given.out is not None:
        given.out.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    os.environ["OMP_NUM_THREADS"] = "1"
    main()
