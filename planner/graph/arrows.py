"""What is written into and beside the boxes and lines of a drawn plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from jouleplan.planner.graph.layers import Line
from jouleplan.planner.graph.panel import number_text
from jouleplan.planner.graph.svg import shortened

if TYPE_CHECKING:
    import networkx as nx

MOST_CHARACTERS = 34
"""In a line of a box."""

_MOST_NAMES = 3


@dataclass(slots=True)
class Arrow:
    """All edges from one node to another, drawn as one line.

    Attributes:
        facts: What they are for.
        causal: Whether one of them is a causal link.
        reduced: Whether they are in the transitive reduction.
        critical: Whether they are on the critical path.
    """

    facts: list[str] = field(default_factory=list)
    causal: bool = False
    reduced: bool = False
    critical: bool = False

    @property
    def style(self) -> str:
        """Classes of the line."""
        kind = "causal" if self.causal else "order"
        if self.critical:
            return f"{kind} critical"
        return kind if self.reduced else f"{kind} implied"

    @property
    def tip(self) -> str:
        """The marker at its end."""
        if self.critical:
            return "critical"
        return "causal" if self.causal else "order"


def arrows_of(graph: nx.MultiDiGraph) -> dict[Line, Arrow]:
    """Return the lines of a plan graph.

    Those from init and to the goal that follow from others are left out: they would
    cross all the rest.
    """
    found: dict[Line, Arrow] = {}
    for one, two, data in graph.edges(data=True):
        if data["reduced"] or not (one == "init" or two == "goal"):
            arrow = found.setdefault((one, two), Arrow())
            arrow.facts += [data["fact"]] if data["fact"] else []
            arrow.causal |= data["kind"] == "causal"
            arrow.reduced |= data["reduced"]
            arrow.critical |= data["critical"]
    return found


def goal_steps(graph: nx.MultiDiGraph) -> set[object]:
    """Return the steps that provide a part of the goal."""
    return {
        one
        for one, two, kind in graph.edges(data="kind")
        if two == "goal" and one != "init" and kind == "causal"
    }


def box_words(graph: nx.MultiDiGraph, node: object) -> list[str]:
    """Return the lines in the box of ``node``."""
    data = graph.nodes[node]
    if data["kind"] != "step":
        return [data["label"]]
    cost = "" if data["cost"] is None else f" · {number_text(data['cost'])}"
    first = f"{node_name(node)} {data['operator']}"
    first = shortened(first, MOST_CHARACTERS - len(cost)) + cost
    objects = shortened(" ".join(data["objects"]), MOST_CHARACTERS)
    return [first, objects] if objects else [first]


def box_tip(graph: nx.MultiDiGraph, node: object) -> str:
    """Return what shows when the mouse rests on the box of ``node``."""
    data = graph.nodes[node]
    number = f"{node_name(node)} " if data["kind"] == "step" else ""
    lines = [f"{number}{data['label']}"]
    for one, _, edge in graph.in_edges(node, data=True):
        if edge["kind"] == "causal":
            lines.append(f"{edge['fact']} from {node_name(one)}")
    return "\n".join(lines)


def line_tip(line: Line, arrow: Arrow) -> str:
    """Return what shows when the mouse rests on a line."""
    facts = ", ".join(arrow.facts)
    return f"{node_name(line[0])} → {node_name(line[1])} {facts}".rstrip()


def node_name(node: object) -> str:
    """Return the number of a step, from 1, or the node's own name."""
    return str(node + 1) if isinstance(node, int) else str(node)


def tag_text(sources: Sequence[object], targets: Sequence[object], most: int) -> str:
    """Return numbers in place of lines that are not drawn, e.g. ``3 → · → 12``."""
    parts = []
    if sources:
        parts.append(f"{_few(sources)} →")
    if targets:
        parts.append(f"→ {_few(targets)}")
    return shortened(" · ".join(parts), most)


def _few(nodes: Sequence[object]) -> str:
    names = [node_name(node) for node in nodes]
    more = len(names) - _MOST_NAMES
    return ", ".join(names[:_MOST_NAMES]) + (f" +{more}" if more > 0 else "")
