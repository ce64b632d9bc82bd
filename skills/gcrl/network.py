"""A trained option's network: observation and goal in, action out, by ONNX Runtime."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from jouleplan.skills.errors import PolicyFileError, PolicyOutputError
from jouleplan.skills.gcrl.space import Floats
from jouleplan.skills.policy import MAX_BYTES, open_session


@dataclass(frozen=True, slots=True)
class Answer:
    """What a network says of a state and a goal.

    Attributes:
        action: Shape (a,), in [-1, 1].
        way_point: Bare goal (size,) that a hierarchical policy heads for; else (0,).
        value: V; None where the algorithm has none.
    """

    action: Floats
    way_point: Floats
    value: float | None


class OptionNetwork:
    """One ONNX file, checked on loading.

    Args:
        path: The file.
        observation_size: Entries of an observation.
        goal_size: Entries of a goal, its mask included.

    Attributes:
        calls: How often it has answered.

    Raises:
        PolicyFileError: No such file, over 1 MB, damaged, or of another shape.
    """

    def __init__(self, path: Path, observation_size: int, goal_size: int) -> None:
        """Load and check the file."""
        self.path = path
        self.calls = 0
        if not path.is_file():
            raise PolicyFileError(
                f"no option file {path}; `jouleplan train saw --play DIR` makes one"
            )
        data = path.read_bytes()
        if len(data) > MAX_BYTES:
            raise PolicyFileError(
                f"{path} has {len(data)} bytes; an option has at most {MAX_BYTES}"
            )
        self._session = open_session(path, data)
        found = [tuple(end.shape) for end in self._session.get_inputs()]
        wanted = [(1, observation_size), (1, goal_size)]
        names = [end.name for end in self._session.get_outputs()]
        if found != wanted or names != ["action", "way_point", "value"]:
            raise PolicyFileError(
                f"{path} maps {found} to {names}; an option maps {wanted} to action, "
                "way_point and value: train it again"
            )

    def __call__(self, observation: Floats, goal: Floats) -> Answer:
        """Return the answer to an observation (o,) and an encoded goal (g,).

        Raises:
            PolicyOutputError: It answered with a number that is not finite.
        """
        self.calls += 1
        action, way_point, value = self._session.run(
            None, {"observation": observation[None], "goal": goal[None]}
        )
        if not np.isfinite(action).all():
            raise PolicyOutputError(
                f"{self.path.name} answered {action[0].tolist()}, not an action; the "
                "file is damaged or its training diverged: train it again"
            )
        known = float(value[0, 0]) if value.size else None
        return Answer(action[0], way_point[0], known)
