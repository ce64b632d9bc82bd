"""Nut layout: where nuts lie at first, round their posts and on the table."""

from __future__ import annotations

from typing import Final

import numpy as np

from jouleplan.domains.articulation import Array, Vector
from jouleplan.domains.shapes import Form, room, turned

REACH_M: Final = (0.33, 0.71)
"""How far from the robot a handle may be, so that the hand can take it from above."""
TABLE_JITTER_M: Final = 0.01
TABLE_JITTER_RAD: Final = np.deg2rad(15.0)
POST_JITTER_RAD: Final = np.deg2rad(4.0)
JITTER_SHARE: Final = 0.7
"""Share of the room round its post that a nut is shifted by at most."""
_QUARTER: Final = np.pi / 2
_TRIES: Final = 100


def round_post(
    form: Form, post: Form, axis: Vector, rng: np.random.Generator
) -> tuple[Array, float]:
    """Return (x, y) (2,) [m] of a nut's frame and its yaw [rad], round a post.

    The handle points to the robot or away from it, where no other post stands.

    Args:
        form: Of the nut.
        post: Of the post, which stands square to the world.
        axis: The post's (x, y) [m].
        rng: Decides shift and turn.
    """
    yaw = float(rng.choice((-_QUARTER, _QUARTER)))
    yaw += rng.uniform(-POST_JITTER_RAD, POST_JITTER_RAD)
    most = JITTER_SHARE * room(form, post)
    shift = rng.uniform(-most, most, 2)
    return np.array(axis[:2]) + shift - turned(form.axis, yaw)[:2], yaw


def on_table(form: Form, slot: Vector, rng: np.random.Generator) -> tuple[Array, float]:
    """Return (x, y) (2,) [m] of a nut's frame and its yaw [rad], at a slot.

    Args:
        form: Of the nut, whose middle comes to lie there.
        slot: (x, y) of the place [m].
        rng: Decides shift and turn; the handle is within the arm's reach.
    """
    for _ in range(_TRIES):
        yaw = float(rng.integers(-1, 3)) * _QUARTER
        yaw += rng.uniform(-TABLE_JITTER_RAD, TABLE_JITTER_RAD)
        shift = rng.uniform(-TABLE_JITTER_M, TABLE_JITTER_M, 2)
        at = np.array(slot[:2]) + shift - turned(form.middle, yaw)[:2]
        if REACH_M[0] < np.hypot(*at) < REACH_M[1]:
            break
    return at, yaw
