"""Option state: what a goal-conditioned option observes, asks for and commands.

All in the world frame, so that what was achieved can be asked for again; the hand's
turn is not the option's: it is set once at the start.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from jouleplan.domains.articulation import Array
from jouleplan.domains.robot import GRASP_ABOVE_CENTRE_M
from jouleplan.domains.robots.panda import PANDA
from jouleplan.domains.scene import Scene
from jouleplan.skills.gcrl.space import Floats, GoalSpace
from jouleplan.skills.route import FINGERTIP_M, MARGIN_M

UNIT_M: Final = 0.2
"""Length of one unit of an observation's positions and of a goal [m]."""
MIDDLE_M: Final = (0.5, 0.0, 0.2)
TOLERANCE_M: Final = 0.006
OBSERVATION_SIZE: Final = 23
ACTION_SIZE: Final = 4

_ALL: Final = (1.0,) * 7
_BLOCK: Final = (0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 0.0)
_HAND: Final = (1.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0)

SPACE: Final = GoalSpace(
    observation_size=OBSERVATION_SIZE,
    index=(0, 1, 2, 3, 4, 5, 6),
    masks=(_ALL, _BLOCK, _HAND),
    tolerance=TOLERANCE_M / UNIT_M,
    scales=(1.0, 0.15, 0.04),  # 20 cm, 3 cm and 8 mm
)
"""Hand (3), block (3) and opening (1) make up a goal."""


def observe(scene: Scene, block: str) -> Floats:
    """Return what an option on ``block`` observes, shape (23,).

    0-2 end effector and 3-5 block's centre, from ``MIDDLE_M`` in units of 0.2 m; 6
    opening in the same unit; 7 gripper command; 8-9 touch; 10-12 command minus end
    effector at 2 cm; 13-15 and 16-18 way to the grasp point at 0.2 and 0.03 m; 19
    block's width; 20 opening minus it at 2 cm; 21-22 height above what stands highest
    beside the block, at 0.2 and 0.03 m.
    """
    state, simulator = scene.robot.state, scene.simulator
    centre = simulator.pose(block)[0]
    ee, width = state.ee_position, float(simulator.size(block)[:2].min())
    way = (centre - ee).tolist()
    way[2] += GRASP_ABOVE_CENTRE_M
    above = float(ee[2]) - clearance(scene, block)
    seen = [
        *((ee - MIDDLE_M) / UNIT_M).tolist(),
        *((centre - MIDDLE_M) / UNIT_M).tolist(),
        state.opening / UNIT_M,
        1.0 if state.closed else -1.0,
        *scene.robot.touches(block),
        *((state.command - ee) / 0.02).tolist(),
        *(v / UNIT_M for v in way),
        *(min(max(v / 0.03, -1.0), 1.0) for v in way),
        (width - 0.05) / 0.015,
        min((state.opening - width) / 0.02, 1.0),
        above / UNIT_M,
        min(max(above / 0.03, -1.0), 1.0),
    ]
    return np.array(seen, dtype=np.float32)


def as_lifted(scene: Scene, block: str, lift_m: float) -> Floats:
    """Return what would be observed (23,) with ``block`` in a hand just lifted.

    Args:
        scene: With the block where it stands, in no hand.
        block: Its name.
        lift_m: How much higher it would be [m].
    """
    seen = observe(scene, block)
    size = scene.simulator.size(block)
    centre = scene.simulator.pose(block)[0] + (0, 0, lift_m)
    hand = centre + (0, 0, GRASP_ABOVE_CENTRE_M)
    tops = max((scene.standing(n).top for n in scene.bodies if n != block), default=0.0)
    below = GRASP_ABOVE_CENTRE_M + float(size[2]) / 2
    above = float(hand[2]) - tops - min(max(FINGERTIP_M, below), 0.06) - MARGIN_M
    seen[:3] = (hand - MIDDLE_M) / UNIT_M
    seen[3:6] = (centre - MIDDLE_M) / UNIT_M
    seen[6] = float(size[:2].min()) / UNIT_M
    seen[7:10] = 1.0  # closed, and both fingers touch
    seen[10:19] = 0.0  # no command is pending, the hand is at the grasp point
    seen[20] = 0.0
    seen[21:23] = above / UNIT_M, min(max(above / 0.03, -1.0), 1.0)
    return seen


