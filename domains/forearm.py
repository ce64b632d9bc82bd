"""Forearm: where it comes down when the hand does, and how near to what stands there.

A posture is foreseen with the inverse kinematics that drives the arm, and measured with
the collision shapes that physics knows.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import numpy as np

from jouleplan.domains.articulation import Array
from jouleplan.domains.kinematics import Chain
from jouleplan.domains.standing import Standing

STRIDE_M: Final = 0.015
"""Way of the hand in one foreseen control step: as fast as it goes, so that the elbow
lags behind as much as it can."""
_ELEVATIONS: Final = np.deg2rad((0, 10, 20, 30, 45, 60))
_AZIMUTHS: Final = np.linspace(0, 2 * np.pi, 48, endpoint=False)


def down(yaw: float) -> Array:
    """Return the rotation (3, 3) of a hand that looks down, turned by ``yaw`` [rad]."""
    c, s = math.cos(yaw), math.sin(yaw)
    # straight down (half a turn about x) after a quarter turn and the yaw
    return np.array(((-s, c, 0.0), (c, s, 0.0), (0.0, 0.0, -1.0)))


def _directions() -> Array:
    """Return unit vectors (n, 3), none of them downwards."""
    azimuth, elevation = np.meshgrid(_AZIMUTHS, _ELEVATIONS)
    flat = np.cos(elevation)
    parts = (flat * np.cos(azimuth), flat * np.sin(azimuth), np.sin(elevation))
    return np.vstack((np.stack(parts, -1).reshape(-1, 3), (0.0, 0.0, 1.0)))


_DIRECTIONS: Final = _directions()


class Forearm:
    """What an arm has between elbow and flange.

    Args:
        chain: The arm's kinematics.
        hulls: Index of the joint that carries it -> corners (n, 3) of a convex link, in
            the joint's frame [m].
    """

    def __init__(self, chain: Chain, hulls: dict[int, Array]) -> None:
        """Keep the shapes."""
        self._chain, self._hulls = chain, hulls

    def corners(self, joints: Array) -> list[Array]:
        """Return the corners (n, 3) of every link, base frame [m]."""
        frames = self._chain.frames(joints)
        return [
            hull @ frames[joint, :3, :3].T + frames[joint, :3, 3]
            for joint, hull in self._hulls.items()
        ]

    def clearance(self, joints: Array, boxes: Sequence[Standing]) -> float:
        """Return how far the links are from the boxes [m]; negative where they overlap.

        A lower bound: two convex bodies are at least as far apart as their shadows on
        any line. A box counts down to the table, so the lines that point down add
        nothing.
        """
        shadows = np.array([_reach(box) for box in boxes])
        return min(
            float(((link @ _DIRECTIONS.T).min(0) - shadows).max(1).min())
            for link in self.corners(joints)
        )

    def walk(
        self,
        joints: Array,
        start: Array,
        end: Array,
        yaws: tuple[float, float],
        rest: Array,
    ) -> list[Array]:
        """Return the postures (n,) [rad] on the straight way from start to end.

        Args:
            joints: At the start, (n,) [rad].
            start: Of the end effector, (3,) [m].
            end: Of the end effector, (3,) [m].
            yaws: The hand's turn at the start and at the end [rad].
            rest: Posture that the arm is pulled to, (n,) [rad].
        """
        length = float(np.abs(end - start).max())
        shares = np.linspace(0, 1, max(2, math.ceil(length / STRIDE_M) + 1))[1:]
        postures = []
        for share in shares:
            at, yaw = start + share * (end - start), yaws[0]
            yaw += float(share) * (yaws[1] - yaws[0])
            joints = self._chain.inverse(joints, at, down(yaw), 1, rest=rest)
            postures.append(joints)
        return postures

    def swing(
        self, joints: Array, at: Array, yaw: float, rest: Array, iterations: int
    ) -> Array:
        """Return the posture (n,) [rad] after ``iterations`` of pull, the hand at rest.

        Args:
            joints: Before, (n,) [rad].
            at: Where the end effector stays, (3,) [m].
            yaw: The hand's turn [rad].
            rest: Posture that the arm is pulled to, (n,) [rad].
            iterations: Newton steps, each with its pull.
        """
        return self._chain.inverse(joints, at, down(yaw), iterations, 0.0, rest)


def _reach(box: Standing) -> Array:
    """Return how far a box reaches in each of the directions, (n,) [m]."""
    c, s = math.cos(box.yaw), math.sin(box.yaw)
    across = _DIRECTIONS[:, :2]
    return np.asarray(
        _DIRECTIONS @ (*box.position[:2], box.top)
        + np.abs(across @ (c, s)) * box.along / 2
        + np.abs(across @ (-s, c)) * box.across / 2
    )
