"""Training of one learner on play: metered, resumable, the same for the same seed."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch

from jouleplan.energy.meter import Meter
from jouleplan.skills.checkpoint import Progress, resume, save
from jouleplan.skills.errors import TrainingError
from jouleplan.skills.gcrl.learning.learner import Learner, Settings, Sizes, tensors
from jouleplan.skills.gcrl.learning.registry import ALGORITHMS
from jouleplan.skills.gcrl.play import Play
from jouleplan.skills.gcrl.sampler import Mixture, Sampler
from jouleplan.skills.gcrl.space import GoalSpace

CHECKPOINT_UPDATES = 5000
REPORT_EVERY = 250

Report = Callable[[int, int, dict[str, float]], None]
"""Called with (updates done, updates in all, latest losses)."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a training is made of; two of the same recipe and seed are the same.

    Attributes:
        algorithm: Name in ``ALGORITHMS``.
        updates: Steps of the optimiser.
        batch_size: Steps of play in each.
        settings: Of the learner.
        mixture: How goals are drawn.
    """

    algorithm: str
    updates: int = 50_000
    batch_size: int = 256
    settings: Settings = field(default_factory=Settings)
    mixture: Mixture = field(default_factory=Mixture)


@dataclass(frozen=True, slots=True)
class Trained:
    """A finished training.

    Attributes:
        learner: With its networks.
        sizes: Of the networks.
        progress: What it took.
    """

    learner: Learner
    sizes: Sizes
    progress: Progress


def train(
    play: Play,
    space: GoalSpace,
    recipe: Recipe,
    seed: int,
    folder: Path,
    *,
    data: str = "",
    fresh: bool = False,
    report: Report | None = None,
) -> Trained:
    """Train to the end of ``recipe``, from the checkpoint in ``folder`` where there is.

    Args:
        play: What is learned from.
        space: What a goal is.
        recipe: Algorithm and its numbers.
        seed: Of networks and batches.
        folder: Gets the checkpoint.
        data: Says which play it is, e.g. a fingerprint.
        fresh: Begin anew although there is a checkpoint.
        report: Called every ``REPORT_EVERY`` updates.

    Raises:
        TrainingError: Unknown algorithm, a goal space that it cannot use, or a
            checkpoint of another recipe, seed or data, or of more updates.
    """
    algorithm = ALGORITHMS.get(recipe.algorithm)
    if algorithm is None:
        raise TrainingError(
            f"unknown algorithm {recipe.algorithm!r}; there are {', '.join(ALGORITHMS)}"
        )
    if algorithm.whole_goals and space.input_size != space.observation_size:
        raise TrainingError(
            f"{recipe.algorithm} asks for whole observations as goals: "
            f"{space.observation_size} entries without masks, not {space.input_size}"
        )
    torch.set_num_threads(1)
    torch.manual_seed(seed)
    action = play.actions.shape[1]
    sizes = Sizes(
        space.observation_size,
        space.input_size,
        space.size,
        action,
        space.scales,
        space.masked,
    )
    learner = algorithm.make(sizes, recipe.settings)
    progress = Progress(_plain(recipe), seed, data)
    folder.mkdir(parents=True, exist_ok=True)
    if (folder / "progress.json").exists() and not fresh:
        progress = resume(folder, progress, learner, longer=True)
    while progress.updates < recipe.updates:
        # the same batches follow a checkpoint, however often training stopped there
        rng = np.random.default_rng((seed, progress.updates))
        torch.manual_seed(seed + progress.updates)
        sampler = Sampler(play, space, recipe.mixture, rng)
        count = min(CHECKPOINT_UPDATES, recipe.updates - progress.updates)
        _stretch(learner, sampler, count, recipe, progress, report)
        save(folder, progress, learner)
    return Trained(learner, sizes, progress)


def _stretch(
    learner: Learner,
    sampler: Sampler,
    count: int,
    recipe: Recipe,
    progress: Progress,
    report: Report | None,
) -> None:
    meter = Meter()
    with meter.phase("training"):
        for step in range(1, count + 1):
            losses = learner.update(tensors(sampler.draw(recipe.batch_size)))
            if report is not None and step % REPORT_EVERY == 0:
                report(progress.updates + step, recipe.updates, dict(losses))
    progress.reach(progress.updates + count, losses)
    progress.add(meter.total())


def _plain(recipe: Recipe) -> dict[str, Any]:
    """Return the recipe as JSON gives it back: lists for tuples."""
    plain: dict[str, Any] = json.loads(json.dumps(asdict(recipe)))
    return plain
