"""Model card: what a policy is, how it was trained, how well it does, what it cost."""

from __future__ import annotations

import platform
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from jouleplan.domains.robots.model import RobotModel
from jouleplan.domains.robots.registry import find_robot
from jouleplan.energy.meter import Meter
from jouleplan.energy.statistics import wilson_interval
from jouleplan.skills.export import export
from jouleplan.skills.library import checksum
from jouleplan.skills.policy import Policy
from jouleplan.skills.train import HIDDEN, Progress

EVALUATION_SEED: Final = 10_000_000
"""Scenes of the evaluation; trainings draw theirs from seeds below."""
_PACKAGES: Final = (
    "jouleplan",
    "stable-baselines3",
    "torch",
    "gymnasium",
    "pybullet",
    "onnxruntime",
    "numpy",
)


def finish(
    progress: Progress,
    out: Path,
    episodes: int,
    command: str,
    report: Callable[[int, int, float], None] | None = None,
) -> dict[str, Any]:
    """Export a finished training to ONNX, evaluate it and write its card.

    Args:
        progress: Of the training in ``out``.
        out: Gets ``<stage>.onnx`` and ``<stage>.toml``.
        episodes: Episodes of the evaluation, on seeds not trained on.
        command: What reproduces the training.
        report: Called with (episodes done, episodes in all, success rate).

    Returns:
        The card.
    """
    target = out / f"{progress.stage}.onnx"
    algorithm = str(progress.recipe["algorithm"])
    export(out / "checkpoints" / progress.stage, algorithm, target)
    meter = Meter()
    arm = find_robot(progress.robot)
    with meter.phase("evaluation"):
        successes, steps = evaluate(target, progress.stage, episodes, arm, report)
    low, high = wilson_interval(successes, episodes)
    spent = meter.total()
    card: dict[str, Any] = {
        "skill": progress.stage,
        "robot": progress.robot,
        "algorithm": f"{algorithm}, Stable-Baselines3",
        "network": f"multilayer perceptron, hidden layers {list(HIDDEN)}",
        "file": target.name,
        "sha256": checksum(target),
        "command": command,
        "training": {
            "seed": progress.seed,
            "environment_steps": progress.steps,
            "episodes": len(progress.episodes),
            "cpu_s": round(progress.cpu_s, 1),
            "wall_s": round(progress.wall_s, 1),
            **energy_entry(progress.energy_j, progress.source, progress.quality),
            "recipe": progress.recipe,
        },
        "evaluation": {
            "seed": EVALUATION_SEED,
            "episodes": episodes,
            "successes": successes,
            "success_rate": round(successes / episodes, 5),
            "wilson_95": [round(low, 5), round(high, 5)],
            "control_steps_an_episode": round(steps / episodes, 2),
            "cpu_s": round(spent.cpu_s, 1),
            **energy_entry(spent.energy_j, spent.source, spent.quality),
        },
        "versions": {
            "python": platform.python_version(),
            **{package: version(package) for package in _PACKAGES},
        },
    }
    write_card(card, out / f"{progress.stage}.toml")
    return card


def evaluate(
    policy_file: Path,
    stage: str,
    episodes: int,
    robot: RobotModel,
    report: Callable[[int, int, float], None] | None = None,
) -> tuple[int, int]:
    """Return (successes, control steps) of a policy on an arm, on unseen scenes."""
    from jouleplan.skills.environment import StageEnv

    policy, env = Policy(policy_file), StageEnv(stage, robot=robot)
    successes = steps = 0
    for episode in range(episodes):
        first = EVALUATION_SEED if episode == 0 else None
        observation, _ = env.reset(seed=first)
        over = False
        while not over:
            observation, _, ended, cut, info = env.step(policy(observation))
            over, steps = ended or cut, steps + 1
        successes += bool(info["is_success"])
        if report is not None:
            report(episode + 1, episodes, successes / (episode + 1))
    env.close()
    return successes, steps


def energy_entry(energy_j: float | None, source: str, quality: str) -> dict[str, Any]:
    """Return an energy as a card states it; TOML has no null, so unknown is a word."""
    known = "unavailable" if energy_j is None else round(energy_j, 1)
    return {"energy_j": known, "energy_source": source, "energy_quality": quality}


def write_card(card: dict[str, Any], path: Path) -> None:
    """Write a card as TOML, whole or not at all."""
    import tomli_w

    partial = path.with_suffix(".toml.part")
    partial.write_text(tomli_w.dumps(card), encoding="utf-8")
    partial.replace(path)
