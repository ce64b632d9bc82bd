"""Success against horizon: one option for an operator, a move, two moves; or a planner.

    python -m tests.benchmarks.bench_horizon --algorithms saw hiql --seeds 0 \\
      --play PLAY [--play ...] --out DIR [--updates 10000] [--episodes 100]

Options of one block are learned from play of `jouleplan collect-play`, those of two
from play that is collected here. What OUT holds is not made again: a trained option,
e.g. a shipped one put into OUT/single-0, and every cell of the table.
"""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

os.environ["OMP_NUM_THREADS"] = "1"  # torch reads it when it is imported

import numpy as np

from jouleplan.energy.hardware import hardware, load_average
from jouleplan.energy.statistics import wilson_interval
from jouleplan.planner.evaluate import Series
from jouleplan.planner.provenance import versions
from tests.benchmarks.horizon.options import (
    PairOption,
    pair_option,
    read_single,
    single_option,
    training_of,
)
from tests.benchmarks.horizon.pair_play import collect_pairs
from tests.benchmarks.horizon.trials import HORIZONS, WAYS, try_deeds
from tests.benchmarks.intervals import over_seeds

SERIES: Final = (Series("hanoi", "p03"), Series("blocksworld", sizes=(3, 7)))
PAIR_STEPS: Final = (50_000, 33_000)
PAIR_SEED: Final = 20_000
CELLS: Final = tuple(
    (horizon, way)
    for horizon in HORIZONS
    for way in WAYS
    if horizon != "operator" or way == "one option"
)


def tell(line: str) -> None:
    """Print a line at once."""
    print(line, flush=True)


def run(asked: argparse.Namespace) -> None:
    """Collect, train and try what is missing; write OUT/horizon.json after each."""
    file = asked.out / "horizon.json"
    asked.out.mkdir(parents=True, exist_ok=True)
    found: dict[str, Any] = {"cells": {}}
    if file.is_file():
        found = json.loads(file.read_text(encoding="utf-8"))
    found |= {
        "command": _command(asked),
        "hardware": hardware(),
        "versions": versions(),
    }
    for seed in asked.seeds:
        for algorithm in asked.algorithms:
            for horizon, way in CELLS:
                key = f"{algorithm} {seed} | {horizon} | {way}"
                if found["cells"].get(key, {}).get("episodes") == asked.episodes:
                    continue
                found["cells"][key] = _cell(asked, algorithm, seed, horizon, way)
                _write(file, found)
    found["mean"] = _means(found["cells"])
    _write(file, found)
    for key, mean in found["mean"].items():
        low, high = mean["interval_95"]
        tell(f"{key}: {mean['success']:.3f} ({low:.3f} to {high:.3f})")


def _cell(
    asked: argparse.Namespace, algorithm: str, seed: int, horizon: str, way: str
) -> dict[str, Any]:
    out, updates = asked.out, asked.updates
    single = single_option(
        algorithm, seed, updates, asked.play, out / f"single-{seed}", tell
    )
    pair, used = None, single
    if (horizon, way) == ("two moves", "one option"):
        files = [out / "pairs" / f"{s.domain}.npz" for s in SERIES]
        for series, steps, kept in zip(SERIES, PAIR_STEPS, files, strict=True):
            collect_pairs(series, steps, PAIR_SEED, kept, lambda n: tell(f"{n} steps"))
        used = pair_option(
            algorithm,
            seed,
            updates,
            asked.follow,
            asked.waypoint_steps,
            files,
            out / f"pair-{seed}",
            tell,
        )
        pair = PairOption(used)
    before = load_average()[0]
    outcome = try_deeds(
        SERIES,
        horizon,
        way,
        read_single(single),
        pair,
        asked.episodes,
        lambda line: tell(f"{algorithm} {seed}, {line}"),
    )
    return {
        **outcome.as_dict(),
        "load_1min": [before, load_average()[0]],
        "training": training_of(used),
    }


def _means(cells: dict[str, Any]) -> dict[str, Any]:
    """Return success by algorithm, horizon and way, over seeds.

    Of one seed the interval is Wilson's; of several it is bootstrapped over the seeds.
    """
    by: dict[str, list[dict[str, Any]]] = {}
    for key, cell in cells.items():
        name, horizon, way = key.split(" | ")
        by.setdefault(f"{name.split()[0]} | {horizon} | {way}", []).append(cell)
    means = {}
    for key, some in by.items():
        rates = np.array([c["successes"] / c["episodes"] for c in some])
        if len(some) == 1:
            low, high = wilson_interval(some[0]["successes"], some[0]["episodes"])
        else:
            low, high = over_seeds(rates.tolist())
        means[key] = {
            "seeds": len(some),
            "success": float(rates.mean()),
            "interval_95": [float(low), float(high)],
        }
    return means


def _command(asked: argparse.Namespace) -> str:
    given: dict[str, Sequence[object]] = {
        "algorithms": asked.algorithms,
        "seeds": asked.seeds,
        "updates": [asked.updates],
        "follow": [asked.follow],
        "waypoint-steps": [asked.waypoint_steps],
        "episodes": [asked.episodes],
    }
    words = ["python -m tests.benchmarks.bench_horizon"]
    for name, values in given.items():
        words += [f"--{name}", *map(str, values)]
    words += [f"--play {folder.name}" for folder in asked.play]
    return " ".join([*words, "--out DIR"])


def _write(file: Path, found: dict[str, Any]) -> None:
    partial = file.with_suffix(".part")
    partial.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    partial.replace(file)


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--algorithms", nargs="+", default=["saw", "hiql"])
    parser.add_argument("--seeds", nargs="+", type=int, default=[0])
    parser.add_argument("--play", type=Path, action="append", default=[])
    parser.add_argument("--updates", type=int, default=10_000)
    parser.add_argument(
        "--follow", type=float, default=0.05, help="targets' rate, option of two moves"
    )
    parser.add_argument(
        "--waypoint-steps", type=int, default=25, help="k, option of two moves"
    )
    parser.add_argument("--episodes", type=int, default=100)
    parser.add_argument("--out", type=Path, required=True)
    run(parser.parse_args())


if __name__ == "__main__":
    main()
