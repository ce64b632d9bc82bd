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

EYE, AT = (1.3, 0.4, 0.65), (0.43, 0.0, 0.25)


def shown(
    visuals: Visuals, model: RobotModel, steps: int = 0
) -> tuple[npt.NDArray[Any], ...]:
    with Simulator(visuals=visuals) as simulator:
        simulator.add_box("box", (0.04, 0.04, 0.04), (0.45, 0.0, 0.02), mass=0.08)
        robot = Robot(simulator, model)
        for _ in range(steps):
            robot.step(np.array((0.3, 0.5, -0.9, 0.0)))
        picture = simulator.render(64, 64, EYE, AT, shadow=False)
        pose = np.concatenate(simulator.pose("box"))
        return picture, robot.state.ee_position, pose, robot.targets


@pytest.mark.parametrize("name", ROBOTS)
def test_hulls_cover_about_what_the_meshes_do(name: str) -> None:
    model = ROBOTS[name]
    bare, hulls, meshes = (
        shown(visuals, model, 5)[0].astype(int)
        for visuals in ("none", "hulls", "meshes")
    )
    by_hulls = np.abs(hulls - bare).max(-1) > 8
    by_meshes = np.abs(meshes - bare).max(-1) > 8
    assert by_meshes.sum() > 100
    overlap = (by_hulls & by_meshes).sum() / (by_hulls | by_meshes).sum()
    assert overlap > 0.6


def test_physics_is_the_same_to_the_last_bit() -> None:
    bare = shown("none", ROBOTS["panda"], 40)[1:]
    hulls = shown("hulls", ROBOTS["panda"], 40)[1:]
    for mine, theirs in zip(bare, hulls, strict=True):
        assert np.array_equal(mine, theirs)
