"""Robot: displacements, the blocking gripper, yaw, forces and mechanical work."""

from __future__ import annotations

import os
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from importlib.util import find_spec

import numpy as np
import pytest

from jouleplan.domains.robot import (
    ELBOW_STEP,
    LEASH_M,
    MAX_STEP_M,
    YAW_STEP,
    Robot,
)
from jouleplan.domains.robots.panda import PANDA
from jouleplan.domains.simulator import Simulator

ARM = tuple(range(7))
HOME, FULLY_OPEN_M = PANDA.home, PANDA.opening_m
STAY = np.zeros(4)
CLOSE = np.array((0.0, 0.0, 0.0, -1.0))
OPEN = -CLOSE


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    with Simulator() as simulator:
        yield simulator


@pytest.fixture
def robot(simulator: Simulator) -> Robot:
    robot = Robot(simulator)
    robot.hold(15)
    return robot


def urdf_limits() -> dict[str, tuple[float, float, float]]:
    """Return joint -> (effort [N m] or [N], low, high [rad] or [m]) of the URDF."""
    spec = find_spec("pybullet_data")
    assert spec is not None
    assert spec.submodule_search_locations is not None
    file = os.path.join(spec.submodule_search_locations[0], "franka_panda/panda.urdf")
    limits = {}
    for joint in ET.parse(file).getroot().iter("joint"):
        limit = joint.find("limit")
        if limit is not None:
            effort, low, high = (limit.get(k) for k in ("effort", "lower", "upper"))
            assert effort is not None
            assert low is not None
            assert high is not None
            name = joint.get("name")
            assert name is not None
            limits[name] = (float(effort), float(low), float(high))
    return limits


def test_the_arm_comes_home(robot: Robot) -> None:
    np.testing.assert_allclose(robot.state.ee_position, HOME, atol=0.002)


@pytest.mark.parametrize("axis", [0, 1, 2])
@pytest.mark.parametrize("sign", [-1.0, 1.0])
def test_a_displacement_arrives(robot: Robot, axis: int, sign: float) -> None:
    action = np.zeros(4)
    action[axis] = sign
    for _ in range(8):
        robot.step(action)
    for _ in range(15):
        robot.step(STAY)
    wanted = np.array(HOME)
    wanted[axis] += sign * 8 * MAX_STEP_M
    np.testing.assert_allclose(robot.state.command, wanted, atol=1e-9)
    np.testing.assert_allclose(robot.state.ee_position, wanted, atol=0.003)


@pytest.mark.parametrize("a", [-1.0, -0.5, 0.2, 0.7, 1.0, 3.0])
def test_the_command_moves_by_a_times_its_size(robot: Robot, a: float) -> None:
    before = robot.state.command
    robot.step(np.array((0.0, a, 0.0, 0.0)))
    clipped = min(max(a, -1.0), 1.0)
    moved = robot.state.command - before
    np.testing.assert_allclose(
        moved, (0, clipped * abs(clipped) * MAX_STEP_M, 0), atol=1e-12
    )


def test_the_command_stays_on_a_leash_when_the_arm_is_blocked(robot: Robot) -> None:
    for _ in range(60):
        robot.step(np.array((0.0, 0.0, -1.0, 0.0)))
        state = robot.state
        # the arm itself moves at most a few cm within the step
        assert np.abs(state.command - state.ee_position).max() < LEASH_M + 0.03
    lag = robot.state.ee_position[2] - robot.state.command[2]
    assert lag == pytest.approx(LEASH_M, abs=0.005)
    assert robot.state.ee_position[2] > 0.0


def test_a_gripper_command_ignores_the_displacement(robot: Robot) -> None:
    before = robot.state.ee_position
    robot.step(np.array((1.0, 1.0, -1.0, -1.0)))
    state = robot.state
    assert state.closed
    np.testing.assert_allclose(state.command, before, atol=1e-9)
    np.testing.assert_allclose(state.ee_position, before, atol=0.001)


def test_a_gripper_command_ends_with_the_fingers_at_rest(robot: Robot) -> None:
    for action, opening in ((CLOSE, 0.0), (OPEN, FULLY_OPEN_M)):
        robot.step(action)
        assert robot.state.opening == pytest.approx(opening, abs=0.002)
        speed = robot._joints.joints((9, 10))[1]
        assert np.abs(speed).max() < 0.005


def test_a_gripper_command_counts_as_one_control_step(robot: Robot) -> None:
    before = robot.control_steps
    robot.step(CLOSE)
    assert robot.control_steps == before + 1


@pytest.mark.parametrize(
    ("first", "second", "closed"),
    [(-1, -1, True), (-1, 0.4, True), (-1, 0.6, False), (1, -0.4, False)],
)
def test_the_gripper_keeps_its_command_below_half(
    robot: Robot, first: float, second: float, closed: bool
) -> None:
    for command in (first, second):
        robot.step(np.array((0.0, 0.0, 0.0, command)))
    assert robot.state.closed == closed


def test_the_gripper_state_is_a_plain_bool(robot: Robot) -> None:
    robot.step(CLOSE)
    assert type(robot.state.closed) is bool


def test_an_opening_given_as_a_numpy_number_stays_open(robot: Robot) -> None:
    robot.teleport(np.array(HOME), opening=np.float64(FULLY_OPEN_M))
    robot.step(STAY)
    assert not robot.state.closed
    assert robot.state.opening == pytest.approx(FULLY_OPEN_M, abs=0.002)


