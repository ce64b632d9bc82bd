"""Training of one stage's policy with Stable-Baselines3.

One torch thread and a fixed seed. A checkpoint (model, replay buffer, counters) is
written every few thousand steps, and a second run with the same arguments goes on from
it. Checkpoints are SB3's own files, which are pickles: they are read back from the
user's own output folder only, and never shipped.
"""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from jouleplan.domains.robots.panda import PANDA
from jouleplan.domains.robots.registry import find_robot
from jouleplan.energy.meter import Meter
from jouleplan.energy.spent import Spent
from jouleplan.skills.errors import TrainingError
from jouleplan.skills.stages import STAGES

CHECKPOINT_STEPS = 4000
HIDDEN = (64, 64)


@dataclass(frozen=True, slots=True)
class Recipe:
    """How one stage is trained; the values were found by experiment."""

    algorithm: str
    steps: int
    learning_rate: float = 1e-3
    batch_size: int = 256
    gamma: float = 0.95
    tau: float = 0.01
    train_freq: int = 2
    n_steps: int = 3
    learning_starts: int = 600


RECIPES: dict[str, Recipe] = {
    "reach": Recipe("TD3", 12_000),
    "grasp": Recipe("TD3", 12_000, train_freq=1),
    "move": Recipe("TD3", 12_000),
    # by TD3 it hangs on the seed: of four trainings three never learned to let go
    "release": Recipe("SAC", 12_000, train_freq=1),
    "press": Recipe("TD3", 8_000),
}
assert tuple(RECIPES) == STAGES


@dataclass(slots=True)
class Progress(Spent):
    """How far a training is and what it took; kept beside its checkpoint."""

    stage: str
    seed: int
    recipe: dict[str, Any]
    steps: int = 0
    episodes: list[bool] = field(default_factory=list)
    robot: str = PANDA.name


def train(
    stage: str,
    out: Path,
    seed: int,
    *,
    robot: str = PANDA.name,
    algorithm: str | None = None,
    steps: int | None = None,
    fresh: bool = False,
    report: Callable[[int, int, float], None] | None = None,
) -> Progress:
    """Train ``stage`` into ``out/checkpoints/<stage>``; return what it took.

    Args:
        stage: One of ``STAGES``.
        out: Folder for checkpoints and TensorBoard logs.
        seed: Of the networks, the noise and the scenes.
        robot: Name of the arm that it is trained with.
        algorithm: "SAC" or "TD3"; None takes the recipe's.
        steps: Environment steps; None takes the recipe's.
        fresh: Begin anew although there is a checkpoint.
        report: Called with (steps done, steps in all, recent success rate).

    Raises:
        TrainingError: Unknown stage, or a checkpoint of another seed, arm or recipe.
        UnknownNameError: There is no such arm.
        ImportError: The training extra is missing.
    """
    if stage not in RECIPES:
        raise TrainingError(
            f"unknown skill {stage!r}; those that can be trained: {', '.join(STAGES)}"
        )
    find_robot(robot)
    torch = _require_torch()
    torch.set_num_threads(1)
    recipe = RECIPES[stage]
    if algorithm is not None:
        recipe = replace(recipe, algorithm=algorithm)
    if steps is not None:
        recipe = replace(recipe, steps=steps)
    folder = out / "checkpoints" / stage
    folder.mkdir(parents=True, exist_ok=True)
    progress = Progress(stage, seed, asdict(recipe), robot=robot)
    saved = folder / "progress.json"
    if saved.exists() and not fresh:
        progress = _resumable(saved, progress)
    model = _model(progress, recipe, out, folder if progress.steps else None)
    while progress.steps < recipe.steps:
        chunk = min(CHECKPOINT_STEPS, recipe.steps - progress.steps)
        _learn(model, chunk, progress, recipe, report)
        _save(model, folder, progress)
    model.get_env().close()
    return progress


def _require_torch() -> Any:
    try:
        import stable_baselines3  # noqa: F401
        import torch
    except ImportError as error:
        raise ImportError(
            "training needs torch and stable-baselines3: pip install 'jouleplan[train]'"
        ) from error
    return torch


