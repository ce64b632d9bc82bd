"""A plan as a graph: causal links, the order that is needed, the critical path."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING

from jouleplan.domains.language.features import Feature
from jouleplan.domains.language.model import Change, FunctionTerm, TaskModel, Update
from jouleplan.domains.language.plan import Plan, Step
from jouleplan.planner.graph.deorder import INIT, Order, deorder, reasons
from jouleplan.planner.graph.happenings import Happening, Node, happenings_of
from jouleplan.planner.graph.paths import Paths, paths_of
from jouleplan.planner.graph.reads import Literal, literal_text
from jouleplan.planner.validator.world import World

if TYPE_CHECKING:
    import networkx as nx

Costs = Mapping[Step, Fraction] | Callable[[Step], Fraction | None]
"""What a step costs, in any unit; None, or no entry, where that is not known."""


def plan_graph(
    task: TaskModel, plan: Plan, costs: Costs | None = None
) -> nx.MultiDiGraph:
    """Return the graph of a valid plan.

    Nodes are ``"init"``, the steps 0, 1, ... by their places in the plan, ``"time0"``,
    ... for timed initial literals, and ``"goal"``. They have ``kind`` ("init", "step",
    "timed", "goal"), ``label``, ``level``, ``critical``; steps also ``operator``,
    ``objects``, ``cost``, ``start`` and ``duration``, None where there is none.

    Edges have ``kind``: "causal" where the first provides ``fact`` to the second;
    "threat" where ``fact`` would be undone in the other order; "order" where both use
    ``fact``, a number or something that conditions look at. An order that follows from
    others is left out unless it is causal; ``reduced`` marks the transitive reduction,
    ``critical`` the critical path, ``tail`` and ``head`` the point of a step with a
    duration ("start", "end"). Facts that never change are no links.

    The graph has ``task``, ``domain``, ``length``, ``parallel_length`` (layers),
    ``critical_path`` (steps), ``critical_length``, ``weight`` ("duration", "cost",
    "steps") and ``total_order``, whether the whole order of the plan is kept because
    the task is of a kind for which less is not known to be valid.

    Args:
        task: The task.
        plan: A valid plan of it.
        costs: Costs of the steps; where None, the costs of the task's metric.

    Raises:
        InvalidPlanError: A step needs what is not true.
    """
    import networkx as nx

    happenings = happenings_of(task, plan, World(task))
    order = deorder(task, happenings)
    known = _costs(task, plan, happenings, costs)
    weight, weights = _weights(plan, known)
    paths = paths_of(order, weights)
    graph = nx.MultiDiGraph(
        task=task.problem.name,
        domain=task.domain.name,
        length=len(plan),
        parallel_length=max(paths.levels.values(), default=0),
        critical_path=list(paths.chain),
        critical_length=paths.length,
        weight=weight,
        total_order=order.total,
    )
    _add_nodes(graph, task, plan, known, paths)
    _add_edges(graph, order, paths)
    return graph


def _costs(
    task: TaskModel, plan: Plan, happenings: list[Happening], costs: Costs | None
) -> dict[int, Fraction | None]:
    if callable(costs):
        return {index: costs(step) for index, step in enumerate(plan)}
    if costs is not None:
        return {index: costs.get(step) for index, step in enumerate(plan)}
    metric = task.problem.metric
    if metric is None or Feature.COSTS not in task.features:
        return dict.fromkeys(range(len(plan)))
    assert isinstance(metric.expression, FunctionTerm)
    summed = (metric.expression.name, *metric.expression.terms)
    found: dict[int, Fraction | None] = {
        index: Fraction(0) for index in range(len(plan))
    }
    for happening in happenings:
        for update in happening.updates:
            if update.target == summed and isinstance(happening.node, int):
                before = found[happening.node] or Fraction(0)
                found[happening.node] = before + update.amount
    return found


def _weights(
    plan: Plan, costs: Mapping[int, Fraction | None]
) -> tuple[str, dict[Node, Fraction]]:
    """Return what the critical path is measured in, and what each step takes."""
    if any(step.duration for step in plan):
        return "duration", {i: s.duration or Fraction(0) for i, s in enumerate(plan)}
    if any(cost is not None for cost in costs.values()):
        return "cost", {index: cost or Fraction(0) for index, cost in costs.items()}
    return "steps", {index: Fraction(1) for index in range(len(plan))}


def _add_nodes(
    graph: nx.MultiDiGraph,
    task: TaskModel,
    plan: Plan,
    costs: Mapping[int, Fraction | None],
    paths: Paths,
) -> None:
    last = graph.graph["parallel_length"] + 1
    graph.add_node("init", kind="init", label="init", level=0, critical=True)
    for index, timed in enumerate(task.problem.timed):
        graph.add_node(
            f"time{index}",
            kind="timed",
            label=_timed_label(timed.change),
            level=0,
            critical=False,
            start=timed.time,
        )
    for index, step in enumerate(plan):
        graph.add_node(
            index,
            kind="step",
            label=f"{step.operator}({', '.join(step.objects)})",
            operator=step.operator,
            objects=list(step.objects),
            cost=costs[index],
            level=paths.levels[index],
            critical=index in paths.chain,
            start=step.start,
            duration=step.duration,
        )
    graph.add_node("goal", kind="goal", label="goal", level=last, critical=True)


def _timed_label(change: Change | Update) -> str:
    if isinstance(change, Change):
        return literal_text(
            ((change.atom.predicate, *change.atom.terms), change.becomes)
        )
    target = " ".join((change.target.name, *change.target.terms))
    return f"({change.operator} ({target}))"


def _add_edges(graph: nx.MultiDiGraph, order: Order, paths: Paths) -> None:
    for first, then, kind, fact, is_reduced in _edges(order):
        one = Happening("init") if first == INIT else order.happenings[first]
        two = order.happenings[then]
        if one.node != two.node:
            graph.add_edge(
                one.node,
                two.node,
                kind=kind,
                fact=fact,
                reduced=is_reduced,
                critical=is_reduced and (one.node, two.node) in paths.pairs,
                tail=one.point,
                head=two.point,
            )


def _edges(order: Order) -> Iterator[tuple[int, int, str, str, bool]]:
    """Yield place, later place, kind, fact, and whether it is not implied."""
    needed = {
        (first, then)
        for then, direct in enumerate(order.direct)
        for first in direct or (INIT,)
    }
    produced: defaultdict[int, set[Literal]] = defaultdict(set)
    for link in order.links:
        pair = (link.producer, link.consumer)
        produced[link.producer].add(link.literal)
        yield *pair, "causal", literal_text(link.literal), pair in needed
    explained = {(link.producer, link.consumer) for link in order.links}
    for first, then in sorted(needed - explained):
        if first == INIT or order.happenings[then].node == "goal":
            yield first, then, "order", "", True
            continue
        for kind, fact in reasons(order, frozenset(produced[then]), first, then):
            yield first, then, kind, fact, True
