"""UFACTORY xArm 6 with its own gripper.

The arm stands 12 cm before the origin and 20 cm high: from there it reaches the far
corners of the table and, above them, what stands on a tower. Six joints leave the elbow
no choice. The fourth is held at 0: a hand that looks straight down never needs it, and
where the forearm does so too it turns about the same axis as the sixth, so that the
inverse kinematics would be singular in the middle of the table.

Each finger of the gripper hangs on a parallelogram whose joints follow one motor; here
the two outer bars are geared, and motors make the rest follow them. The fingertips go
down by 4 to 9 mm when they close on a box of 66 to 34 mm; the end effector is where
they are 11 mm below it on a box of 50 mm.
"""

from __future__ import annotations

import math
from typing import Final

from jouleplan.domains.robots.model import Gripper, RobotModel
from jouleplan.domains.robots.stroke import FourBar

_BAR_M: Final = (0.035465, 0.042039)
"""The outer bar at joint position 0, across and along the hand, as in the URDF."""
_PAD_M: Final = 0.0085
"""A pad holds a box at this distance from the middle, the bar upright: 9.0 mm to its
face, less what physics keeps two shapes apart."""

XARM: Final = RobotModel(
    name="xarm",
    title="UFACTORY xArm 6 with its gripper",
    file="xarm/xarm6_with_gripper.urdf",
    hand=None,
    base=(0.12, 0.0, 0.2),
    foot=(-1, 0),
    arm=(1, 2, 3, 4, 5, 6),
    forces=(50.0, 50.0, 32.0, 32.0, 32.0, 20.0),
    gain=0.15,
    low=(-6.2831, -2.059, -3.927, 0.0, -1.6929, -6.2831),
    high=(6.2831, 2.0944, 0.1919, 0.0, 3.1415, 6.2831),
    rest=(0.0, -0.42, -0.52, 0.0, 0.94, -math.pi / 2),
    ee_link=7,
    ee_offset=(0.0, 0.0, 0.1647),
    gripper=Gripper(
        links=(9, 12),
        joints=(8, 11),
        followers={9: 0, 10: 0, 12: 1, 13: 1},
        stroke=FourBar(_PAD_M, math.hypot(*_BAR_M), math.atan2(*_BAR_M[::-1]), 0.85),
        force=2.0,
        speed=1.9,
        still=0.1,
        inertia=1e-3,
    ),
    opening_m=0.08,
    home=(0.45, 0.0, 0.35),
    forearm=(),
    forearm_above_m=0.2,
    payload_kg=4.2,
    reach_m=0.7,
)
