"""Inverse kinematics of a serial arm by damped least squares.

Starts from the joint positions commanded last, not from the measured ones, so that the
answer is a smooth and reproducible function of the commands. A pull towards a rest
posture in the null space keeps the elbow from drifting over hundreds of motions.

Source: Nakamura and Hanafusa 1986 (damping); Liegeois 1977 (null-space posture).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from jouleplan.domains.articulation import Array

_DAMPED = 1e-4 * np.eye(6)
_POSTURE_GAIN = 0.05
_MAX_TURN = 0.4


@dataclass(frozen=True, slots=True)
class Link:
    """One revolute joint about its own z axis: the fixed frame before it.

    ``rotation`` (3, 3) and ``translation`` (3,) [m] lead from the parent's joint frame.
    """

    rotation: Array
    translation: Array


class Chain:
    """A base-fixed chain of revolute joints with a tool frame at its end.

    Args:
        links: One a joint, from the base outwards.
        tool: Fixed frame from the last joint to the end effector.
        low: Lower joint limits [rad]. A joint whose limits are equal stays there.
        high: Upper joint limits [rad].
        rest: Rest posture [rad].
    """

    def __init__(
        self,
        links: Sequence[Link],
        tool: Link,
        low: Sequence[float],
        high: Sequence[float],
        rest: Sequence[float],
    ) -> None:
        """Keep the constants of the chain."""
        frames = np.array([_matrix(link) for link in links])
        self._x_axes, self._y_axes = frames[:, :, 0].copy(), frames[:, :, 1].copy()
        self._turned, self._passed = frames, np.empty_like(frames)
        self._tool = _matrix(tool)
        self._low, self._high = np.array(low), np.array(high)
        self._rest = np.array(rest)
        self._fixed = np.flatnonzero(self._high == self._low)
        # six joints leave the posture no choice: a pull would only blur the pose
        self._gain = _POSTURE_GAIN if len(links) - len(self._fixed) > 6 else 0.0

    def forward(self, joints: Array) -> tuple[Array, Array, Array]:
        """Return the end effector's position (3,), rotation (3, 3), Jacobian (6, n)."""
        c, s = np.cos(joints)[:, None], np.sin(joints)[:, None]
        turned, passed = self._turned, self._passed
        # every fixed frame, turned about its own z axis
        turned[:, :, 0] = c * self._x_axes + s * self._y_axes
        turned[:, :, 1] = c * self._y_axes - s * self._x_axes
        at = passed[0] = turned[0]
        for frame, after in zip(turned[1:], passed[1:], strict=True):
            at = np.matmul(at, frame, out=after)
        end = at @ self._tool
        axes = passed[:, :3, 2].T
        arm = end[:3, 3:] - passed[:, :3, 3].T
        jacobian = np.empty((6, len(turned)))
        jacobian[0] = axes[1] * arm[2] - axes[2] * arm[1]
        jacobian[1] = axes[2] * arm[0] - axes[0] * arm[2]
        jacobian[2] = axes[0] * arm[1] - axes[1] * arm[0]
        jacobian[3:] = axes
        if len(self._fixed):
            jacobian[:, self._fixed] = 0.0
        return end[:3, 3], end[:3, :3], jacobian

    def frames(self, joints: Array) -> Array:
        """Return every joint's frame as a matrix (n, 4, 4) in the base frame [m]."""
        self.forward(joints)
        return self._passed.copy()

    def inverse(
        self,
        joints: Array,
        position: Array,
        rotation: Array,
        iterations: int = 3,
        tolerance: float = 2e-4,
        rest: Array | None = None,
    ) -> Array:
        """Return joint positions (n,) [rad] that bring the end effector to a pose.

        Args:
            joints: Where to start, shape (n,) [rad].
            position: Wanted position, shape (3,), base frame [m].
            rotation: Wanted rotation, shape (3, 3).
            iterations: At most so many Newton steps; a small motion needs one.
            tolerance: Stop when position [m] and angle [rad] are both within it.
            rest: Posture (n,) [rad] that the arm is pulled to; None takes the chain's.
        """
        rest = self._rest if rest is None else rest
        for _ in range(iterations):
            at, turned, jacobian = self.forward(joints)
            # rotation error: half the sum of the crossed columns, exact to first order
            (_, xy, xz), (yx, _, yz), (zx, zy, _) = (rotation @ turned.T).tolist()
            left = (position - at).tolist()
            left += (0.5 * (zy - yz), 0.5 * (xz - zx), 0.5 * (yx - xy))
            if max(map(abs, left)) < tolerance:
                break
            error = np.array(left)
            gram = jacobian @ jacobian.T + _DAMPED
            pull = self._gain * (rest - joints)
            step = pull + jacobian.T @ np.linalg.solve(gram, error - jacobian @ pull)
            step = np.minimum(np.maximum(step, -_MAX_TURN), _MAX_TURN)
            joints = np.minimum(np.maximum(joints + step, self._low), self._high)
        return joints


def _matrix(link: Link) -> Array:
    """Return a link's fixed frame as a homogeneous matrix (4, 4)."""
    matrix = np.eye(4)
    matrix[:3, :3], matrix[:3, 3] = link.rotation, link.translation
    return matrix
