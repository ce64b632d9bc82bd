"""The physics: bodies by name in one PyBullet client.

The only module that imports pybullet; body ids never leave it. World frame: origin on
the table's surface, where the Panda stands, x forward, y to the left, z up [m].
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator, Sequence
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from jouleplan.domains.articulation import Array, Articulation, Surface, Vector
from jouleplan.domains.button import Button
from jouleplan.domains.compound import add_boxes
from jouleplan.domains.hulls import Hulls
from jouleplan.domains.shapes import Part, in_world

SUBSTEP_S = 1 / 240
"""Physics time step [s]. Towers need 50 solver iterations at this step."""

TABLE = "table"
DEFAULT_SURFACE = Surface()

Visuals = Literal["none", "hulls", "meshes"]
"""What ``render`` shows of the arm: what it collides with, as PyBullet draws it; flat
convex hulls over that; or its visual meshes, which take five times as long."""


@contextlib.contextmanager
def _silenced(*streams: int) -> Iterator[None]:
    """Hide what PyBullet's C code prints on load to these file descriptors."""
    sys.stdout.flush()
    sys.stderr.flush()
    saved = [os.dup(stream) for stream in streams]
    sink = os.open(os.devnull, os.O_WRONLY)
    try:
        for stream in streams:
            os.dup2(sink, stream)
        yield
    finally:
        for stream, copy in zip(streams, saved, strict=True):
            os.dup2(copy, stream)
            os.close(copy)
        os.close(sink)


