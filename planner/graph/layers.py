"""Places for the boxes of a layered drawing, and ways for its lines between them.

Lines over several layers get a place in each, so that they run between the boxes; the
order in a layer follows the neighbours' mean, and so do the places.

Source: Sugiyama, Tagawa and Toda 1981, Methods for visual understanding of hierarchical
system structures, IEEE Trans. SMC 11(2); least squares by pooling adjacent violators,
Best and Chakravarti 1990, Active set algorithms for isotonic regression.
"""

from __future__ import annotations

from collections.abc import Container, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

Box = Hashable
Bend = tuple[str, Box, Box, int]
Line = tuple[Box, Box]

_SWEEPS = 8
_BEND_WIDTH = 12.0
_GAP = 18.0
_STRAIGHT = 20.0
_UPRIGHT = 8.0


@dataclass(frozen=True, slots=True)
class Layers:
    """A layered drawing.

    Attributes:
        centres: Box -> horizontal place of its middle; the leftmost edge is at 0.
        rows: Box -> row, from 0.
        ways: Line -> horizontal places in the rows that it passes, both ends left out.
        width: Of all of it.
    """

    centres: Mapping[Box, float]
    rows: Mapping[Box, int]
    ways: Mapping[Line, tuple[float, ...]]
    width: float


def place(
    rows: Sequence[Sequence[Box]],
    lines: Sequence[Line],
    width: float,
    straight: Container[Line] = (),
) -> Layers:
    """Return places for boxes.

    Args:
        rows: The boxes by row, from the top.
        lines: Pairs of boxes, each from a higher to a lower row.
        width: Of a box.
        straight: Lines that are to be straight before others are.
    """
    row_of = {box: row for row, boxes in enumerate(rows) for box in boxes}
    grid: list[list[Hashable]] = [list(boxes) for boxes in rows]
    net = _Net({box: width for box in row_of})
    bends: dict[Line, list[Bend]] = {}
    for line in lines:
        first, then = line
        between = range(row_of[first] + 1, row_of[then])
        bends[line] = [("bend", first, then, row) for row in between]
        for bend in bends[line]:
            grid[bend[3]].append(bend)
        net.join([first, *bends[line], then], _STRAIGHT if line in straight else 1.0)
    _arrange(grid, net)
    centres, widths = _centres(grid, net), net.widths
    left = min((centres[one] - widths[one] / 2 for one in widths), default=0.0)
    right = max((centres[one] + widths[one] / 2 for one in widths), default=0.0)
    return Layers(
        {box: centres[box] - left for box in row_of},
        row_of,
        {
            line: tuple(centres[bend] - left for bend in chain)
            for line, chain in bends.items()
        },
        right - left,
    )


@dataclass(slots=True)
class _Net:
    """Who is joined to whom in the rows above and below.

    Attributes:
        widths: Of boxes and bends.
        ups: Neighbours above, each with the weight of the line.
        downs: Neighbours below.
        weights: How much the own place counts where others are in the way.
    """

    widths: dict[Hashable, float]
    ups: dict[Hashable, list[tuple[Hashable, float]]] = field(default_factory=dict)
    downs: dict[Hashable, list[tuple[Hashable, float]]] = field(default_factory=dict)
    weights: dict[Hashable, float] = field(default_factory=dict)

    def join(self, chain: Sequence[Hashable], weight: float) -> None:
        """Add a line with its bends."""
        for one in chain:
            self.widths.setdefault(one, _BEND_WIDTH)
            self.weights[one] = max(self.weights.get(one, 1.0), weight)
        for at, (upper, lower) in enumerate(pairwise(chain)):
            inner = 0 < at < len(chain) - 2
            pull = max(weight, _UPRIGHT) if inner else weight
            self.downs.setdefault(upper, []).append((lower, pull))
            self.ups.setdefault(lower, []).append((upper, pull))


def _arrange(grid: list[list[Hashable]], net: _Net) -> None:
    """Order each row by the mean place of its neighbours, downwards and upwards."""
    at = {one: float(place) for row in grid for place, one in enumerate(row)}
    for sweep in range(_SWEEPS):
        down = sweep % 2 == 0
        for row in grid if down else reversed(grid):
            near = net.ups if down else net.downs
            keys = {one: _mean(at, near.get(one, ()), one) for one in row}
            row.sort(key=keys.__getitem__)
            at.update({one: float(place) for place, one in enumerate(row)})


def _centres(grid: list[list[Hashable]], net: _Net) -> dict[Hashable, float]:
    centres: dict[Hashable, float] = {}
    for row in grid:
        x = -sum(net.widths[one] + _GAP for one in row) / 2
        for one in row:
            centres[one] = x + (net.widths[one] + _GAP) / 2
            x += net.widths[one] + _GAP
    for sweep in range(_SWEEPS):
        down = sweep % 2 == 0
        for row in grid if down else reversed(grid):
            wanted = []
            for one in row:
                near = (net.ups if down else net.downs).get(one, [])
                if sweep >= _SWEEPS - 2:
                    near = net.ups.get(one, []) + net.downs.get(one, [])
                wanted.append(_mean(centres, near, one))
            apart = [net.widths[one] for one in row]
            weights = [net.weights.get(one, 1.0) for one in row]
            centres.update(zip(row, spread(wanted, apart, _GAP, weights), strict=True))
    return centres


def spread(
    wanted: Sequence[float],
    widths: Sequence[float],
    gap: float,
    weights: Sequence[float],
) -> list[float]:
    """Return the places nearest to those ``wanted`` at which nothing overlaps.

    Args:
        wanted: Middles, in the order that is to be kept.
        widths: Of what is placed there.
        gap: Least space between two.
        weights: How much each counts.
    """
    offsets = [0.0]
    for left, right in pairwise(widths):
        offsets.append(offsets[-1] + (left + right) / 2 + gap)
    pools: list[tuple[float, float, int]] = []
    for middle, offset, weight in zip(wanted, offsets, weights, strict=False):
        mean, size = middle - offset, 1
        while pools and pools[-1][0] > mean:
            other, more, count = pools.pop()
            mean = (mean * weight + other * more) / (weight + more)
            weight, size = weight + more, size + count
        pools.append((mean, weight, size))
    flat = [mean for mean, _, size in pools for _ in range(size)]
    return [mean + offset for mean, offset in zip(flat, offsets, strict=False)]


def _mean(
    places: Mapping[Hashable, float],
    near: Sequence[tuple[Hashable, float]],
    otherwise: Hashable,
) -> float:
    total = sum(weight for _, weight in near)
    if not total:
        return places[otherwise]
    return sum(places[one] * weight for one, weight in near) / total
