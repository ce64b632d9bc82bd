"""Draws a state space: a dot a state, the plan's way through it marked."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING

from jouleplan.planner.graph.panel import Panel
from jouleplan.planner.graph.spread import spread_states
from jouleplan.planner.graph.svg import element, group, text

if TYPE_CHECKING:
    import networkx as nx
    import numpy as np

_MARGIN = 40.0


def draw_states(graph: nx.DiGraph) -> Panel:
    """Return the drawing of a state space."""
    count = len(graph)
    radius = 9.0 if count <= 130 else max(2.5, 9.0 * math.sqrt(130 / count))
    places = spread_states(graph, graph.graph["path"])
    side = min(1100.0, 190 + 62 * math.sqrt(count))
    extent = places.max(axis=0) - places.min(axis=0)
    scale = side / max(float(extent.max()), 1.0)
    scale = min(scale, 90.0)
    places = (places - places.min(axis=0)) * scale + _MARGIN
    width, height = (float(extent[axis] * scale + 2 * _MARGIN) for axis in (0, 1))
    body = [*_nets(graph, places), *_ways(graph, places, radius)]
    body += [_dot(graph, node, places[node], radius) for node in graph]
    return Panel(width, height, tuple(body))


def _nets(graph: nx.DiGraph, places: np.ndarray) -> list[str]:
    """Return the lines that the plan does not take, one for both directions."""
    found = []
    for one, two, data in graph.edges(data=True):
        back = graph.edges[two, one] if graph.has_edge(two, one) else None
        if data["plan"] or (back is not None and (back["plan"] or two < one)):
            continue
        line = {
            "x1": float(places[one][0]),
            "y1": float(places[one][1]),
            "x2": float(places[two][0]),
            "y2": float(places[two][1]),
            "class": "net",
        }
        labels = data["operators"] + (back["operators"] if back else [])
        found.append(group("\n".join(labels[:8]), element("line", line)))
    return found


def _ways(graph: nx.DiGraph, places: np.ndarray, radius: float) -> list[str]:
    found = []
    path = graph.graph["path"]
    for at, (one, two) in enumerate(pairwise(path), start=1):
        if one == two:
            continue
        (x, y), (then_x, then_y) = places[one], places[two]
        length = max(math.hypot(then_x - x, then_y - y), 1e-6)
        share = 1 - min((radius + 1) / length, 0.9)
        line = {
            "x1": float(x),
            "y1": float(y),
            "x2": float(x + (then_x - x) * share),
            "y2": float(y + (then_y - y) * share),
            "class": "line critical",
            "marker-end": "url(#tip-critical)",
        }
        operators = ", ".join(graph.edges[one, two]["operators"])
        found.append(group(f"step {at}: {operators}", element("line", line)))
    return found


def _dot(graph: nx.DiGraph, node: int, at: np.ndarray, radius: float) -> str:
    data = graph.nodes[node]
    x, y = float(at[0]), float(at[1])
    circle = {"cx": x, "cy": y, "r": radius}
    inner = []
    if data["goal"]:
        inner.append(
            element("circle", {**circle, "r": radius + 4, "class": "goalmark open"})
        )
    if data["initial"]:
        inner.append(
            element("circle", {**circle, "r": radius + 4, "class": "initmark open"})
        )
    style = "seen" if data["visits"] else "state"
    inner.append(element("circle", {**circle, "class": style}))
    if data["visits"] and radius >= 8:
        inner.append(text(x, y + 3.5, str(data["visits"][0]), "middle small"))
    return group(data["facts"], *inner)
