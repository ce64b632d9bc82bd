"""Kinematics: forward, Jacobian and inverse of the arm as its URDF gives it."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import pytest

from jouleplan.domains.articulation import Array
from jouleplan.domains.kinematics import Chain
from jouleplan.domains.robot import Robot
from jouleplan.domains.robots.panda import PANDA
from jouleplan.domains.simulator import Simulator

JOINTS = 7
EE_LINK = 11
LOW, HIGH, REST = np.array(PANDA.low), np.array(PANDA.high), np.array(PANDA.rest)


@pytest.fixture(scope="module")
def robot() -> Iterator[Robot]:
    with Simulator() as simulator:
        yield Robot(simulator)


@pytest.fixture(scope="module")
def chain(robot: Robot) -> Chain:
    return robot._chain


def matrix(quaternion: Array) -> Array:
    """Return the rotation (3, 3) of a quaternion (4,) xyzw."""
    x, y, z, w = quaternion.tolist()
    return np.array(
        (
            (1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)),
            (2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)),
            (2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)),
        )
    )


def downward(yaw: float) -> Array:
    """Return the gripper's rotation (3, 3): straight down, turned by ``yaw`` [rad]."""
    c, s = math.cos(yaw), math.sin(yaw)
    return np.array(((-s, c, 0.0), (c, s, 0.0), (0.0, 0.0, -1.0)))


def angle_between(a: Array, b: Array) -> float:
    """Return the angle [rad] of the turn from ``a`` to ``b``, both (3, 3)."""
    return math.acos(min(1.0, (float(np.trace(a.T @ b)) - 1) / 2))


def postures(count: int) -> list[Array]:
    """Return random joint positions (7,) [rad] within the limits."""
    rng = np.random.default_rng(0)
    return [rng.uniform(LOW, HIGH) for _ in range(count)]


def workspace() -> list[tuple[Array, float]]:
    """Return (position (3,) [m], yaw [rad]): the workspace's corners and its inside."""
    corners = [
        (x, y, z, yaw)
        for x in (0.34, 0.49, 0.64)
        for y in (-0.42, -0.28, 0.0, 0.28, 0.42)
        for z in (0.02, 0.25, 0.5)
        for yaw in (-0.8, 0.0, 0.8)
    ]
    rng = np.random.default_rng(1)
    inside = rng.uniform((0.34, -0.42, 0.02, -0.8), (0.64, 0.42, 0.5, 0.8), (150, 4))
    every = [*corners, *map(tuple, inside.tolist())]
    return [(np.array(p[:3]), p[3]) for p in every if np.hypot(p[0], p[1]) < 0.7]


def solved(chain: Chain, position: Array, yaw: float) -> Array:
    """Return joint positions (7,) [rad], from the arm at rest turned to the side."""
    start = REST.copy()
    start[0] = math.atan2(position[1], position[0])
    return chain.inverse(start, position, downward(yaw), iterations=50)


def test_forward_gives_the_pose_that_pybullet_gives(robot: Robot, chain: Chain) -> None:
    for joints in postures(50):
        for joint, angle in enumerate(joints.tolist()):
            robot._joints.set_joint(joint, angle)
        position, quaternion = robot._joints.link_position(EE_LINK)
        at, turned, _ = chain.forward(joints)
        np.testing.assert_allclose(at, position, atol=1e-6)
        np.testing.assert_allclose(turned, matrix(quaternion), atol=1e-6)


def test_jacobian_is_the_derivative_of_forward(chain: Chain) -> None:
    small = 1e-6
    for joints in postures(20):
        _, turned, jacobian = chain.forward(joints)
        for joint in range(JOINTS):
            more, less = joints.copy(), joints.copy()
            more[joint] += small
            less[joint] -= small
            at_more, turned_more, _ = chain.forward(more)
            at_less, turned_less, _ = chain.forward(less)
            linear = (at_more - at_less) / (2 * small)
            spin = (turned_more - turned_less) @ turned.T / (2 * small)
            angular = (spin[2, 1], spin[0, 2], spin[1, 0])
            np.testing.assert_allclose(jacobian[:3, joint], linear, atol=1e-7)
            np.testing.assert_allclose(jacobian[3:, joint], angular, atol=1e-7)


