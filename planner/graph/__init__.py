"""Plans as graphs: causal links, needed order, critical path, state space."""

from __future__ import annotations

from jouleplan.planner.graph.errors import FORMATS, GraphFormatError
from jouleplan.planner.graph.plan_graph import plan_graph
from jouleplan.planner.graph.state_space import state_space
from jouleplan.planner.graph.write import check_format, write_graph

__all__ = [
    "FORMATS",
    "GraphFormatError",
    "check_format",
    "plan_graph",
    "state_space",
    "write_graph",
]