def clearance(scene: Scene, block: str) -> float:
    """Return the height [m] of the end effector that passes over all but ``block``."""
    below = FINGERTIP_M
    if scene.robot.state.closed:
        low = scene.standing(block).bottom
        below = max(below, float(scene.robot.state.ee_position[2]) - low)
    tops = (scene.standing(n).top for n in scene.bodies if n != block)
    return max(tops, default=0.0) + min(below, 0.06) + MARGIN_M


def block_goal(centre: Array) -> tuple[Floats, Floats]:
    """Return (goal (7,), mask (7,)) that asks for a block's centre (3,) [m] alone."""
    goal = np.zeros(7, dtype=np.float32)
    goal[3:6] = (np.asarray(centre) - MIDDLE_M) / UNIT_M
    return goal, np.array(_BLOCK, dtype=np.float32)


def held_goal(centre: Array, width: float) -> tuple[Floats, Floats]:
    """Return (goal (7,), mask (7,)) of a block in the hand.

    Args:
        centre: Where the block's centre shall be, (3,) [m]; the hand holds it there.
        width: Of the block between the fingers [m].
    """
    goal, _ = block_goal(centre)
    hand = np.asarray(centre) + (0, 0, GRASP_ABOVE_CENTRE_M)
    goal[:3] = (hand - MIDDLE_M) / UNIT_M
    goal[6] = width / UNIT_M
    return goal, np.array(_ALL, dtype=np.float32)


def rest_goal(centre: Array, hand: Array) -> tuple[Floats, Floats]:
    """Return (goal (7,), mask (7,)) of a block let go of.

    Args:
        centre: Where the block's centre shall rest, (3,) [m].
        hand: Where the open hand shall be, (3,) [m].
    """
    goal = np.zeros(7, dtype=np.float32)
    goal[:3] = (np.asarray(hand) - MIDDLE_M) / UNIT_M
    goal[3:6] = (np.asarray(centre) - MIDDLE_M) / UNIT_M
    goal[6] = PANDA.opening_m / UNIT_M
    return goal, np.array(_ALL, dtype=np.float32)


def kept_gripper(observations: Floats, actions: Floats) -> Floats:
    """Return actions (t, 4) whose last entry is what the gripper is to be: 1 open.

    The arm takes a command to switch and keeps the gripper otherwise; the mean of
    "switch" and "keep" does neither. What the gripper is after a step has a mean whose
    sign says what was done more often.

    Args:
        observations: Shape (t + 1, 23).
        actions: As commanded, shape (t, 4).
    """
    kept = actions.copy()
    kept[:, 3] = -observations[1:, 7]
    return kept


def to_world(action: Array, yaw: float) -> Floats:
    """Return an arm's action (4,) in the gripper's frame as an option's, in the world.

    The arm moves by ``a |a|`` an axis, so turning an action turns its squares.
    """
    return _turned(action, yaw)


def to_gripper(action: Array, yaw: float) -> Floats:
    """Return an option's action (4,) as the arm takes it, turned by ``yaw`` [rad]."""
    return _turned(action, -yaw)


def decided(action: Array) -> Array:
    """Return an option's action (4,) with its gripper opened or closed for certain."""
    return np.array((*action[:3], 1.0 if action[3] > 0 else -1.0))


def _turned(action: Array, angle: float) -> Floats:
    x, y, z = (min(max(float(a), -1.0), 1.0) for a in action[:3])
    x, y = x * abs(x), y * abs(y)
    c, s = math.cos(angle), math.sin(angle)
    u, v = c * x - s * y, s * x + c * y
    turned = (
        math.copysign(math.sqrt(abs(u)), u),
        math.copysign(math.sqrt(abs(v)), v),
        z,
        min(max(float(action[3]), -1.0), 1.0),
    )
    return np.clip(np.array(turned, dtype=np.float32), -1.0, 1.0)
