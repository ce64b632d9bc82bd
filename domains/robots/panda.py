"""Franka Emika Panda with its own hand, at the origin."""

from __future__ import annotations

import math
from typing import Final

from jouleplan.domains.robots.model import Gripper, RobotModel
from jouleplan.domains.robots.stroke import Slides

PANDA: Final = RobotModel(
    name="panda",
    title="Franka Emika Panda with its hand",
    file="franka_panda/panda.urdf",
    hand=None,
    base=(0.0, 0.0, 0.0),
    foot=(-1,),
    arm=(0, 1, 2, 3, 4, 5, 6),
    forces=(87.0, 87.0, 87.0, 87.0, 12.0, 12.0, 12.0),
    gain=0.3,
    low=(-2.9671, -1.8326, -2.9671, -3.1416, -2.9671, -0.0873, -2.9671),
    high=(2.9671, 1.8326, 2.9671, 0.0, 2.9671, 3.8223, 2.9671),
    rest=(0.0, 0.2, 0.0, -2.2, 0.0, 2.4, -math.pi / 4),
    ee_link=11,
    ee_offset=(0.0, 0.0, 0.0),
    gripper=Gripper(
        links=(9, 10),
        joints=(9, 10),
        followers={},
        stroke=Slides(),
        force=20.0,
        speed=0.1,
        still=0.005,
        inertia=0.0,
    ),
    opening_m=0.08,
    home=(0.45, 0.0, 0.35),
    forearm=(4, 5),
    forearm_above_m=0.159,
    payload_kg=2.2,
    reach_m=0.7,
)
