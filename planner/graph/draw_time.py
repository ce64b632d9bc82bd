"""Draws a plan with times: a bar a step on an axis of time, links between the bars."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from jouleplan.planner.graph.panel import Panel, number_text
from jouleplan.planner.graph.svg import CHARACTER_PX, element, group, shortened, text

if TYPE_CHECKING:
    import networkx as nx

_PITCH = 26.0
_BAR = 16.0
_TOP = 34.0
_MOST_CHARACTERS = 44
_LENGTH = 760.0


def draw_time(graph: nx.MultiDiGraph) -> Panel:
    """Return the drawing of a plan graph whose steps have times."""
    timed = [n for n, d in graph.nodes(data=True) if d["kind"] in ("step", "timed")]
    timed.sort(key=lambda node: (graph.nodes[node]["start"] or 0, str(node)))
    rows = {node: row for row, node in enumerate(timed)}
    names = {node: _name(graph, node) for node in timed}
    left = max((len(name) for name in names.values()), default=0) * CHARACTER_PX + 16
    last = max((_end(graph, node) for node in timed), default=0.0) or 1.0
    scale = _LENGTH / last
    bottom = _TOP + len(timed) * _PITCH
    body = _axis(left, last, scale, bottom)
    for node in timed:
        y = _TOP + rows[node] * _PITCH
        body.append(text(left - 12, y + 12, names[node], "end"))
    drawn = sorted(_links(graph), key=lambda link: link[2] == "critical")
    for one, two, style, words in drawn:
        points = _way(graph, rows, one, two, left, scale)
        attributes = {
            "d": "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points),
            "class": f"line {style}",
            "marker-end": f"url(#tip-{style})",
        }
        body.append(group(words, element("path", attributes)))
    for node in timed:
        body.append(_bar(graph, node, left, _TOP + rows[node] * _PITCH, scale))
    return Panel(left + _LENGTH + 40, bottom + 10, tuple(body))


def _axis(left: float, last: float, scale: float, bottom: float) -> list[str]:
    step = 10 ** math.floor(math.log10(last / 5))
    step *= next((factor for factor in (1, 2, 5) if last / (step * factor) <= 10), 10)
    found = []
    for tick in range(int(last / step + 1e-9) + 1):
        x = left + tick * step * scale
        line = {"x1": x, "y1": _TOP - 10, "x2": x, "y2": bottom, "class": "rule"}
        found.append(element("line", line))
        found.append(text(x, _TOP - 16, number_text(tick * step), "middle small dim"))
    return found


def _links(graph: nx.MultiDiGraph) -> list[tuple[object, object, str, str]]:
    """Return the lines to draw: node, node, style, what it is for."""
    found: dict[tuple[object, object], tuple[str, list[str]]] = {}
    for one, two, data in graph.edges(data=True):
        if one == "init" or two == "goal" or not data["reduced"]:
            continue
        kind = "causal" if data["kind"] == "causal" else "order"
        style = "critical" if data["critical"] else kind
        before, facts = found.get((one, two), (style, []))
        first = min(before, style, key=("critical", "causal", "order").index)
        found[one, two] = first, [*facts, data["fact"]]
    return [
        (one, two, style, ", ".join(fact for fact in facts if fact))
        for (one, two), (style, facts) in found.items()
    ]


def _way(
    graph: nx.MultiDiGraph,
    rows: dict[object, int],
    one: object,
    two: object,
    left: float,
    scale: float,
) -> list[tuple[float, float]]:
    """Return an angled line from the point of one bar to that of another."""
    points = [(data["tail"], data["head"]) for data in graph[one][two].values()]
    tail, head = points[0]
    x = left + _point(graph, one, tail) * scale
    then_x = left + _point(graph, two, head) * scale
    y = _TOP + rows[one] * _PITCH
    then_y = _TOP + rows[two] * _PITCH
    down = rows[two] > rows[one]
    begin = y + _BAR if down else y
    end = then_y if down else then_y + _BAR
    aside = begin + (5 if down else -5)
    return [(x, begin), (x, aside), (then_x, aside), (then_x, end)]


def _point(graph: nx.MultiDiGraph, node: object, point: str) -> float:
    start = float(graph.nodes[node]["start"] or 0)
    return _end(graph, node) if point == "end" else start


def _bar(
    graph: nx.MultiDiGraph, node: object, left: float, y: float, scale: float
) -> str:
    data = graph.nodes[node]
    length = float(data.get("duration") or 0)
    box = {
        "x": left + float(data["start"] or 0) * scale,
        "y": y,
        "width": max(length * scale, 3.0),
        "height": _BAR,
        "rx": 3,
        "class": "hot" if data["critical"] else "box",
    }
    times = f"{number_text(data['start'] or 0)} for {number_text(length)}"
    return group(f"{data['label']}, from {times}", element("rect", box))


def _end(graph: nx.MultiDiGraph, node: object) -> float:
    data = graph.nodes[node]
    return float((data["start"] or 0) + (data.get("duration") or 0))


def _name(graph: nx.MultiDiGraph, node: object) -> str:
    data = graph.nodes[node]
    if not isinstance(node, int):
        return shortened(data["label"], _MOST_CHARACTERS)
    words = " ".join((str(node + 1), data["operator"], *data["objects"]))
    return shortened(words, _MOST_CHARACTERS)
