"""Writes a plan's graph to a file: a picture, node-link data, or GraphML."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from jouleplan.domains.language.model import TaskModel
from jouleplan.domains.language.plan import Plan
from jouleplan.planner.graph.errors import FORMATS, GraphFormatError
from jouleplan.planner.graph.plan_graph import Costs, plan_graph
from jouleplan.planner.graph.state_space import explore

if TYPE_CHECKING:
    import networkx as nx


def check_format(path: Path) -> None:
    """Check, before any planning, that a graph can be written to ``path``.

    Raises:
        GraphFormatError: Its suffix names none of the formats.
    """
    if path.suffix.lower() not in FORMATS:
        raise GraphFormatError(path)


def write_graph(
    path: Path,
    task: TaskModel,
    plan: Plan,
    costs: Costs | None = None,
    limit: int = 2000,
) -> nx.MultiDiGraph:
    """Write the graph of a valid plan to ``path``; return it.

    ``.svg`` is a picture, with the state space of a small task. ``.json`` is node-link
    data that ``networkx.node_link_graph(data, edges="links")`` reads, with ``plan``,
    ``state_space`` and, where that is None, ``state_space_note`` beside it.
    ``.graphml`` has the plan graph alone.

    Args:
        path: The file; its suffix says what is written.
        task: The task.
        plan: A valid plan of it.
        costs: Costs of the steps; where None, the costs of the task's metric.
        limit: The most states of the state space.

    Raises:
        GraphFormatError: The suffix names none of the formats.
        OSError: The file cannot be written.
        InvalidPlanError: The plan is not valid.
    """
    check_format(path)
    graph = plan_graph(task, plan, costs)
    kind = path.suffix.lower()
    if kind == ".graphml":
        content = _graphml(graph)
    else:
        found = explore(task, plan, limit)
        states = None if isinstance(found, str) else found
        note = f"No state space: {found}." if isinstance(found, str) else ""
        if kind == ".json":
            content = _json(graph, plan, states, note)
        else:
            from jouleplan.planner.graph.picture import picture

            content = picture(graph, states, note)
    path.write_text(content, encoding="utf-8")
    return graph


def _json(
    graph: nx.MultiDiGraph, plan: Plan, states: nx.DiGraph | None, note: str
) -> str:
    import networkx as nx

    data = nx.node_link_data(graph, edges="links")
    data["plan"] = [step.pddl for step in plan]
    data["state_space"] = None
    if states is None:
        data["state_space_note"] = note
    else:
        data["state_space"] = nx.node_link_data(states, edges="links")
    return json.dumps(data, indent=1, default=_number) + "\n"


def _graphml(graph: nx.MultiDiGraph) -> str:
    import networkx as nx

    plain = nx.MultiDiGraph(**_plain(graph.graph))
    for node, data in graph.nodes(data=True):
        plain.add_node(node, **_plain(data))
    for one, two, data in graph.edges(data=True):
        plain.add_edge(one, two, **_plain(data))
    return "\n".join(nx.generate_graphml(plain)) + "\n"


def _plain(attributes: dict[str, object]) -> dict[str, object]:
    """Return attributes as GraphML has them: texts, numbers, truths, no None."""
    found: dict[str, object] = {}
    for name, value in attributes.items():
        if isinstance(value, list):
            found[name] = " ".join(map(str, value))
        elif isinstance(value, Fraction):
            found[name] = float(value)
        elif value is not None:
            found[name] = value
    return found


def _number(value: object) -> int | float:
    if not isinstance(value, Fraction):
        raise TypeError(f"{type(value).__name__} is no part of a graph")
    return value.numerator if value.denominator == 1 else float(value)
