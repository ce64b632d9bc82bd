"""Articulation: joints and links of a loaded arm, by index as in its URDF."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Vector = Sequence[float] | Array


@dataclass(frozen=True, slots=True)
class Surface:
    """Contact parameters of a body: friction coefficients, dimensionless."""

    lateral: float = 1.0
    spinning: float = 0.01  # without it tall towers turn and fall
    rolling: float = 0.0


class Articulation:
    """The joints and links of one arm in a simulator.

    Args:
        p: The physics module.
        client: Its connection.
        body: The loaded arm.
        ids: Ids of all bodies by name; stays the simulator's.
    """

    def __init__(self, p: Any, client: int, body: int, ids: Mapping[str, int]) -> None:
        """Wrap the loaded ``body``."""
        self._p, self._client, self._body, self._ids = p, client, body, ids

    def set_joint(self, joint: int, position: float) -> None:
        """Teleport one joint to ``position`` [rad] or [m], at rest."""
        self._p.resetJointState(
            self._body, joint, position, 0.0, physicsClientId=self._client
        )

    def joints(self, joints: Sequence[int]) -> tuple[Array, Array, Array]:
        """Return positions, velocities and motor torques, each (len(joints),)."""
        states = self._p.getJointStates(
            self._body, joints, physicsClientId=self._client
        )
        return (
            np.array([s[0] for s in states]),
            np.array([s[1] for s in states]),
            np.array([s[3] for s in states]),
        )

    def motion(self, joints: Sequence[int]) -> tuple[list[float], float]:
        """Return positions (len(joints),) and the motors' sum of |torque x speed| [W].

        Plain floats: this is read in every control step.
        """
        states = self._p.getJointStates(
            self._body, joints, physicsClientId=self._client
        )
        return [s[0] for s in states], sum([abs(s[1] * s[3]) for s in states])

    def drive(
        self,
        joints: Sequence[int],
        positions: Sequence[float],
        forces: Sequence[float],
        gain: float,
    ) -> None:
        """Set the position motors' targets, force limits [N m] or [N] and gain."""
        self._p.setJointMotorControlArray(
            self._body,
            joints,
            self._p.POSITION_CONTROL,
            targetPositions=positions,
            forces=forces,
            positionGains=[gain] * len(joints),
            physicsClientId=self._client,
        )

    def drive_speed(
        self, joint: int, position: float, force: float, speed: float
    ) -> None:
        """Drive one joint to ``position`` [m] at no more than ``speed`` [m/s]."""
        self._p.setJointMotorControl2(
            self._body,
            joint,
            self._p.POSITION_CONTROL,
            targetPosition=position,
            force=force,
            maxVelocity=speed,
            physicsClientId=self._client,
        )

    def link_position(self, link: int) -> tuple[Array, Array]:
        """Return a link's frame: position (3,) [m], quaternion (4,) xyzw, world."""
        state = self._p.getLinkState(
            self._body,
            link,
            computeForwardKinematics=1,
            physicsClientId=self._client,
        )
        return np.array(state[4]), np.array(state[5])

    def point(self, link: int, offset: Array) -> Array:
        """Return where ``offset`` (3,) [m] in a link's frame is, (3,) world [m]."""
        at, turn = self.link_position(link)
        if not offset.any():
            return at
        turned: Array = np.array(self._p.rotateVector(turn, offset))
        return at + turned

    def parent(self, link: int) -> int:
        """Return the link that carries ``link``; -1 is the base."""
        return int(self._p.getJointInfo(self._body, link, self._client)[16])

    def fixed_frame(self, link: int) -> tuple[Array, Array]:
        """Return the link's joint frame in its parent's joint frame, joints at zero.

        Returns:
            Rotation (3, 3) and translation (3,) [m].
        """
        p, c = self._p, self._client

        def joint_frame(index: int) -> tuple[Array, Array]:
            at, turn = self.frame(index)
            return at, np.array(p.getMatrixFromQuaternion(turn)).reshape(3, 3)

        parent = p.getJointInfo(self._body, link, physicsClientId=c)[16]
        (at, turn), (base, frame) = joint_frame(link), joint_frame(parent)
        return frame.T @ turn, frame.T @ (at - base)

    def frame(self, link: int) -> tuple[Array, Array]:
        """Return what ``link_position`` does, of the base (-1), too."""
        if link >= 0:
            return self.link_position(link)
        p, c = self._p, self._client
        at, turn = p.getBasePositionAndOrientation(self._body, c)
        inertial = p.getDynamicsInfo(self._body, -1, c)[3:5]
        at, turn = p.multiplyTransforms(at, turn, *p.invertTransform(*inertial))
        return np.array(at), np.array(turn)

    def solid_links(self) -> tuple[int, ...]:
        """Return the links that collide; -1 is the base."""
        p, c = self._p, self._client
        links = range(-1, p.getNumJoints(self._body, physicsClientId=c))
        return tuple(
            link for link in links if p.getCollisionShapeData(self._body, link, c)
        )

    def hull(self, link: int) -> Array:
        """Return the corners (n, 3) [m] of the link's collision shape, a convex hull.

        In the link's joint frame.
        """
        p, c = self._p, self._client
        _, corners = p.getMeshData(
            self._body,
            link,
            collisionShapeIndex=0,
            flags=p.MESH_DATA_SIMULATION_MESH,
            physicsClientId=c,
        )
        inertial = p.getDynamicsInfo(self._body, link, physicsClientId=c)[3:5]
        turn = np.array(p.getMatrixFromQuaternion(inertial[1])).reshape(3, 3)
        return np.asarray(np.array(corners) @ turn.T + inertial[0])

    def gear(self, joint_a: int, joint_b: int) -> None:
        """Couple two finger joints so that both move alike."""
        p, c = self._p, self._client
        constraint = p.createConstraint(
            self._body,
            joint_a,
            self._body,
            joint_b,
            jointType=p.JOINT_GEAR,
            jointAxis=(1, 0, 0),
            parentFramePosition=(0, 0, 0),
            childFramePosition=(0, 0, 0),
            physicsClientId=c,
        )
        p.changeConstraint(
            constraint, gearRatio=-1, erp=0.2, maxForce=100, physicsClientId=c
        )

    def set_surface(self, link: int, surface: Surface) -> None:
        """Set the contact parameters of one link."""
        self._p.changeDynamics(
            self._body,
            link,
            lateralFriction=surface.lateral,
            spinningFriction=surface.spinning,
            rollingFriction=surface.rolling,
            physicsClientId=self._client,
        )

    def set_inertia(self, link: int, inertia: float) -> None:
        """Give a link the same moment of inertia about every axis [kg m2]."""
        self._p.changeDynamics(
            self._body,
            link,
            localInertiaDiagonal=(inertia,) * 3,
            physicsClientId=self._client,
        )

    def ignore(self, link: int, other: str) -> None:
        """Let a link pass through the body ``other`` (mounting faces only)."""
        self._p.setCollisionFilterPair(
            self._body, self._ids[other], link, -1, 0, physicsClientId=self._client
        )

    def touches(self, link: int, other: str) -> bool:
        """Return whether ``link`` has a contact point with the body ``other``."""
        return bool(
            self._p.getContactPoints(
                self._body,
                self._ids[other],
                linkIndexA=link,
                physicsClientId=self._client,
            )
        )
