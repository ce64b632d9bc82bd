"""Load: an arm put into the simulator, and its kinematics read from there."""

from __future__ import annotations

from typing import Final

import numpy as np

from jouleplan.domains.articulation import Articulation, Surface
from jouleplan.domains.kinematics import Chain, Link
from jouleplan.domains.robots.file import urdf_of
from jouleplan.domains.robots.model import RobotModel
from jouleplan.domains.simulator import TABLE, Simulator

PEDESTAL_M: Final = 0.2
"""Width of what an arm stands on whose base is above the table."""
FINGER_FRICTION: Final = 1.5


def load(simulator: Simulator, model: RobotModel) -> Articulation:
    """Put an arm, and the pedestal that it needs, into ``simulator``."""
    below = [TABLE]
    if model.base[2] > 0:
        below.append(f"pedestal of {model.name}")
        x, y, height = model.base
        size = (PEDESTAL_M, PEDESTAL_M, height)
        simulator.add_box(below[1], size, (x, y, height / 2))
    with urdf_of(model) as urdf:
        joints = simulator.load_arm(model.name, urdf, model.base)
    gripper = model.gripper
    for finger in gripper.links:
        joints.set_surface(finger, Surface(lateral=FINGER_FRICTION))
    for link in model.foot:
        for body in below:
            joints.ignore(link, body)
    joints.gear(*gripper.joints)
    if gripper.inertia > 0:
        for link in (*gripper.joints, *gripper.followers):
            joints.set_inertia(link, gripper.inertia)
    return joints


def chain_of(joints: Articulation, model: RobotModel) -> Chain:
    """Read the arm's kinematics from its URDF."""
    for joint in model.arm:
        joints.set_joint(joint, 0.0)
    links = [
        _frame(joints, before, joint)
        for before, joint in zip((-1, *model.arm), model.arm, strict=False)
    ]
    first = links[0]
    links[0] = Link(first.rotation, first.translation + model.base)
    tool = _frame(joints, model.arm[-1], model.ee_link)
    offset = tool.rotation @ np.array(model.ee_offset)
    tool = Link(tool.rotation, tool.translation + offset)
    return Chain(links, tool, model.low, model.high, model.rest)


def _frame(joints: Articulation, start: int, end: int) -> Link:
    """Return the fixed frame that leads from link ``start`` to link ``end``."""
    way = [end]
    while (parent := joints.parent(way[-1])) != start:
        way.append(parent)
    frame = Link(np.eye(3), np.zeros(3))
    for link in reversed(way):
        turn, at = joints.fixed_frame(link)
        frame = Link(frame.rotation @ turn, frame.translation + frame.rotation @ at)
    return frame
