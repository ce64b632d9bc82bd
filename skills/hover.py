"""Hover: bring the hand over a zone, empty or with what it holds."""

from __future__ import annotations

from typing import Final

from jouleplan.domains.sense import sense
from jouleplan.domains.skill_call import SkillCall
from jouleplan.skills.route import PASSING_M, over
from jouleplan.skills.runner import Guard, run_stage, travel
from jouleplan.skills.skill import SkillResult, Workspace

HOVER_M: Final = 0.2
"""The end effector comes to rest this far above the zone, or higher."""


def hover(workspace: Workspace, call: SkillCall) -> SkillResult:
    """Bring the hand over the middle of ``call.object``; what it holds stays in it.

    Sub-goals: up, over, 20 cm above the zone (reach with an empty hand, else move).
    """
    scene = workspace.scene
    with workspace.phase("sensing"):
        held = sense(scene, True).held
    zone = scene.standing(call.object)
    above = zone.position + (0, 0, zone.height / 2 + HOVER_M)
    guard = Guard(scene, held or call.object)
    result = travel(
        workspace, over(scene, above, carried=held), 0.0, block=held, guard=guard
    )
    if not result.done:
        return result
    stage = "reach" if held is None else "move"
    return run_stage(
        workspace, stage, goal=above, block=held, tolerance=PASSING_M, guard=guard
    )
