"""Sensing: from poses and contacts to facts, by geometry alone.

A body is held when both closed fingers touch it; it is supported when it stands upright
with its bottom on the support's top and its centre well over it; else it is loose. No
name and no history is looked at.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from jouleplan.domains.facts import TABLE, Facts
from jouleplan.domains.scene import Scene
from jouleplan.domains.simulator import Array

HELD_WITHIN_M: Final = 0.04
MAX_TILT_RAD: Final = np.deg2rad(8.0)
GAP_M: Final = 0.008
EDGE_M: Final = 0.005


def sense(scene: Scene, on_table: bool) -> Facts:
    """Return where every movable body is.

    Args:
        scene: Looked at as it is; let it settle before.
        on_table: Whether standing on the table is a place that the domain knows; if
            not, what lies there is loose.
    """
    poses = {name: scene.simulator.pose(name) for name in scene.bodies}
    held = _held(scene, {n: poses[n][0] for n in scene.movables})
    support: dict[str, str] = {}
    for name in scene.movables:
        if name != held and upright(poses[name][1]):
            found = _support(scene, name, held, poses)
            if found is not None and (found != TABLE or on_table):
                support[name] = found
    standing = {n: on for n, on in support.items() if _rooted(n, support, scene)}
    loose = frozenset(n for n in scene.movables if n != held and n not in standing)
    return Facts(standing, held, loose)


def upright(quaternion: Array) -> bool:
    """Return whether a box of this orientation (4,) xyzw stands on its bottom."""
    x, y = float(quaternion[0]), float(quaternion[1])
    return 1 - 2 * (x * x + y * y) > np.cos(MAX_TILT_RAD)


def yaw_of(quaternion: Array) -> float:
    """Return the turn about the vertical [rad] of an orientation (4,) xyzw."""
    x, y, z, w = quaternion.tolist()
    return float(np.arctan2(2 * (w * z + x * y), 1 - 2 * (y * y + z * z)))


def _held(scene: Scene, centres: dict[str, Array]) -> str | None:
    state = scene.robot.state
    if not state.closed or not centres:
        return None
    nearest = min(
        centres, key=lambda n: float(np.linalg.norm(centres[n] - state.ee_position))
    )
    near = np.linalg.norm(centres[nearest] - state.ee_position) < HELD_WITHIN_M
    return nearest if near and all(scene.robot.touches(nearest)) else None


def _support(
    scene: Scene, name: str, held: str | None, poses: dict[str, tuple[Array, Array]]
) -> str | None:
    """Return the highest body, or the table, that ``name`` stands on."""
    centre = poses[name][0]
    bottom = centre[2] - scene.bodies[name].height / 2
    for other, (at, turn) in poses.items():
        if other in (name, held):
            continue
        body = scene.bodies[other]
        if abs(at[2] + body.height / 2 - bottom) > GAP_M:
            continue
        yaw = yaw_of(turn)
        c, s = np.cos(yaw), np.sin(yaw)
        dx, dy = centre[:2] - at[:2]
        along, across = abs(c * dx + s * dy), abs(c * dy - s * dx)
        if (
            along < body.size[0] / 2 - EDGE_M
            and across < body.size[1] / 2 - EDGE_M
            and (not body.movable or upright(turn))
        ):
            return other
    return TABLE if abs(bottom) < GAP_M else None


def _rooted(name: str, support: dict[str, str], scene: Scene) -> bool:
    """Return whether the tower under ``name`` leads to the table or a fixed body."""
    for _ in support:
        below = support.get(name)
        if below is None:
            return False
        if below == TABLE or not scene.bodies[below].movable:
            return True
        name = below
    return False
