"""Checkpoints of a training by batches, and what it took so far.

They hold tensors and numbers only and are read back without running any code.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Protocol

import torch

from jouleplan.energy.spent import Spent
from jouleplan.skills.errors import TrainingError


class Learner(Protocol):
    """What a checkpoint is taken of."""

    def state(self) -> Mapping[str, Any]:
        """Return networks, targets and optimisers, as tensors and numbers."""
        ...

    def restore(self, state: Any) -> None:
        """Go on from what ``state`` returned."""
        ...


@dataclass(slots=True)
class Progress(Spent):
    """How far a training is and what it took; kept beside its checkpoint.

    Attributes:
        recipe: As plain values.
        seed: Of networks and batches.
        data: Says what is learned from, e.g. a fingerprint.
        updates: Steps of the optimiser so far.
        losses: The latest, by name.
    """

    recipe: dict[str, Any]
    seed: int
    data: str
    updates: int = 0
    losses: dict[str, float] = field(default_factory=dict)

    def reach(self, updates: int, losses: Mapping[str, float]) -> None:
        """Note how far the training is.

        Raises:
            TrainingError: A loss is no number any more.
        """
        if not all(math.isfinite(loss) for loss in losses.values()):
            raise TrainingError(
                f"the training diverged before update {updates}: {dict(losses)}; "
                "lower the learning rate"
            )
        self.updates, self.losses = updates, dict(losses)


def resume(
    folder: Path, wanted: Progress, learner: Learner, *, longer: bool = False
) -> Progress:
    """Return the progress in ``folder``, with the learner as it was there.

    Args:
        folder: As ``save`` filled it.
        wanted: Recipe, seed and data of now.
        learner: Takes what the checkpoint holds.
        longer: A training may be taken further than its recipe said.

    Raises:
        TrainingError: The folder holds a training of another recipe, seed or data.
    """
    text = (folder / "progress.json").read_text(encoding="utf-8")
    found = Progress(**json.loads(text))
    recipe = found.recipe
    if longer and found.updates <= wanted.recipe["updates"]:
        recipe = {**recipe, "updates": wanted.recipe["updates"]}
    if (found.seed, found.data, recipe) != (wanted.seed, wanted.data, wanted.recipe):
        raise TrainingError(
            f"{folder} holds a training with seed {found.seed}, data {found.data!r} "
            f"and {found.recipe}, not seed {wanted.seed}, data {wanted.data!r} and "
            f"{wanted.recipe}; choose another --out, or --fresh to begin anew"
        )
    learner.restore(torch.load(folder / f"{found.updates}.pt", weights_only=True))
    found.recipe = recipe
    return found


def save(folder: Path, progress: Progress, learner: Learner) -> None:
    """Write the checkpoint; the counters last, so that a half one is not resumed."""
    torch.save(learner.state(), folder / f"{progress.updates}.pt")
    partial = folder / "progress.json.part"
    partial.write_text(json.dumps(asdict(progress)), encoding="utf-8")
    partial.replace(folder / "progress.json")
    for old in folder.glob("*.pt"):
        if old.stem != str(progress.updates):
            old.unlink()
