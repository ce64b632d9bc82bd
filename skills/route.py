"""Route: the sub-goals that lead a hand over what stands between two places.

These are goals of the learned policies, not motions: rise, over, down.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from jouleplan.domains.articulation import Array
from jouleplan.domains.scene import Scene

MARGIN_M: Final = 0.035
FINGERTIP_M: Final = 0.011
"""The fingertips hang this far below the end effector."""
CORRIDOR_M: Final = (0.20, 0.15)
"""Half axes, along x and y, of what the hand sweeps: it is 20 cm wide along x, a block
reaches 5 cm to each side, and the policies leave the straight way by up to 3 cm."""
BLOCK_REACH_M: Final = 0.05
"""How far a block reaches beyond its centre: the corridor has room for it."""
PASSING_M: Final = 0.02


def over(scene: Scene, goal: Array, carried: str | None) -> list[Array]:
    """Return the points to pass on the way to ``goal``, both high enough.

    Args:
        scene: Looked at for what stands in the way.
        goal: Where the end effector shall go, (3,) [m], from above.
        carried: The block in the hand, or None.

    Returns:
        Up to two points (3,) [m]: straight up, then above the goal.
    """
    start = scene.robot.state.ee_position
    below = FINGERTIP_M
    if carried is not None:
        below = start[2] - scene.standing(carried).bottom
    top = _highest(scene, start[:2], goal[:2], carried)
    height = max(float(goal[2]), top + below + MARGIN_M)
    points = []
    if np.hypot(*(goal[:2] - start[:2])) > PASSING_M:
        if start[2] < height - 0.01:
            points.append(np.array((start[0], start[1], height)))
        if height > goal[2] + PASSING_M:
            points.append(np.array((goal[0], goal[1], height)))
    return points


def _highest(scene: Scene, a: Array, b: Array, carried: str | None) -> float:
    """Return the highest top [m] of the bodies within the corridor from a to b."""
    way = b - a
    length = max(float(way @ way), 1e-9)
    corridor = np.array(CORRIDOR_M)
    form = None if carried is None else scene.bodies[carried].form
    if form is not None:
        corridor += form.reach - BLOCK_REACH_M
    top = 0.0
    for name in scene.bodies:
        if name == carried:
            continue
        for seen in scene.outline(name):
            at = seen.position
            share = min(1.0, max(0.0, float((at[:2] - a) @ way) / length))
            if np.hypot(*((at[:2] - a - share * way) / corridor)) < 1.0:
                top = max(top, seen.top)
    return top
