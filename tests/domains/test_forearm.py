"""Forearm: foreseen where it will be, measured against what physics measures."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from jouleplan.domains.articulation import Array
from jouleplan.domains.forearm import STRIDE_M, down
from jouleplan.domains.robot import SWING_PULLS, Robot
from jouleplan.domains.robots.panda import PANDA
from jouleplan.domains.robots.registry import ROBOTS
from jouleplan.domains.simulator import Simulator
from jouleplan.domains.standing import Standing, standing

HIGH, LOW = np.array((0.45, -0.2, 0.4)), np.array((0.5, -0.2, 0.045))
REST = np.array(PANDA.rest)


@pytest.fixture(scope="module")
def simulator() -> Iterator[Simulator]:
    with Simulator() as simulator:
        yield simulator


@pytest.fixture(scope="module")
def robot(simulator: Simulator) -> Robot:
    return Robot(simulator)


def lowered(robot: Robot, low: Array, elbow: float, yaw: float = 0.0) -> Array:
    """Return the posture (7,) [rad] of an arm that swung its elbow and came down."""
    high = np.array((low[0], low[1], 0.4))
    robot.teleport(high, yaw)
    rest = robot.rest_posture(elbow)
    up = robot.forearm.swing(robot.targets, high, yaw, rest, SWING_PULLS)
    return robot.forearm.walk(up, high, low, (yaw, yaw), rest)[-1]


def column(at: tuple[float, float], top: float, yaw: float = 0.0) -> Standing:
    """Return a column of 4 cm by 5 cm from the table up to ``top`` [m]."""
    half = yaw / 2
    turn = np.array((0.0, 0.0, np.sin(half), np.cos(half)))
    return standing(np.array((0.04, 0.05, top)), (np.array((*at, top / 2)), turn))


@pytest.mark.parametrize("elbow", [-1.0, 0.0, 1.0])
def test_clearance_is_the_distance_that_physics_measures_or_a_little_less(
    simulator: Simulator, robot: Robot, elbow: float
) -> None:
    joints = lowered(robot, LOW, elbow)
    for joint, angle in enumerate(joints.tolist()):
        robot._joints.set_joint(joint, angle)
    rng = np.random.default_rng(0)
    p, arm = simulator._p, simulator._ids["panda"]
    measured = 0
    for _ in range(60):
        x, y, top, yaw = rng.uniform((0.3, -0.45, 0.1, -1), (0.6, 0.1, 0.35, 1))
        box = column((x, y), top, yaw)
        simulator.add_box("box", (0.04, 0.05, top), box.position, yaw=yaw)
        near = [
            contact[8]
            for link in PANDA.forearm
            for contact in p.getClosestPoints(
                arm,
                simulator._ids["box"],
                0.3,
                linkIndexA=link,
                physicsClientId=simulator._client,
            )
        ]
        simulator.remove("box")
        if not near or min(near) < 0:
            continue
        measured += 1
        bound = robot.forearm.clearance(joints, [box])
        assert bound <= min(near) + 0.001
        assert bound > min(near) - 0.012
    assert measured > 20


def test_a_column_through_the_forearm_has_no_clearance(robot: Robot) -> None:
    joints = lowered(robot, LOW, 0.0)
    lowest = min(robot.forearm.corners(joints), key=lambda c: float(c[:, 2].min()))
    middle = lowest.mean(0)
    box = column((middle[0], middle[1]), float(middle[2]))
    assert robot.forearm.clearance(joints, [box]) < 0


def test_the_nearest_box_counts(robot: Robot) -> None:
    joints = lowered(robot, LOW, 0.0)
    near, far = column((0.47, -0.02), 0.3), column((0.47, 0.3), 0.3)
    both = robot.forearm.clearance(joints, [far, near])
    assert both == robot.forearm.clearance(joints, [near])
    assert both < robot.forearm.clearance(joints, [far]) - 0.1


def test_a_higher_box_never_leaves_more_room(robot: Robot) -> None:
    joints = lowered(robot, LOW, 0.0)
    room = [
        robot.forearm.clearance(joints, [column((0.47, -0.04), top)])
        for top in np.linspace(0.05, 0.4, 15)
    ]
    assert (np.diff(room) <= 1e-9).all()


@pytest.mark.parametrize("name", [n for n, m in ROBOTS.items() if m.forearm])
def test_the_forearm_at_rest_is_as_far_above_the_hand_as_is_said(name: str) -> None:
    with Simulator() as simulator:
        robot = Robot(simulator, ROBOTS[name])
        lowest = [
            min(float(c[:, 2].min()) for c in robot.forearm.corners(joints)) - z
            for x in (0.34, 0.5, 0.64)
            for y in (-0.4, -0.2, 0.0, 0.2, 0.4)
            for z in (0.02, 0.1, 0.3)
            for yaw in (-0.8, 0.0, 0.8)
            if np.hypot(x, y) < 0.7
            for joints in [lowered(robot, np.array((x, y, z)), 0.0, yaw)]
        ]
    assert min(lowest) >= robot.model.forearm_above_m
    assert min(lowest) < robot.model.forearm_above_m + 0.01


def test_a_walk_brings_the_hand_along_the_straight_way(robot: Robot) -> None:
    robot.teleport(HIGH)
    way = robot.forearm.walk(robot.targets, HIGH, LOW, (0.0, 0.5), REST)
    assert len(way) == np.ceil((HIGH - LOW).max() / STRIDE_M)
    for share, joints in zip(np.arange(1, len(way) + 1) / len(way), way, strict=True):
        at, turned, _ = robot._chain.forward(joints)
        assert np.abs(at - HIGH - share * (LOW - HIGH)).max() < 0.003
    np.testing.assert_allclose(turned, down(0.5), atol=0.01)


@pytest.mark.parametrize("elbow", [-1.0, 1.0])
def test_a_swing_leaves_the_hand_where_it_is(robot: Robot, elbow: float) -> None:
    robot.teleport(HIGH)
    rest = robot.rest_posture(elbow)
    joints = robot.forearm.swing(robot.targets, HIGH, 0.0, rest, SWING_PULLS)
    np.testing.assert_allclose(robot._chain.forward(joints)[0], HIGH, atol=1e-3)
    assert np.sign(elbow) * (joints - robot.targets)[0] > 0.2


def test_what_is_foreseen_leaves_the_arm_as_it_is(robot: Robot) -> None:
    robot.teleport(HIGH)
    before = robot.targets
    robot.forearm.walk(robot.targets, HIGH, LOW, (0.0, 0.0), robot.rest_posture(1.0))
    np.testing.assert_array_equal(robot.targets, before)
