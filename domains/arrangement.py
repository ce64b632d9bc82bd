"""Arrangement: where the fixed bodies stand in a scene that has zones or grids."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

import numpy as np

from jouleplan.domains.body import Body
from jouleplan.domains.errors import LayoutError
from jouleplan.domains.placement import Placement
from jouleplan.domains.spots import (
    NEAREST_X_M,
    REACH_M,
    TABLE_EDGE_M,
    TABLE_ROWS_X_M,
    in_reach,
    spots,
)

ROW_X_M: Final = 0.5
ROW_FAR_M: Final = 0.53
"""A row may stand so far from the base where it then leaves room before it."""
ROW_WIDE_M: Final = 0.8
"""A row takes no more room along y."""
GAP_M: Final = 0.03
"""Between the edges of neighbours in a row; in a grid, unless it says its pitch."""
SHIFT_M: Final = 0.01
"""How far the seed shifts a body of a row, or a grid as a whole."""


@dataclass(frozen=True, slots=True)
class Grid:
    """How the bodies of one entry stand: in their order, row after row.

    A row runs along y, from the arm's right to its left; the first is the nearest.

    Attributes:
        entry: The entry of domain.toml, which tells two grids apart.
        at: (x, y) of its middle, world frame [m].
        columns: Bodies a row; 0 for all in one.
        pitch: Between the centres of neighbours along x and y [m]; None for their
            size and a gap.
    """

    entry: str
    at: tuple[float, float]
    columns: int = 0
    pitch: tuple[float, float] | None = None


Layout = str | Grid
"""How a fixed body is laid out: "row", or in a grid."""


def has_zones(bodies: Mapping[str, Body], layout: Mapping[str, Layout]) -> bool:
    """Return whether a body carries many, or some stand in a grid."""
    grids = any(isinstance(how, Grid) for how in layout.values())
    return grids or any(body.zone for body in bodies.values())


def arrange(
    bodies: Mapping[str, Body],
    layout: Mapping[str, Layout],
    rng: np.random.Generator,
) -> dict[str, Placement]:
    """Return a placement for every fixed body.

    Args:
        bodies: By name, in the problem's order.
        layout: Fixed body -> how it is laid out.
        rng: Decides the order of rows, and shifts.

    Raises:
        LayoutError: One is out of reach, or two overlap; names them.
    """
    groups: dict[Layout, list[Body]] = {}
    for name, how in layout.items():
        groups.setdefault(how, []).append(bodies[name])
    placed: dict[str, Placement] = {}
    for how, members in groups.items():
        if isinstance(how, Grid):
            placed |= _grid(members, how, rng)
        else:
            placed |= _row(members, rng)
    _check_reach(bodies, placed)
    _check_apart(bodies, placed)
    return {name: placed[name] for name in bodies if name in placed}


def _row(row: Sequence[Body], rng: np.random.Generator) -> dict[str, Placement]:
    """Return the bodies side by side along y, in an order that the seed decides."""
    order = [row[i] for i in rng.permutation(len(row))]
    shift = rng.uniform(-SHIFT_M, SHIFT_M, (len(row), 2))
    total = sum(body.size[1] for body in row) + GAP_M * (len(row) - 1)
    if total > ROW_WIDE_M:
        used = 0.0
        for body in row:
            used += body.size[1] + GAP_M
            if used - GAP_M > ROW_WIDE_M:
                break
        raise LayoutError(
            f"{body.name!r} has no place: a row is at most {ROW_WIDE_M} m wide in the "
            f"arm's reach, here {len(row)} bodies need {total:.2f} m; use fewer or "
            "narrower ones"
        )
    front = TABLE_ROWS_X_M[0] + TABLE_EDGE_M + SHIFT_M
    clear = front + max(body.size[0] for body in row) / 2
    middle = clear if ROW_X_M < clear <= ROW_FAR_M else ROW_X_M
    placed, edge = {}, -total / 2
    for body, (dx, dy) in zip(order, shift, strict=True):
        y = edge + body.size[1] / 2
        placed[body.name] = _standing(body, middle + float(dx), y + float(dy))
        edge += body.size[1] + GAP_M
    return placed


def _grid(
    members: Sequence[Body], grid: Grid, rng: np.random.Generator
) -> dict[str, Placement]:
    """Return the bodies in their order, the grid as a whole shifted by the seed."""
    columns = min(grid.columns or len(members), len(members))
    rows = -(-len(members) // columns)
    x_pitch, y_pitch = grid.pitch or (
        max(b.size[0] for b in members) + GAP_M,
        max(b.size[1] for b in members) + GAP_M,
    )
    dx, dy = rng.uniform(-SHIFT_M, SHIFT_M, 2)
    placed = {}
    for number, body in enumerate(members):
        row, column = divmod(number, columns)
        x = grid.at[0] + float(dx) + (row - (rows - 1) / 2) * x_pitch
        y = grid.at[1] + float(dy) + (column - (columns - 1) / 2) * y_pitch
        placed[body.name] = _standing(body, x, y)
    return placed


def _standing(body: Body, x: float, y: float) -> Placement:
    return Placement((x, y, body.height / 2), 0.0)


def _check_reach(bodies: Mapping[str, Body], placed: Mapping[str, Placement]) -> None:
    """Raise where the arm does not reach all of a body's places."""
    for name, placement in placed.items():
        body, at = bodies[name], placement.position
        for spot in spots(body.size, at) if body.zone else [at[:2]]:
            if not in_reach(spot):
                raise LayoutError(
                    f"{name!r} would have a place at ({spot[0]:.2f}, {spot[1]:.2f}) m, "
                    f"out of the arm's reach: at most {REACH_M} m from its base, and x "
                    f"at least {NEAREST_X_M} m; use fewer or smaller bodies, or move "
                    "their grid"
                )


def _check_apart(bodies: Mapping[str, Body], placed: Mapping[str, Placement]) -> None:
    """Raise where two bodies overlap."""
    for one, other in combinations(placed, 2):
        near = [
            abs(placed[one].position[i] - placed[other].position[i])
            < (bodies[one].size[i] + bodies[other].size[i]) / 2
            for i in (0, 1)
        ]
        if all(near):
            raise LayoutError(
                f"{one!r} and {other!r} would overlap on the table: move their rows or "
                "grids apart, or make them smaller"
            )
