"""Labels of lines, put only where they cover nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise

from jouleplan.planner.graph.svg import SMALL_PX, shortened, text

_LINE = 11.5
_MOST_LINES = 3
_MOST_CHARACTERS = 26
_CELL = 60.0

Rectangle = tuple[float, float, float, float]
"""Left, top, right, bottom."""


class Labels:
    """What is taken in a drawing, and how far to the right labels go."""

    def __init__(self) -> None:
        """Begin with an empty drawing."""
        self.right = 0.0
        self._taken: defaultdict[tuple[int, int], list[Rectangle]] = defaultdict(list)

    def block(self, x: float, y: float, width: float, height: float) -> None:
        """Take a rectangle."""
        taken = (x, y, x + width, y + height)
        for cell in _cells(taken):
            self._taken[cell].append(taken)

    def cross(self, points: list[tuple[float, float]]) -> None:
        """Take what is under a line."""
        for (x, y), (then_x, then_y) in pairwise(points):
            parts = max(1, int(max(abs(then_x - x), abs(then_y - y)) / 6))
            for part in range(parts + 1):
                share = part / parts
                # The curve keeps to its ends' sides longer than a straight line does.
                bent = share * share * (3 - 2 * share)
                at_x = x + (then_x - x) * (bent if then_y != y else share)
                self.block(at_x - 1, y + (then_y - y) * share - 1, 2, 2)

    def put(self, points: list[tuple[float, float]], words: list[str]) -> list[str]:
        """Return texts with ``words`` beside a line, none where there is no room."""
        if not words:
            return []
        lines = [shortened(one, _MOST_CHARACTERS) for one in words[:_MOST_LINES]]
        if len(words) > _MOST_LINES:
            lines[-1] = shortened(
                f"{lines[-1]} +{len(words) - _MOST_LINES}", _MOST_CHARACTERS
            )
        width = max(map(len, lines)) * SMALL_PX
        height = len(lines) * _LINE
        for x, y in _spots(points):
            for left in (x + 6, x - 6 - width):
                top = y - height / 2
                wanted = (left - 1, top, left + width + 1, top + height)
                if left >= 0 and self._free(wanted):
                    self.block(left - 2, top, width + 4, height)
                    self.right = max(self.right, left + width)
                    return [
                        text(left, top + 9 + at * _LINE, line, "label")
                        for at, line in enumerate(lines)
                    ]
        return []

    def _free(self, wanted: Rectangle) -> bool:
        left, top, right, bottom = wanted
        return not any(
            taken[0] < right
            and left < taken[2]
            and taken[1] < bottom
            and top < taken[3]
            for cell in _cells(wanted)
            for taken in self._taken[cell]
        )


def _spots(points: list[tuple[float, float]]) -> Iterator[tuple[float, float]]:
    """Yield places on a line, the middle of each part first."""
    for share in (0.5, 0.35, 0.65):
        for (x, y), (then_x, then_y) in pairwise(points):
            bent = share * share * (3 - 2 * share)
            yield x + (then_x - x) * bent, y + (then_y - y) * share


def _cells(rectangle: Rectangle) -> Iterator[tuple[int, int]]:
    left, top, right, bottom = (int(side // _CELL) for side in rectangle)
    for column in range(left, right + 1):
        for row in range(top, bottom + 1):
            yield column, row
