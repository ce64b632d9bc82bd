"""Speed of physics and of policies beside their peers, measured in one run.

Run: ``python tests/benchmarks/bench_physics.py``. Ours and the peer take turns
(A B A B ...) in one thread, so that both meet the same machine; medians are compared.

- Simulated seconds a second, one block, render off, observation and inverse kinematics
  included: our control step with ``Stage.observation`` / ``env.step`` of panda-gym
  3.0.7, PandaPickAndPlace-v3.
- Microseconds an action, the same untrained TD3 network: ``Policy`` / ``predict()`` of
  SB3.

Seconds are wall seconds; CPU seconds stand beside them, which a busy machine disturbs
less.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from jouleplan.domains.robot import CONTROL_STEP_S, Robot
from jouleplan.domains.robots.panda import PANDA
from jouleplan.domains.simulator import Simulator
from jouleplan.skills.stages import OBSERVATION_SIZE, Stage

STEPS = 200
ANSWERS = 500
SMALL = 0.3
"""Largest component of the random actions; both arms stay in their workspaces."""
PEER = "panda-gym==3.0.7"


Run = Callable[[], tuple[float, float]]
"""Does its work once; returns wall seconds and CPU seconds [s]."""


def main() -> None:
    """Measure and print both comparisons."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=15, help="turns of each side")
    rounds = parser.parse_args().rounds
    physics(rounds)
    inference(rounds)


def physics(rounds: int) -> None:
    """Compare simulated seconds a second with panda-gym's."""
    print("physics, simulated seconds a second (more is better)")
    with Simulator() as simulator:
        ours = our_loop(simulator)
        env = panda_gym_env()
        if env is None:
            print(f"  the peer is missing: pip install --no-deps {PEER}")
            compare({"ours": (ours, STEPS * CONTROL_STEP_S)}, rounds, rate)
            return
        peer_s = STEPS * env.sim.timestep * env.sim.n_substeps
        sides = {
            "ours": (ours, STEPS * CONTROL_STEP_S),
            PEER: (panda_gym_loop(env), peer_s),
        }
        compare(sides, rounds, rate)
        env.close()


def rate(used_s: float, amount: float) -> float:
    """Return the amount a second."""
    return amount / used_s


def cost_us(used_s: float, amount: float) -> float:
    """Return microseconds a piece."""
    return used_s / amount * 1e6


def compare(
    sides: dict[str, tuple[Run, float]],
    rounds: int,
    figure: Callable[[float, float], float],
) -> None:
    """Let the sides take turns and print their medians and the medians' ratio.

    Args:
        sides: Name -> what to run and the amount of work it does.
        rounds: Turns of each side, after one to warm up.
        figure: Turns (seconds used, amount of work) into what is compared.
    """
    for run, _ in sides.values():
        run()
    used: dict[str, list[tuple[float, float]]] = {name: [] for name in sides}
    for _ in range(rounds):
        for name, (run, _) in sides.items():
            used[name].append(run())
    for index, clock in enumerate(("wall", "CPU")):
        medians = []
        for name, (_, amount) in sides.items():
            figures = [figure(u[index], amount) for u in used[name]]
            medians.append(statistics.median(figures))
            low, high = min(figures), max(figures)
            print(f"  {clock:4} {name:18} {medians[-1]:8.2f} ({low:.2f} to {high:.2f})")
        if len(medians) == 2:
            print(f"  {clock:4} ratio {max(medians) / min(medians):.2f}", end=" ")
            better = max if figure is rate else min
            print(f"for {list(sides)[medians.index(better(medians))]}")


def timed(work: Callable[[], None]) -> tuple[float, float]:
    """Return wall and CPU seconds that ``work`` takes [s]."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - cpu


def small_actions(rng: np.random.Generator) -> np.ndarray:
    """Return random actions that leave the gripper as it is, shape (STEPS, 4)."""
    actions = np.zeros((STEPS, 4), dtype=np.float32)
    actions[:, :3] = rng.uniform(-SMALL, SMALL, (STEPS, 3))
    return actions


def our_loop(simulator: Simulator) -> Run:
    """Return a run of ``STEPS`` control steps."""
    robot = Robot(simulator)
    simulator.add_box("block", (0.04, 0.04, 0.04), (0.5, 0.1, 0.02), mass=0.08)
    rng = np.random.default_rng(0)

    def run() -> tuple[float, float]:
        robot.teleport(np.array(PANDA.home))
        stage = Stage("grasp", simulator, robot, block="block")
        actions = small_actions(rng)

        def work() -> None:
            for action in actions:
                robot.step(stage.action(action))
                stage.observation()
                stage.outcome()

        return timed(work)

    return run


def panda_gym_env() -> Any | None:
    """Return panda-gym's environment, or None where it is not installed."""
    try:
        import gymnasium
        import panda_gym  # noqa: F401 - registers it
    except ImportError:
        return None
    return gymnasium.make("PandaPickAndPlace-v3").unwrapped


def panda_gym_loop(env: Any) -> Run:
    """Return a run of ``STEPS`` steps."""
    rng = np.random.default_rng(0)

    def run() -> tuple[float, float]:
        env.reset(seed=0)
        actions = small_actions(rng)

        def work() -> None:
            for action in actions:
                env.step(action)

        return timed(work)

    return run


def inference(rounds: int) -> None:
    """Compare microseconds an action with SB3's ``predict()`` on one network."""
    print("inference, microseconds an action (less is better)")
    try:
        import stable_baselines3 as sb3
        import torch
    except ImportError:
        print("  torch is missing: pip install 'jouleplan[train]'")
        return
    from jouleplan.skills.environment import StageEnv
    from jouleplan.skills.export import export
    from jouleplan.skills.policy import Policy
    from jouleplan.skills.train import HIDDEN

    torch.set_num_threads(1)
    network = {"net_arch": list(HIDDEN)}
    model = sb3.TD3(
        "MlpPolicy", StageEnv("reach"), policy_kwargs=network, seed=0, device="cpu"
    )
    with tempfile.TemporaryDirectory() as folder:
        model.save(Path(folder) / "model.zip")
        export(Path(folder), "TD3", Path(folder) / "reach.onnx")
        policy = Policy(Path(folder) / "reach.onnx")
    rng = np.random.default_rng(0)
    seen = rng.uniform(-1, 1, (ANSWERS, OBSERVATION_SIZE)).astype(np.float32)

    def answers() -> None:
        for observation in seen:
            policy(observation)

    def predictions() -> None:
        for observation in seen:
            model.predict(observation, deterministic=True)

    sides: dict[str, tuple[Run, float]] = {
        "Policy": (lambda: timed(answers), ANSWERS),
        "SB3 predict()": (lambda: timed(predictions), ANSWERS),
    }
    compare(sides, rounds, cost_us)


if __name__ == "__main__":
    main()
