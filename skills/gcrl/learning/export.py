"""Export of what a learner deploys to ONNX: the only form in which options ship."""

from __future__ import annotations

from pathlib import Path

import torch

from jouleplan.skills.export import write
from jouleplan.skills.gcrl.learning.training import Trained


def export(trained: Trained, target: Path) -> None:
    """Write the deployed networks as one ONNX file.

    Its inputs are observation (1, o) and goal (1, g, mask included), its outputs action
    (1, a) in [-1, 1], way point (1, bare goal, or 0 of a flat policy) and value (1, 1,
    or 0 where the algorithm has none).
    """
    sizes = trained.sizes
    inputs = {
        "observation": torch.zeros(1, sizes.observation),
        "goal": torch.zeros(1, sizes.goal),
    }
    outputs = ("action", "way_point", "value")
    write(trained.learner.deployed(), inputs, outputs, target)
