"""The reachable states of small tasks."""

from __future__ import annotations

from itertools import pairwise

import networkx as nx
import numpy as np

from jouleplan.domains.language.plan import read_plan
from jouleplan.planner.graph import state_space
from jouleplan.planner.graph.spread import spread_states
from jouleplan.planner.graph.state_space import explore
from tests.planner.graph.tasks import cellar, hanoi, shop, task_of


def test_hanoi_has_three_to_the_discs_states() -> None:
    graph = state_space(*hanoi(3))
    assert graph is not None
    assert len(graph) == 27
    assert len({frozenset(edge) for edge in graph.edges}) == 39


def test_plan_is_a_path_from_the_first_state_to_a_goal() -> None:
    task, plan = hanoi(3)
    graph = state_space(task, plan)
    assert graph is not None
    path = graph.graph["path"]
    assert len(path) == len(plan) + 1
    assert graph.nodes[path[0]]["initial"]
    assert graph.nodes[path[-1]]["goal"]
    assert all(graph.edges[edge]["plan"] for edge in pairwise(path))
    assert graph.nodes[path[3]]["visits"] == [3]


def test_layers_are_distances_from_the_first_state() -> None:
    graph = state_space(*hanoi(3))
    assert graph is not None
    assert dict(graph.nodes(data="layer")) == nx.single_source_shortest_path_length(
        graph, 0
    )


def test_sum_of_costs_tells_no_states_apart() -> None:
    graph = state_space(*shop(3))
    assert graph is not None
    assert len(graph) == 27  # raw, cut or painted, each


def test_conditional_and_derived_parts_are_followed() -> None:
    domain = """(define (domain d) (:requirements :adl :derived-predicates)
      (:predicates (up ?x) (all) (rung))
      (:derived (all) (forall (?x) (up ?x)))
      (:action turn :parameters (?x)
        :effect (and (when (up ?x) (not (up ?x))) (when (not (up ?x)) (up ?x))))
      (:action ring :parameters () :precondition (all) :effect (rung)))"""
    problem = """(define (problem p) (:domain d) (:objects a b) (:init (up a))
      (:goal (rung)))"""
    graph = state_space(task_of(domain, problem), read_plan("(turn b)\n(ring)"))
    assert graph is not None
    assert len(graph) == 8
    assert sum(goal for _, goal in graph.nodes(data="goal")) == 4


def test_more_states_than_the_limit_give_a_reason() -> None:
    task, plan = hanoi(4)
    assert state_space(task, plan, limit=80) is None
    assert explore(task, plan, limit=80) == "more than 80 states can be reached"


def test_operators_that_take_time_give_a_reason() -> None:
    assert "durative" in str(explore(*cellar()))


def test_search_that_takes_too_long_gives_a_reason() -> None:
    ticks = iter(range(1000))
    found = explore(*hanoi(3), clock=lambda: float(next(ticks)))
    assert found == "its states are not found within 3 s"


def test_states_of_hanoi_lie_in_a_triangle_with_the_plan_as_its_base() -> None:
    graph = state_space(*hanoi(3))
    assert graph is not None
    places = spread_states(graph, graph.graph["path"])
    corners = [node for node in graph if len({*graph.succ[node]}) == 2]
    sides = [np.linalg.norm(places[a] - places[b]) for a in corners for b in corners]
    assert len(corners) == 3
    assert max(sides) < 1.02 * min(side for side in sides if side > 0)
    base = places[graph.graph["path"]]
    assert np.ptp(base[:, 0]) > 10 * np.ptp(base[:, 1])
    assert base[0][0] < base[-1][0]


def test_many_states_are_placed_without_meeting() -> None:
    graph = nx.grid_2d_graph(30, 30, create_using=nx.DiGraph)
    graph = nx.convert_node_labels_to_integers(graph)
    places = spread_states(graph, [0, 899])
    assert len({tuple(place) for place in places.round(2)}) == 900
