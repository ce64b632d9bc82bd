"""Robots: every arm reaches, closes, holds and lifts like the one trained with."""

from __future__ import annotations

import math
import os
from collections.abc import Iterator

import numpy as np
import pytest

from jouleplan.domains.errors import UnknownNameError
from jouleplan.domains.robot import Robot
from jouleplan.domains.robots.file import data_folder, mounted
from jouleplan.domains.robots.model import RobotModel
from jouleplan.domains.robots.registry import ROBOTS, find_robot
from jouleplan.domains.simulator import Simulator

CLOSE = np.array((0.0, 0.0, 0.0, -1.0))
OPEN = -CLOSE
SUPPORT_M = 0.02
HEIGHT_M = 0.035


@pytest.fixture(scope="module", params=list(ROBOTS.values()), ids=list(ROBOTS))
def model(request: pytest.FixtureRequest) -> RobotModel:
    found: RobotModel = request.param
    return found


@pytest.fixture(scope="module")
def simulator() -> Iterator[Simulator]:
    with Simulator() as simulator:
        yield simulator


@pytest.fixture(scope="module")
def robot(model: RobotModel) -> Iterator[Robot]:
    with Simulator() as simulator:
        yield Robot(simulator, model)


def grid() -> list[tuple[float, float, float, float]]:
    """Return (x, y, z, yaw) over the whole working area, [m] and [rad]."""
    return [
        (x, y, z, yaw)
        for x in (0.34, 0.49, 0.64)
        for y in (-0.42, -0.2, 0.0, 0.28, 0.42)
        for z in (0.02, 0.26, 0.5)
        for yaw in (-0.8, 0.8)
        if math.hypot(x, y) < 0.7
    ]


def test_the_hand_reaches_the_whole_working_area_looking_down(robot: Robot) -> None:
    missed = []
    for x, y, z, yaw in grid():
        robot.teleport(np.array((x, y, z)), yaw)
        error = float(np.abs(robot.state.ee_position - (x, y, z)).max())
        _, turn = robot._joints.link_position(robot.model.ee_link)
        qx, qy, qz, qw = turn.tolist()
        down = 2 * (qx * qx + qy * qy) - 1  # minus the z part of the hand's z axis
        fingers = math.atan2(1 - 2 * (qx * qx + qz * qz), 2 * (qx * qy - qw * qz))
        turned = abs(fingers - yaw)  # they open along x at yaw 0
        if error > 0.002 or down < 0.9999 or turned > 0.02:
            missed.append((x, y, z, yaw, error, down, turned))
    assert not missed, f"{len(missed)} of {len(grid())} poses: {missed[:5]}"


def test_the_hand_follows_a_way_across_the_table(robot: Robot) -> None:
    start, end = np.array((0.4, -0.35, 0.1)), np.array((0.55, 0.35, 0.45))
    robot.teleport(start)
    for _ in range(60):
        left = end - robot.state.command
        share = np.clip(left / 0.015, -1, 1)
        robot.step(np.array((*(np.sign(share) * np.sqrt(np.abs(share))), 0.0)))
    robot.hold(15)
    np.testing.assert_allclose(robot.state.ee_position, end, atol=0.003)


@pytest.mark.parametrize("stride", [3, 8])
def test_an_arm_that_is_shaken_does_not_overshoot(robot: Robot, stride: int) -> None:
    robot.teleport(np.array((0.48, -0.02, 0.13)))
    for step in range(60):
        sign = 1.0 if step // stride % 2 == 0 else -1.0
        robot.step(np.array((sign, -0.5 * sign, sign, 0.0)))
        state = robot.state
        assert np.abs(state.command - state.ee_position).max() < 0.03


def test_the_fingertips_hang_11_mm_below_the_end_effector_on_a_box(
    robot: Robot,
) -> None:
    at = np.array((0.45, 0.0, 0.3))
    robot.teleport(at, opening=0.05)
    lowest = min(
        robot._simulator._p.getAABB(
            robot._simulator._ids[robot.model.name], link, robot._simulator._client
        )[0][2]
        for link in robot.model.gripper.links
    )
    # with the margin that physics keeps around a shape
    assert lowest == pytest.approx(at[2] - 0.011, abs=0.001)


def test_both_fingers_open_and_close_alike(robot: Robot) -> None:
    robot.teleport(np.array(robot.model.home))
    for action, opening in ((CLOSE, 0.0), (OPEN, robot.model.opening_m)) * 2:
        robot.step(action)
        assert robot.state.opening == pytest.approx(opening, abs=0.003)
        left, right = robot._joints.joints(robot.model.gripper.joints)[0]
        assert left == pytest.approx(right, abs=0.005)


@pytest.mark.parametrize("width", [0.034, 0.066])
@pytest.mark.parametrize("off", [0.0, 0.006])
def test_a_box_is_taken_off_its_support_and_lifted(
    model: RobotModel, width: float, off: float
) -> None:
    with Simulator() as simulator:
        robot = Robot(simulator, model)
        place = np.array((0.5, 0.1))
        size = (0.07, 0.07, SUPPORT_M)
        simulator.add_box("support", size, (*place, SUPPORT_M / 2), mass=0.08)
        at = (*place, SUPPORT_M + HEIGHT_M / 2)
        simulator.add_box("box", (width, width, HEIGHT_M), at, mass=0.08)
        simulator.step(30)
        robot.teleport(simulator.pose("box")[0] + (off, 0, 0.005))
        robot.step(CLOSE)
        assert robot.touches("box") == (True, True)
        assert robot.state.opening == pytest.approx(width, abs=0.004)
        for _ in range(25):
            robot.step(np.array((0.0, 0.5, 0.8, 0.0)))
        robot.hold(15)
        box, turn = simulator.pose("box")
        assert box[2] > 0.15
        assert np.abs(box - robot.state.ee_position + (0, 0, 0.005)).max() < 0.006
        assert np.hypot(*turn[:2]) < 0.1  # lean, half the angle
        support = simulator.pose("support")[0]
        assert np.abs(support - (*place, SUPPORT_M / 2)).max() < 0.004


def test_a_gap_and_the_joints_of_a_gripper_belong_together(model: RobotModel) -> None:
    stroke = model.gripper.stroke
    for opening in np.linspace(0.005, model.opening_m, 12).tolist():
        joint = stroke.position(opening)
        assert stroke.opening((joint, joint)) == pytest.approx(opening, abs=1e-9)


def test_what_a_model_says_of_joints_is_in_its_file(robot: Robot) -> None:
    model, p = robot.model, robot._simulator._p
    for index, joint in enumerate(model.arm):
        info = p.getJointInfo(robot._simulator._ids[model.name], joint)
        low, high, effort = info[8], info[9], info[10]
        assert model.forces[index] == effort
        assert low - 1e-3 <= model.low[index] <= model.rest[index]
        assert model.rest[index] <= model.high[index] <= high + 1e-3


def test_a_mounted_hand_comes_with_all_that_hangs_on_it() -> None:
    model = ROBOTS["kuka"]
    assert model.hand is not None
    urdf = mounted(os.path.join(data_folder(), model.file), model.hand).getroot()
    names = {link.get("name") for link in urdf.findall("link")}
    assert {"lbr_iiwa_link_7", "panda_leftfinger", "panda_rightfinger"} <= names
    assert "panda_link7" not in names
    for mesh in urdf.iter("mesh"):
        assert os.path.isfile(mesh.get("filename", ""))


def test_an_unknown_arm_is_named_with_those_there_are() -> None:
    with pytest.raises(UnknownNameError, match=r"'sawyer'.*panda, kuka, xarm"):
        find_robot("sawyer")
