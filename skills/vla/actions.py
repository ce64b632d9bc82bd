"""Actions: control steps of the arm as the action of a frame, and back.

A frame lasts ``FRAME_STEPS`` control steps (10 Hz at 30 Hz). Its action (7,) has
LIBERO's form, each entry in [-1, 1]:

| entries | what                                                                       |
|---------|----------------------------------------------------------------------------|
| 0 to 2  | mean displacement a control step, over ``MAX_STEP_M``, in the gripper's    |
|         | frame: x, y turned by the hand's yaw, z up; linear                         |
| 3, 4    | 0: the hand looks down                                                     |
| 5       | mean turn about the vertical a control step, over ``YAW_STEP``             |
| 6       | the gripper as it is after the frame: 1 closed, -1 open                    |

A control step that moves the gripper moves nothing else and is the first of its frame.
A frame that was cut short stands still in what is missing of it.

Source: LIBERO's operational-space controller (Liu et al. 2023, arXiv:2306.03310), as
openpi's servers answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from jouleplan.domains.articulation import Array
from jouleplan.domains.robot import YAW_STEP

FRAME_STEPS: Final = 3
FRAMES_A_SECOND: Final = 10
SIZE: Final = 7


@dataclass(frozen=True, slots=True)
class ControlStep:
    """What was commanded in one control step.

    Attributes:
        move: Displacement over ``MAX_STEP_M``, shape (3,), in [-1, 1], gripper's frame;
            zero where the gripper moved.
        turn: Of the hand about the vertical [rad].
        closed: The gripper's command after it.
    """

    move: Array
    turn: float
    closed: bool


def frame_action(steps: Sequence[ControlStep]) -> npt.NDArray[np.float32]:
    """Return the action (7,) of a frame of 1 to ``FRAME_STEPS`` control steps."""
    moves = np.sum([step.move for step in steps], axis=0) / FRAME_STEPS
    turn = sum(step.turn for step in steps) / (FRAME_STEPS * YAW_STEP)
    gripper = 1.0 if steps[-1].closed else -1.0
    return np.array((*moves, 0.0, 0.0, turn, gripper), np.float32)


def control_steps(
    action: npt.NDArray[np.floating[Any]], closed: bool
) -> list[tuple[float, Array]]:
    """Return the control steps of a frame, each as what ``control_step`` returns.

    Args:
        action: Shape (7,).
        closed: The gripper's command before the frame. Where the action changes it, the
            first control step does that alone, and the others share the displacement.
    """
    steps = [control_step(action)] * FRAME_STEPS
    if (action[6] > 0.5) == closed or abs(action[6]) <= 0.5:
        return steps
    rest = np.array(action, np.float64)
    rest[:6] *= FRAME_STEPS / (FRAME_STEPS - 1)
    return [(0.0, steps[0][1]), *[control_step(rest)] * (FRAME_STEPS - 1)]


def control_step(action: npt.NDArray[np.floating[Any]]) -> tuple[float, Array]:
    """Return one of the control steps of an action (7,).

    Returns:
        What is added to ``Robot.yaw_goal`` [rad], and the action (4,) of
        ``Robot.step``.
    """
    a = np.clip(np.asarray(action, np.float64), -1.0, 1.0)
    return float(a[5]) * YAW_STEP, np.array((*rooted(a[:3]), -a[6]))


def rooted(move: Array) -> Array:
    """Return what the arm is told for a linear displacement: it squares each entry."""
    told: Array = np.sign(move) * np.sqrt(np.abs(move))
    return told


def squared(told: Array) -> Array:
    """Return the linear displacement for what the arm is told; see ``rooted``."""
    told = np.clip(told, -1.0, 1.0)
    move: Array = told * np.abs(told)
    return move
