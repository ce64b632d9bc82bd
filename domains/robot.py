"""The arm: a Franka Panda under end-effector displacement control.

Control step: 8 sub-steps of 1/240 s (30 Hz). Joint forces are the URDF's (87 and 12
N m); every link collides. The gripper looks straight down and turns about the vertical
only: at yaw 0 its fingers open along world x, so that the wide hand clears neighbours
that stand along y. The elbow can be swung aside, which moves the forearm alone.

The gripper blocks, as a real Franka's does: on a change of its command the arm holds
still until the fingers have come to rest, within the same control step.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from jouleplan.domains.articulation import Array, Articulation, Surface
from jouleplan.domains.forearm import Forearm, down
from jouleplan.domains.kinematics import Chain, Link
from jouleplan.domains.simulator import Simulator

NAME: Final = "panda"
SUBSTEPS: Final = 8
CONTROL_STEP_S: Final = SUBSTEPS / 240
MAX_STEP_M: Final = 0.015
"""Longest displacement a control step and axis (0.45 m/s); faster arms fling blocks."""
LEASH_M: Final = 0.06
YAW_STEP: Final = 0.08
ELBOW_STEP: Final = 0.05
SWING_PULLS: Final = 60
"""Pulls towards a posture after which the elbow has all but come to rest."""
_PULLS_A_STEP: Final = 3
FULLY_OPEN_M: Final = 0.08
GRASP_ABOVE_CENTRE_M: Final = 0.005
"""The end effector holds a box this far above its centre."""

_ARM: Final = (0, 1, 2, 3, 4, 5, 6)
_ARM_FORCES: Final = (87.0, 87.0, 87.0, 87.0, 12.0, 12.0, 12.0)
_FINGERS: Final = (9, 10)
_FOREARM: Final = (4, 5)
"""The links between elbow and flange; what follows them keeps still with the hand."""
_EE_LINK: Final = 11
_FINGER_FORCE_N: Final = 20.0
_FINGER_SPEED: Final = 0.1
_ARM_GAIN: Final = 0.3
_REST: Final = (0.0, 0.2, 0.0, -2.2, 0.0, 2.4, -math.pi / 4)
_LOW: Final = (-2.9671, -1.8326, -2.9671, -3.1416, -2.9671, -0.0873, -2.9671)
_HIGH: Final = (2.9671, 1.8326, 2.9671, 0.0, 2.9671, 3.8223, 2.9671)
HOME: Final = (0.45, 0.0, 0.35)


@dataclass(frozen=True, slots=True)
class RobotState:
    """What the arm's own sensors say.

    Attributes:
        ee_position: End effector, shape (3,), world frame [m].
        command: Commanded end-effector position, shape (3,), world frame [m].
        yaw: Commanded turn about the vertical [rad].
        opening: Distance between the fingers [m].
        closed: Last gripper command.
    """

    ee_position: Array
    command: Array
    yaw: float
    opening: float
    closed: bool


class Robot:
    """A Panda at the origin of ``simulator``.

    Attributes:
        mechanical_work_j: Integral of |torque x joint velocity| over all joints,
            sampled once a control step [J].
        control_steps: Number of control steps made.
        yaw_goal: Turn of the hand about the vertical that it moves to [rad].
        elbow: How far the posture that the arm is pulled to turns at the shoulder, and
            back at the upper arm [rad]; 0 at rest, positive to the left.
        elbow_goal: What ``elbow`` moves to.
    """

    def __init__(self, simulator: Simulator) -> None:
        """Load the arm and bring it home."""
        self._simulator = simulator
        self._joints = simulator.load_arm(NAME, "franka_panda/panda.urdf")
        for finger in _FINGERS:
            self._joints.set_surface(finger, Surface(lateral=1.5))
        self._joints.ignore(-1, "table")
        self._joints.gear(*_FINGERS)
        self._read: RobotState | None = None
        self._read_at = self._opening_at = -1
        self._opening = 0.0
        self._down, self._down_at = np.eye(3), math.nan
        self.mechanical_work_j = 0.0
        self.control_steps = 0
        self._chain = _chain(self._joints)
        self._targets = np.array(_REST)
        self._forearm: Forearm | None = None
        self.teleport(np.array(HOME))

    @property
    def state(self) -> RobotState:
        """Read the arm's sensors; nothing changes between two advances of physics."""
        if self._read is None or self._read_at != self._simulator.substeps:
            self._read, self._read_at = self._sensors(), self._simulator.substeps
        return self._read

    def _sensors(self) -> RobotState:
        if self._opening_at != self._simulator.substeps:
            self._opening = sum(self._joints.motion(_FINGERS)[0])
        return RobotState(
            self._joints.link_position(_EE_LINK)[0],
            self.command.copy(),
            self.yaw,
            self._opening,
            self.closed,
        )

    def touches(self, body: str) -> tuple[bool, bool]:
        """Return whether the left and the right finger touch ``body``."""
        left, right = (self._joints.touches(f, body) for f in _FINGERS)
        return left, right

    def teleport(
        self, position: Array, yaw: float = 0.0, opening: float = FULLY_OPEN_M
    ) -> None:
        """Put the arm at rest with its end effector at ``position`` (3,) [m]."""
        self._read = None
        self.command = np.array(position, dtype=np.float64)
        self.yaw = self.yaw_goal = yaw
        self.elbow = self.elbow_goal = 0.0
        self._rest = rest_posture(0.0)
        self.closed = bool(opening < FULLY_OPEN_M)
        self._targets = np.array(_REST)
        self._targets[0] = math.atan2(position[1], position[0])
        self._drive_arm(iterations=50)
        for joint, angle in zip(_ARM, self._targets.tolist(), strict=True):
            self._joints.set_joint(joint, angle)
        for finger in _FINGERS:
            self._joints.set_joint(finger, opening / 2)
        self._drive_fingers()
        self._read, self._opening_at = None, -1

    def step(self, action: Array) -> None:
        """Carry out one control step.

        Args:
            action: Shape (4,), in [-1, 1]: displacement of the commanded end effector
                as ``a |a| MAX_STEP_M`` an axis, in the gripper's frame (yaw), and the
                gripper: above 0.5 opens, below -0.5 closes, else keeps.
        """
        close = bool(action[3] <= 0.5 if self.closed else action[3] < -0.5)
        if close != self.closed:
            self._move_gripper(close)
        else:
            self._advance(action)
            self._drive_arm()
            self._tick(SUBSTEPS)
        self.control_steps += 1

    def swing(self) -> None:
        """Turn the elbow towards its goal for one control step; the hand stands still.

        ``swing_steps`` of them bring it there.
        """
        self._turn_elbow()
        self._drive_arm(_PULLS_A_STEP, tolerance=0.0)
        self._tick(SUBSTEPS)
        self.control_steps += 1

    @property
    def swing_steps(self) -> int:
        """Control steps until the elbow has turned to its goal and come to rest."""
        turns = math.ceil(abs(self.elbow_goal - self.elbow) / ELBOW_STEP)
        return turns + SWING_PULLS // _PULLS_A_STEP

    @property
    def targets(self) -> Array:
        """Commanded joint positions, shape (7,) [rad]."""
        return self._targets.copy()

    @property
    def forearm(self) -> Forearm:
        """Foresees where the forearm will be."""
        if self._forearm is None:
            hulls = {link: self._joints.hull(link) for link in _FOREARM}
            self._forearm = Forearm(self._chain, hulls)
        return self._forearm

    def hold(self, steps: int = 1) -> None:
        """Stand still for ``steps`` control steps."""
        for _ in range(steps):
            self._tick(SUBSTEPS)
            self.control_steps += 1

    def _advance(self, action: Array) -> None:
        turn = self.yaw_goal - self.yaw
        self.yaw += min(max(turn, -YAW_STEP), YAW_STEP)
        if self.elbow != self.elbow_goal:
            self._turn_elbow()
        a = np.minimum(np.maximum(action[:3], -1.0), 1.0)
        move = a * np.abs(a) * MAX_STEP_M
        c, s = math.cos(self.yaw), math.sin(self.yaw)
        x, y = c * move[0] - s * move[1], s * move[0] + c * move[1]
        actual = self.state.ee_position
        command = self.command + (x, y, move[2])
        near = np.maximum(command, actual - LEASH_M)
        self.command = np.minimum(near, actual + LEASH_M)

    def _turn_elbow(self) -> None:
        turn = self.elbow_goal - self.elbow
        self.elbow += min(max(turn, -ELBOW_STEP), ELBOW_STEP)
        self._rest = rest_posture(self.elbow)

    def _drive_arm(self, iterations: int = 1, tolerance: float = 2e-4) -> None:
        if self._down_at != self.yaw:
            self._down, self._down_at = down(self.yaw), self.yaw
        self._targets = self._chain.inverse(
            self._targets, self.command, self._down, iterations, tolerance, self._rest
        )
        self._joints.drive(_ARM, self._targets.tolist(), _ARM_FORCES, _ARM_GAIN)

    def _drive_fingers(self) -> None:
        goal = 0.0 if self.closed else FULLY_OPEN_M / 2
        for finger in _FINGERS:
            self._joints.drive_speed(finger, goal, _FINGER_FORCE_N, _FINGER_SPEED)

    def _tick(self, substeps: int) -> None:
        self._simulator.step(substeps)
        positions, power_w = self._joints.motion(_ARM + _FINGERS)
        self._opening = positions[-2] + positions[-1]
        self._opening_at = self._simulator.substeps
        self.mechanical_work_j += power_w * substeps / 240

    def _move_gripper(self, close: bool) -> None:
        """Settle the arm, then move the fingers until they rest."""
        actual = self._joints.link_position(_EE_LINK)[0]
        self.command = actual
        self._drive_arm()
        for _ in range(5):
            self._tick(4)
            if np.abs(self._joints.joints(_ARM)[1]).max() < 0.01:
                break
        self.closed = close
        self._drive_fingers()
        still = 0
        for _ in range(30):
            self._tick(4)
            slow = np.abs(self._joints.joints(_FINGERS)[1]).max() < 0.005
            still = still + 1 if slow else 0
            if still == 3:
                break


def rest_posture(elbow: float) -> Array:
    """Return the joint positions (7,) [rad] that the arm is pulled to.

    Args:
        elbow: See ``Robot.elbow`` [rad].
    """
    rest = np.array(_REST)
    rest[0] += elbow
    rest[2] -= elbow
    return rest


def _chain(joints: Articulation) -> Chain:
    """Read the arm's kinematics from its URDF."""
    for joint in _ARM:
        joints.set_joint(joint, 0.0)
    links = [Link(*joints.fixed_frame(joint)) for joint in _ARM]
    tool = Link(np.eye(3), np.zeros(3))
    for link in (7, 8, _EE_LINK):
        turn, at = joints.fixed_frame(link)
        tool = Link(tool.rotation @ turn, tool.translation + tool.rotation @ at)
    return Chain(links, tool, _LOW, _HIGH, _REST)
