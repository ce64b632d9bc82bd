"""Shapes: what bodies that are no single box are made of, and where a nut goes round.

The body frame of a nut lies at the centre of its handle, the part that is grasped: a
hand takes it as it takes a box of the handle's extents. The hole lies behind the
handle, against y. The body frame of a post lies at the centre of its plate.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from jouleplan.domains.articulation import Array

Shape = Literal["box", "button", "nut", "post"]
SHAPES: Final[tuple[Shape, ...]] = ("box", "button", "nut", "post")


@dataclass(frozen=True, slots=True)
class Part:
    """A box of a body.

    Attributes:
        size: Full extents (x, y, z) [m].
        at: Its centre (x, y, z) in the body's frame [m].
    """

    size: tuple[float, float, float]
    at: tuple[float, float, float] = (0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Form:
    """The boxes of a body, and the axis of its hole or of its post.

    Attributes:
        parts: What collides, at least two.
        outline: The fewest boxes that the parts lie in, the hole filled.
        axis: A point of the vertical axis of hole or post, in the body's frame [m].
        hole: Side of the square hole [m]; 0 without one.
        post: Side of the square post [m]; 0 without one.
    """

    parts: tuple[Part, ...]
    outline: tuple[Part, ...]
    axis: tuple[float, float, float]
    hole: float = 0.0
    post: float = 0.0

    @property
    def middle(self) -> Array:
        """Centre (2,) of the rectangle round the parts, in the body's frame [m]."""
        corners = [
            np.array(p.at[:2]) + sign * np.array(p.size[:2]) / 2
            for p in self.parts
            for sign in (-1.0, 1.0)
        ]
        return np.asarray((np.min(corners, axis=0) + np.max(corners, axis=0)) / 2)

    @property
    def reach(self) -> float:
        """How far the parts reach from the body frame's origin along x or y [m]."""
        return max(abs(p.at[i]) + p.size[i] / 2 for p in self.parts for i in (0, 1))


def nut(
    outer: float, hole: float, thickness: float, handle: tuple[float, float]
) -> Form:
    """Return a square ring with a handle.

    Args:
        outer: Side of the ring [m].
        hole: Side of its hole [m].
        thickness: Height of ring and handle [m].
        handle: Length, away from the ring, and width [m].
    """
    length, width = handle
    back = -(outer + length) / 2
    wall = (outer - hole) / 2
    off = (hole + wall) / 2
    grip = Part((width, length, thickness))
    return Form(
        parts=(
            grip,
            Part((outer, wall, thickness), (0.0, back + off, 0.0)),
            Part((outer, wall, thickness), (0.0, back - off, 0.0)),
            Part((wall, hole, thickness), (off, back, 0.0)),
            Part((wall, hole, thickness), (-off, back, 0.0)),
        ),
        outline=(grip, Part((outer, outer, thickness), (0.0, back, 0.0))),
        axis=(0.0, back, 0.0),
        hole=hole,
    )


def post(plate: tuple[float, float, float], side: float, rise: float) -> Form:
    """Return a square post that stands on a plate.

    Args:
        plate: Full extents of the plate (x, y, z) [m].
        side: Side of the post [m].
        rise: How far the post stands up above the plate [m].
    """
    middle = (plate[2] + rise) / 2
    parts = (Part(plate), Part((side, side, rise), (0.0, 0.0, middle)))
    return Form(parts, parts, (0.0, 0.0, 0.0), post=side)


def room(nut: Form, post: Form) -> float:
    """Return how far a nut round a post may be off its axis, either way [m]."""
    return (nut.hole - post.post) / 2


def in_world(point: tuple[float, ...] | Array, pose: tuple[Array, Array]) -> Array:
    """Return where a point (3,) of a body's frame is in the world, (3,) [m].

    Args:
        point: In the body's frame [m].
        pose: The body's position (3,) [m] and quaternion (4,) xyzw.
    """
    position, (x, y, z, w) = pose
    u = np.array((x, y, z))
    across = np.cross(2.0 * u, point)
    return np.asarray(position + point + w * across + np.cross(u, across))


def turned(vector: tuple[float, ...] | Array, yaw: float) -> Array:
    """Return x and y of ``vector`` turned by ``yaw`` [rad] about z, and 0; (3,)."""
    c, s = np.cos(yaw), np.sin(yaw)
    return np.array((c * vector[0] - s * vector[1], s * vector[0] + c * vector[1], 0.0))


def lowest(form: Form, pose: tuple[Array, Array]) -> float:
    """Return the height of the lowest corner of a body in ``pose``, world frame [m]."""
    x, y, z, w = pose[1]
    down = np.abs((2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)))
    return min(
        float(in_world(part.at, pose)[2] - down @ np.array(part.size) / 2)
        for part in form.parts
    )


def flat(pose: tuple[Array, Array], tilt: float) -> bool:
    """Return whether a body's z axis is less than ``tilt`` [rad] off the vertical."""
    x, y = pose[1][:2]
    return bool(abs(1.0 - 2.0 * (x * x + y * y)) > np.cos(tilt))