def _resumable(saved: Path, wanted: Progress) -> Progress:
    found = Progress(**json.loads(saved.read_text()))
    known, asked = (
        f"seed {p.seed}, arm {p.robot} and {p.recipe}" for p in (found, wanted)
    )
    if known != asked:
        raise TrainingError(
            f"{saved.parent} holds a training of {found.stage} with {known}, not "
            f"{asked}; "
            "choose another --out, or --fresh to begin anew"
        )
    return found


def _model(
    progress: Progress, recipe: Recipe, out: Path, checkpoint: Path | None
) -> Any:
    import stable_baselines3 as sb3
    from stable_baselines3.common.monitor import Monitor

    from jouleplan.skills.environment import StageEnv
    from jouleplan.skills.exploration import exploration

    seed, robot = progress.seed, find_robot(progress.robot)
    stage_env = StageEnv(progress.stage, practice=True, robot=robot)
    env = Monitor(stage_env, info_keywords=("is_success",))
    kind = getattr(sb3, recipe.algorithm)
    if checkpoint is not None:
        with warnings.catch_warnings():
            # the replay buffer loaded below keeps its n-step returns all the same
            warnings.filterwarnings("ignore", message=".*custom `replay_buffer_class`")
            model = kind.load(checkpoint / "model.zip", env=env, device="cpu")
        model.load_replay_buffer(checkpoint / "replay.pkl")
        # another stretch of scenes than the first, yet the same at every resumption
        env.reset(seed=seed + 7919 * model.num_timesteps)
        return model
    options: dict[str, Any] = {}
    if recipe.algorithm == "TD3":
        options["action_noise"] = exploration(seed)
    else:
        options["ent_coef"] = "auto_0.1"
    start, end = recipe.learning_rate, recipe.learning_rate / 10
    return kind(
        "MlpPolicy",
        env,
        learning_rate=_Linear(start, end, recipe.steps),
        batch_size=recipe.batch_size,
        buffer_size=recipe.steps,
        learning_starts=recipe.learning_starts,
        gamma=recipe.gamma,
        tau=recipe.tau,
        train_freq=recipe.train_freq,
        gradient_steps=1,
        n_steps=recipe.n_steps,
        policy_kwargs={"net_arch": list(HIDDEN)},
        tensorboard_log=str(out / "tensorboard"),
        seed=seed,
        device="cpu",
        **options,
    )


class _Linear:
    """A learning rate that falls over the whole training, resumed or not."""

    def __init__(self, start: float, end: float, steps: int) -> None:
        self.start, self.end, self.steps = start, end, steps
        self.done = 0

    def __call__(self, _: float) -> float:
        """Return the rate at ``done`` steps; SB3's own argument restarts on resume."""
        share = min(1.0, self.done / self.steps)
        return self.start + share * (self.end - self.start)


def _learn(
    model: Any,
    chunk: int,
    progress: Progress,
    recipe: Recipe,
    report: Callable[[int, int, float], None] | None,
) -> None:
    from stable_baselines3.common.callbacks import BaseCallback

    rate = model.learning_rate

    class Watch(BaseCallback):
        """Follows successes, the learning rate and the progress bar."""

        def _on_step(self) -> bool:
            rate.done = self.num_timesteps
            for done, info in zip(
                self.locals["dones"], self.locals["infos"], strict=True
            ):
                if done:
                    progress.episodes.append(bool(info["is_success"]))
            if report is not None and self.num_timesteps % 200 == 0:
                recent = progress.episodes[-100:]
                report(
                    self.num_timesteps,
                    recipe.steps,
                    sum(recent) / max(1, len(recent)),
                )
            return True

    meter = Meter()
    with meter.phase("training"):
        model.learn(
            chunk,
            callback=Watch(),
            reset_num_timesteps=progress.steps == 0,
            tb_log_name=progress.stage,
        )
    progress.steps = model.num_timesteps
    progress.add(meter.total())


def _save(model: Any, folder: Path, progress: Progress) -> None:
    """Write the checkpoint; the counters last, so that a half one is not resumed."""
    whole = folder / "model.part.zip"
    model.save(whole)
    whole.replace(folder / "model.zip")
    model.save_replay_buffer(folder / "replay.pkl")
    partial = folder / "progress.json.part"
    partial.write_text(json.dumps(asdict(progress)))
    partial.replace(folder / "progress.json")
