"""The physics: bodies by name in one PyBullet client.

The only module that imports pybullet; body ids never leave it. World frame: origin at
the robot's base on the table's surface, x forward, y to the left, z up [m].
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

SUBSTEP_S = 1 / 240
"""Physics time step [s]. Towers need 50 solver iterations at this step."""

TABLE = "table"


@dataclass(frozen=True, slots=True)
class Surface:
    """Contact parameters of a body: friction coefficients, dimensionless."""

    lateral: float = 1.0
    spinning: float = 0.01  # without it tall towers turn and fall
    rolling: float = 0.0


@contextlib.contextmanager
def _silenced_stdout() -> Iterator[None]:
    """Hide what PyBullet's C code prints on load: stdout belongs to the caller."""
    sys.stdout.flush()
    saved = os.dup(1)
    sink = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(sink, 1)
        yield
    finally:
        os.dup2(saved, 1)
        os.close(saved)
        os.close(sink)


class Simulator:
    """One PyBullet world with a table at z = 0; bodies are known by their names.

    Args:
        gui: Open PyBullet's window instead of computing headless.

    Attributes:
        stepping: Entered around every advance of the physics, e.g. a metered phase.

    Raises:
        RuntimeError: ``gui`` was asked for and no window could be opened.
    """

    def __init__(self, gui: bool = False) -> None:
        """Connect and lay the table."""
        if gui and sys.platform == "linux" and not os.environ.get("DISPLAY"):
            raise RuntimeError(
                "no display found: the window needs one (DISPLAY is not set); "
                "run without --gui, and use --gif FILE to see the motion"
            )
        with _silenced_stdout():
            import pybullet

            self._p: Any = pybullet
            self._client: int = pybullet.connect(
                pybullet.GUI if gui else pybullet.DIRECT
            )
        self.gui = gui
        self.stepping: contextlib.AbstractContextManager[None]
        self.stepping = contextlib.nullcontext()
        self._ids: dict[str, int] = {}
        self._sizes: dict[str, Array] = {}
        self.substeps = 0
        p, c = self._p, self._client
        p.setGravity(0, 0, -9.81, physicsClientId=c)
        p.setTimeStep(SUBSTEP_S, physicsClientId=c)
        p.setPhysicsEngineParameter(
            numSolverIterations=50,
            contactERP=0.1,
            frictionERP=0.1,
            deterministicOverlappingPairs=1,
            physicsClientId=c,
        )
        self.add_box(TABLE, (1.6, 2.0, 0.4), (0.5, 0.0, -0.2), color=(0.93, 0.91, 0.88))

    def close(self) -> None:
        """Disconnect; calling it again does nothing."""
        if self._client >= 0:
            self._p.disconnect(physicsClientId=self._client)
            self._client = -1

    def __enter__(self) -> Simulator:
        """Return itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the world."""
        self.close()

    @property
    def time_s(self) -> float:
        """Simulated time since the world was made [s]."""
        return self.substeps * SUBSTEP_S

    @property
    def names(self) -> tuple[str, ...]:
        """Names of all bodies, in the order they were added."""
        return tuple(self._ids)

    def add_box(
        self,
        name: str,
        size: Sequence[float],
        position: Sequence[float],
        *,
        yaw: float = 0.0,
        mass: float = 0.0,
        color: Sequence[float] = (0.6, 0.6, 0.6),
        surface: Surface = Surface(),  # noqa: B008 - a frozen value
    ) -> None:
        """Add a box of full extents ``size`` (3,) [m]; mass 0 [kg] fixes it."""
        p, c = self._p, self._client
        half = [s / 2 for s in size]
        shape = p.createCollisionShape(p.GEOM_BOX, halfExtents=half, physicsClientId=c)
        visual = p.createVisualShape(
            p.GEOM_BOX,
            halfExtents=half,
            rgbaColor=(*color[:3], 1.0),
            physicsClientId=c,
        )
        body = p.createMultiBody(
            mass,
            shape,
            visual,
            list(position),
            p.getQuaternionFromEuler((0, 0, yaw)),
            physicsClientId=c,
        )
        sleeping = p.ACTIVATION_STATE_ENABLE_SLEEPING if mass else 0
        p.changeDynamics(
            body,
            -1,
            lateralFriction=surface.lateral,
            spinningFriction=surface.spinning,
            rollingFriction=surface.rolling,
            activationState=sleeping,
            physicsClientId=c,
        )
        self._ids[name] = body
        self._sizes[name] = np.asarray(size, dtype=np.float64)

    def remove(self, name: str) -> None:
        """Remove the body ``name``."""
        self._p.removeBody(self._ids.pop(name), physicsClientId=self._client)
        del self._sizes[name]

    def size(self, name: str) -> Array:
        """Return the full extents (3,) [m] of a box."""
        return self._sizes[name]

    def pose(self, name: str) -> tuple[Array, Array]:
        """Return position (3,) [m] and quaternion (4,) xyzw, world frame."""
        position, quaternion = self._p.getBasePositionAndOrientation(
            self._ids[name], physicsClientId=self._client
        )
        return np.array(position), np.array(quaternion)

    def speed(self, name: str) -> tuple[float, float]:
        """Return linear [m/s] and angular [rad/s] speed."""
        linear, angular = self._p.getBaseVelocity(
            self._ids[name], physicsClientId=self._client
        )
        return float(np.hypot(np.hypot(*linear[:2]), linear[2])), float(
            np.hypot(np.hypot(*angular[:2]), angular[2])
        )

    def set_pose(self, name: str, position: Sequence[float], yaw: float = 0.0) -> None:
        """Put a body upright at ``position`` (3,) [m] with ``yaw`` [rad], at rest."""
        p, c, body = self._p, self._client, self._ids[name]
        p.resetBasePositionAndOrientation(
            body,
            list(position),
            p.getQuaternionFromEuler((0, 0, yaw)),
            physicsClientId=c,
        )
        p.resetBaseVelocity(body, (0, 0, 0), (0, 0, 0), physicsClientId=c)
        p.changeDynamics(
            body, -1, activationState=p.ACTIVATION_STATE_WAKE_UP, physicsClientId=c
        )

    def step(self, count: int = 1) -> None:
        """Advance the physics by ``count`` sub-steps of ``SUBSTEP_S``."""
        step, client = self._p.stepSimulation, self._client
        with self.stepping:
            for _ in range(count):
                step(physicsClientId=client)
        self.substeps += count

    def touching(self, a: str, b: str) -> bool:
        """Return whether the bodies ``a`` and ``b`` have a contact point."""
        return bool(
            self._p.getContactPoints(
                self._ids[a], self._ids[b], physicsClientId=self._client
            )
        )

    def load_arm(self, name: str, urdf: str) -> Articulation:
        """Load an arm from pybullet_data, fixed at the origin."""
        p, c = self._p, self._client
        # pybullet_data.getDataPath() without importing the package's gym parts
        from importlib.util import find_spec

        spec = find_spec("pybullet_data")
        assert spec is not None
        assert spec.submodule_search_locations is not None
        with _silenced_stdout():
            body = p.loadURDF(
                os.path.join(spec.submodule_search_locations[0], urdf),
                (0, 0, 0),
                useFixedBase=True,
                physicsClientId=c,
            )
        self._ids[name] = body
        return Articulation(p, c, body, self._ids)

    def render(
        self, width: int, height: int, eye: Sequence[float], at: Sequence[float]
    ) -> npt.NDArray[np.uint8]:
        """Return an image (height, width, 3) seen from ``eye`` (3,) towards ``at``."""
        p, c = self._p, self._client
        view = p.computeViewMatrix(eye, at, (0, 0, 1), physicsClientId=c)
        lens = p.computeProjectionMatrixFOV(
            45, width / height, 0.05, 5.0, physicsClientId=c
        )
        image = p.getCameraImage(
            width,
            height,
            view,
            lens,
            lightDirection=(0.6, -0.8, 2.0),
            shadow=1,
            renderer=p.ER_TINY_RENDERER,
            physicsClientId=c,
        )[2]
        return np.asarray(image, np.uint8).reshape(height, width, 4)[..., :3].copy()


class Articulation:
    """The joints and links of one loaded arm, by index as in its URDF."""

    def __init__(self, p: Any, client: int, body: int, ids: dict[str, int]) -> None:
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

    def fixed_frame(self, link: int) -> tuple[Array, Array]:
        """Return the link's joint frame in its parent's joint frame, joints at zero.

        Returns:
            Rotation (3, 3) and translation (3,) [m].
        """
        p, c = self._p, self._client

        def joint_frame(index: int) -> tuple[Array, Array]:
            if index < 0:
                at, turn = p.getBasePositionAndOrientation(self._body, c)
                inertial = p.getDynamicsInfo(self._body, -1, c)[3:5]
                at, turn = p.multiplyTransforms(
                    at, turn, *p.invertTransform(*inertial)
                )
            else:
                state = p.getLinkState(
                    self._body, index, computeForwardKinematics=1, physicsClientId=c
                )
                at, turn = state[4], state[5]
            return np.array(at), np.array(p.getMatrixFromQuaternion(turn)).reshape(3, 3)

        parent = p.getJointInfo(self._body, link, physicsClientId=c)[16]
        (at, turn), (base, frame) = joint_frame(link), joint_frame(parent)
        return frame.T @ turn, frame.T @ (at - base)

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
