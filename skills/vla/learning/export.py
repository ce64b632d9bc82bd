"""Export of a trained network to ONNX: the only form in which it ships.

Weights are stored in half precision, and reckoned with in single.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from jouleplan.skills.export import write
from jouleplan.skills.vla.learning.network import Network
from jouleplan.skills.vla.learning.training import Trained, pictures
from jouleplan.skills.vla.policy import FLOPS, VOCABULARY, words_file
from jouleplan.skills.vla.prompt import MOST_WORDS

_LEAST: Final = 64
"""Smaller tensors stay as they are [entries]."""


class _Deployed(nn.Module):
    """The network with pictures and states as they come, and LIBERO's actions."""

    def __init__(self, network: Network, normal: Tensor) -> None:
        super().__init__()
        self.scene, self.wrist = network.scene, network.wrist
        self.head = network.head
        self.register_buffer("normal", normal)
        self.normal: Tensor

    def forward(
        self, scene: Tensor, wrist: Tensor, state: Tensor, prompt: Tensor
    ) -> Tensor:
        """Return actions (b, chunk, 7)."""
        far = self.scene.look(_halved(pictures(scene)))
        near = self.wrist.look(_halved(pictures(wrist)))
        seen = (
            *self.scene.ask(far, prompt),
            *self.wrist.ask(near, prompt),
            (state - self.normal[0]) / self.normal[1],
        )
        chunk, _ = self.head(torch.cat(seen, 1), prompt)
        move = chunk[..., :4].clamp(-1.0, 1.0)
        nothing = torch.zeros_like(move[..., :2])
        closed = torch.tanh(chunk[..., 4:5] / 2)
        return torch.cat((move[..., :3], nothing, move[..., 3:], closed), -1)


def export(trained: Trained, target: Path) -> None:
    """Write both files of a policy; see ``VlaPolicy``.

    Args:
        trained: What is exported.
        target: The network's file; that of the words goes beside it.
    """
    shape = trained.shape
    side = 2 * shape.side
    size = (1, side, side, 3)
    inputs = {  # one tensor given twice would be taken for one input
        "scene": torch.zeros(size, dtype=torch.uint8),
        "wrist": torch.zeros(size, dtype=torch.uint8),
        "state": torch.zeros(1, 8),
        "prompt": torch.zeros(1, 64),
    }
    network = _Deployed(trained.network, torch.from_numpy(trained.normal))
    _write(network, inputs, "actions", target, {})
    words = {"words": torch.ones(1, MOST_WORDS, dtype=torch.int64)}
    vocabulary = {VOCABULARY: json.dumps(trained.vocabulary.words)}
    language = trained.network.language
    _write(language, words, "prompt", words_file(target), vocabulary)


def _halved(values: Tensor) -> Tensor:
    """Return pictures (b, 3, s, s) at half their sides; see ``data.halved``."""
    return functional.avg_pool2d(values, 2)


def flops(network: nn.Module, inputs: Mapping[str, Tensor]) -> int:
    """Return the floating point operations of one call, two a multiply-add."""
    from torch.utils.flop_counter import FlopCounterMode

    with FlopCounterMode(display=False) as counter, torch.no_grad():
        network.eval()(*inputs.values())
    return int(counter.get_total_flops())


def _write(
    network: nn.Module,
    inputs: Mapping[str, Tensor],
    output: str,
    target: Path,
    about: Mapping[str, str],
) -> None:
    counted = flops(network, inputs)
    whole = target.with_suffix(".whole.onnx")
    write(network, inputs, (output,), whole)
    import onnx

    model = onnx.load(str(whole))
    whole.unlink()
    _halve(model)
    onnx.helper.set_model_props(model, {FLOPS: str(counted), **about})
    partial = target.with_suffix(".onnx.part")
    onnx.save(model, str(partial))
    partial.replace(target)


def _halve(model: Any) -> None:
    """Store the large tensors of an ONNX model in half precision, cast when loaded."""
    from onnx import TensorProto, helper, numpy_helper

    casts = []
    for tensor in model.graph.initializer:
        values = numpy_helper.to_array(tensor)
        if tensor.data_type != TensorProto.FLOAT or values.size < _LEAST:
            continue
        name = tensor.name
        half = numpy_helper.from_array(values.astype(np.float16), f"{name}.half")
        tensor.CopyFrom(half)
        casts.append(
            helper.make_node("Cast", [half.name], [name], to=TensorProto.FLOAT)
        )
    nodes = [*casts, *model.graph.node]
    del model.graph.node[:]
    model.graph.node.extend(nodes)
