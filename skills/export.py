"""Export of a trained SB3 actor to ONNX: the only form in which policies ship."""

from __future__ import annotations

import contextlib
import io
import logging
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from jouleplan.skills.stages import OBSERVATION_SIZE


def export(checkpoint: Path, algorithm: str, target: Path) -> None:
    """Write the deterministic actor in ``checkpoint/model.zip`` as an ONNX file.

    Args:
        checkpoint: Folder of a training that this user made: SB3's files are pickles.
        algorithm: "TD3" or "SAC".
        target: File to write; its input is (1, 20), its output (1, 4) in [-1, 1].
    """
    import stable_baselines3 as sb3
    import torch

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        kind = getattr(sb3, algorithm)
        model: Any = kind.load(checkpoint / "model.zip", device="cpu")
    actor: Any = model.policy.actor

    class Deterministic(torch.nn.Module):
        """The actor without its exploration."""

        def forward(self, observation: torch.Tensor) -> torch.Tensor:
            """Return the mean action."""
            if algorithm == "TD3":
                action: torch.Tensor = actor.mu(observation)
                return action
            return torch.tanh(actor.mu(actor.latent_pi(observation)))

    write(
        Deterministic(),
        {"observation": torch.zeros(1, OBSERVATION_SIZE)},
        ("action",),
        target,
    )


def write(
    network: Any, inputs: Mapping[str, Any], outputs: Sequence[str], target: Path
) -> None:
    """Write a network as an ONNX file that tells nothing of the machine it is made on.

    Args:
        network: A torch module.
        inputs: Name -> an example of each input, in the order that it takes them.
        outputs: Name of each output.
        target: File to write; there whole or not at all.
    """
    import torch

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
            network.eval(),
            tuple(inputs.values()),
            str(partial),
            input_names=list(inputs),
            output_names=list(outputs),
            external_data=False,
            dynamo=True,
            verbose=False,
        )
    _strip(partial)
    partial.replace(target)


def _strip(file: Path) -> None:
    """Take out of a policy what the exporter tells of the machine it ran on.

    Each node carries the source lines, with their paths, that it was made from.
    """
    import onnx

    model = onnx.load(str(file))
    for part in (model, model.graph, *model.graph.node, *model.graph.value_info):
        part.ClearField("doc_string")
        part.ClearField("metadata_props")
    onnx.save(model, str(file))
