"""FLOPs: floating point operations of an ONNX file, counted from what really ran.

ONNX Runtime is asked for a profile of one run without optimisation: it names every
node with the shapes of its inputs and outputs, so that no ONNX package is needed.
"""

from __future__ import annotations

import json
import math
import tempfile
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final, Protocol

import numpy as np

from jouleplan.skills.errors import PolicyFileError

Shape = list[int]

_KINDS: Final = {
    "tensor(float)": np.float32,
    "tensor(float16)": np.float16,
    "tensor(double)": np.float64,
    "tensor(int64)": np.int64,
    "tensor(int32)": np.int32,
    "tensor(uint8)": np.uint8,
    "tensor(bool)": np.bool_,
}
"""What ONNX Runtime calls a kind of number."""


def count_flops(path: Path, data: bytes | None = None) -> float:
    """Return the floating point operations of one run of a network.

    Matrix products and convolutions, two a multiplication with its sum, as torch counts
    them; what is done entry by entry, such as activations, is left out.

    Args:
        path: The ONNX file; an open size of its inputs is taken as 1.
        data: Its contents, where they were read already.

    Raises:
        PolicyFileError: It is no whole ONNX file, or an input is of another kind.
    """
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 4
    options.graph_optimization_level = (
        onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    )
    # packed weights would be missing from the shapes
    options.add_session_config_entry("session.disable_prepacking", "1")
    options.enable_profiling = True
    with tempfile.TemporaryDirectory(prefix="jouleplan-") as folder:
        options.profile_file_prefix = str(Path(folder, "profile"))
        try:
            session = onnxruntime.InferenceSession(
                path.read_bytes() if data is None else data,
                options,
                providers=["CPUExecutionProvider"],
            )
            session.run(None, {i.name: _zeros(path, i) for i in session.get_inputs()})
            events = json.loads(Path(session.end_profiling()).read_text("utf-8"))
        except PolicyFileError:
            raise
        except Exception as error:  # ONNX Runtime raises its own, undocumented kinds
            raise PolicyFileError(f"{path} cannot be run to be counted") from error
    return math.fsum(_node(event.get("args", {})) for event in events)


class Network(Protocol):
    """What is called, and comes from an ONNX file."""

    path: Path
    calls: int


class FlopCount:
    """Counts what networks compute from now on.

    Args:
        networks: Whose calls are counted.
    """

    def __init__(self, networks: Sequence[Network]) -> None:
        """Begin."""
        self._before = [(network, network.calls) for network in networks]

    @property
    def flops(self) -> float | None:
        """Floating point operations since; None where there is no network.

        A planner's arithmetic, and that of hand-written controllers, is not counted.
        """
        if not self._before:
            return None
        return math.fsum(
            _flops_of(network.path) * (network.calls - before)
            for network, before in self._before
        )


_flops_of = cache(count_flops)


def _zeros(path: Path, given: Any) -> np.ndarray:
    if given.type not in _KINDS:
        raise PolicyFileError(
            f"{path}: input {given.name} is {given.type}; counted are {list(_KINDS)}"
        )
    shape = [size if isinstance(size, int) else 1 for size in given.shape]
    return np.zeros(shape, _KINDS[given.type])


def _node(args: Mapping[str, Any]) -> float:
    """Return the operations of a node, by its name and shapes in the profile."""
    kind = args.get("op_name")
    inputs, outputs = _shapes(args, "input"), _shapes(args, "output")
    if kind == "MatMul" and len(inputs) >= 2:
        return 2.0 * math.prod(outputs[0]) * inputs[0][-1]
    if kind == "Gemm" and len(inputs) >= 2:
        # the inner size is whatever the weights hold beside the outputs' width
        inner = math.prod(inputs[1]) // outputs[0][-1]
        return 2.0 * math.prod(outputs[0]) * inner
    if kind == "Conv" and len(inputs) >= 2:
        return 2.0 * math.prod(outputs[0]) * math.prod(inputs[1][1:])
    return 0.0


def _shapes(args: Mapping[str, Any], end: str) -> list[Shape]:
    return [
        shape for typed in args.get(f"{end}_type_shape", ()) for shape in typed.values()
    ]
