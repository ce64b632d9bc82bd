"""Move: pick a body and place it, one after the other."""

from __future__ import annotations

from dataclasses import replace

from jouleplan.domains.skill_call import SkillCall
from jouleplan.skills.pick import pick
from jouleplan.skills.place import place
from jouleplan.skills.skill import SkillResult, Workspace


def move(workspace: Workspace, call: SkillCall) -> SkillResult:
    """Take ``call.object`` and put it on ``call.on``; a pick that fails ends it."""
    result = pick(workspace, replace(call, skill="pick", on=None))
    return place(workspace, replace(call, skill="place")) if result.done else result
