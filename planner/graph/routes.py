"""Where lines leave and reach their boxes, and their ways between."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from jouleplan.planner.graph.layers import Line

Point = tuple[float, float]
Points = list[Point]

_PORT = 14.0
_SPREAD = 45.0
_LANE = 6.0


@dataclass(frozen=True, slots=True)
class Grid:
    """Measures of a layered drawing [px].

    Attributes:
        head: Above the first row.
        height: Of a box.
        pitch: From row to row.
        total: From above the first row to below the last.
    """

    head: float
    height: float
    pitch: float
    total: float

    def top(self, row: int) -> float:
        """Return the upper edge of a row's boxes."""
        return self.head + row * self.pitch


@dataclass(frozen=True, slots=True)
class Place:
    """Where a box is: its middle, its upper edge, its row."""

    x: float
    top: float
    row: int


def ports_of(
    places: Mapping[object, Place],
    bends: Mapping[Line, Sequence[float]],
    is_critical: Callable[[Line], bool],
) -> dict[Line, Point]:
    """Return the horizontal places at which each line leaves and reaches its boxes.

    Args:
        places: Of the boxes.
        bends: Line -> where it passes the rows between.
        is_critical: Whether a line is to be at the middle of its boxes.
    """
    found: list[dict[Line, float]] = []
    for near, far in ((0, 1), (1, 0)):
        sides: defaultdict[object, list[tuple[float, int, Line]]] = defaultdict(list)
        for at, (line, ways) in enumerate(bends.items()):
            beside = (ways[0] if near == 0 else ways[-1]) if ways else None
            x = places[line[far]].x if beside is None else beside
            sides[line[near]].append((x, at, line))
        own: dict[Line, float] = {}
        for node, some in sides.items():
            ordered = [line for _, _, line in sorted(some)]
            own |= _side_by_side(places[node].x, ordered, is_critical)
        found.append(own)
    return {line: (found[0][line], found[1][line]) for line in bends}


def _side_by_side(
    centre: float, lines: list[Line], is_critical: Callable[[Line], bool]
) -> dict[Line, float]:
    marked = [at for at, line in enumerate(lines) if is_critical(line)]
    middle = marked[0] if marked else (len(lines) - 1) / 2
    furthest = max(middle, len(lines) - 1 - middle)
    step = min(_PORT, _SPREAD / furthest) if furthest else 0.0
    return {line: centre + (at - middle) * step for at, line in enumerate(lines)}


def between_rows(
    grid: Grid, tail: Place, head: Place, ports: Point, bends: Sequence[float]
) -> Points:
    """Return the way from one box to one in a lower row."""
    points = [(ports[0], tail.top + grid.height)]
    for at, x in enumerate(bends, start=1):
        top = grid.top(tail.row + at)
        points += [(x, top), (x, top + grid.height)]
    return [*points, (ports[1], head.top)]


def around(
    grid: Grid, tail: Place, head: Place, ports: Point, edge: float, lane: int
) -> Points:
    """Return the way below a column and up again, to the top of the next.

    Args:
        grid: Measures.
        tail: A box in the last row of a column.
        head: One in the first row of the next.
        ports: Where the line leaves and reaches them.
        edge: Between the columns.
        lane: Which of the lines there it is, from 0.
    """
    aside = _LANE * lane
    low, high, side = grid.total - 3 - aside, 3 + aside, edge - aside
    return [
        (ports[0], tail.top + grid.height),
        (ports[0], low),
        (side, low),
        (side, high),
        (ports[1], high),
        (ports[1], head.top),
    ]


def curve(points: Points) -> str:
    """Return a path, curved where it moves aside and straight where it does not."""
    path = f"M{points[0][0]:.1f} {points[0][1]:.1f}"
    for (x, y), (then_x, then_y) in pairwise(points):
        if abs(x - then_x) < 0.5:
            path += f"V{then_y:.1f}"
        else:
            middle = (y + then_y) / 2
            path += f"C{x:.1f} {middle:.1f} {then_x:.1f} {middle:.1f} "
            path += f"{then_x:.1f} {then_y:.1f}"
    return path


def angled(points: Points) -> str:
    """Return a path of straight parts."""
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
