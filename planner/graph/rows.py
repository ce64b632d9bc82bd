"""Which row and column of a drawing each step of a plan gets."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import networkx as nx

Rows = list[list[object]]

# A column of fewer rows than this is no help to a reader.
_FEWEST_ROWS = 14
_ASPECT = 1.5


def columns_of(graph: nx.MultiDiGraph, width: float, pitch: float) -> list[Rows]:
    """Return the nodes of a plan graph by columns and their rows.

    Args:
        graph: The plan graph.
        width: Of a box, with the space beside it [px].
        pitch: From row to row [px].
    """
    rows: Rows = [["init"], *_rows(graph), ["goal"]]
    widest = max(map(len, rows)) * width
    count = round(math.sqrt(_ASPECT * len(rows) * pitch / widest))
    count = max(1, min(count, len(rows) // _FEWEST_ROWS))
    size = math.ceil(len(rows) / count)
    return [rows[at : at + size] for at in range(0, len(rows), size)]


def _rows(graph: nx.MultiDiGraph) -> Rows:
    """Return the steps by layer.

    Where a layer is too wide, parts of the plan that are independent of each other come
    below one another; a layer that is still too wide takes several rows.
    """
    most = max(6, math.isqrt(len(graph)) + 1)
    bands = [_by_level(graph, [node for node in graph if isinstance(node, int)])]
    if max(map(len, bands[0].values()), default=0) > most:
        bands = []
        for part in _parts(graph):
            own = _by_level(graph, part)
            if not bands or _width(bands[-1]) + _width(own) > most:
                bands.append({})
            for level, nodes in own.items():
                bands[-1].setdefault(level, []).extend(nodes)
    return [
        row
        for band in bands
        for level in sorted(band)
        for row in _broken(band[level], most)
    ]


def _width(band: dict[int, list[object]]) -> int:
    return max(map(len, band.values()), default=0)


def _parts(graph: nx.MultiDiGraph) -> list[list[int]]:
    """Return the steps in groups that no line joins, by their first steps."""
    import networkx as nx

    joined = nx.Graph()
    joined.add_nodes_from(node for node in graph if isinstance(node, int))
    joined.add_edges_from(
        (one, two)
        for one, two in graph.edges()
        if isinstance(one, int) and isinstance(two, int)
    )
    return sorted(sorted(part) for part in nx.connected_components(joined))


def _by_level(graph: nx.MultiDiGraph, nodes: list[int]) -> dict[int, list[object]]:
    levels: dict[int, list[object]] = {}
    for node in nodes:
        levels.setdefault(graph.nodes[node]["level"], []).append(node)
    return levels


def _broken(nodes: list[object], most: int) -> Rows:
    count = math.ceil(len(nodes) / most)
    size = math.ceil(len(nodes) / count)
    return [nodes[at : at + size] for at in range(0, len(nodes), size)]
