"""Elbow: swung away where the forearm would come down on what stands beside the hand.

A route looks at what the hand sweeps. The forearm comes down behind and above it, and
its lower end bulges to the left: into a tower that is high and near enough.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from jouleplan.domains.articulation import Array
from jouleplan.domains.robot import SWING_PULLS, Robot
from jouleplan.domains.scene import Scene

TOUCH_M: Final = 0.005
"""Foreseen nearer than this, the forearm may touch: postures are foreseen to 3 mm."""
CLEAR_M: Final = 0.02
"""Room that a swung elbow shall leave."""
SWINGS_RAD: Final = (-0.5, 0.5, -1.0, 1.0, -1.5, 1.5)
TURN_RAD: Final = 0.12
"""A joint that turns further within a stride is about to fold the arm over."""


def best_elbow(scene: Scene, points: Sequence[Array], low: Array, ours: str) -> float:
    """Return how far to swing the elbow before the hand goes down to ``low`` [rad].

    Zero unless the forearm would touch something. Else the least swing that clears it,
    or the one that leaves the most room. A hand that does not go up first keeps the
    elbow as it is, as long as it touches nothing so. Six joints leave no choice.

    Args:
        scene: Looked at for what stands high enough to meet the forearm.
        points: What the end effector passes on its way, each (3,) [m]; it goes down
            from the last one.
        low: The lowest point that it goes to, (3,) [m].
        ours: The body that is taken or held: no obstacle.
    """
    model = scene.robot.model
    if not model.forearm:
        return 0.0
    met = float(low[2]) + model.forearm_above_m - TOUCH_M
    seen = [box for n in scene.bodies if n != ours for box in scene.outline(n)]
    tall = [box for box in seen if box.top > met]
    if not tall:
        return 0.0
    usual = 0.0 if points else scene.robot.elbow_goal

    def room(elbow: float) -> float:
        way = np.array(descent(scene.robot, points, low, elbow))
        if elbow != usual and np.abs(np.diff(way, axis=0)).max() > TURN_RAD:
            return -np.inf
        return min(scene.robot.forearm.clearance(q, tall) for q in way[::-2])

    found = {usual: room(usual)}
    if found[usual] > TOUCH_M:
        return usual
    for elbow in SWINGS_RAD:
        found[elbow] = room(elbow)
        if found[elbow] > CLEAR_M:
            return elbow
    return max(found, key=lambda elbow: found[elbow])


def descent(
    robot: Robot, points: Sequence[Array], low: Array, elbow: float
) -> list[Array]:
    """Return the postures (n,) [rad] of the arm on the last way down, to ``low``.

    Args:
        robot: As it is now.
        points: What the end effector passes before, each (3,) [m].
        low: Where the way ends, (3,) [m].
        elbow: Swing of the elbow, once the first of the points is reached [rad].
    """
    forearm, joints = robot.forearm, robot.targets
    at, yaw = robot.command, robot.yaw
    rest = robot.rest_posture(robot.elbow)
    for point in points:
        joints = forearm.walk(joints, at, point, (yaw, robot.yaw_goal), rest)[-1]
        at, yaw, rest = point, robot.yaw_goal, robot.rest_posture(elbow)
    rest = robot.rest_posture(elbow)
    if elbow:
        joints = forearm.swing(joints, at, yaw, rest, SWING_PULLS)
    return [joints, *forearm.walk(joints, at, low, (yaw, robot.yaw_goal), rest)]
