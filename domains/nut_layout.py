"""Nut layout: where nuts lie at first, round their posts and on the table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np

from jouleplan.domains.articulation import Array, Vector
from jouleplan.domains.body import Body
from jouleplan.domains.errors import LayoutError
from jouleplan.domains.overlap import meeting
from jouleplan.domains.placement import Placement
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
_LAYINGS: Final = 30


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


def place_nut(
    tower: list[str],
    root: str,
    axis: tuple[float, float, float],
    top: float,
    bodies: Mapping[str, Body],
    placed: dict[str, Placement],
    rng: np.random.Generator,
) -> None:
    """Place the one nut that lies on the table or round the post ``root``.

    Args:
        tower: What stands on ``root``, or on the table with ``root`` first.
        root: The lowest body.
        axis: Where the root stands, (3,) [m].
        top: Height that the tower begins at [m].
        bodies: By name.
        placed: Gets the nut.
        rng: Decides shift and turn.

    Raises:
        LayoutError: A nut lies on what it cannot lie on; names both.
    """
    name, form, post = tower[0], bodies[tower[0]].form, bodies[root].form
    if form is None or len(tower) > 1:
        under, above = (name, tower[1]) if len(tower) > 1 else (root, name)
        raise LayoutError(
            f"{above!r} cannot lie on {under!r}: a nut carries nothing, and lies on "
            "the table or round a post, which carries nothing else"
        )
    height = top + bodies[name].height / 2
    if name == root:
        placed[name] = _lay_nut(form, axis, height, bodies[name], bodies, placed, rng)
        return
    if post is None or room(form, post) <= 0:
        raise LayoutError(
            f"{name!r} does not go over {root!r}: its hole is {form.hole} m wide, "
            f"the post {post.post if post else 0} m; put it on the table or over a "
            "post that is narrower than its hole"
        )
    at, yaw = round_post(form, post, axis, rng)
    placed[name] = Placement((float(at[0]), float(at[1]), height), yaw)


def _lay_nut(
    form: Form,
    slot: Vector,
    height: float,
    nut: Body,
    bodies: Mapping[str, Body],
    placed: Mapping[str, Placement],
    rng: np.random.Generator,
) -> Placement:
    """Return a placement on the table, drawn until nothing that stands is touched."""
    for _ in range(_LAYINGS):
        at, yaw = on_table(form, slot, rng)
        placement = Placement((float(at[0]), float(at[1]), height), yaw)
        if not any(meeting(nut, placement, bodies[n], p) for n, p in placed.items()):
            break
    return placement