def test_the_fingers_close_on_a_block_and_hold_it(
    simulator: Simulator, robot: Robot
) -> None:
    at = np.array((0.5, 0.1, 0.02))
    simulator.add_box("block", (0.05, 0.05, 0.04), at.tolist(), mass=0.08)
    robot.teleport(at + (0, 0, 0.005))
    robot.step(CLOSE)
    assert robot.touches("block") == (True, True)
    assert robot.state.opening == pytest.approx(0.05, abs=0.002)
    for _ in range(30):
        robot.step(np.array((0.0, 0.5, 0.8, 0.0)))
    robot.hold(30)
    held = simulator.pose("block")[0] - robot.state.ee_position
    np.testing.assert_allclose(held, (0, 0, -0.005), atol=0.004)
    assert simulator.pose("block")[0][2] > 0.2


def test_yaw_turns_step_by_step_to_its_goal(robot: Robot) -> None:
    robot.yaw_goal = 0.5
    for _ in range(int(0.5 / YAW_STEP)):
        robot.step(STAY)
        assert robot.state.yaw < 0.5
    robot.step(STAY)
    assert robot.state.yaw == 0.5
    robot.hold(15)
    x, y, z, w = robot._joints.link_position(11)[1].tolist()
    # at yaw 0 the fingers' axis, the end effector's own y, points along world x
    fingers = (2 * (x * y - w * z), 1 - 2 * (x * x + z * z))
    assert np.arctan2(fingers[1], fingers[0]) == pytest.approx(0.5, abs=0.02)


@pytest.mark.parametrize("goal", [-1.0, 0.5])
def test_a_swing_turns_the_elbow_and_not_the_hand(robot: Robot, goal: float) -> None:
    before, shoulder = robot.state.ee_position, robot.targets[0]
    robot.elbow_goal = goal
    steps = robot.control_steps + robot.swing_steps
    for _ in range(robot.swing_steps):
        robot.swing()
        np.testing.assert_allclose(robot.state.ee_position, before, atol=0.005)
    assert robot.control_steps == steps
    assert robot.elbow == goal
    assert (robot.targets[0] - shoulder) * np.sign(goal) > 0.2
    robot.hold(15)
    np.testing.assert_allclose(robot.state.ee_position, before, atol=0.002)


def test_the_elbow_turns_step_by_step_while_the_hand_moves(robot: Robot) -> None:
    robot.elbow_goal = 2.5 * ELBOW_STEP
    for turned in (1.0, 2.0, 2.5, 2.5):
        robot.step(STAY)
        assert robot.elbow == pytest.approx(turned * ELBOW_STEP)


def test_a_teleported_arm_has_its_elbow_at_rest(robot: Robot) -> None:
    robot.elbow_goal = 0.5
    robot.step(STAY)
    robot.teleport(np.array(HOME))
    assert robot.elbow == robot.elbow_goal == 0.0


def test_a_displacement_is_in_the_grippers_frame(robot: Robot) -> None:
    robot.teleport(np.array(HOME), yaw=0.6)
    before = robot.state.command
    robot.step(np.array((1.0, 0.0, 0.0, 0.0)))
    wanted = MAX_STEP_M * np.array((np.cos(0.6), np.sin(0.6), 0.0))
    np.testing.assert_allclose(robot.state.command - before, wanted, atol=1e-12)


def test_the_work_is_nearly_nothing_at_rest_and_grows_in_motion(robot: Robot) -> None:
    robot.hold(60)
    before = robot.mechanical_work_j
    robot.hold(30)
    at_rest = robot.mechanical_work_j - before
    for i in range(30):
        last = robot.mechanical_work_j
        robot.step(np.array((0.0, 1.0 if i < 15 else -1.0, 0.0, 0.0)))
        assert robot.mechanical_work_j > last
    moving = robot.mechanical_work_j - before - at_rest
    assert 0 <= at_rest < 0.01
    assert moving > 0.5


def test_lifting_a_block_takes_at_least_its_weights_work(
    simulator: Simulator, robot: Robot
) -> None:
    simulator.add_box("block", (0.05, 0.05, 0.04), (0.5, 0.0, 0.02), mass=0.08)
    robot.teleport(np.array((0.5, 0.0, 0.025)))
    robot.step(CLOSE)
    before = robot.mechanical_work_j
    for _ in range(20):
        robot.step(np.array((0.0, 0.0, 1.0, 0.0)))
    robot.hold(5)
    rise = simulator.pose("block")[0][2] - 0.02
    assert robot.mechanical_work_j - before > 0.08 * 9.81 * rise


def test_forces_and_limits_of_the_arm_are_the_urdfs() -> None:
    limits = urdf_limits()
    efforts, lows, highs = zip(
        *(limits[f"panda_joint{i + 1}"] for i in ARM), strict=True
    )
    assert efforts == PANDA.forces
    # a posture beyond the URDF's limits cannot be reached
    assert (np.array(PANDA.low) >= np.array(lows) - 1e-3).all()
    assert (np.array(PANDA.high) <= np.array(highs) + 1e-3).all()


def test_torques_stay_within_the_forces_at_full_speed(robot: Robot) -> None:
    rng = np.random.default_rng(0)
    for _ in range(40):
        robot.step(np.array((*np.sign(rng.uniform(-1, 1, 3)), 0.0)))
        torque = np.abs(robot._joints.joints(ARM)[2])
        assert (torque <= np.array(PANDA.forces) + 1e-6).all()


def test_the_hand_cannot_pass_through_a_fixed_body(
    simulator: Simulator, robot: Robot
) -> None:
    simulator.add_box("wall", (0.2, 0.04, 0.6), (0.45, 0.2, 0.3))
    for _ in range(40):
        robot.step(np.array((0.0, 1.0, 0.0, 0.0)))
    assert robot.state.ee_position[1] < 0.2
