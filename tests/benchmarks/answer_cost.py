"""What one answer of an option's network costs: products and time."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Final

import numpy as np
import onnx

from jouleplan.skills.gcrl.network import OptionNetwork
from jouleplan.skills.gcrl.option_state import SPACE

CALLS: Final = 2000


def macs(file: Path) -> int:
    """Return multiply-accumulates of one answer: every weight of a product, once."""
    graph = onnx.shape_inference.infer_shapes(onnx.load(str(file))).graph
    sizes = {w.name: list(w.dims) for w in graph.initializer}
    for known in graph.value_info:
        sizes[known.name] = [d.dim_value for d in known.type.tensor_type.shape.dim]
    products = [n for n in graph.node if n.op_type in ("Gemm", "MatMul")]
    return sum(int(np.prod(sizes[node.input[1]])) for node in products)


def microseconds(file: Path) -> float:
    """Return the median time of an answer [us]."""
    network = OptionNetwork(file, SPACE.observation_size, SPACE.input_size)
    rng = np.random.default_rng(0)
    seen = rng.uniform(-1, 1, SPACE.observation_size).astype(np.float32)
    goal = rng.uniform(-1, 1, SPACE.input_size).astype(np.float32)
    took = []
    for _ in range(CALLS):
        began = time.perf_counter_ns()
        network(seen, goal)
        took.append(time.perf_counter_ns() - began)
    return float(np.median(took)) / 1000
