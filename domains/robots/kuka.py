"""KUKA LBR iiwa 14 R820 with the Panda's hand on its flange.

The gripper that pybullet_data ships with it (WSG 50, ``kuka_with_gripper2.sdf``) is not
used: its slides are modelled as hinges, so that the pads tilt by 0.15 rad between boxes
of 34 and 66 mm, and they stand 21 mm beside the flange's axis.

The arm stands 75 mm behind the origin and 13 cm high. Its elbow bends by 120 degrees at
most, so that wrist and shoulder are never nearer than 41 cm: from there it reaches the
near edge of the table as well as the far corners.
"""

from __future__ import annotations

import math
from typing import Final

from jouleplan.domains.robots.model import Gripper, Mount, RobotModel
from jouleplan.domains.robots.stroke import Slides

KUKA: Final = RobotModel(
    name="kuka",
    title="KUKA LBR iiwa 14 R820 with the Panda's hand",
    file="kuka_iiwa/model.urdf",
    hand=Mount(
        "franka_panda/panda.urdf",
        "panda_hand",
        "lbr_iiwa_link_7",
        (0.0, 0.0, 0.045),
        math.pi / 2,
    ),
    base=(-0.075, 0.0, 0.13),
    foot=(-1,),
    arm=(0, 1, 2, 3, 4, 5, 6),
    forces=(300.0,) * 7,
    gain=0.3,
    low=(-2.967, -2.0943, -2.967, -2.0943, -2.967, -2.0943, -3.0543),
    high=(2.967, 2.0943, 2.967, 2.0943, 2.967, 2.0943, 3.0543),
    rest=(0.0, 0.2, 0.0, -1.8, 0.0, 1.14, 0.0),
    ee_link=10,
    ee_offset=(0.0, 0.0, 0.0),
    gripper=Gripper(
        links=(8, 9),
        joints=(8, 9),
        followers={},
        stroke=Slides(),
        force=20.0,
        speed=0.1,
        still=0.005,
        inertia=0.0,
    ),
    opening_m=0.08,
    home=(0.45, 0.0, 0.35),
    forearm=(3, 4),
    forearm_above_m=0.179,
    payload_kg=13.2,
    reach_m=0.7,
)
