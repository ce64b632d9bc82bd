"""The learners on OGBench's own environments, from data collected by its own oracles.

    pip install ogbench
    python -m tests.benchmarks.bench_ogbench pointmaze saw hiql --seeds 0 1 2 --out DIR
    python -m tests.benchmarks.bench_ogbench cube saw hiql --seeds 0 1 2 --out DIR

Collects once a task into DIR, trains each algorithm and seed (resumable), and prints
success over OGBench's five goals with bootstrap intervals, beside the published means
(Zhou and Kao, arXiv:2505.14975, table 1). What differs from those: the data are our own
draw and fewer, goals are the position that success is judged by (OGBench's oracle
representation), a maze is seen in cells and a goal there as the way to it, success in
training is nearness, networks and batches are smaller, updates fewer by a hundred (so
that target and optimiser are faster).

Sources: collection after OGBench's generate_locomaze and generate_manipspace (Park et
al., arXiv:2410.20092, app. D).
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from jouleplan.energy.hardware import hardware
from jouleplan.planner.provenance import versions
from jouleplan.skills.gcrl.learning.export import export
from jouleplan.skills.gcrl.learning.registry import ALGORITHMS
from jouleplan.skills.gcrl.learning.training import Recipe, train
from jouleplan.skills.gcrl.network import OptionNetwork
from jouleplan.skills.gcrl.play import Play, join
from jouleplan.skills.gcrl.sampler import Mixture
from jouleplan.skills.gcrl.space import GoalSpace, whole

EPISODE = 1000
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


@dataclass(frozen=True)
class Task:
    """One environment: how it is made, played and asked.

    Attributes:
        environment: OGBench's name.
        space: What a goal is.
        steps: Actions of play.
        play: Yields trajectories for ever, from a seed.
        mixture: How goals are drawn; k among it.
        settings: Changes of each algorithm's settings.
        middle: What is 0 to the networks, in the environment's units.
        unit: What is 1 from there.
    """

    environment: str
    space: GoalSpace
    steps: int
    play: Callable[[int], Iterator[tuple[np.ndarray, np.ndarray]]]
    mixture: Mixture
    settings: dict[str, dict[str, Any]]
    middle: float = 0.0
    unit: float = 1.0

    def seen(self, observation: np.ndarray) -> np.ndarray:
        """Return an observation, or a goal, as the networks see it."""
        return ((observation - self.middle) / self.unit).astype("f")


def _walks(seed: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Walk a point through the maze to random cells, with noise on its actions."""
    import ogbench

    env = ogbench.make_env_and_datasets("pointmaze-medium-navigate-v0", env_only=True)
    maze = env.unwrapped
    maze._terminate_at_goal = False
    rng = np.random.default_rng(seed)
    np.random.seed(seed)  # OGBench draws from NumPy's global generator
    cells = np.argwhere(maze.maze_map == 0)
    env.action_space.seed(seed)
    while True:
        start, goal = (tuple(cells[rng.integers(len(cells))]) for _ in range(2))
        observation, _ = env.reset(
            options={"task_info": {"init_ij": start, "goal_ij": goal}}
        )
        seen, done = [observation], []
        for _ in range(EPISODE):
            at = maze.get_xy()
            sub_goal, _ = maze.get_oracle_subgoal(at, maze.cur_goal_xy)
            way = sub_goal - at
            action = way / (np.linalg.norm(way) + 1e-6) + rng.normal(0, 0.5, 2)
            action = np.clip(action, -1, 1)
            observation, _, _, _, info = env.step(action)
            seen.append(observation)
            done.append(action)
            if info["success"]:
                maze.set_goal(goal_ij=tuple(cells[rng.integers(len(cells))]))
        yield np.array(seen, dtype="f"), np.array(done, dtype="f")


