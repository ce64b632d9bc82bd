"""A nut in the hand: put over a post, or down on the table, or taken off its post.

The hand holds the nut by its handle. What it shall reach is where the handle is once
the nut is where it should be: goals of the learned policies, made anew from the nut's
pose whenever it hangs above them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import numpy as np

from jouleplan.domains.facts import TABLE
from jouleplan.domains.sense import post_through
from jouleplan.domains.shapes import flat, lowest, turned
from jouleplan.skills.elbow import best_elbow
from jouleplan.skills.landing import (
    ABOVE_POST_M,
    RELEASE_M,
    Landing,
    best_turn,
    free_place,
    hand_goal,
    landing_on,
    nut_yaw,
)
from jouleplan.skills.route import PASSING_M, over
from jouleplan.skills.runner import DONE, Guard, run_stage, travel
from jouleplan.skills.skill import SkillOutcome, SkillResult, Workspace

LIFT_STEP_M: Final = 0.015
"""A nut is taken off its post in steps of this height: a short way is gone slowly."""
LAID_FROM_M: Final = 0.004
ASKEW_RAD: Final = np.deg2rad(12.0)
GRIP_M: Final = 0.02
"""A handle whose centre is further from the end effector is held at its end, or not."""
ALIGNED_M: Final = 0.004
_OPEN: Final = np.array((0.0, 0.0, 0.0, 1.0))


def put_nut(workspace: Workspace, name: str, on: str) -> SkillResult:
    """Put the held nut ``name`` over the post ``on``, or on the table.

    Sub-goals: up, over, straight above (move), down along the post to 5 cm above its
    place (move); then release, which retreats.

    Raises:
        SkillError: The nut does not go over ``on``, or no place on the table is free.
    """
    scene, robot = workspace.scene, workspace.scene.robot
    if _askew(workspace, name):
        return lay_down(workspace, name, on)
    landing = landing_on(scene, name, on)
    turn = best_turn(scene, name, landing)
    guard = Guard(scene, name)
    in_hand = robot.state.ee_position - scene.simulator.pose(name)[0]
    yaw = nut_yaw(scene, name) + turn - robot.yaw
    low = landing.centre - turned(landing.point, yaw) + in_hand * (0, 0, 1)
    points = over(scene, low + (0, 0, landing.clear), carried=name)
    robot.yaw_goal = turn
    elbow = best_elbow(scene, points, low, name)
    result = travel(workspace, points, elbow, block=name, guard=guard)
    if result.done:
        heights = dict.fromkeys((landing.clear, RELEASE_M))
        result = _bring(workspace, name, landing, heights, guard)
    if not result.done:
        return result
    handle = hand_goal(scene, name, landing, 0.0)
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
    x, y = free_place(scene, name)
    low = np.array((x, y, height)) + (hand - scene.middle(name)) * (1, 1, 0)
    up = max(float(hand[2]), height) + RELEASE_M
    for goal in ((hand[0], hand[1], up), (low[0], low[1], up), low):
        result = run_stage(
            workspace, "reach", goal=np.array(goal), tolerance=PASSING_M / 2
        )
        if not result.done:
            return result
    with workspace.phase("control"):
        robot.step(_OPEN)
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
    post = post_through(scene, name)
    if post is None:
        return DONE
    form = scene.bodies[name].form
    assert form is not None
    centre = np.array((*scene.axis(post)[:2], scene.simulator.pose(name)[0][2]))
    landing = Landing(centre, np.array(form.axis[:2]), 0.0, 0.0)
    top = max(box.top for box in scene.outline(post))
    way = top + ABOVE_POST_M - (float(centre[2]) - scene.bodies[name].height / 2)
    steps = 1 + max(0, int(np.ceil(way / LIFT_STEP_M)))
    heights = np.linspace(0.0, max(0.0, way), steps).tolist()
    return _bring(workspace, name, landing, heights, guard)


def _bring(
    workspace: Workspace,
    name: str,
    landing: Landing,
    heights: Iterable[float],
    guard: Guard,
) -> SkillResult:
    """Bring the held nut ``name`` to one height after another above a landing [m]."""
    result = DONE
    for height in heights:
        result = run_stage(
            workspace,
            "move",
            goal=hand_goal(workspace.scene, name, landing, height),
            block=name,
            tolerance=ALIGNED_M,
            guard=guard,
        )
        if not result.done:
            break
    return result


def _askew(workspace: Workspace, name: str) -> bool:
    """Return whether the held nut ``name`` is tilted or held beside its handle."""
    scene = workspace.scene
    pose = scene.simulator.pose(name)
    off = float(np.abs(pose[0] - scene.robot.state.ee_position).max())
    return off > GRIP_M or not flat(pose, ASKEW_RAD)
