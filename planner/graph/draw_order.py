"""Draws a plan's order: a box a step, a row a layer, from the top to the bottom.

A long plan is set in columns, as a newspaper is. A line that would run far, or from one
column into another, is written into the boxes at its ends instead, by step numbers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jouleplan.planner.graph.arrows import (
    Arrow,
    arrows_of,
    box_tip,
    box_words,
    goal_steps,
    line_tip,
    tag_text,
)
from jouleplan.planner.graph.labels import Labels
from jouleplan.planner.graph.layers import Line, place
from jouleplan.planner.graph.panel import Panel
from jouleplan.planner.graph.routes import (
    Grid,
    Place,
    Points,
    angled,
    around,
    between_rows,
    curve,
    ports_of,
)
from jouleplan.planner.graph.rows import Rows, columns_of
from jouleplan.planner.graph.svg import (
    CHARACTER_PX,
    SMALL_PX,
    element,
    group,
    text,
)

if TYPE_CHECKING:
    import networkx as nx

_LABELLED = 60
"""The most nodes with which lines have labels and implied links are shown."""

_ALL_LINES = 14
"""The most nodes with which no line is too long."""

_SPAN = 5
_LINE = 15.0
_MARGIN = 34.0
_GUTTER = 34.0
_MOST_LABEL_PX = 150.0


@dataclass(slots=True)
class _Lines:
    """Which lines are drawn within a column, which to the next, which are tags."""

    inner: list[list[Line]]
    across: list[list[Line]]
    tags: list[Line]


def draw_order(graph: nx.MultiDiGraph) -> Panel:
    """Return the drawing of a plan graph whose steps take no time."""
    return _Drawing(graph).panel()


class _Drawing:
    def __init__(self, graph: nx.MultiDiGraph) -> None:
        self._graph = graph
        self._labelled = len(graph) <= _LABELLED
        self._arrows = arrows_of(graph)
        self._words = {node: box_words(graph, node) for node in graph}
        longest = max(len(line) for lines in self._words.values() for line in lines)
        self._width = longest * CHARACTER_PX + 22
        self._columns = columns_of(graph, self._width + 20, 76.0)
        self._lines = self._sorted()
        self._sources: defaultdict[object, list[object]] = defaultdict(list)
        self._targets: defaultdict[object, list[object]] = defaultdict(list)
        for one, two in self._lines.tags:
            self._targets[one].append(two)
            self._sources[two].append(one)
        self._grid = self._measured()
        self._places: dict[object, Place] = {}
        self._bends: dict[Line, list[float]] = {}
        self._edges: list[float] = []
        self._right = 0.0

    def panel(self) -> Panel:
        """Return the drawing."""
        self._place()
        routes = self._routes()
        drawn = sorted(routes, key=lambda line: self._rank(self._arrows[line]))
        body = self._row_names()
        body += [self._line(line, routes[line]) for line in drawn]
        goals = goal_steps(self._graph)
        body += [self._box(node, node in goals) for node in self._places]
        right = self._right
        if self._labelled:
            labels = self._labels(routes)
            for line in reversed(drawn):
                if line in self._bends:
                    body += labels.put(routes[line], self._arrows[line].facts)
            right = max(right, labels.right)
        return Panel(right + 12, self._grid.total, tuple(body))

    def _sorted(self) -> _Lines:
        where = {
            node: (column, row)
            for column, rows in enumerate(self._columns)
            for row, nodes in enumerate(rows)
            for node in nodes
        }
        count = len(self._columns)
        lines = _Lines([[] for _ in range(count)], [[] for _ in range(count)], [])
        for line, arrow in self._arrows.items():
            (column, row), (other, below) = where[line[0]], where[line[1]]
            last = row == len(self._columns[column]) - 1
            if column == other and below - row <= self._most_span(line, arrow):
                lines.inner[column].append(line)
            elif not arrow.reduced:
                continue
            elif other == column + 1 and last and below == 0:
                lines.across[column].append(line)
            elif line[0] != "init" and line[1] != "goal":
                lines.tags.append(line)
        return lines

    def _most_span(self, line: Line, arrow: Arrow) -> int:
        if len(self._graph) <= _ALL_LINES:
            return len(self._graph)
        if not self._labelled and (line[0] == "init" or line[1] == "goal"):
            return 1
        return _SPAN if arrow.reduced or self._labelled else 0

    def _measured(self) -> Grid:
        tags = bool(self._lines.tags)
        height = (max(map(len, self._words.values())) + tags) * _LINE + 12
        pitch = height + (52.0 if self._labelled else 30.0)
        lanes = max(map(len, self._lines.across))
        head = 12.0 + 6 * lanes if len(self._columns) > 1 else 4.0
        rows = max(map(len, self._columns))
        return Grid(head, height, pitch, 2 * head + rows * pitch - pitch + height)

    def _place(self) -> None:
        """Find places for the boxes, column by column."""
        straight = {line for line, arrow in self._arrows.items() if arrow.critical}
        left = _MARGIN
        for column, rows in enumerate(self._columns):
            lines = self._lines.inner[column]
            layout = place(rows, lines, self._width, straight)
            for node, x in layout.centres.items():
                row = layout.rows[node]
                self._places[node] = Place(left + x, self._grid.top(row), row)
            for line, ways in layout.ways.items():
                self._bends[line] = [left + x for x in ways]
            self._right = left + layout.width
            if self._labelled and layout.width < 2 * self._width:
                self._right += self._label_px(lines)
            left = self._right + _GUTTER + _MARGIN + 6 * len(self._lines.across[column])
            self._edges.append(left - _MARGIN)

    def _label_px(self, lines: list[Line]) -> float:
        facts = [fact for line in lines for fact in self._arrows[line].facts]
        longest = max(map(len, facts), default=0)
        return min(longest * SMALL_PX, _MOST_LABEL_PX)

    def _routes(self) -> dict[Line, Points]:
        across = {
            line: (column, lane)
            for column, lines in enumerate(self._lines.across)
            for lane, line in enumerate(lines)
        }
        bends = {**self._bends, **dict.fromkeys(across, ())}
        ports = ports_of(self._places, bends, lambda line: self._arrows[line].critical)
        routes = {}
        for line, ways in bends.items():
            ends = self._places[line[0]], self._places[line[1]]
            if line in across:
                column, lane = across[line]
                edge = self._edges[column]
                routes[line] = around(self._grid, *ends, ports[line], edge, lane)
            else:
                routes[line] = between_rows(self._grid, *ends, ports[line], ways)
        return routes

    def _labels(self, routes: dict[Line, Points]) -> Labels:
        labels = Labels()
        for one in self._places.values():
            left = one.x - self._width / 2
            labels.block(left, one.top, self._width, self._grid.height)
        for points in routes.values():
            labels.cross(points)
        for x, y, level in self._row_numbers():
            width = len(str(level)) * SMALL_PX
            labels.block(x - width, y - 10, width + 2, 12)
        return labels

    def _rank(self, arrow: Arrow) -> tuple[bool, bool]:
        return arrow.critical, arrow.reduced

    def _line(self, line: Line, points: Points) -> str:
        arrow = self._arrows[line]
        attributes = {
            "d": curve(points) if line in self._bends else angled(points),
            "class": f"line {arrow.style}",
            "marker-end": f"url(#tip-{arrow.tip})",
        }
        return group(line_tip(line, arrow), element("path", attributes))

    def _box(self, node: object, provides_goal: bool) -> str:
        data, at, height = (
            self._graph.nodes[node],
            self._places[node],
            self._grid.height,
        )
        left, is_step = at.x - self._width / 2, data["kind"] == "step"
        step_style = "hot" if data["critical"] else "box"
        shape: dict[str, object] = {
            "x": left,
            "y": at.top,
            "width": self._width,
            "height": height,
            "rx": 5 if is_step else height / 2,
            "class": step_style if is_step else "ends",
        }
        inner = [element("rect", shape)]
        most = int((self._width - 8) / SMALL_PX)
        tags = tag_text(self._sources[node], self._targets[node], most)
        words = self._words[node]
        styles = ["middle bold", *["middle"] * (len(words) - 1)]
        if tags:
            words, styles = [*words, tags], [*styles, "middle small dim"]
        base = at.top + height / 2 - (len(words) - 1) * _LINE / 2 + 4
        for row, (line, style) in enumerate(zip(words, styles, strict=True)):
            inner.append(text(at.x, base + row * _LINE, line, style))
        if provides_goal:
            mark = {"cx": left + self._width - 3, "cy": at.top + 3, "r": 5.0}
            inner.append(element("circle", {**mark, "class": "paper goalmark"}))
        return group(box_tip(self._graph, node), *inner)

    def _row_names(self) -> list[str]:
        return [
            text(x, y, str(level), "end small dim")
            for x, y, level in self._row_numbers()
        ]

    def _row_numbers(self) -> Iterator[tuple[float, float, int]]:
        """Yield where the number of a layer ends, and the number."""
        for rows, edge in zip(self._columns, [0.0, *self._edges], strict=False):
            for row, level in _levels(self._graph, rows):
                y = self._grid.top(row) + self._grid.height / 2 + 4
                yield edge + _MARGIN - 12, y, level


def _levels(graph: nx.MultiDiGraph, rows: Rows) -> list[tuple[int, int]]:
    """Return the first row of each layer with its number."""
    levels = [graph.nodes[nodes[0]]["level"] for nodes in rows]
    return [
        (row, level)
        for row, level in enumerate(levels)
        if (row == 0 or levels[row - 1] != level)
        and graph.nodes[rows[row][0]]["kind"] == "step"
    ]
