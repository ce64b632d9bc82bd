"""A nut in the hand: put over a post, or down on the table, or taken off its post.

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
from jouleplan.domains.scene import Scene
from jouleplan.domains.sense import post_through
from jouleplan.domains.shapes import flat, lowest
from jouleplan.domains.standing import Standing
from jouleplan.skills.approach import can_turn, hits
from jouleplan.skills.elbow import best_elbow
from jouleplan.skills.errors import SkillError
from jouleplan.skills.route import PASSING_M, over
from jouleplan.skills.runner import DONE, Guard, run_stage, travel
from jouleplan.skills.skill import SkillOutcome, SkillResult, Workspace

ABOVE_POST_M: Final = 0.012
"""A nut hangs so far above a post before it is lowered over it."""
RELEASE_M: Final = 0.05
"""The release begins so far above its goal."""
LIFT_STEP_M: Final = 0.015
LAID_FROM_M: Final = 0.004
ASKEW_RAD: Final = np.deg2rad(12.0)
GRIP_M: Final = 0.02
"""A handle whose centre is further from the end effector is held at its end, or not."""
OPEN: Final = np.array((0.0, 0.0, 0.0, 1.0))
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
    if _askew(workspace, name):
        return lay_down(workspace, name, on)
    landing = _landing(workspace, name, on)
    turn = best_turn(workspace, name, landing)
    robot = scene.robot
    guard = Guard(scene, name)
    in_hand = robot.state.ee_position - scene.simulator.pose(name)[0]
    nut_yaw = _yaw(scene, name) + turn - robot.yaw
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


def lay_down(workspace: Workspace, name: str, on: str) -> SkillResult:
    """Lay the nut ``name``, which hangs askew, on a free place of the table.

    Sub-goals (reach: the policies that carry know no such grip): up, over, and down
    until the nut all but touches the table; there the hand opens, the nut falls flat,
    and the hand rises.

    Args:
        workspace: World, policies and meter.
        name: The nut.
        on: Where it should have gone; what is not the table has to be tried again.
    """
    scene, robot = workspace.scene, workspace.scene.robot
    form, pose = scene.bodies[name].form, scene.simulator.pose(name)
    assert form is not None
    hand = robot.state.ee_position
    height = float(hand[2]) - lowest(form, pose) + LAID_FROM_M
    x, y = _free_place(workspace, name)
    low = np.array((x, y, height)) + (hand - scene.middle(name)) * (1, 1, 0)
    up = max(float(hand[2]), height) + RELEASE_M
    for goal in ((hand[0], hand[1], up), (low[0], low[1], up), low):
        result = run_stage(
            workspace, "reach", goal=np.array(goal), tolerance=PASSING_M / 2
        )
        if not result.done:
            return result
    with workspace.phase("control"):
        robot.step(OPEN)
    result = run_stage(workspace, "reach", goal=low + (0, 0, RELEASE_M))
    if result.done and on != TABLE:
        return SkillResult(SkillOutcome.DROPPED, f"{name} hung askew: laid down")
    return result


def lift_off(workspace: Workspace, name: str, guard: Guard) -> SkillResult:
    """Bring the held nut ``name`` up along the post that it is round, if it is.

    Sub-goals (move): its hole round the middle of the post, then up step by step. A
    ring that rubs against the post would be turned out of the fingers.
    """
    scene = workspace.scene
    post, result = post_through(scene, name), DONE
    if post is None:
        return result
    form = scene.bodies[name].form
    assert form is not None
    support, height = scene.standing(post), scene.bodies[name].height
    lowest = np.array((*scene.axis(post)[:2], support.top + height / 2))
    yaw = _yaw(scene, name)
    landing = Landing(lowest, np.array(form.axis[:2]), yaw, 0.0)
    top = max(box.top for box in scene.outline(post))
    start = float(scene.simulator.pose(name)[0][2]) - float(lowest[2])
    end = top - support.top + ABOVE_POST_M
    steps = 1 + max(0, int(np.ceil((end - start) / LIFT_STEP_M)))
    for lift in np.linspace(start, max(start, end), steps):
        result = run_stage(
            workspace,
            "move",
            goal=_hand_goal(workspace, name, landing, float(lift)),
            block=name,
            tolerance=ALIGNED_M,
            guard=guard,
        )
        if not result.done:
            break
    return result


def best_turn(workspace: Workspace, name: str, landing: Landing) -> float:
    """Return the hand's turn [rad] that lands the held nut square and free of others.

    Of the four ways round, the one with the fewest bodies under the nut, the palm and
    the open fingers; among equals the least turn from here.
    """
    scene, robot = workspace.scene, workspace.scene.robot
    yaw = _yaw(scene, name)
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


def _askew(workspace: Workspace, name: str) -> bool:
    """Return whether the held nut ``name`` is tilted or held beside its handle."""
    scene = workspace.scene
    pose = scene.simulator.pose(name)
    off = float(np.abs(pose[0] - scene.robot.state.ee_position).max())
    return off > GRIP_M or not flat(pose, ASKEW_RAD)


def _yaw(scene: Scene, name: str) -> float:
    """Return how far the nut ``name`` is turned [rad]; at 0 its handle points along y.

    By where its hole is, which holds upside down, too.
    """
    dx, dy = (scene.simulator.pose(name)[0] - scene.axis(name))[:2]
    return float(np.arctan2(dy, dx)) - _QUARTER


def _landing(workspace: Workspace, name: str, on: str) -> Landing:
    """Return where the nut ``name`` shall lie when it is put on ``on``."""
    scene = workspace.scene
    form = scene.bodies[name].form
    assert form is not None
    lift, pose = scene.bodies[name].height / 2, scene.simulator.pose(name)
    sag = float(pose[0][2]) - lift - lowest(form, pose)
    if on == TABLE:
        x, y = _free_place(workspace, name)
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
    nut_yaw = _yaw(scene, name) + left
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
