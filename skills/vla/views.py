"""Views: what a policy from pixels is shown of a scene, as openpi's servers name it.

Demonstrations, the methods that are compared and policy servers all see this. The scene
draws the arm by its hulls (``visuals="hulls"``), and nothing throws a shadow: a picture
of 128 x 128 takes a sixth of the time.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from jouleplan.domains.articulation import Vector
from jouleplan.domains.scene import Scene

SIDE: Final = 224
"""Width and height of both pictures, the size that PaliGemma takes [px]."""
_NEAR_M: Final = 0.02
_EYE_M: Final = (1.15, 0.0, 0.55)
_AT_M: Final = (0.47, 0.0, 0.11)
_SCENE_DEG: Final = 40.0
_BESIDE_M: Final = 0.11
"""From the end effector to the camera at the hand: across the fingers' motion, on the
narrow side of the hand, so that both fingers are seen and what is between them."""
_ABOVE_M: Final = 0.12
_BELOW_M: Final = 0.04
_WRIST_DEG: Final = 60.0


def observation(scene: Scene, prompt: str, side: int = SIDE) -> Mapping[str, Any]:
    """Return one observation of openpi's LIBERO form.

    Args:
        scene: With an arm that is drawn, by its hulls.
        prompt: What shall be done, in words.
        side: Width and height of the pictures [px].

    Returns:
        ``observation/image`` and ``observation/wrist_image``, (side, side, 3) uint8;
        ``observation/state``, (8,) float32: end effector (3,) [m], its turn as an axis
        times an angle (3,) [rad], and half the opening, once with either sign [m];
        ``prompt``.

    Source: openpi, examples/libero (Physical Intelligence, Apache-2.0).
    """
    return {
        "observation/image": scene_picture(scene, side),
        "observation/wrist_image": wrist_picture(scene, side),
        "observation/state": proprioception(scene),
        "prompt": prompt,
    }


def proprioception(scene: Scene) -> npt.NDArray[np.float32]:
    """Return the entry ``observation/state``, (8,)."""
    state = scene.robot.state
    half = state.opening / 2
    return np.array(
        (*state.ee_position, *down_turn(state.yaw), half, -half), np.float32
    )


def scene_picture(scene: Scene, side: int = SIDE) -> npt.NDArray[np.uint8]:
    """Return the picture (side, side, 3) of a camera in front of the table."""
    return _picture(scene, side, _EYE_M, _AT_M, _SCENE_DEG)


def wrist_picture(scene: Scene, side: int = SIDE) -> npt.NDArray[np.uint8]:
    """Return the picture (side, side, 3) of a camera at the hand, that looks down."""
    state = scene.robot.state
    aside = np.array((-math.sin(state.yaw), math.cos(state.yaw), 0.0))
    eye = state.ee_position + _BESIDE_M * aside + (0.0, 0.0, _ABOVE_M)
    at = state.ee_position - (0.0, 0.0, _BELOW_M)
    return _picture(scene, side, eye.tolist(), at.tolist(), _WRIST_DEG)


def _picture(
    scene: Scene, side: int, eye: Vector, at: Vector, angle_deg: float
) -> npt.NDArray[np.uint8]:
    return scene.simulator.render(
        side, side, eye, at, angle_deg=angle_deg, near_m=_NEAR_M, shadow=False
    )


def down_turn(yaw: float) -> tuple[float, float, float]:
    """Return the axis times the angle [rad] of a hand that looks down, turned by yaw.

    A half turn about the horizontal axis at half the yaw.
    """
    return (math.pi * math.cos(yaw / 2), math.pi * math.sin(yaw / 2), 0.0)


def scene_spots(points: npt.NDArray[np.floating[Any]]) -> npt.NDArray[np.float64]:
    """Return where the camera in front sees points (n, 3) [m], world frame.

    Returns:
        Shape (n, 2): to the right and down, from -1 to 1 within the picture.
    """
    eye, at = np.array([_EYE_M]), np.array([_AT_M])
    return _spots(points, eye, at, _SCENE_DEG)


def wrist_spots(
    points: npt.NDArray[np.floating[Any]],
    ee_position: npt.NDArray[np.floating[Any]],
    yaw: npt.NDArray[np.floating[Any]],
) -> npt.NDArray[np.float64]:
    """Return where the camera at the hand sees points, one a hand.

    Args:
        points: Shape (n, 3), world frame [m].
        ee_position: Of the hands, shape (n, 3) [m].
        yaw: Of the hands, shape (n,) [rad].

    Returns:
        As ``scene_spots``.
    """
    aside = np.stack((-np.sin(yaw), np.cos(yaw), np.zeros_like(yaw)), 1)
    eye = ee_position + _BESIDE_M * aside + (0.0, 0.0, _ABOVE_M)
    return _spots(points, eye, ee_position - (0.0, 0.0, _BELOW_M), _WRIST_DEG)


def _spots(
    points: npt.NDArray[np.floating[Any]],
    eye: npt.NDArray[np.floating[Any]],
    at: npt.NDArray[np.floating[Any]],
    lens_deg: float,
) -> npt.NDArray[np.float64]:
    """Project points through lenses at ``eye`` that look ``at``, z upwards."""
    ahead = at - eye
    ahead = ahead / np.linalg.norm(ahead, axis=1, keepdims=True)
    right = np.cross(ahead, (0.0, 0.0, 1.0))
    right = right / np.linalg.norm(right, axis=1, keepdims=True)
    up, away = np.cross(right, ahead), points - eye
    depth = np.maximum((away * ahead).sum(1), _NEAR_M)
    half = depth * math.tan(math.radians(lens_deg) / 2)
    return np.stack(((away * right).sum(1) / half, -(away * up).sum(1) / half), 1)
