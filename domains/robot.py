"""The arm under end-effector displacement control, whichever it is.

Control step: 8 sub-steps of 1/240 s (30 Hz). Joint forces are the URDF's; every link
collides with what is not the arm. The gripper looks straight down and turns about the
vertical only: at yaw 0 its fingers open along world x, so that the wide hand clears
neighbours that stand along y. The elbow of an arm with seven joints can be swung aside,
which moves the forearm alone.

The gripper blocks, as a real Franka's does: on a change of its command the arm holds
still until the fingers have come to rest, within the same control step.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from jouleplan.domains.articulation import Array
from jouleplan.domains.forearm import Forearm, down
from jouleplan.domains.robots.load import chain_of, load
from jouleplan.domains.robots.model import RobotModel
from jouleplan.domains.robots.panda import PANDA
from jouleplan.domains.simulator import Simulator

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
GRASP_ABOVE_CENTRE_M: Final = 0.005
"""The end effector holds a box this far above its centre."""

_FOLLOWER_GAIN: Final = 0.6
_FOLLOWER_FORCE: Final = 5.0
"""Strong enough to keep the pads parallel [N m]: it does no work on what is held."""


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
    """An arm in ``simulator``.

    Args:
        simulator: The world.
        model: Which arm.

    Attributes:
        model: As given.
        mechanical_work_j: Integral of |torque x joint velocity| over the joints of arm
            and fingers, sampled once a control step [J].
        control_steps: Number of control steps made.
        yaw_goal: Turn of the hand about the vertical that it moves to [rad].
        elbow: How far the posture that the arm is pulled to turns at the shoulder, and
            back at the upper arm [rad]; 0 at rest, positive to the left.
        elbow_goal: What ``elbow`` moves to.
    """

    def __init__(self, simulator: Simulator, model: RobotModel = PANDA) -> None:
        """Load the arm and bring it home."""
        self._simulator, self.model = simulator, model
        self._joints = load(simulator, model)
        self._driven = model.arm + model.gripper.joints
        self._ee_offset = np.array(model.ee_offset)
        self._read: RobotState | None = None
        self._read_at = self._opening_at = -1
        self._opening = 0.0
        self._down, self._down_at = np.eye(3), math.nan
        self.mechanical_work_j = 0.0
        self.control_steps = 0
        self._chain = chain_of(self._joints, model)
        self._targets = np.array(model.rest)
        self._forearm: Forearm | None = None
        self.teleport(np.array(model.home))

    @property
    def state(self) -> RobotState:
        """Read the arm's sensors; nothing changes between two advances of physics."""
        if self._read is None or self._read_at != self._simulator.substeps:
            self._read, self._read_at = self._sensors(), self._simulator.substeps
        return self._read

    def _sensors(self) -> RobotState:
        if self._opening_at != self._simulator.substeps:
            gripper = self.model.gripper
            fingers = self._joints.motion(gripper.joints)[0]
            self._opening = gripper.stroke.opening(fingers)
        return RobotState(
            self._ee_position(),
            self.command.copy(),
            self.yaw,
            self._opening,
            self.closed,
        )

    def _ee_position(self) -> Array:
        return self._joints.point(self.model.ee_link, self._ee_offset)

    def touches(self, body: str) -> tuple[bool, bool]:
        """Return whether the left and the right finger touch ``body``."""
        links = self.model.gripper.links
        left, right = (self._joints.touches(f, body) for f in links)
        return left, right

    def teleport(
        self, position: Array, yaw: float = 0.0, opening: float | None = None
    ) -> None:
        """Put the arm at rest with its end effector at ``position`` (3,) [m].

        The hand is fully open, or closed on something as wide as ``opening`` [m].
        """
        model = self.model
        opening = model.opening_m if opening is None else opening
        self._read = None
        self.command = np.array(position, dtype=np.float64)
        self.yaw = self.yaw_goal = yaw
        self.elbow = self.elbow_goal = 0.0
        self._rest = self.rest_posture(0.0)
        self.closed = bool(opening < model.opening_m)
        self._targets = np.array(model.rest)
        self._targets[0] = self.direction(position)
        self._drive_arm(iterations=50)
        for joint, angle in zip(model.arm, self._targets.tolist(), strict=True):
            self._joints.set_joint(joint, angle)
        gripper = model.gripper
        for joint in (*gripper.joints, *gripper.followers):
            self._joints.set_joint(joint, gripper.stroke.position(opening))
        self._drive_fingers()
        self._read, self._opening_at = None, -1

    def step(self, action: Array) -> None:
        """Carry out one control step.

        Args:
            action: Shape (4,), in [-1, 1]: displacement of the commanded end effector
                as ``a |a| MAX_STEP_M`` an axis, in the gripper's frame (yaw), and the
                gripper: above 0.5 opens, below -0.5 closes, else keeps.
        """
        close = self.closed_by(action)
        if close != self.closed:
            self._move_gripper(close)
        else:
            self._advance(action)
            self._drive_arm()
            self._tick(SUBSTEPS)
        self.control_steps += 1

    def closed_by(self, action: npt.NDArray[np.floating[Any]]) -> bool:
        """Return the gripper's command once ``action`` (4,) is carried out."""
        return bool(action[3] <= 0.5 if self.closed else action[3] < -0.5)

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
        """Commanded joint positions, shape (n,) [rad]."""
        return self._targets.copy()

    @property
    def forearm(self) -> Forearm:
        """Foresees where the forearm will be."""
        if self._forearm is None:
            hulls = {link: self._joints.hull(link) for link in self.model.forearm}
            self._forearm = Forearm(self._chain, hulls)
        return self._forearm

    def direction(self, position: Array) -> float:
        """Return the turn of the arm that reaches for ``position`` (2,) or (3,) [rad].

        About the vertical through its base, from straight ahead to the left.
        """
        x, y, _ = self.model.base
        return math.atan2(position[1] - y, position[0] - x)

    def rest_posture(self, elbow: float) -> Array:
        """Return the joint positions (n,) [rad] that the arm is pulled to.

        Args:
            elbow: See ``Robot.elbow`` [rad].
        """
        rest = np.array(self.model.rest)
        rest[0] += elbow
        rest[2] -= elbow
        return rest

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
        self._rest = self.rest_posture(self.elbow)

    def _drive_arm(self, iterations: int = 1, tolerance: float = 2e-4) -> None:
        if self._down_at != self.yaw:
            self._down, self._down_at = down(self.yaw), self.yaw
        self._targets = self._chain.inverse(
            self._targets, self.command, self._down, iterations, tolerance, self._rest
        )
        model = self.model
        self._joints.drive(model.arm, self._targets.tolist(), model.forces, model.gain)

    def _drive_fingers(self) -> None:
        gripper = self.model.gripper
        goal = gripper.stroke.position(0.0 if self.closed else self.model.opening_m)
        for joint in gripper.joints:
            self._joints.drive_speed(joint, goal, gripper.force, gripper.speed)

    def _drive_followers(self) -> None:
        gripper = self.model.gripper
        at = self._joints.motion(gripper.joints)[0]
        followers, forces = tuple(gripper.followers), (_FOLLOWER_FORCE,)
        goals = [at[leader] for leader in gripper.followers.values()]
        self._joints.drive(followers, goals, forces * len(goals), _FOLLOWER_GAIN)

    def _tick(self, substeps: int) -> None:
        if self.model.gripper.followers:
            self._drive_followers()
        self._simulator.step(substeps)
        positions, power_w = self._joints.motion(self._driven)
        fingers = positions[len(self.model.arm) :]
        self._opening = self.model.gripper.stroke.opening(fingers)
        self._opening_at = self._simulator.substeps
        self.mechanical_work_j += power_w * substeps / 240

    def _move_gripper(self, close: bool) -> None:
        """Settle the arm, then move the fingers until they rest."""
        gripper = self.model.gripper
        self.command = self._ee_position()
        self._drive_arm()
        for _ in range(5):
            self._tick(4)
            if np.abs(self._joints.joints(self.model.arm)[1]).max() < 0.01:
                break
        self.closed = close
        self._drive_fingers()
        still = 0
        for _ in range(30):
            self._tick(4)
            speeds = self._joints.joints(gripper.joints)[1]
            slow = np.abs(speeds).max() < gripper.still
            still = still + 1 if slow else 0
            if still == 3:
                break