def _cubes(seed: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Move a cube to random places by the oracle that plans with correlated noise."""
    import gymnasium
    import ogbench.manipspace  # noqa: F401
    from ogbench.manipspace.oracles.plan.cube_plan import CubePlanOracle

    env: Any = gymnasium.make(
        "cube-single-v0",
        terminate_at_goal=False,
        mode="data_collection",
        max_episode_steps=EPISODE + 1,
    )
    np.random.seed(seed)  # OGBench draws from NumPy's global generator
    oracle = CubePlanOracle(env=env, noise=0.1, noise_smoothing=0.5)
    number = 0
    while True:
        observation, info = env.reset(seed=seed + number)
        number += 1
        oracle.reset(observation, info)
        seen, done = [observation], []
        for _ in range(EPISODE):
            action = np.clip(oracle.select_action(observation, info), -1, 1)
            observation, _, _, _, info = env.step(action)
            seen.append(observation)
            done.append(action)
            if oracle.done:
                observation, info = env.unwrapped.set_new_target()
                oracle.reset(observation, info)
        yield np.array(seen, dtype="f"), np.array(done, dtype="f")


TASKS = {
    "pointmaze": Task(
        "pointmaze-medium-navigate-v0",
        # in cells of the maze, 4 of its units: success is a quarter of a cell
        GoalSpace(2, (0, 1), ((1.0, 1.0),), 0.25, scales=(5.0, 1.0)),
        150_000,
        _walks,
        Mixture(waypoint_steps=25),
        {"saw": {"temperature": 3.0, "bootstrap": 3.0}},
        middle=10.0,
        unit=4.0,
    ),
    # the cube's position stands behind 19 entries of the arm; 4 cm are 0.4 of its unit
    "cube": Task(
        "cube-single-play-v0",
        whole(28, (19, 20, 21), tolerance=0.4),
        200_000,
        _cubes,
        Mixture(waypoint_steps=10, moving=0.5),
        {"saw": {"temperature": 3.0, "bootstrap": 0.3}},
    ),
}


def collected(task: Task, folder: Path, seed: int) -> Play:
    """Return the play of a task; what was collected before is read from its file."""
    file = folder / "play.npz"
    if not file.is_file():
        began, count, found = time.perf_counter(), 0, []
        for trajectory in task.play(seed):
            found.append(trajectory)
            count += len(trajectory[1])
            if count >= task.steps:
                break
        play = join(found)
        folder.mkdir(parents=True, exist_ok=True)
        np.savez_compressed(
            file, seen=play.observations, done=play.actions, ends=play.ends
        )
        took = time.perf_counter() - began
        print(f"collected {play.steps} steps in {took:.0f} s", flush=True)
    with np.load(file, allow_pickle=False) as saved:
        return Play(task.seen(saved["seen"]), saved["done"], saved["ends"])


def succeeded(task: Task, network: OptionNetwork, seed: int) -> list[list[bool]]:
    """Return success of every episode, goal by goal; the same for every method."""
    import ogbench

    env = ogbench.make_env_and_datasets(task.environment, env_only=True)
    ones = np.ones(task.space.size, dtype="f")
    results: list[list[bool]] = []
    for goal_number in range(1, 6):
        results.append([])
        for episode in range(EPISODES_A_GOAL):
            np.random.seed(1000 * seed + episode)
            observation, info = env.reset(
                seed=1000 * seed + episode,
                options={"task_id": goal_number, "render_goal": False},
            )
            goal = task.seen(np.asarray(info["goal"]))
            goal = goal[list(task.space.index)] if goal.size > 3 else goal
            over = False
            while not over:
                seen = task.seen(observation)
                asked = task.space.encode(task.space.achieved(seen), goal, ones)
                action = network(seen, asked).action
                observation, _, ended, cut, info = env.step(action)
                over = ended or cut
            results[-1].append(bool(info["success"]))
    return results


def _interval(rates: np.ndarray) -> tuple[float, float]:
    """Return the 95 % bootstrap interval of a mean over goals' rates, seeds drawn."""
    rng = np.random.default_rng(0)
    draws = rng.integers(len(rates), size=(10_000, len(rates)))
    low, high = np.quantile(rates[draws].mean(1), (0.025, 0.975))
    return float(low), float(high)


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
    low, high = _interval(rates)
    return {
        "seeds": [seed["seed"] for seed in seeds],
        "success": rates.tolist(),
        "by_goal": [seed["by_goal"] for seed in seeds],
        "mean": float(rates.mean()),
        "bootstrap_95": [low, high],
        "episodes_a_goal": EPISODES_A_GOAL,
        "training_cpu_s": round(sum(seed["training_cpu_s"] for seed in seeds), 1),
        "recipe": seeds[0]["recipe"],
        "published_percent": PUBLISHED[task].get(name),
    }


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
    words = " ".join(sys.argv[1:])
    found |= {
        "command": f"python -m tests.benchmarks.bench_ogbench {words}",
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
        low, high = found[name]["bootstrap_95"]
        print(
            f"{name}: {100 * found[name]['mean']:.1f} % ({100 * low:.0f} to "
            f"{100 * high:.0f}, {len(seeds)} seeds), published "
            f"{PUBLISHED[asked.task].get(name, '-')} %",
            flush=True,
        )


if __name__ == "__main__":
    main()
