"""The whole picture: title, legend, the plan's order or times, its state space."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jouleplan.planner.graph.draw_order import draw_order
from jouleplan.planner.graph.draw_states import draw_states
from jouleplan.planner.graph.draw_time import draw_time
from jouleplan.planner.graph.panel import Panel, number_text
from jouleplan.planner.graph.svg import CHARACTER_PX, SMALL_PX, document, element, text

if TYPE_CHECKING:
    import networkx as nx

_MARGIN = 24.0
_HEAD = 100.0
_NARROWEST = 740.0


def picture(graph: nx.MultiDiGraph, states: nx.DiGraph | None, note: str = "") -> str:
    """Return a plan graph as an SVG file.

    Args:
        graph: The plan graph.
        states: The state space to draw beside it.
        note: Why there is none.
    """
    about = graph.graph
    title = f"{about['domain']}: {about['task']}"
    kinds = {kind for _, kind in graph.nodes(data="kind")}
    timed = about["weight"] == "duration" or "timed" in kinds
    panel = draw_time(graph) if timed else draw_order(graph)
    body = [panel.at(_MARGIN, _HEAD)]
    width, height = panel.width, panel.height
    if states is not None:
        second = _titled(draw_states(states), states)
        if panel.width < panel.height * 1.2 and not timed:
            body.append(second.at(2 * _MARGIN + panel.width, _HEAD))
            width += _MARGIN + second.width
            height = max(height, second.height)
        else:
            body.append(second.at(_MARGIN, _HEAD + height + _MARGIN))
            width, height = max(width, second.width), height + _MARGIN + second.height
    below = [note] if note else []
    if about["total_order"]:
        below.append("the plan's own order is kept: nothing less is known to be valid")
    words = [title, _summary(graph), *below]
    longest = max(len(line) for line in words) * (CHARACTER_PX + 2)
    width = max(width, _NARROWEST, longest)
    for line in below:
        height += 20
        body.append(text(_MARGIN, _HEAD + height, line, "dim"))
    head = [
        text(_MARGIN, 34.0, title, "title"),
        text(_MARGIN, 55.0, _summary(graph), "dim"),
        *_legend(timed),
    ]
    return document(
        width + 2 * _MARGIN, _HEAD + height + _MARGIN, f"Plan of {title}", head + body
    )


def _summary(graph: nx.MultiDiGraph) -> str:
    about = graph.graph
    steps, layers = about["length"], about["parallel_length"]
    chain = len(about["critical_path"])
    parts = [
        f"{steps} step{'s' * (steps != 1)}",
        f"parallel length {layers}",
        f"critical path {chain} step{'s' * (chain != 1)}",
    ]
    if about["weight"] != "steps":
        parts[-1] += f", {about['weight']} {number_text(about['critical_length'])}"
    return " · ".join(parts)


def _legend(timed: bool) -> list[str]:
    entries = [
        ("critical", "critical path"),
        ("causal", "provides what the next needs"),
        ("order", "would undo or disturb"),
    ]
    found: list[str] = []
    x = _MARGIN
    for style, words in entries:
        line = {
            "d": f"M{x:.0f} 76h30",
            "class": f"line {style}",
            "marker-end": f"url(#tip-{style})",
        }
        found.append(element("path", line))
        found.append(text(x + 38, 80.0, words, "small"))
        x += 38 + len(words) * SMALL_PX + 22
    if not timed:
        mark = {"cx": x + 4, "cy": 76.0, "r": 4.0, "class": "goalmark open"}
        found.append(element("circle", mark))
        found.append(text(x + 16, 80.0, "provides a part of the goal", "small"))
    return found


def _titled(panel: Panel, states: nx.DiGraph) -> Panel:
    """Return the panel of a state space under its name and legend."""
    edges = len({frozenset(edge) for edge in states.edges})
    name = f"State space: {len(states)} states, {edges} transitions"
    marks = [
        element("circle", {"cx": 8, "cy": 31, "r": 7, "class": "initmark open"}),
        text(22.0, 35.0, "first state", "small"),
        element("circle", {"cx": 118, "cy": 31, "r": 7, "class": "goalmark open"}),
        text(132.0, 35.0, "goal", "small"),
        element("circle", {"cx": 186, "cy": 31, "r": 6, "class": "seen"}),
        text(200.0, 35.0, "on the plan's way", "small"),
    ]
    body = (text(0.0, 12.0, name, "bold"), *marks, panel.at(0, 44))
    width = max(panel.width, len(name) * CHARACTER_PX, 320.0)
    return Panel(width, panel.height + 44, body)
