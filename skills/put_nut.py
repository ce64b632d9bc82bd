"""Put a nut down: its hole over a post, or its middle on a free place of the table.

The hand holds the nut by its handle. What it shall reach is where the handle is once
the nut is where it should be: goals of the learned policies, made anew from the nut's
pose whenever it hangs above them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from jouleplan.domains.articulation import Array
from jouleplan.domains.facts import TABLE
from jouleplan.domains.layout import free_slots
from jouleplan.domains.standing import Standing
from jouleplan.skills.approach import can_turn, hits
from jouleplan.skills.elbow import best_elbow
from jouleplan.skills.errors import SkillError
from jouleplan.skills.route import over
from jouleplan.skills.runner import Guard, run_stage, travel
from jouleplan.skills.skill import SkillResult, Workspace

ABOVE_POST_M: Final = 0.012
"""A nut hangs so far above a post before it is lowered over it."""
RELEASE_M: Final = 0.05
"""The release begins so far above its goal."""
ALIGNED_M: Final = 0.004
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


def put_nut(workspace: Workspace, name: str, on: str) -> SkillResult:
    """Put the held nut ``name`` over the post ``on``, or on the table.

    Sub-goals: up, over, straight above (move), down along the post to 5 cm above its
    place (move); then release, which retreats.

    Raises:
        SkillError: The nut does not go over ``on``, or no place on the table is free.
    """
    scene = workspace.scene
    landing = _landing(workspace, name, on)
    turn = best_turn(workspace, name, landing)
    robot = scene.robot
    guard = Guard(scene, name)
    in_hand = robot.state.ee_position - scene.simulator.pose(name)[0]
    nut_yaw = scene.standing(name).yaw + turn - robot.yaw
    goal = landing.centre - _flat_turn(landing.point, nut_yaw)
    above = goal + (0, 0, landing.clear) + in_hand * (0, 0, 1)
    points = over(scene, above, carried=name)
    robot.yaw_goal = turn
    elbow = best_elbow(scene, points, above - (0, 0, landing.clear), name)
    result = travel(workspace, points, elbow, block=name, guard=guard)
    heights = [landing.clear]
    if landing.clear > RELEASE_M:
        heights.append(RELEASE_M)
    for height in heights:
        if not result.done:
            return result
        result = run_stage(
            workspace,
            "move",
            goal=_hand_goal(workspace, name, landing, height),
            block=name,
            tolerance=ALIGNED_M,
            guard=guard,
        )
    if not result.done:
        return result
    handle = _hand_goal(workspace, name, landing, 0.0)
    handle += scene.simulator.pose(name)[0] - robot.state.ee_position
    handle[2] = landing.centre[2]
    return run_stage(workspace, "release", goal=handle, block=name, guard=guard)


def best_turn(workspace: Workspace, name: str, landing: Landing) -> float:
    """Return the hand's turn [rad] that lands the held nut square and free of others.

    Of the four ways round, the one with the fewest bodies under the nut, the palm and
    the open fingers; among equals the least turn from here.
    """
    scene, robot = workspace.scene, workspace.scene.robot
    yaw = scene.standing(name).yaw
    others = [o for n in scene.bodies if n != name for o in scene.outline(n)]
    turns: dict[float, int] = {}
    for k in range(-4, 5):
        turn = robot.yaw + landing.square + k * _QUARTER - yaw
        handle = landing.centre - _flat_turn(landing.point, yaw + turn - robot.yaw)
        if can_turn(handle, turn):
            touched = _overlaps(workspace, name, handle, yaw + turn - robot.yaw, others)
            turns[turn] = touched + hits(handle, turn, others)
    if not turns:
        return float(robot.yaw)
    return min(turns, key=lambda t: (turns[t], abs(t - robot.yaw)))


def _landing(workspace: Workspace, name: str, on: str) -> Landing:
    """Return where the nut ``name`` shall lie when it is put on ``on``."""
    scene = workspace.scene
    form = scene.bodies[name].form
    assert form is not None
    lift = scene.bodies[name].height / 2
    if on == TABLE:
        x, y = _free_place(workspace, name)
        return Landing(np.array((x, y, lift)), form.middle, 0.0, RELEASE_M)
    post = scene.bodies[on].form
    if post is None or not 0 < post.post < form.hole:
        raise SkillError(
            f"{name!r} does not go over {on!r}: its hole is {form.hole} m wide; put it "
            "on the table or over a post that is narrower"
        )
    support = scene.standing(on)
    centre = np.array((*scene.axis(on)[:2], support.top + lift))
    rise = max(box.top for box in scene.outline(on)) - support.top
    clear = max(RELEASE_M, rise + ABOVE_POST_M)
    return Landing(centre, np.array(form.axis[:2]), support.yaw, clear)


def _free_place(workspace: Workspace, name: str) -> tuple[float, float]:
    """Return the free place (x, y) [m] on the table that is nearest to the hand."""
    scene = workspace.scene
    hand = scene.robot.state.ee_position[:2]
    taken = [scene.middle(n) for n in scene.bodies if n != name]
    free = list(free_slots(taken))
    if not free:
        raise SkillError(
            f"no place on the table is free for {name!r}: use fewer objects"
        )
    return min(free, key=lambda slot: float(np.hypot(*(slot - hand))))


def _hand_goal(
    workspace: Workspace, name: str, landing: Landing, height: float
) -> Array:
    """Return where the hand (3,) [m] has the nut ``height`` above where it shall lie.

    Made from how the nut hangs in the hand now; the hand may have to turn yet.
    """
    scene, robot = workspace.scene, workspace.scene.robot
    left = robot.yaw_goal - robot.yaw
    in_hand = robot.state.ee_position - scene.simulator.pose(name)[0]
    in_hand[:2] = _flat_turn(in_hand, left)[:2]
    nut_yaw = scene.standing(name).yaw + left
    handle = landing.centre - _flat_turn(landing.point, nut_yaw)
    return np.asarray(handle + in_hand + (0, 0, height))


def _overlaps(
    workspace: Workspace, name: str, handle: Array, yaw: float, others: list[Standing]
) -> int:
    """Count the boxes beside which the nut would not have room."""
    form = workspace.scene.bodies[name].form
    assert form is not None
    count = 0
    for part in form.outline:
        centre = handle + _flat_turn(part.at, yaw)
        c, s = abs(np.cos(yaw)), abs(np.sin(yaw))
        half = (
            np.array(
                (
                    c * part.size[0] + s * part.size[1],
                    s * part.size[0] + c * part.size[1],
                )
            )
            / 2
        )
        for other in others:
            away = np.abs(other.position[:2] - centre[:2])
            near = away < half + np.array(other.extents[:2]) / 2 + ROOM_M
            count += bool(near.all())
    return count


def _flat_turn(vector: Array | tuple[float, ...], yaw: float) -> Array:
    """Return the x and y of ``vector`` turned by ``yaw`` [rad], and z = 0; (3,)."""
    c, s = np.cos(yaw), np.sin(yaw)
    return np.array((c * vector[0] - s * vector[1], s * vector[0] + c * vector[1], 0.0))
