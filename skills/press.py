"""Press: bring closed fingers down on a button until it switches, and up again."""

from __future__ import annotations

from typing import Final

import numpy as np

from jouleplan.domains.skill_call import SkillCall
from jouleplan.skills.approach import best_yaw
from jouleplan.skills.elbow import best_elbow
from jouleplan.skills.route import over
from jouleplan.skills.runner import Guard, run_stage, travel
from jouleplan.skills.skill import SkillOutcome, SkillResult, Workspace
from jouleplan.skills.stages import pressing_point

PREPRESS_M: Final = 0.05
SHUT_M: Final = 0.01
"""Closed fingers that are further apart hold something."""


def press(workspace: Workspace, call: SkillCall) -> SkillResult:
    """Press the button ``call.object`` once; the hand ends up risen and open.

    Sub-goals: up, over, 5 cm above the cap (reach); then the fingers close; then press,
    which retreats 5 cm; then they open.
    """
    scene, robot = workspace.scene, workspace.scene.robot
    if robot.closed and robot.state.opening > SHUT_M:
        return SkillResult(SkillOutcome.GUARD, "press: the hand is not empty")
    _grip(workspace, close=False)  # as it was when the policies learnt to reach
    robot.yaw_goal = best_yaw(scene, call.object)
    low = pressing_point(scene.simulator, call.object)
    above = low + (0, 0, PREPRESS_M)
    guard = Guard(scene, call.object)
    points = over(scene, above, carried=None)
    elbow = best_elbow(scene, points, low, call.object)
    result = travel(workspace, points, elbow, guard=guard)
    if not result.done:
        return result
    result = run_stage(workspace, "reach", goal=above, guard=guard)
    if not result.done:
        return result
    _grip(workspace, close=True)
    result = run_stage(workspace, "press", block=call.object, guard=guard)
    _grip(workspace, close=False)
    return result


def _grip(workspace: Workspace, close: bool) -> None:
    """Close or open the hand; nothing happens where it is so."""
    robot = workspace.scene.robot
    if robot.closed != close:
        with workspace.phase("control"):
            robot.step(np.array((0.0, 0.0, 0.0, -1.0 if close else 1.0)))
        for watch in workspace.watchers:
            watch(workspace.scene)
