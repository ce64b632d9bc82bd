"""Standing: how a box stands, whichever of its faces is down."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from jouleplan.domains.articulation import Array

MAX_TILT_RAD: Final = np.deg2rad(8.0)
MAX_SLENDERNESS: Final = 1.3
"""A box higher than this many times its smaller width topples at a touch."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A box seen from above.

    Attributes:
        position: Centre, (3,), world frame [m].
        yaw: Direction of ``along`` about the vertical [rad].
        along: Horizontal extent in the direction of ``yaw`` [m].
        across: The other horizontal extent [m].
        height: Vertical extent [m].
        tilt: Angle between the vertical and the face normal nearest to it [rad].
        as_made: Whether its own z axis is the vertical one, up or down.
    """

    position: Array
    yaw: float
    along: float
    across: float
    height: float
    tilt: float
    as_made: bool

    @property
    def top(self) -> float:
        """Height of its top [m]."""
        return float(self.position[2]) + self.height / 2

    @property
    def bottom(self) -> float:
        """Height of its bottom [m]."""
        return float(self.position[2]) - self.height / 2

    @property
    def width(self) -> float:
        """The smaller horizontal extent [m]."""
        return min(self.along, self.across)

    @property
    def extents(self) -> tuple[float, float, float]:
        """Extents along the world's x, y and z, of a box that stands upright [m]."""
        c, s = abs(float(np.cos(self.yaw))), abs(float(np.sin(self.yaw)))
        along, across = self.along, self.across
        return (c * along + s * across, s * along + c * across, self.height)

    @property
    def upright(self) -> bool:
        """Whether it stands flat on a face, not on an edge nor, put so, on end."""
        firm = self.as_made or self.height <= MAX_SLENDERNESS * self.width
        return self.tilt < MAX_TILT_RAD and firm

    def over(self, point: Array, inside: float) -> bool:
        """Return whether ``point`` (2,) [m] is above it, ``inside`` its edge."""
        c, s = np.cos(self.yaw), np.sin(self.yaw)
        dx, dy = point[:2] - self.position[:2]
        return bool(
            abs(c * dx + s * dy) < self.along / 2 - inside
            and abs(c * dy - s * dx) < self.across / 2 - inside
        )


def standing(size: Array, pose: tuple[Array, Array]) -> Standing:
    """Return how a box of extents ``size`` (3,) [m] stands in ``pose``.

    Args:
        size: Full extents along the box's own axes.
        pose: Position (3,) [m] and quaternion (4,) xyzw, world frame.
    """
    position, (x, y, z, w) = pose
    rotation = np.array(
        (
            (1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)),
            (2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)),
            (2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)),
        )
    )
    up = int(np.abs(rotation[2]).argmax())
    first, second = (i for i in range(3) if i != up)
    return Standing(
        position,
        float(np.arctan2(rotation[1, first], rotation[0, first])),
        float(size[first]),
        float(size[second]),
        float(size[up]),
        float(np.arccos(min(1.0, abs(rotation[2, up])))),
        up == 2,
    )
