"""A trained policy: observation in, action out, through ONNX Runtime alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from jouleplan.skills.errors import PolicyFileError, PolicyOutputError
from jouleplan.skills.stages import ACTION_SIZE, OBSERVATION_SIZE, Observation

MAX_BYTES = 1_000_000


class StagePolicy(Protocol):
    """What carries out one stage.

    Attributes:
        path: The file that it came from.
    """

    path: Path

    def __call__(self, observation: Observation) -> npt.NDArray[np.float32]:
        """Return the action (4,) in [-1, 1] for an observation (20,)."""
        ...


class Policy:
    """One ONNX file, checked on loading.

    Args:
        path: The file; its input is (1, 20) and its output (1, 4), both float32.

    Attributes:
        calls: How often it has answered.

    Raises:
        PolicyFileError: No such file, over 1 MB, damaged, or of another shape.
    """

    def __init__(self, path: Path) -> None:
        """Load and check the file."""
        self.path = path
        self.calls = 0
        if not path.is_file():
            raise PolicyFileError(
                f"no policy file {path}; `jouleplan skills` lists those there are, "
                "`jouleplan train SKILL --out DIR` makes one"
            )
        data = path.read_bytes()
        if len(data) > MAX_BYTES:
            raise PolicyFileError(
                f"{path} has {len(data)} bytes; a policy has at most {MAX_BYTES}"
            )
        self._session = open_session(path, data)
        self._input = self._session.get_inputs()[0].name
        shapes = [
            [d if isinstance(d, int) else None for d in end[0].shape]
            for end in (self._session.get_inputs(), self._session.get_outputs())
        ]
        wanted = (OBSERVATION_SIZE, ACTION_SIZE)
        if tuple(s[-1] if s else None for s in shapes) != wanted:
            raise PolicyFileError(
                f"{path} maps {shapes[0]} to {shapes[1]}; a policy maps "
                f"[1, {OBSERVATION_SIZE}] to [1, {ACTION_SIZE}]: train it again"
            )

    def __call__(self, observation: Observation) -> npt.NDArray[np.float32]:
        """Return the action (4,) in [-1, 1] for an observation (20,).

        Raises:
            PolicyOutputError: The policy answered with a number that is not finite.
        """
        self.calls += 1
        answer = self._session.run(None, {self._input: observation[None]})[0][0]
        total = float(answer.sum())
        if total - total != 0.0:  # NaN and infinity alike, without an array of bools
            raise PolicyOutputError(
                f"{self.path.name} answered {answer.tolist()}, not an action; "
                "the file is damaged or its training diverged: train it again"
            )
        action: npt.NDArray[np.float32] = answer
        return action


def open_session(path: Path, data: bytes) -> Any:
    """Return an ONNX Runtime session of one thread.

    Raises:
        PolicyFileError: ``data`` is no whole ONNX file.
    """
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 4
    try:
        return onnxruntime.InferenceSession(
            data, options, providers=["CPUExecutionProvider"]
        )
    except Exception as error:  # ONNX Runtime raises its own, undocumented kinds
        reason = str(error).strip().splitlines()[0] if str(error).strip() else "empty"
        raise PolicyFileError(
            f"{path} is not a whole ONNX file ({reason}); copy or train it again"
        ) from error
