"""Button: a cap on a spring in a fixed housing; a press switches something on or off.

The cap slides down a prismatic joint and a motor of limited force brings it back up.
Flush with the housing, what presses it meets the housing and goes no further. Beyond
``SWITCH_SHARE`` of this travel it toggles; it toggles again only after it has come up,
so that one press counts once however long it lasts.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from jouleplan.domains.articulation import Vector
from jouleplan.domains.body import Size
from jouleplan.domains.faults import Faults

TRAVEL_M: Final = 0.012
"""How far the cap stands out of its housing, and goes down."""
SPRING_N: Final = 4.0
"""Carries a block of 0.4 kg that comes to lie on the cap, and a brushing finger."""
CAP_SHARE: Final = 0.6
"""Width of the cap over the housing's."""
BUTTON_WIDTHS_M: Final = (0.045, 0.08)
"""A finger meets the cap of a narrower one too near to its edge."""
LOWEST_M: Final = 0.025
SWITCH_SHARE: Final = 0.7
"""Share of the travel at which it toggles, and back at which it is ready again."""
READY_SHARE: Final = 0.3

ON_COLOR: Final = (0.95, 0.25, 0.08, 1.0)
OFF_COLOR: Final = (0.25, 0.25, 0.28, 1.0)

_CAP: Final = 0
_CAP_KG: Final = 0.03


def check_buttons(sizes: Mapping[str, Size], where: str, faults: Faults) -> None:
    """Add a fault for each size that the press skill was not trained on.

    Args:
        sizes: Button -> full extents [m].
        where: Dotted key of their entry in domain.toml.
        faults: Takes what does not fit.
    """
    low, high = BUTTON_WIDTHS_M
    for x, y, height in dict.fromkeys(sizes.values()):
        if not (low <= min(x, y) and max(x, y) <= high and height >= LOWEST_M):
            faults.add(
                where,
                f"a button {x} x {y} x {height} m; give one {low} to {high} m wide "
                f"and at least {LOWEST_M} m high",
            )


class Button:
    """One button in a physics world; what it switches is on or off.

    Args:
        p: The physics module.
        client: Its connection.
        size: Full extents (3,) [m], the raised cap included.
        position: Centre of this box, (3,), world frame [m].
        yaw: Turn about the vertical [rad].
        color: Of the housing: red, green, blue from 0 to 1.
        on: Whether it is on at first.
        travel_m: How far the cap stands out and goes down [m].
        spring_n: Force that brings it up [N].
        cap_share: Width of the cap over that of the housing.

    Attributes:
        body: Id of its body; stays the simulator's.
        travel_m: As given [m].
        on: Whether it is on.
        presses: How often it has been pressed.
    """

    def __init__(
        self,
        p: Any,
        client: int,
        size: Vector,
        position: Vector,
        *,
        yaw: float = 0.0,
        color: Vector = (0.6, 0.6, 0.6),
        on: bool = False,
        travel_m: float = TRAVEL_M,
        spring_n: float = SPRING_N,
        cap_share: float = CAP_SHARE,
    ) -> None:
        """Build housing and cap; the cap is up."""
        self._p, self._client = p, client
        self.travel_m, self.on, self.presses = travel_m, on, 0
        self._ready = True
        half = [extent / 2 for extent in size]
        cap = (half[0] * cap_share, half[1] * cap_share, travel_m / 2)
        low = (half[0], half[1], half[2] - travel_m / 2)
        # the base's origin is the centre of the whole, as a box's is
        housing = self._shapes(low, (0.0, 0.0, -travel_m / 2), (*color[:3], 1.0))
        inner = self._shapes(cap, (0.0, 0.0, 0.0), ON_COLOR if on else OFF_COLOR)
        self.body: int = p.createMultiBody(
            0.0,
            *housing,
            list(position),
            p.getQuaternionFromEuler((0, 0, yaw)),
            linkMasses=[_CAP_KG],
            linkCollisionShapeIndices=[inner[0]],
            linkVisualShapeIndices=[inner[1]],
            linkPositions=[(0, 0, half[2] - travel_m / 2)],
            linkOrientations=[(0, 0, 0, 1)],
            linkInertialFramePositions=[(0, 0, 0)],
            linkInertialFrameOrientations=[(0, 0, 0, 1)],
            linkParentIndices=[0],
            linkJointTypes=[p.JOINT_PRISMATIC],
            linkJointAxis=[(0, 0, -1)],
            physicsClientId=client,
        )
        p.setJointMotorControl2(
            self.body,
            _CAP,
            p.POSITION_CONTROL,
            targetPosition=0.0,
            force=spring_n,
            physicsClientId=client,
        )

    def _shapes(self, half: Vector, at: Vector, color: Vector) -> tuple[int, int]:
        """Return the collision and the visual shape of a box of half extents."""
        p, c = self._p, self._client
        return (
            p.createCollisionShape(
                p.GEOM_BOX,
                halfExtents=list(half),
                collisionFramePosition=list(at),
                physicsClientId=c,
            ),
            p.createVisualShape(
                p.GEOM_BOX,
                halfExtents=list(half),
                visualFramePosition=list(at),
                rgbaColor=list(color),
                physicsClientId=c,
            ),
        )

    @property
    def depth_m(self) -> float:
        """How far the cap is pressed down [m]."""
        state = self._p.getJointState(self.body, _CAP, physicsClientId=self._client)
        return float(state[0])

    def toggle(self) -> None:
        """Switch it; the cap shows it by its colour."""
        self.on = not self.on
        self._p.changeVisualShape(
            self.body,
            _CAP,
            rgbaColor=ON_COLOR if self.on else OFF_COLOR,
            physicsClientId=self._client,
        )

    def update(self) -> None:
        """Toggle where the cap has come down; to be called after every sub-step."""
        share = self.depth_m / self.travel_m
        if self._ready and share > SWITCH_SHARE:
            self._ready = False
            self.presses += 1
            self.toggle()
        elif share < READY_SHARE:
            self._ready = True
