"""Place: bring the held body above its support, lower, let go and rise.

A box lands square to the world, a nut square to the post that it is put over.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from jouleplan.domains.articulation import Array
from jouleplan.domains.facts import TABLE
from jouleplan.domains.skill_call import SkillCall
from jouleplan.domains.spots import roomiest
from jouleplan.skills.elbow import best_elbow
from jouleplan.skills.errors import NoPlaceError
from jouleplan.skills.nut import put_nut
from jouleplan.skills.route import over
from jouleplan.skills.runner import Guard, run_stage, travel
from jouleplan.skills.skill import SkillResult, Workspace

PREPLACE_M: Final = 0.05
CENTRING_M: Final = 0.006
"""A block is put so much nearer to its tower's axis, so that offsets do not add up."""


def place(workspace: Workspace, call: SkillCall) -> SkillResult:
    """Put the held ``call.object`` on ``call.on``; the hand ends up risen and empty.

    Sub-goals: up, over, 5 cm above the place (move); then release, which retreats 5 cm.
    """
    scene = workspace.scene
    assert call.on is not None
    if scene.bodies[call.object].form is not None:
        return put_nut(workspace, call.object, call.on)
    centre = placing_point(workspace, call.object, call.on)
    held = scene.simulator.pose(call.object)[0]
    in_hand = scene.robot.state.ee_position - held
    above = centre + (0, 0, PREPLACE_M) + in_hand * (0, 0, 1)
    guard = Guard(scene, call.object)
    points = over(scene, above, carried=call.object)
    scene.robot.yaw_goal = 0.0  # lands square to the pegs
    elbow = best_elbow(scene, points, above - (0, 0, PREPLACE_M), call.object)
    result = travel(workspace, points, elbow, block=call.object, guard=guard)
    if not result.done:
        return result
    result = run_stage(workspace, "move", goal=above, block=call.object, guard=guard)
    if not result.done:
        return result
    return run_stage(workspace, "release", goal=centre, block=call.object, guard=guard)


def placing_point(workspace: Workspace, name: str, on: str) -> Array:
    """Return where the centre of body ``name`` shall come to lie on ``on``, (3,) [m].

    Raises:
        NoPlaceError: There is no free place on the table, or on a zone.
    """
    scene = workspace.scene
    height = scene.standing(name).height
    hand = scene.robot.state.ee_position[:2]
    if on == TABLE:
        free = scene.free_places(on, name)
        if not free:
            raise NoPlaceError(
                f"no place on the table is free for {name!r}: use fewer objects"
            )
        x, y = min(free, key=lambda slot: float(np.hypot(*(slot - hand))))
        return np.array((x, y, height / 2))
    support = scene.standing(on)
    if scene.bodies[on].zone:
        free = scene.free_places(on, name)
        if not free:
            raise NoPlaceError(
                f"{on!r} is full, no place on it is free for {name!r}: use fewer "
                "objects or a larger zone"
            )
        x, y = roomiest(free, scene.around(name), hand)
        return np.array((x, y, support.top + height / 2))
    at = support.position[:2]
    shift = scene.simulator.pose(_root(workspace, on))[0][:2] - at
    length = float(np.hypot(*shift))
    if length > CENTRING_M:
        shift *= CENTRING_M / length
    return np.array((*(at + shift), support.top + height / 2))


def _root(workspace: Workspace, name: str) -> str:
    """Return the lowest body under ``name``: those within 3 cm of its axis.

    A zone has no axis that what stands on it is on.
    """
    scene = workspace.scene
    at = scene.simulator.pose(name)[0]
    below = {
        n: float(scene.simulator.pose(n)[0][2])
        for n, body in scene.bodies.items()
        if not body.zone and np.hypot(*(scene.simulator.pose(n)[0][:2] - at[:2])) < 0.03
    }
    return min(below, key=lambda n: below[n])
