"""Landing: where a nut shall come to lie, and where the hand is that brings it there.

The hand holds the nut by its handle, well beside the hole that goes over the post.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from jouleplan.domains.articulation import Array
from jouleplan.domains.facts import TABLE
from jouleplan.domains.layout import free_slots
from jouleplan.domains.scene import Scene
from jouleplan.domains.shapes import lowest, turned
from jouleplan.domains.standing import Standing
from jouleplan.skills.approach import can_turn, hits
from jouleplan.skills.errors import SkillError

ABOVE_POST_M: Final = 0.012
"""A nut hangs so far above a post before it is lowered over it."""
RELEASE_M: Final = 0.05
"""The release begins so far above its goal."""
ROOM_M: Final = 0.008
"""Between a nut that is put down and what stands beside it."""
_QUARTER: Final = np.pi / 2


@dataclass(frozen=True, slots=True)
class Landing:
    """Where a nut shall come to lie.

    Attributes:
        centre: Of hole or middle, (3,), world frame [m].
        point: The same in the nut's frame, (2,) [m].
        square: A direction that ring and post shall share, but for quarter turns [rad].
        clear: Height above ``centre`` at which nothing is in the way [m].
    """

    centre: Array
    point: Array
    square: float
    clear: float


def landing_on(scene: Scene, name: str, on: str) -> Landing:
    """Return where the nut ``name`` shall lie when it is put on ``on``.

    Raises:
        SkillError: It does not go over ``on``, or no place on the table is free.
    """
    form = scene.bodies[name].form
    assert form is not None
    lift, pose = scene.bodies[name].height / 2, scene.simulator.pose(name)
    sag = float(pose[0][2]) - lift - lowest(form, pose)
    if on == TABLE:
        x, y = free_place(scene, name)
        return Landing(np.array((x, y, lift)), form.middle, 0.0, RELEASE_M + sag)
    post = scene.bodies[on].form
    if post is None or not 0 < post.post < form.hole:
        raise SkillError(
            f"{name!r} does not go over {on!r}: its hole is {form.hole} m wide; put it "
            "on the table or over a post that is narrower"
        )
    support = scene.standing(on)
    centre = np.array((*scene.axis(on)[:2], support.top + lift))
    rise = max(box.top for box in scene.outline(on)) - support.top
    clear = max(RELEASE_M, rise + ABOVE_POST_M + sag)
    return Landing(centre, np.array(form.axis[:2]), support.yaw, clear)


def free_place(scene: Scene, name: str) -> tuple[float, float]:
    """Return the free place (x, y) [m] on the table that is nearest to the hand.

    Raises:
        SkillError: There is none.
    """
    hand = scene.robot.state.ee_position[:2]
    taken = [scene.middle(n) for n in scene.bodies if n != name]
    free = list(free_slots(taken))
    if not free:
        raise SkillError(
            f"no place on the table is free for {name!r}: use fewer objects"
        )
    return min(free, key=lambda slot: float(np.hypot(*(slot - hand))))


def hand_goal(scene: Scene, name: str, landing: Landing, height: float) -> Array:
    """Return where the hand (3,) [m] has the nut ``height`` above where it shall lie.

    Made from how the nut hangs in the hand now; the hand may have to turn yet.
    """
    robot = scene.robot
    left = robot.yaw_goal - robot.yaw
    in_hand = robot.state.ee_position - scene.simulator.pose(name)[0]
    in_hand[:2] = turned(in_hand, left)[:2]
    handle = landing.centre - turned(landing.point, nut_yaw(scene, name) + left)
    return np.asarray(handle + in_hand + (0, 0, height))


def best_turn(scene: Scene, name: str, landing: Landing) -> float:
    """Return the hand's turn [rad] that lands the held nut square and free of others.

    Of the four ways round, the one with the fewest bodies under the nut, the palm and
    the open fingers; among equals the least turn from here.
    """
    now = scene.robot.yaw
    in_hand = nut_yaw(scene, name) - now
    others = [o for n in scene.bodies if n != name for o in scene.outline(n)]
    turns: dict[float, int] = {}
    for quarters in range(-4, 5):
        yaw = landing.square + quarters * _QUARTER
        handle = landing.centre - turned(landing.point, yaw)
        turn = yaw - in_hand
        if can_turn(scene, handle, turn):
            touched = _overlaps(scene, name, handle, yaw, others)
            turns[turn] = touched + hits(handle, turn, others)
    if not turns:
        return float(now)
    return min(turns, key=lambda t: (turns[t], abs(t - now)))


def _overlaps(
    scene: Scene, name: str, handle: Array, yaw: float, others: list[Standing]
) -> int:
    """Count the boxes beside which the nut would not have room."""
    form = scene.bodies[name].form
    assert form is not None
    count = 0
    for part in form.outline:
        centre = handle + turned(part.at, yaw)
        own = Standing(centre, yaw, *part.size, 0.0, as_made=True)
        half = np.array(own.extents[:2]) / 2
        for other in others:
            away = np.abs(other.position[:2] - centre[:2])
            near = away < half + np.array(other.extents[:2]) / 2 + ROOM_M
            count += bool(near.all())
    return count


def nut_yaw(scene: Scene, name: str) -> float:
    """Return how far the nut ``name`` is turned [rad]; at 0 its handle points along y.

    By where its hole is, which holds upside down, too.
    """
    dx, dy = (scene.simulator.pose(name)[0] - scene.axis(name))[:2]
    return float(np.arctan2(dy, dx)) - _QUARTER
