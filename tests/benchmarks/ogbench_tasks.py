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
from jouleplan.skills.gcrl.space import GoalSpace

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
        seen: Returns observations (..., n), or goals, as the networks see them.
        asked: Index of the mask in ``space`` that an episode asks for.
        piece: Steps of the pieces that trajectories are cut into, so that no goal lies
            further ahead; None leaves them whole.
    """

    environment: str
    space: GoalSpace
    steps: int
    play: Callable[[int], Iterator[tuple[np.ndarray, np.ndarray]]]
    mixture: Mixture
    settings: dict[str, dict[str, Any]]
    seen: Callable[[np.ndarray], np.ndarray]
    asked: int = 0
    piece: int | None = None


def _in_cells(observations: np.ndarray) -> np.ndarray:
    """Return places (..., 2) in cells of the maze, 4 of its units, from its middle."""
    return ((observations - 10.0) / 4.0).astype("f")


def _with_way(observations: np.ndarray) -> np.ndarray:
    """Return arm and cube (..., 28) and the way from hand to cube, (..., 36).

    Appended are the way at 10 cm and, clipped, at 3 cm, and how the cube is turned in
    the hand, which a quarter turn leaves the same: the angle in half quarters and the
    cosine of four times it.
    """
    way = observations[..., 19:22] - observations[..., 12:15]
    yaw = np.arctan2(observations[..., 27], observations[..., 26])
    four = 4 * (yaw - np.arctan2(observations[..., 16], observations[..., 15]))
    turn = np.stack((np.arctan2(np.sin(four), np.cos(four)) / np.pi, np.cos(four)), -1)
    parts = (observations, way, np.clip(way / 0.3, -1, 1), turn)
    return np.concatenate(parts, -1).astype("f")


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
        _in_cells,
    ),
    # a goal holds hand, opening and cube, so that way points say what the hand does
    # while the cube rests; an episode asks for the cube alone, within 4 cm, 0.4 units,
    # and training for 3 cm, so that what it calls reached has some to spare
    "cube": Task(
        "cube-single-play-v0",
        GoalSpace(
            36,
            (12, 13, 14, 17, 19, 20, 21),
            ((1.0,) * 7, (0.0,) * 4 + (1.0,) * 3),
            tolerance=0.3,
            scales=(4.0, 1.0, 0.3),
        ),
        200_000,
        _cubes,
        Mixture(waypoint_steps=10, moving=0.5),
        {"saw": {"temperature": 3.0, "bootstrap": 0.3}},
        _with_way,
        asked=1,
        piece=200,
    ),
}


def _cut(ends: np.ndarray, piece: int | None) -> np.ndarray:
    """Return the ends (m,) of trajectories cut into pieces; the last is no stub."""
    if piece is None:
        return ends
    starts = np.concatenate(([0], ends[:-1] + 1))
    cuts = [
        np.arange(start + piece - 1, end - piece // 2, piece)
        for start, end in zip(starts, ends, strict=True)
    ]
    return np.unique(np.concatenate([*cuts, ends]))


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
        ends = _cut(saved["ends"], task.piece)
        return Play(task.seen(saved["seen"]), saved["done"], ends)
