"""Compound: one rigid body of several boxes in PyBullet, of even density."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from jouleplan.domains.articulation import Array
from jouleplan.domains.shapes import Part


def add_boxes(
    p: Any,
    client: int,
    parts: Sequence[Part],
    mass: float,
    color: Sequence[float],
) -> tuple[int, Array]:
    """Add a body of ``parts`` at the origin.

    PyBullet places a body by its centre of mass; the caller adds the way to it.

    Args:
        p: The physics module.
        client: Its connection.
        parts: The boxes, none inside another.
        mass: Of the whole body [kg]; 0 fixes it.
        color: Red, green, blue from 0 to 1.

    Returns:
        Body id, and the centre of mass (3,) in the body's frame [m].
    """
    centre, inertia = balance(parts, mass)
    half = [[s / 2 for s in part.size] for part in parts]
    frames = [(np.array(part.at) - centre).tolist() for part in parts]
    kinds = [p.GEOM_BOX] * len(parts)
    shape = p.createCollisionShapeArray(
        shapeTypes=kinds,
        halfExtents=half,
        collisionFramePositions=frames,
        physicsClientId=client,
    )
    visual = p.createVisualShapeArray(
        shapeTypes=kinds,
        halfExtents=half,
        visualFramePositions=frames,
        rgbaColors=[(*color[:3], 1.0)] * len(parts),
        physicsClientId=client,
    )
    body = p.createMultiBody(mass, shape, visual, physicsClientId=client)
    if mass:
        p.changeDynamics(
            body, -1, localInertiaDiagonal=inertia.tolist(), physicsClientId=client
        )
    return int(body), centre


def balance(parts: Sequence[Part], mass: float) -> tuple[Array, Array]:
    """Return centre of mass (3,) [m] and moments of inertia about it (3,) [kg m^2].

    Args:
        parts: Boxes that lie mirrored about two of the axes, so that the axes through
            the centre of mass are the principal ones.
        mass: Of them all [kg].
    """
    sizes = np.array([part.size for part in parts])
    at = np.array([part.at for part in parts])
    share = sizes.prod(axis=1) / sizes.prod(axis=1).sum()
    centre = share @ at
    squares = sizes**2 / 12 + (at - centre) ** 2
    moments = mass * share @ (squares.sum(axis=1, keepdims=True) - squares)
    return centre, moments
