"""The arms that there are, by the name that ``--robot`` takes."""

from __future__ import annotations

from typing import Final

from jouleplan.domains.errors import UnknownNameError
from jouleplan.domains.robots.kuka import KUKA
from jouleplan.domains.robots.model import RobotModel
from jouleplan.domains.robots.panda import PANDA
from jouleplan.domains.robots.xarm import XARM

ROBOTS: Final[dict[str, RobotModel]] = {m.name: m for m in (PANDA, KUKA, XARM)}


def find_robot(name: str) -> RobotModel:
    """Return the arm of this name.

    Raises:
        UnknownNameError: There is none.
    """
    if name not in ROBOTS:
        raise UnknownNameError("robot", name, ROBOTS)
    return ROBOTS[name]