class Simulator:
    """One PyBullet world with a table at z = 0; bodies are known by their names.

    Args:
        gui: Open PyBullet's window instead of computing headless; it shows meshes.
        visuals: What ``render`` shows of the arm.

    Attributes:
        stepping: Entered around every advance of the physics, e.g. a metered phase.
        buttons: Those in the world, by name.

    Raises:
        RuntimeError: ``gui`` was asked for and no window could be opened.
    """

    def __init__(self, gui: bool = False, visuals: Visuals = "none") -> None:
        """Connect and lay the table."""
        if gui and sys.platform == "linux" and not os.environ.get("DISPLAY"):
            raise RuntimeError(
                "no display found: the window needs one (DISPLAY is not set); "
                "run without --gui, and use --gif FILE to see the motion"
            )
        with _silenced(1, 2):  # it tells when it was built
            import pybullet

            self._p: Any = pybullet
            self._client: int = pybullet.connect(
                pybullet.GUI if gui else pybullet.DIRECT
            )
        self.gui = gui
        if gui:
            self._arrange_window()
        self._visuals: Visuals = "meshes" if gui else visuals
        self._hulls: list[Hulls] = []
        self.stepping: contextlib.AbstractContextManager[None]
        self.stepping = contextlib.nullcontext()
        self.buttons: dict[str, Button] = {}
        self._ids: dict[str, int] = {}
        self._sizes: dict[str, Array] = {}
        self._centres: dict[str, Array] = {}  # of mass, where not the frame's origin
        self._poses: dict[str, tuple[Array, Array]] = {}  # since the last advance
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

    def _arrange_window(self) -> None:
        """Show the table alone, from near."""
        p, c = self._p, self._client
        p.configureDebugVisualizer(p.COV_ENABLE_GUI, 0, physicsClientId=c)
        p.resetDebugVisualizerCamera(
            cameraDistance=1.3,
            cameraYaw=60,
            cameraPitch=-30,
            cameraTargetPosition=(0.4, 0.0, 0.1),
            physicsClientId=c,
        )

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
        size: Vector,
        position: Vector,
        *,
        yaw: float = 0.0,
        mass: float = 0.0,
        color: Sequence[float] = (0.6, 0.6, 0.6),
        surface: Surface = DEFAULT_SURFACE,
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
        self._register(name, body, size, mass, surface)

    def add_compound(
        self,
        name: str,
        size: Vector,
        parts: Sequence[Part],
        position: Vector,
        *,
        yaw: float = 0.0,
        mass: float = 0.0,
        color: Sequence[float] = (0.6, 0.6, 0.6),
        surface: Surface = DEFAULT_SURFACE,
    ) -> None:
        """Add one body of several boxes; ``size`` (3,) [m] is what ``size`` returns."""
        body, centre = add_boxes(self._p, self._client, parts, mass, color)
        self._register(name, body, size, mass, surface)
        self._centres[name] = centre
        self.set_pose(name, position, yaw)

    def _register(
        self, name: str, body: int, size: Vector, mass: float, surface: Surface
    ) -> None:
        """Give a body that was made its name and its surface."""
        p, c = self._p, self._client
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

    def add_button(self, name: str, size: Vector, position: Vector, **how: Any) -> None:
        """Add a button of full extents ``size`` (3,) [m]; ``how`` is ``Button``'s."""
        button = Button(self._p, self._client, size, position, **how)
        self.buttons[name], self._ids[name] = button, button.body
        self._sizes[name] = np.asarray(size, dtype=np.float64)

    def remove(self, name: str) -> None:
        """Remove the body ``name``."""
        self.buttons.pop(name, None)
        self._p.removeBody(self._ids.pop(name), physicsClientId=self._client)
        del self._sizes[name]
        self._centres.pop(name, None)
        self._poses.clear()

    def size(self, name: str) -> Array:
        """Return the full extents (3,) [m] of a box, or of what stands for a body."""
        return self._sizes[name]

    def pose(self, name: str) -> tuple[Array, Array]:
        """Return position (3,) [m] and quaternion (4,) xyzw, world frame; read-only."""
        found = self._poses.get(name)
        if found is None:
            position, quaternion = self._p.getBasePositionAndOrientation(
                self._ids[name], physicsClientId=self._client
            )
            found = np.array(position), np.array(quaternion)
            if name in self._centres:
                found = in_world(-self._centres[name], found), found[1]
            self._poses[name] = found
            for part in found:
                part.flags.writeable = False
        return found

    def speed(self, name: str) -> tuple[float, float]:
        """Return linear [m/s] and angular [rad/s] speed."""
        linear, angular = self._p.getBaseVelocity(
            self._ids[name], physicsClientId=self._client
        )
        return float(np.hypot(np.hypot(*linear[:2]), linear[2])), float(
            np.hypot(np.hypot(*angular[:2]), angular[2])
        )

    def set_pose(self, name: str, position: Vector, yaw: float = 0.0) -> None:
        """Put a body upright at ``position`` (3,) [m] with ``yaw`` [rad], at rest."""
        p, c, body = self._p, self._client, self._ids[name]
        self._poses.clear()
        quaternion = p.getQuaternionFromEuler((0, 0, yaw))
        if name in self._centres:
            at = np.asarray(position), np.array(quaternion)
            position = in_world(self._centres[name], at)
        p.resetBasePositionAndOrientation(
            body, list(position), quaternion, physicsClientId=c
        )
        p.resetBaseVelocity(body, (0, 0, 0), (0, 0, 0), physicsClientId=c)
        p.changeDynamics(
            body, -1, activationState=p.ACTIVATION_STATE_WAKE_UP, physicsClientId=c
        )

    def step(self, count: int = 1) -> None:
        """Advance the physics by ``count`` sub-steps of ``SUBSTEP_S``."""
        step, client = self._p.stepSimulation, self._client
        self._poses.clear()
        with self.stepping:
            for _ in range(count):
                step(client)
                for button in self.buttons.values():
                    button.update()
        self.substeps += count

    def touching(self, a: str, b: str) -> bool:
        """Return whether the bodies ``a`` and ``b`` have a contact point."""
        return bool(
            self._p.getContactPoints(
                self._ids[a], self._ids[b], physicsClientId=self._client
            )
        )

    def load_arm(self, name: str, urdf: str, at: Vector) -> Articulation:
        """Load an arm from the file ``urdf``, fixed at ``at`` (3,) [m]."""
        p, c = self._p, self._client
        with _silenced(1):
            body = p.loadURDF(
                urdf,
                at,
                useFixedBase=True,
                flags=0 if self._visuals == "meshes" else p.URDF_IGNORE_VISUAL_SHAPES,
                physicsClientId=c,
            )
        self._ids[name] = body
        arm = Articulation(p, c, body, self._ids)
        if self._visuals == "hulls":
            self._hulls.append(Hulls(p, c, arm))
        return arm

    def render(
        self,
        width: int,
        height: int,
        eye: Vector,
        at: Vector,
        *,
        angle_deg: float = 45.0,
        near_m: float = 0.05,
        shadow: bool = True,
    ) -> npt.NDArray[np.uint8]:
        """Return an image (height, width, 3) seen from ``eye`` (3,) towards ``at``.

        Args:
            width: In pixels.
            height: In pixels.
            eye: Where the camera is, world [m].
            at: What it looks at, world [m].
            angle_deg: What it takes in from bottom to top.
            near_m: What is nearer to the camera is not seen.
            shadow: Whether bodies throw shadows, which takes twice as long.
        """
        p, c = self._p, self._client
        for hulls in self._hulls:
            hulls.follow()
        view = p.computeViewMatrix(eye, at, (0, 0, 1), physicsClientId=c)
        lens = p.computeProjectionMatrixFOV(
            angle_deg, width / height, near_m, 5.0, physicsClientId=c
        )
        image = p.getCameraImage(
            width,
            height,
            view,
            lens,
            lightDirection=(0.6, -0.8, 2.0),
            shadow=int(shadow),
            renderer=p.ER_TINY_RENDERER,
            physicsClientId=c,
        )[2]
        return np.asarray(image, np.uint8).reshape(height, width, 4)[..., :3].copy()
