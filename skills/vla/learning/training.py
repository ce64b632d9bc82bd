"""Training by imitation: metered, resumable, the same for the same seed and data."""

from __future__ import annotations

import copy
import math
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from jouleplan.energy.meter import Meter
from jouleplan.skills.checkpoint import Progress, resume, save
from jouleplan.skills.vla.learning.data import (
    ACTION,
    TARGET,
    Batch,
    Float,
    Frames,
    Sampler,
    normal_of,
)
from jouleplan.skills.vla.learning.network import Network, Shape
from jouleplan.skills.vla.prompt import Vocabulary

CHECKPOINT_UPDATES: Final = 500
REPORT_EVERY: Final = 10
_WARM_UP: Final = 200
_WEIGHTS: Final = {"move": 1.0, "gripper": 0.2, "target": 0.2, "spots": 0.5}
"""Of the losses; the last two are auxiliary."""
_FOLLOW: Final = 0.998

Report = Callable[[int, int, dict[str, float]], None]
"""Called with (updates done, updates in all, latest losses)."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a training is made of; two of the same recipe, seed and data are the same.

    Attributes:
        updates: Steps of the optimiser.
        batch_size: Frames in each.
        learning_rate: At its height; it falls to 0 along a cosine.
        weight_decay: Of AdamW.
        shape: Sizes of the network, but for those that the data decide.
    """

    updates: int = 12_000
    batch_size: int = 64
    learning_rate: float = 1e-3
    weight_decay: float = 1e-3
    shape: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Trained:
    """A finished training.

    Attributes:
        network: With the mean of its latest weights.
        shape: Of the network.
        vocabulary: Of its prompts.
        normal: Mean and spread of the states, (2, 8).
        progress: What it took.
    """

    network: Network
    shape: Shape
    vocabulary: Vocabulary
    normal: Float
    progress: Progress


class Learner:
    """A network, the mean of its latest weights, and their optimiser."""

    def __init__(self, shape: Shape, recipe: Recipe) -> None:
        """Draw the weights."""
        self.network = Network(shape, ACTION, TARGET)
        self.mean = copy.deepcopy(self.network).requires_grad_(False)
        self._recipe = recipe
        self._optimiser = torch.optim.AdamW(
            self.network.parameters(),
            lr=recipe.learning_rate,
            weight_decay=recipe.weight_decay,
        )

    def update(self, batch: Batch, number: int) -> dict[str, float]:
        """Make update ``number``, counted from 0; return the losses."""
        recipe = self._recipe
        rise = min(1.0, (number + 1) / _WARM_UP)
        fall = 0.5 + 0.5 * math.cos(math.pi * number / recipe.updates)
        for group in self._optimiser.param_groups:
            group["lr"] = recipe.learning_rate * rise * fall
        losses = _losses(self.network, batch)
        total = torch.stack([_WEIGHTS[n] * loss for n, loss in losses.items()]).sum()
        self._optimiser.zero_grad(set_to_none=True)
        total.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
        self._optimiser.step()
        follow = min(_FOLLOW, (number + 1) / (number + 10))
        own, newest = self.mean.parameters(), self.network.parameters()
        with torch.no_grad():
            torch._foreach_lerp_(list(own), list(newest), 1 - follow)
        return {name: loss.item() for name, loss in losses.items()}

    def state(self) -> dict[str, Any]:
        """Return what a checkpoint holds."""
        return {
            "network": self.network.state_dict(),
            "mean": self.mean.state_dict(),
            "optimiser": self._optimiser.state_dict(),
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Go on from a checkpoint."""
        self.network.load_state_dict(state["network"])
        self.mean.load_state_dict(state["mean"])
        self._optimiser.load_state_dict(state["optimiser"])


def pictures(values: Tensor) -> Tensor:
    """Return pictures (b, s, s, 3) uint8 as the network takes them."""
    return values.permute(0, 3, 1, 2).float() / 127.5 - 1.0


def _losses(network: Network, batch: Batch) -> dict[str, Tensor]:
    with torch.autocast("cpu", torch.bfloat16):
        chunk, target, spots = network(
            pictures(torch.from_numpy(batch.scene)),
            pictures(torch.from_numpy(batch.wrist)),
            torch.from_numpy(batch.state),
            *(network.language(torch.from_numpy(words)) for words in batch.words),
        )
    chunk, target, spots = chunk.float(), target.float(), spots.float()
    valid = torch.from_numpy(batch.valid).flatten(0, 1)
    wanted = torch.from_numpy(batch.chunk).repeat(len(batch.valid), 1, 1)
    share = valid / valid.sum()
    move = (chunk[..., :4] - wanted[..., :4]).abs().sum(-1)
    gripper = functional.binary_cross_entropy_with_logits(
        chunk[..., 4], wanted[..., 4], reduction="none"
    )
    return {
        "move": (move * share).sum(),
        "gripper": (gripper * share).sum(),
        "target": _distance(target, batch.target),
        "spots": _distance(spots, batch.spots),
    }


def _distance(told: Tensor, known: Float) -> Tensor:
    """Return the mean distance of entries to those that are known, not NaN.

    Args:
        told: Shape (k b, n), for k prompts.
        known: Shape (b, n), the same for each of them.
    """
    wanted = torch.from_numpy(known).repeat(len(told) // len(known), 1)
    there = ~wanted.isnan()
    away = torch.where(there, told - wanted.nan_to_num(), 0.0).abs()
    return away.sum() / there.sum().clamp(min=1)


def train(
    frames: Frames,
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
        frames: What is imitated.
        recipe: Its numbers.
        seed: Of networks and batches.
        folder: Gets the checkpoint.
        data: Says which demonstrations they are, e.g. a fingerprint.
        fresh: Begin anew although there is a checkpoint.
        report: Called every ``REPORT_EVERY`` updates.

    Raises:
        TrainingError: A checkpoint of another recipe, seed or data, or of more updates;
            or the losses are no numbers any more.
    """
    torch.set_num_threads(1)
    torch.manual_seed(seed)
    vocabulary, normal = Vocabulary.of(frames.prompts), normal_of(frames)
    shape = Shape(vocabulary.size, frames.scene.shape[1], **recipe.shape)
    learner = Learner(shape, recipe)
    progress = Progress(asdict(recipe), seed, data)
    folder.mkdir(parents=True, exist_ok=True)
    if (folder / "progress.json").exists() and not fresh:
        # the learning rate falls to 0 at the last update: there is no going on from it
        progress = resume(folder, progress, learner)
    while progress.updates < recipe.updates:
        # the same batches follow a checkpoint, however often training stopped there
        rng = np.random.default_rng((seed, progress.updates))
        sampler = Sampler(frames, vocabulary, normal, shape.chunk, rng)
        _stretch(learner, sampler, recipe, progress, report)
        save(folder, progress, learner)
    return Trained(learner.mean, shape, vocabulary, normal, progress)


def _stretch(
    learner: Learner,
    sampler: Sampler,
    recipe: Recipe,
    progress: Progress,
    report: Report | None,
) -> None:
    """Make the updates up to the next checkpoint."""
    meter, first = Meter(), progress.updates
    last = min(recipe.updates, first + CHECKPOINT_UPDATES)
    with meter.phase("training"):
        for number in range(first, last):
            losses = learner.update(sampler.draw(recipe.batch_size), number)
            if report is not None and (number + 1) % REPORT_EVERY == 0:
                report(number + 1, recipe.updates, losses)
    progress.reach(last, losses)
    progress.add(meter.total())
