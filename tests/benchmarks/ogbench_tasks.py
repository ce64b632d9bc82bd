"""OGBench's environments: how they are played by its oracles, and what is asked there.

Source: collection after OGBench's generate_locomaze and generate_manipspace (Park et
al., arXiv:2410.20092, app. D).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from jouleplan.skills.gcrl.play import Play, join
from jouleplan.skills.gcrl.sampler import Mixture
from jouleplan.skills.gcrl.space import GoalSpace, whole

EPISODE = 1000


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
