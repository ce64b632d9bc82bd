"""Sensing: from poses and contacts to facts, by geometry alone.

A body is held when both closed fingers touch it. It is supported when it stands flat on
a face, its bottom on the support's top and its centre well over it; else it is loose. A
nut is supported when it lies flat on the table, or round a post and down on its plate.
No name and no history is looked at; a button itself says whether it is on.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from jouleplan.domains.articulation import Array
from jouleplan.domains.facts import TABLE, Facts
from jouleplan.domains.scene import Scene
from jouleplan.domains.shapes import flat, room
from jouleplan.domains.standing import MAX_TILT_RAD, Standing

HELD_WITHIN_M: Final = 0.04
GAP_M: Final = 0.008
EDGE_M: Final = 0.005
SLACK_M: Final = 0.003
"""A turned nut round a post may be off its axis by so much more than a square one."""


def sense(scene: Scene, on_table: bool) -> Facts:
    """Return where every movable body is.

    Args:
        scene: Looked at as it is; let it settle before.
        on_table: Whether standing on the table is a place that the domain knows; if
            not, what lies there is loose.
    """
    # what has come to lie on a button is loose
    firm = (n for n, body in scene.bodies.items() if body.shape != "button")
    seen = {name: scene.standing(name) for name in firm}
    boxes = {n: s for n, s in seen.items() if scene.bodies[n].form is None}
    held = _held(scene, {n: seen[n].position for n in scene.movables})
    support: dict[str, str] = {}
    for name in scene.movables:
        found = None
        if name != held and scene.bodies[name].form is not None:
            found = _nut_support(scene, name, seen)
        elif name != held and seen[name].upright:
            found = _support(name, held, boxes)
        if found is not None and (found != TABLE or on_table):
            support[name] = found
    standing = {n: on for n, on in support.items() if _rooted(n, support, scene)}
    loose = frozenset(n for n in scene.movables if n != held and n not in standing)
    switches = {n: b.on for n, b in scene.simulator.buttons.items()}
    return Facts(standing, held, loose, _over(scene, seen), switches)


def _held(scene: Scene, centres: dict[str, Array]) -> str | None:
    state = scene.robot.state
    if not state.closed or not centres:
        return None
    nearest = min(
        centres, key=lambda n: float(np.linalg.norm(centres[n] - state.ee_position))
    )
    near = np.linalg.norm(centres[nearest] - state.ee_position) < HELD_WITHIN_M
    return nearest if near and all(scene.robot.touches(nearest)) else None


def _over(scene: Scene, seen: dict[str, Standing]) -> str | None:
    """Return the zone that the hand is over, or the nearest one; None without zones."""
    zones = [name for name, body in scene.bodies.items() if body.zone]
    if not zones:
        return None
    hand = scene.robot.state.ee_position[:2]

    def away(name: str) -> float:
        half = np.array((seen[name].along, seen[name].across)) / 2
        outside = np.abs(hand - seen[name].position[:2]) - half
        return float(np.hypot(*np.maximum(outside, 0.0)))

    return min(zones, key=away)


def _support(name: str, held: str | None, seen: dict[str, Standing]) -> str | None:
    """Return the body, or the table, that ``name`` stands on."""
    body = seen[name]
    for other, below in seen.items():
        if (
            other not in (name, held)
            and abs(below.top - body.bottom) < GAP_M
            and below.upright
            and below.over(body.position, EDGE_M)
        ):
            return other
    return TABLE if abs(body.bottom) < GAP_M else None


def post_through(scene: Scene, name: str) -> str | None:
    """Return the post that stands through the hole of the nut ``name``, low or not."""
    form, axis = scene.bodies[name].form, scene.axis(name)
    if form is None or not form.hole:
        return None
    for other, body in scene.bodies.items():
        if body.form is not None and body.form.post:
            off = float(np.abs(scene.axis(other) - axis)[:2].max())
            top = max(box.top for box in scene.outline(other))
            low = float(axis[2]) - scene.bodies[name].height / 2 < top
            if low and off < room(form, body.form) + SLACK_M:
                return other
    return None


def _nut_support(scene: Scene, name: str, seen: dict[str, Standing]) -> str | None:
    """Return the post that the nut ``name`` lies round, or the table under it."""
    if not flat(scene.simulator.pose(name), MAX_TILT_RAD):
        return None
    post, bottom = post_through(scene, name), seen[name].bottom
    level = 0.0 if post is None else seen[post].top
    return (post or TABLE) if abs(bottom - level) < GAP_M else None


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
