"""Layout: where the bodies of a scene stand at first, reproducible by seed.

Fixed bodies of layout "row" stand along y; towers on the table stand on slots, two rows
of places far enough apart for the hand. The seed decides which body takes which place
and shifts every body a little. Where there are zones or grids, their `arrangement` and
the `spots` on them and beside them come instead.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

import numpy as np

from jouleplan.domains.arrangement import Layout, arrange, has_zones
from jouleplan.domains.articulation import Vector
from jouleplan.domains.body import Body
from jouleplan.domains.errors import LayoutError
from jouleplan.domains.facts import TABLE, Facts
from jouleplan.domains.limits import PANDA
from jouleplan.domains.nut_layout import place_nut
from jouleplan.domains.overlap import overlapping
from jouleplan.domains.placement import Placement
from jouleplan.domains.spots import (
    LOW_M,
    SPOT_JITTER_M,
    Spot,
    Taken,
    is_free,
    spots,
    table_spots,
)

ROW_X_M: Final = 0.5
ROW_PITCH_M: Final = 0.18
ROW_HALF_M: Final = 0.36
ROW_JITTER_M: Final = 0.03
ROW_GAP_M: Final = 0.13
"""Between the centres of neighbours, after the jitter: the hand fits between."""
ROW_WIDEST_M: Final = 2 * ROW_GAP_M
"""A fixed body along the row: a longer one may lie under the middle of the next."""
SLOT_ROWS_X_M: Final = (0.36, 0.58)
SLOT_PITCH_M: Final = 0.18
"""The wrist, wider than the hand, comes down beside towers of nine."""
SLOT_GAP_M: Final = 0.14
"""A place is free when nothing is nearer to it along y."""
SLOT_HALF_M: Final = 0.36
BODY_JITTER_M: Final = 0.01
BODY_JITTER_RAD: Final = np.deg2rad(15.0)
EDGE_M: Final = 0.006
"""A centre lies at least this far inside the edge of its support."""
TOP_M: Final = PANDA.top_m
"""Highest tower that the arm can build: above it nothing can be carried over."""
_TRIES: Final = 500
_SEATINGS: Final = 50


def slots() -> list[tuple[float, float]]:
    """Return the (x, y) of every place on the table, world frame [m]."""
    count = round(2 * SLOT_HALF_M / SLOT_PITCH_M) + 1
    ys = np.linspace(-SLOT_HALF_M, SLOT_HALF_M, count)
    return [(x, float(y)) for x in SLOT_ROWS_X_M for y in ys]


def lay_out(
    bodies: Mapping[str, Body],
    layout: Mapping[str, Layout],
    facts: Facts,
    rng: np.random.Generator,
) -> dict[str, Placement]:
    """Return a placement for every body but a held one.

    Args:
        bodies: By name, in the problem's order.
        layout: Fixed body -> "row" or its grid.
        facts: What rests on what.
        rng: Decides places and shifts.

    Raises:
        LayoutError: Something does not fit; names the object and why.
    """
    if has_zones(bodies, layout):
        return _lay_out_zones(bodies, layout, facts, rng)
    placed: dict[str, Placement] = {}
    _place_row([b for b in bodies.values() if layout.get(b.name) == "row"], placed, rng)
    bases = [n for n, on in facts.support.items() if on == TABLE]
    free = list(free_slots(p.position[:2] for p in placed.values()))
    if len(bases) > len(free):
        raise LayoutError(
            f"{bases[len(free)]!r} has no place on the table: it has "
            f"{len(free)} places and {len(bases)} objects stand on it; use fewer"
        )
    order = rng.permutation(len(free))
    axes = {name: placed[name].position for name in bodies if name in placed}
    for base, slot in zip(bases, order[: len(bases)], strict=True):
        axes[base] = (*free[slot], 0.0)
    for root, axis in axes.items():
        tower = list(_tower(root, facts))
        if root in bases:
            tower.insert(0, root)
        top = 0.0 if root in bases else axis[2] + bodies[root].height / 2
        if tower and any(bodies[name].form is not None for name in (root, *tower)):
            place_nut(tower, root, axis, top, bodies, placed, rng)
            continue
        _place_tower(tower, axis[:2], top, bodies, placed, rng)
    pair = overlapping(bodies, placed, facts)
    if pair is not None:
        widths = " and ".join(f"{max(bodies[n].size[:2]):.3f} m" for n in pair)
        raise LayoutError(
            f"{pair[0]!r} and {pair[1]!r} would stand in each other, {widths} long: "
            "use narrower or fewer objects"
        )
    return placed


def _lay_out_zones(
    bodies: Mapping[str, Body],
    layout: Mapping[str, Layout],
    facts: Facts,
    rng: np.random.Generator,
) -> dict[str, Placement]:
    """Return what ``lay_out`` does, for a scene with zones or grids."""
    for body in bodies.values():
        if body.form is not None:
            raise LayoutError(
                f"{body.name!r} is a {body.shape}: a scene with nuts and posts has no "
                "zones and no grids; lay its bodies out in rows"
            )
    placed = arrange(bodies, layout, rng)
    fixed = [(bodies[name].size, at.position) for name, at in placed.items()]
    surfaces = {
        name: (spots(bodies[name].size, at.position), bodies[name].height)
        for name, at in placed.items()
        if bodies[name].zone
    }
    surfaces[TABLE] = (table_spots(fixed), 0.0)
    taken: list[Taken] = []
    for name in [n for n in placed if n not in surfaces]:
        (x, y, _), tower = placed[name].position, list(_tower(name, facts))
        if tower:
            top = bodies[name].height
            _place_tower(tower, (x, y), top, bodies, placed, rng)
            taken.append((x, y, top + sum(bodies[n].height for n in tower)))
    for surface, (places, top) in surfaces.items():
        bases = [n for n, on in facts.support.items() if on == surface]
        towers = {base: [base, *_tower(base, facts)] for base in bases}
        heights = {b: sum(bodies[n].height for n in towers[b]) for b in bases}
        seats = _seats(surface, heights, places, top, taken, rng)
        taken += seats
        for tower, seat in zip(towers.values(), seats, strict=True):
            _place_tower(tower, seat[:2], top, bodies, placed, rng, SPOT_JITTER_M)
    return placed


def _seats(
    surface: str,
    heights: Mapping[str, float],
    places: Sequence[Spot],
    top: float,
    standing: Sequence[Taken],
    rng: np.random.Generator,
) -> list[Taken]:
    """Return a spot of the surface for each tower, so that the hand fits between.

    Args:
        surface: Its name, for a message.
        heights: Lowest body of each tower -> the tower's height [m].
        places: The spots of the surface.
        top: Height of the surface [m].
        standing: What stands on other surfaces.
        rng: Decides which spots are taken.

    Raises:
        LayoutError: One finds no spot; names it.
    """
    stuck = ""
    for _ in range(_SEATINGS):
        order = [places[i] for i in rng.permutation(len(places))]
        taken = list(standing)
        for base, height in heights.items():
            high = top + height
            fitting = [s for s in order if is_free(s, taken, top)]
            if height > LOW_M:  # what stands there must not be near it, either
                around = [(x, y, high) for x, y, _ in taken]
                fitting = [s for s in fitting if is_free(s, around, top)]
            if not fitting:
                stuck = stuck or base
                break
            taken.append((*fitting[0], high))
        else:
            return taken[len(standing) :]
    where = "the table" if surface == TABLE else repr(surface)
    raise LayoutError(
        f"{stuck!r} has no place on {where}: it has {len(places)} places and "
        f"{len(heights)} objects stand on it, towers apart from all else; use fewer"
        f"{'' if surface == TABLE else ' or a larger zone'}"
    )


def free_slots(
    taken: Iterable[Vector], gap: float = SLOT_GAP_M
) -> Iterator[tuple[float, float]]:
    """Yield the slots (x, y) [m] that are at least ``gap`` from every taken (x, y)."""
    others = np.array([(t[0], t[1]) for t in taken]).reshape(-1, 2)
    for slot in slots():
        # the hand is 20 cm wide along x and thin along y
        near = np.abs(others - np.array(slot))
        if not ((near[:, 0] < 0.16) & (near[:, 1] < gap - 1e-6)).any():
            yield slot


def _place_row(
    row: list[Body], placed: dict[str, Placement], rng: np.random.Generator
) -> None:
    if not row:
        return
    pitch = ROW_PITCH_M
    if len(row) > 1:
        pitch = min(pitch, 2 * ROW_HALF_M / (len(row) - 1))
    if pitch < ROW_GAP_M:
        most = int(2 * ROW_HALF_M / ROW_GAP_M) + 1
        raise LayoutError(
            f"{row[most].name!r} has no place: a row holds at most {most} fixed "
            f"bodies in the arm's reach, here are {len(row)}; use fewer, or give some "
            'layout = "grid"'
        )
    for body in row:
        if body.height > TOP_M:
            raise LayoutError(
                f"{body.name!r} is {body.height:.3f} m high; the arm carries over what "
                f"is up to {TOP_M} m high: make it lower"
            )
        # a tower at the middle of one must not come to stand on its neighbour
        if len(row) > 1 and body.size[1] > ROW_WIDEST_M:
            raise LayoutError(
                f"{body.name!r} is {body.size[1]:.3f} m long along the row; beside "
                f"others it may be up to {ROW_WIDEST_M} m: make it shorter"
            )
    middle = (len(row) - 1) / 2
    places = (rng.permutation(len(row)) - middle) * pitch
    for _ in range(_TRIES):
        shift = rng.uniform(-ROW_JITTER_M, ROW_JITTER_M, (len(row), 2))
        ys = places + shift[:, 1]
        if len(row) == 1 or np.diff(np.sort(ys)).min() >= ROW_GAP_M:
            break
    else:
        shift, ys = np.zeros((len(row), 2)), np.array(places)
    for body, dx, y in zip(row, shift[:, 0], ys, strict=True):
        at = (ROW_X_M + float(dx), float(y), body.height / 2)
        placed[body.name] = Placement(at, 0.0)


def _tower(root: str, facts: Facts) -> Iterator[str]:
    above = {on: name for name, on in facts.support.items() if on != TABLE}
    while root in above:
        root = above[root]
        yield root


def _place_tower(
    tower: list[str],
    axis: tuple[float, ...],
    top: float,
    bodies: Mapping[str, Body],
    placed: dict[str, Placement],
    rng: np.random.Generator,
    jitter: float = BODY_JITTER_M,
) -> None:
    """Shift every body of a tower within 1 cm of its axis so that the tower stands."""
    heights = np.array([bodies[n].height for n in tower])
    if top + heights.sum() > TOP_M:
        raise LayoutError(
            f"the tower under {tower[-1]!r} is {top + heights.sum():.3f} m high; the "
            f"arm builds up to {TOP_M} m: use fewer or lower objects"
        )
    for _ in range(_TRIES):
        radius = jitter * np.sqrt(rng.uniform(size=len(tower)))
        angle = rng.uniform(0, 2 * np.pi, len(tower))
        shift = np.stack((radius * np.cos(angle), radius * np.sin(angle)), 1)
        if _stands(shift, [bodies[n] for n in tower]):
            break
    else:
        shift = np.zeros((len(tower), 2))
    yaws = rng.uniform(-BODY_JITTER_RAD, BODY_JITTER_RAD, len(tower))
    for name, (dx, dy), yaw in zip(tower, shift, yaws, strict=True):
        height = bodies[name].height
        at = (axis[0] + float(dx), axis[1] + float(dy), top + height / 2)
        placed[name] = Placement(at, float(yaw))
        top += height


def _stands(shift: np.ndarray, tower: list[Body]) -> bool:
    """Return whether each centre, and the mass above it, is well over its support."""
    for i in range(1, len(tower)):
        reach = tower[i - 1].width / 2 - EDGE_M
        masses = np.array([b.mass for b in tower[i:]])
        gravity = (shift[i:] * masses[:, None]).sum(0) / masses.sum()
        for centre in (shift[i], gravity):
            if np.hypot(*(centre - shift[i - 1])) > reach:
                return False
    return True
