"""Export of what a learner deploys to ONNX: the only form in which options ship."""

from __future__ import annotations

import contextlib
import io
import logging
import warnings
from pathlib import Path

import torch

from jouleplan.skills.export import strip
from jouleplan.skills.gcrl.learning.training import Trained


def export(trained: Trained, target: Path) -> None:
    """Write the deployed networks as one ONNX file.

    Its inputs are observation (1, o) and goal (1, g, mask included), its outputs action
    (1, a) in [-1, 1], way point (1, bare goal, or 0 of a flat policy) and value (1, 1,
    or 0 where the algorithm has none).
    """
    sizes = trained.sizes
    logging.getLogger("torch.onnx").setLevel(logging.ERROR)  # names absent packages
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_suffix(".onnx.part")
    with (
        warnings.catch_warnings(),
        contextlib.redirect_stdout(io.StringIO()),
        torch.no_grad(),
    ):
        warnings.simplefilter("ignore")
        torch.onnx.export(
            trained.learner.deployed().eval(),
            (torch.zeros(1, sizes.observation), torch.zeros(1, sizes.goal)),
            str(partial),
            input_names=["observation", "goal"],
            output_names=["action", "way_point", "value"],
            external_data=False,
            dynamo=True,
            verbose=False,
        )
    strip(partial)
    partial.replace(target)
