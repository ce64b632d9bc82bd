"""Pick: bring the hand above a body, grasp and lift it."""

from __future__ import annotations

from typing import Final

from jouleplan.domains.robot import GRASP_ABOVE_CENTRE_M
from jouleplan.domains.skill_call import SkillCall
from jouleplan.skills.approach import best_yaw
from jouleplan.skills.elbow import best_elbow
from jouleplan.skills.nut import lift_off
from jouleplan.skills.route import PASSING_M, over
from jouleplan.skills.runner import Guard, run_stage, travel
from jouleplan.skills.skill import SkillResult, Workspace

PREGRASP_M: Final = 0.06
RISE_M: Final = 0.06


def pick(workspace: Workspace, call: SkillCall) -> SkillResult:
    """Take ``call.object``; the hand ends up risen with it.

    Sub-goals: up, over, 6 cm above the grasp point (reach); then grasp; then 6 cm up
    (move), a nut along its post first.
    """
    scene = workspace.scene
    position = scene.simulator.pose(call.object)[0]
    scene.robot.yaw_goal = best_yaw(scene, call.object)
    above = position + (0, 0, GRASP_ABOVE_CENTRE_M + PREGRASP_M)
    guard = Guard(scene, call.object)
    points = over(scene, above, carried=None)
    elbow = best_elbow(scene, points, above - (0, 0, PREGRASP_M), call.object)
    result = travel(workspace, points, elbow, guard=guard)
    if not result.done:
        return result
    result = run_stage(workspace, "reach", goal=above, guard=guard)
    if not result.done:
        return result
    result = run_stage(workspace, "grasp", block=call.object, guard=guard)
    if result.done:
        result = lift_off(workspace, call.object, guard)
    if not result.done:
        return result
    return rise(workspace, call.object)


def rise(workspace: Workspace, held: str | None) -> SkillResult:
    """Bring the hand straight up, out of the way of what stands around it."""
    goal = workspace.scene.robot.state.ee_position + (0, 0, RISE_M)
    stage = "reach" if held is None else "move"
    return run_stage(workspace, stage, goal=goal, block=held, tolerance=PASSING_M)
