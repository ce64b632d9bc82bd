"""The learners on OGBench's own environments, from data collected by its own oracles.

    pip install ogbench
    python -m tests.benchmarks.bench_ogbench pointmaze saw hiql --seeds 0 1 2 --out DIR
    python -m tests.benchmarks.bench_ogbench cube saw hiql --seeds 0 1 2 --out DIR

Collects once a task into DIR, trains each algorithm and seed (resumable), and prints
success over OGBench's five goals with bootstrap intervals, beside the published means
(Zhou and Kao, arXiv:2505.14975, table 1). What differs from those: the data are our own
draw and fewer, an episode asks for the position that success is judged by alone
(OGBench's oracle representation), goals are seen as the way to them, a maze in cells,
success in training is nearness, networks and batches are smaller, updates fewer by a
hundred (so that target and optimiser are faster). A cube is seen with the way from the
hand to it, way points hold the hand as well, and play is cut into pieces of 200 steps.
"""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from jouleplan.energy.hardware import hardware
from jouleplan.planner.provenance import versions
from jouleplan.skills.gcrl.learning.export import export
from jouleplan.skills.gcrl.learning.registry import ALGORITHMS
from jouleplan.skills.gcrl.learning.training import Recipe, train
from jouleplan.skills.gcrl.network import OptionNetwork
from jouleplan.skills.gcrl.play import Play
from tests.benchmarks.intervals import over_seeds
from tests.benchmarks.ogbench_tasks import TASKS, Task, collected

EPISODES_A_GOAL = 20
PUBLISHED = {
    "pointmaze": {
        "gcbc": 9,
        "gcivl": 63,
        "gciql": 53,
        "hiql": 79,
        "ris": 88,
        "saw": 97,
    },
    "cube": {"gcbc": 6, "gcivl": 53, "gciql": 68, "hiql": 44, "ris": 81, "saw": 72},
}


def succeeded(task: Task, network: OptionNetwork, seed: int) -> list[list[bool]]:
    """Return success of every episode, goal by goal; the same for every method."""
    import ogbench

    env = ogbench.make_env_and_datasets(task.environment, env_only=True)
    mask = np.array(task.space.masks[task.asked], dtype="f")
    results: list[list[bool]] = []
    for goal_number in range(1, 6):
        results.append([])
        for episode in range(EPISODES_A_GOAL):
            np.random.seed(1000 * seed + episode)
            observation, info = env.reset(
                seed=1000 * seed + episode,
                options={"task_id": goal_number, "render_goal": False},
            )
            goal = task.space.achieved(task.seen(np.asarray(info["goal"])))
            over = False
            while not over:
                seen = task.seen(observation)
                asked = task.space.encode(task.space.achieved(seen), goal, mask)
                action = network(seen, asked).action
                observation, _, ended, cut, info = env.step(action)
                over = ended or cut
            results[-1].append(bool(info["success"]))
    return results


def of_seed(
    task: Task, play: Play, recipe: Recipe, seed: int, place: Path
) -> dict[str, Any]:
    """Return what one training reaches; one that was tried already is read back."""
    file, algorithm = place / "result.json", recipe.algorithm
    if file.is_file():
        found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        if found["updates"] == recipe.updates:
            return found
    trained = train(play, task.space, recipe, seed, place, data=place.parent.name)
    export(trained, place / "option.onnx")
    network = OptionNetwork(
        place / "option.onnx", task.space.observation_size, task.space.input_size
    )
    goals = [float(np.mean(goal)) for goal in succeeded(task, network, seed)]
    took = trained.progress
    found = {
        "seed": seed,
        "success": float(np.mean(goals)),
        "by_goal": goals,
        "updates": recipe.updates,
        "training_cpu_s": round(took.cpu_s, 1),
        "training_wall_s": round(took.wall_s, 1),
        "recipe": took.recipe,
    }
    file.write_text(json.dumps(found) + "\n", encoding="utf-8")
    print(
        f"{algorithm} seed {seed}: {100 * found['success']:.0f} %, by goal "
        f"{[round(100 * rate) for rate in goals]}, "
        f"{recipe.updates / took.cpu_s:.0f} updates a CPU-s",
        flush=True,
    )
    return found


def row_of(name: str, task: str, seeds: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return an algorithm's row of the table."""
    rates = np.array([seed["success"] for seed in seeds])
    # one seed has no interval over seeds
    interval = over_seeds(rates.tolist()) if len(rates) > 1 else None
    return {
        "seeds": [seed["seed"] for seed in seeds],
        "success": rates.tolist(),
        "by_goal": [seed["by_goal"] for seed in seeds],
        "mean": float(rates.mean()),
        "bootstrap_95": interval,
        "episodes_a_goal": EPISODES_A_GOAL,
        "training_cpu_s": round(sum(seed["training_cpu_s"] for seed in seeds), 1),
        "recipe": seeds[0]["recipe"],
        "published_percent": PUBLISHED[task].get(name),
    }


def command_of(asked: argparse.Namespace) -> str:
    """Return what makes these rows again, in any folder."""
    given = {
        "seeds": asked.seeds,
        "updates": [asked.updates],
        "rate": [asked.rate],
        "follow": [asked.follow],
        "hidden": asked.hidden,
        "out": ["DIR"],
    }
    words = ["python -m tests.benchmarks.bench_ogbench", asked.task, *asked.algorithms]
    for name, values in given.items():
        words += [f"--{name}", *map(str, values)]
    return " ".join(words)


def main() -> None:
    """Collect, train, evaluate, print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("task", choices=TASKS)
    parser.add_argument("algorithms", nargs="+", choices=ALGORITHMS)
    parser.add_argument("--seeds", nargs="+", type=int, default=[0, 1, 2])
    parser.add_argument("--updates", type=int, default=10_000)
    parser.add_argument("--rate", type=float, default=1e-3, help="Adam's")
    # a target that follows at r looks one step further every 1/r updates: 0.005, the
    # sources' rate, sees 50 steps ahead after 10,000 updates, and a maze takes 250
    parser.add_argument("--follow", type=float, default=0.05, help="of the target")
    parser.add_argument("--hidden", nargs="+", type=int, default=[128, 128])
    parser.add_argument("--out", type=Path, required=True)
    asked = parser.parse_args()
    os.environ.setdefault("MUJOCO_GL", "egl")
    task, folder = TASKS[asked.task], asked.out / asked.task
    play, file = collected(task, folder, seed=0), folder / "results.json"
    found: dict[str, Any] = {}
    if file.is_file():
        found = json.loads(file.read_text(encoding="utf-8"))
    found |= {
        "command": command_of(asked),
        "task": task.environment,
        "steps": play.steps,
        "hardware": hardware(),
        "versions": versions(),
    }
    for name in asked.algorithms:
        settings = replace(
            ALGORITHMS[name].settings,
            hidden=tuple(asked.hidden),
            learning_rate=asked.rate,
            follow=asked.follow,
            **task.settings.get(name, {}),
        )
        recipe = Recipe(name, asked.updates, settings=settings, mixture=task.mixture)
        seeds = []
        for seed in asked.seeds:
            place = folder / f"{name}-{seed}"
            seeds.append(of_seed(task, play, recipe, seed, place))
            found[name] = row_of(name, asked.task, seeds)
            file.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
        print(
            f"{name}: {100 * found[name]['mean']:.1f} % over {len(seeds)} seeds, 95 % "
            f"{found[name]['bootstrap_95']}, published "
            f"{PUBLISHED[asked.task].get(name, '-')} %",
            flush=True,
        )


if __name__ == "__main__":
    main()
