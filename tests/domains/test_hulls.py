"""Hulls show the arm where it is, and nothing in physics feels them."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from jouleplan.domains.robot import Robot
from jouleplan.domains.robots.model import RobotModel
from jouleplan.domains.robots.registry import ROBOTS
from jouleplan.domains.simulator import Simulator, Visuals

VISUALS: tuple[Visuals, ...] = ("hulls", "meshes")
EYE, AT = (1.7, 0.0, 0.5), (0.0, 0.0, 0.5)


def picture(simulator: Simulator) -> npt.NDArray[Any]:
    # a dark wall behind the arm, to stand out against
    wall = (0.02, 4.0, 4.0), (-0.8, 0.0, 1.0)
    simulator.add_box("wall", *wall, color=(0.1, 0.1, 0.3))
    return simulator.render(64, 64, EYE, AT, shadow=False).astype(int)


def shown(
    visuals: Visuals, model: RobotModel, steps: int = 0
) -> tuple[npt.NDArray[Any], ...]:
    with Simulator(visuals=visuals) as simulator:
        simulator.add_box("box", (0.04, 0.04, 0.04), (0.45, 0.0, 0.02), mass=0.08)
        robot = Robot(simulator, model)
        for _ in range(steps):
            robot.step(np.array((0.3, 0.5, -0.9, 0.0)))
        pose = np.concatenate(simulator.pose("box"))
        return picture(simulator), robot.state.ee_position, pose, robot.targets


@pytest.mark.parametrize("name", ROBOTS)
def test_hulls_cover_about_what_the_meshes_do(name: str) -> None:
    with Simulator() as empty:
        empty.add_box("box", (0.04, 0.04, 0.04), (0.45, 0.0, 0.02), mass=0.08)
        bare = picture(empty)
    by_hulls, by_meshes = (
        np.abs(shown(visuals, ROBOTS[name], 5)[0] - bare).max(-1) > 8
        for visuals in VISUALS
    )
    assert by_meshes.sum() > 100
    overlap = (by_hulls & by_meshes).sum() / (by_hulls | by_meshes).sum()
    assert overlap > 0.6


def test_physics_is_the_same_to_the_last_bit() -> None:
    bare = shown("none", ROBOTS["panda"], 40)[1:]
    hulls = shown("hulls", ROBOTS["panda"], 40)[1:]
    for mine, theirs in zip(bare, hulls, strict=True):
        assert np.array_equal(mine, theirs)
