"""Views: what a policy from pixels is shown of a scene, as openpi's servers name it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from jouleplan.domains.scene import Scene

SIDE: Final = 224
"""Width and height of both pictures, the size that PaliGemma takes [px]."""
_BEHIND_M: Final = 0.10
_ABOVE_M: Final = 0.13
_BEYOND_M: Final = 0.05


def observation(scene: Scene, prompt: str, side: int = SIDE) -> Mapping[str, Any]:
    """Return one observation of openpi's LIBERO form.

    Args:
        scene: With an arm that is drawn.
        prompt: What shall be done, in words.
        side: Width and height of the pictures [px].

    Returns:
        ``observation/image`` and ``observation/wrist_image``, (side, side, 3) uint8;
        ``observation/state``, (8,) float32: end effector (3,) [m], its turn as an axis
        times an angle (3,) [rad], and half the opening, once with either sign [m];
        ``prompt``.

    Source: openpi, examples/libero (Physical Intelligence, Apache-2.0).
    """
    state = scene.robot.state
    half = state.opening / 2
    return {
        "observation/image": scene.picture(side, side),
        "observation/wrist_image": wrist_picture(scene, side),
        "observation/state": np.array(
            (*state.ee_position, *down_turn(state.yaw), half, -half), np.float32
        ),
        "prompt": prompt,
    }


def wrist_picture(scene: Scene, side: int = SIDE) -> npt.NDArray[np.uint8]:
    """Return the picture (side, side, 3) of a camera at the hand, that looks down."""
    state = scene.robot.state
    c, s = math.cos(state.yaw), math.sin(state.yaw)
    ahead = np.array((c, s, 0.0))
    eye = state.ee_position - _BEHIND_M * ahead + (0.0, 0.0, _ABOVE_M)
    at = state.ee_position + _BEYOND_M * ahead * 0.2
    return scene.simulator.render(side, side, eye.tolist(), at.tolist())


def down_turn(yaw: float) -> tuple[float, float, float]:
    """Return the axis times the angle [rad] of a hand that looks down, turned by yaw.

    A half turn about the horizontal axis at half the yaw.
    """
    return (math.pi * math.cos(yaw / 2), math.pi * math.sin(yaw / 2), 0.0)