def test_inverse_then_forward_gives_the_pose_in_the_whole_workspace(
    chain: Chain,
) -> None:
    missed = []
    for position, yaw in workspace():
        at, turned, _ = chain.forward(solved(chain, position, yaw))
        error = float(np.abs(at - position).max())
        turn = angle_between(turned, downward(yaw))
        if error > 5e-4 or turn > 2e-3:
            missed.append((position.tolist(), yaw, error, turn))
    assert not missed, f"{len(missed)} of {len(workspace())} poses: {missed[:5]}"


def test_inverse_stays_within_the_joint_limits(chain: Chain) -> None:
    for position, yaw in workspace():
        joints = solved(chain, position, yaw)
        assert (joints >= LOW).all()
        assert (joints <= HIGH).all()


def test_inverse_of_the_pose_at_hand_changes_nothing(chain: Chain) -> None:
    at, turned, _ = chain.forward(REST)
    np.testing.assert_array_equal(chain.inverse(REST, at, turned), REST)


def test_the_rest_posture_pulls_the_elbow_and_leaves_the_hand(chain: Chain) -> None:
    at = np.array((0.45, -0.2, 0.4))
    start, rest = solved(chain, at, 0.0), REST.copy()
    rest[[0, 2]] += (-1.0, 1.0)
    joints = chain.inverse(start, at, downward(0.0), 80, tolerance=0.0, rest=rest)
    np.testing.assert_allclose(chain.forward(joints)[0], at, atol=1e-3)
    assert joints[0] < start[0] - 0.5


def test_the_chains_own_rest_posture_changes_no_bit(chain: Chain) -> None:
    for position, yaw in workspace()[:20]:
        given = chain.inverse(REST, position, downward(yaw), 20, rest=REST.copy())
        own = chain.inverse(REST, position, downward(yaw), 20)
        np.testing.assert_array_equal(given, own)


def test_inverse_leaves_its_argument_alone(chain: Chain) -> None:
    start = REST.copy()
    chain.inverse(start, np.array((0.5, 0.1, 0.2)), downward(0.3), iterations=5)
    np.testing.assert_array_equal(start, REST)


def test_one_iteration_follows_a_path_of_small_steps(chain: Chain) -> None:
    joints = solved(chain, np.array((0.4, -0.3, 0.05)), 0.0)
    for share in np.linspace(0, 1, 60):
        goal = np.array((0.4, -0.3, 0.05)) + share * np.array((0.15, 0.6, 0.3))
        joints = chain.inverse(joints, goal, downward(0.0), iterations=1)
        assert np.abs(chain.forward(joints)[0] - goal).max() < 0.003


def test_repeated_motions_bring_the_arm_back_to_one_posture(chain: Chain) -> None:
    a, b = np.array((0.4, -0.3, 0.1)), np.array((0.6, 0.25, 0.3))
    joints, ends = solved(chain, a, 0.0), []
    for _ in range(30):
        for goal in np.linspace(a, b, 25), np.linspace(b, a, 25):
            for point in goal:
                joints = chain.inverse(joints, point, downward(0.0), iterations=1)
        ends.append(joints)
    assert np.abs(ends[-1] - ends[-2]).max() < 1e-3


def test_an_unreachable_pose_is_answered_with_a_finite_posture(chain: Chain) -> None:
    joints = chain.inverse(REST, np.array((2.0, 0.0, 2.0)), downward(0.0), 50)
    assert np.isfinite(joints).all()
    assert ((joints >= LOW) & (joints <= HIGH)).all()
