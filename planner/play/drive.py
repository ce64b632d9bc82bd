"""Drive: pick and place by the trained stages, always over everything.

Unlike the skills of a plan the hand passes above the highest body, wherever that is:
what an option observes tells how high that is, and not where.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from jouleplan.domains.articulation import Array
from jouleplan.domains.robot import GRASP_ABOVE_CENTRE_M
from jouleplan.domains.skill_call import SkillCall
from jouleplan.skills.approach import best_yaw
from jouleplan.skills.gcrl.option_state import clearance
from jouleplan.skills.pick import PREGRASP_M, rise
from jouleplan.skills.place import PREPLACE_M, placing_point
from jouleplan.skills.route import PASSING_M
from jouleplan.skills.runner import DONE, run_stage
from jouleplan.skills.skill import SkillResult, Workspace

_ABOVE_M: Final = 0.02
"""The hand passes so much higher than it must: policies leave the straight way."""


def drive(workspace: Workspace, call: SkillCall) -> SkillResult:
    """Carry out ``call`` and return how the last stage ended."""
    return _pick(workspace, call) if call.skill == "pick" else _place(workspace, call)


def _pick(workspace: Workspace, call: SkillCall) -> SkillResult:
    scene, block = workspace.scene, call.object
    scene.robot.yaw_goal = best_yaw(scene, block)
    at = scene.simulator.pose(block)[0]
    above = at + (0, 0, GRASP_ABOVE_CENTRE_M + PREGRASP_M)
    result = _over(workspace, above, block, held=False)
    if result.done:
        result = run_stage(workspace, "grasp", block=block)
    return rise(workspace, block) if result.done else result


def _place(workspace: Workspace, call: SkillCall) -> SkillResult:
    scene, block = workspace.scene, call.object
    assert call.on is not None
    centre = placing_point(workspace, block, call.on)
    in_hand = scene.robot.state.ee_position - scene.simulator.pose(block)[0]
    above = centre + (0, 0, PREPLACE_M) + in_hand * (0, 0, 1)
    scene.robot.yaw_goal = 0.0
    result = _over(workspace, above, block, held=True)
    if result.done:
        result = run_stage(workspace, "release", goal=centre, block=block)
    return result


def _over(workspace: Workspace, goal: Array, block: str, held: bool) -> SkillResult:
    """Bring the hand up, over and down to ``goal`` (3,) [m]."""
    scene, stage = workspace.scene, "move" if held else "reach"
    start = scene.robot.state.ee_position
    height = max(float(goal[2]), clearance(scene, block) + _ABOVE_M)
    points = []
    if np.hypot(*(goal[:2] - start[:2])) > PASSING_M:
        points = [(*start[:2], height), (*goal[:2], height)]
    result = DONE
    held_block = block if held else None
    for point in points:
        result = run_stage(
            workspace,
            stage,
            goal=np.array(point),
            block=held_block,
            tolerance=PASSING_M,
        )
        if not result.done:
            return result
    return run_stage(workspace, stage, goal=goal, block=held_block)
