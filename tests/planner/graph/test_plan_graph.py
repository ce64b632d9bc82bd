"""A plan's graph: links, order, layers, critical path."""

from __future__ import annotations

from fractions import Fraction

import networkx as nx
import pytest

from jouleplan.domains.language.model import TaskModel
from jouleplan.domains.language.plan import Plan, read_plan
from jouleplan.planner.graph import plan_graph
from jouleplan.planner.validator import validate
from jouleplan.planner.validator.errors import InvalidPlanError
from tests.planner.graph.tasks import (
    cellar,
    earliest,
    hanoi,
    linearisations,
    shop,
    task_of,
)


def _problem(init: str, goal: str, objects: str = "a b c", more: str = "") -> str:
    return f"""(define (problem p) (:domain d) (:objects {objects})
      (:init {init}) (:goal {goal}) {more})"""


def _counters() -> tuple[TaskModel, Plan]:
    """Fuel is used, filled and looked at; a log only grows."""
    domain = """(define (domain d) (:requirements :numeric-fluents)
      (:predicates (at ?x) (ready))
      (:functions (fuel) (log))
      (:action go :parameters (?x) :precondition (>= (fuel) 2)
        :effect (and (at ?x) (decrease (fuel) 2) (increase (log) 1)))
      (:action fill :parameters () :effect (increase (fuel) 3))
      (:action wave :parameters () :effect (and (ready) (increase (log) 1))))"""
    problem = _problem(
        "(= (fuel) 2) (= (log) 0)",
        "(and (at a) (at b) (ready) (>= (log) 3) (<= (fuel) 4))",
    )
    return task_of(domain, problem), read_plan("(go a)\n(fill)\n(wave)\n(fill)\n(go b)")


def _adl() -> tuple[TaskModel, Plan]:
    """What a step does depends on facts that others change."""
    domain = """(define (domain d) (:requirements :adl)
      (:predicates (lit ?x) (seen ?x) (open) (shut))
      (:action light :parameters (?x) :precondition (not (lit ?x)) :effect (lit ?x))
      (:action look :parameters () :effect
        (and (open) (forall (?x) (when (lit ?x) (seen ?x)))))
      (:action dim :parameters (?x) :precondition (lit ?x) :effect (not (lit ?x)))
      (:action leave :parameters ()
        :precondition (and (forall (?x) (not (lit ?x))) (or (open) (shut)))
        :effect (and (shut) (not (open)))))"""
    problem = _problem("(lit c)", "(and (seen a) (not (seen b)) (seen c) (shut))")
    plan = "(light a)\n(look)\n(light b)\n(dim b)\n(dim a)\n(dim c)\n(leave)"
    return task_of(domain, problem), read_plan(plan)


def _derived() -> tuple[TaskModel, Plan]:
    domain = """(define (domain d) (:requirements :derived-predicates :adl)
      (:constants a c) (:predicates (on ?x ?y) (above ?x ?y) (held ?x) (done))
      (:derived (above ?x ?y) (or (on ?x ?y)
        (exists (?z) (and (on ?x ?z) (above ?z ?y)))))
      (:action put :parameters (?x ?y) :precondition (held ?x)
        :effect (and (on ?x ?y) (not (held ?x))))
      (:action check :parameters () :precondition (above a c) :effect (done))
      (:action lift :parameters (?x ?y) :precondition (on ?x ?y)
        :effect (and (held ?x) (not (on ?x ?y)))))"""
    goal = "(and (done) (held b) (not (above a c)))"
    problem = _problem("(held a) (held b)", goal, objects="b")
    plan = "(put a b)\n(put b c)\n(check)\n(lift b c)"
    return task_of(domain, problem), read_plan(plan)


def _constrained() -> tuple[TaskModel, Plan]:
    """Either light must be on at all times: these steps do not touch each other."""
    domain = """(define (domain d) (:requirements :adl :constraints)
      (:predicates (lit ?x) (other ?x))
      (:action on :parameters (?x) :effect (lit ?x))
      (:action off :parameters (?x) :precondition (lit ?x) :effect (not (lit ?x)))
      (:action do :parameters (?x) :effect (other ?x)))"""
    problem = _problem(
        "(lit a)",
        "(and (not (lit a)) (other c))",
        more="(:constraints (always (or (lit a) (lit b))))",
    )
    return task_of(domain, problem), read_plan("(on b)\n(off a)\n(do c)")


TASKS = {
    "hanoi": lambda: hanoi(3),
    "shop": lambda: shop(4),
    "counters": _counters,
    "adl": _adl,
    "derived": _derived,
    "constrained": _constrained,
}


@pytest.mark.parametrize("name", TASKS)
def test_every_linearisation_is_a_valid_plan(name: str) -> None:
    task, plan = TASKS[name]()
    verdict = validate(task, plan)
    assert verdict.valid, verdict.reason
    for order in linearisations(plan_graph(task, plan), 40):
        again = validate(task, tuple(plan[index] for index in order))
        assert again.valid, again.reason
        assert again.cost == verdict.cost


@pytest.mark.parametrize("name", TASKS)
def test_reduced_edges_are_the_transitive_reduction(name: str) -> None:
    graph = plan_graph(*TASKS[name]())
    whole = nx.DiGraph(graph)
    marked = {(a, b) for a, b, reduced in graph.edges(data="reduced") if reduced}
    assert marked == set(nx.transitive_reduction(whole).edges)


def test_causal_link_names_producer_consumer_and_fact() -> None:
    graph = plan_graph(*shop(1))
    links = {
        (a, b, data["fact"])
        for a, b, data in graph.edges(data=True)
        if data["kind"] == "causal"
    }
    assert links == {
        ("init", 0, "(raw piece0)"),
        (0, 1, "(cut piece0)"),
        (1, "goal", "(painted piece0)"),
    }


def test_order_that_protects_a_fact_is_a_threat() -> None:
    graph = plan_graph(*hanoi(2))
    threats = {
        (a, b, data["fact"])
        for a, b, data in graph.edges(data=True)
        if data["kind"] == "threat"
    }
    # Step 3 covers d2, which step 2 moves while it is clear.
    assert (1, 2, "(clear d2)") in threats


def test_independent_steps_share_layers() -> None:
    graph = plan_graph(*shop(5))
    assert graph.graph["parallel_length"] == 2
    assert [graph.nodes[index]["level"] for index in range(10)] == [1, 2] * 5


def test_changes_of_a_sum_can_be_exchanged() -> None:
    task, plan = _counters()
    graph = plan_graph(task, plan)
    between = [pair for pair in graph.edges() if set(pair) <= {0, 1, 2, 3, 4}]
    assert not any(2 in pair for pair in between)
    assert not graph.has_edge(1, 3)
    assert nx.has_path(graph, 1, 4)


def test_negative_precondition_is_linked_to_its_producer() -> None:
    graph = plan_graph(*_adl())
    facts = {data["fact"] for _, _, data in graph.edges(data=True)}
    assert "(not (lit a))" in facts


def test_steps_that_a_constraint_watches_keep_their_order() -> None:
    graph = plan_graph(*_constrained())
    assert graph.has_edge(0, 1)
    assert not nx.has_path(graph, 1, 2)


def test_timed_constraint_keeps_the_whole_order() -> None:
    domain = """(define (domain d) (:requirements :constraints)
      (:predicates (p ?x)) (:action do :parameters (?x) :effect (p ?x)))"""
    limit = "(:constraints (within 1 (p a)))"
    task = task_of(domain, _problem("", "(and (p a) (p b))", more=limit))
    graph = plan_graph(task, read_plan("(do a)\n(do b)"))
    assert graph.graph["total_order"]
    assert graph.has_edge(0, 1)


def test_critical_path_is_the_longest_chain_by_cost() -> None:
    task, plan = shop(2)
    graph = plan_graph(task, plan)
    assert graph.graph["weight"] == "cost"
    assert graph.graph["critical_length"] == 7
    costs = {step: Fraction(1) for step in plan} | {plan[3]: Fraction(9)}
    dear = plan_graph(task, plan, costs)
    assert dear.graph["critical_path"] == [2, 3]
    assert [dear.nodes[index]["critical"] for index in range(4)] == [0, 0, 1, 1]
    assert plan_graph(task, plan, costs.get).graph["critical_length"] == 10


def test_critical_path_counts_steps_without_costs() -> None:
    graph = plan_graph(*hanoi(3))
    assert graph.graph["weight"] == "steps"
    assert graph.graph["critical_path"] == list(range(7))


def test_steps_that_overlap_are_ordered_by_their_ends() -> None:
    task, plan = cellar()
    graph = plan_graph(task, plan)
    points = {
        (a, b, data["tail"], data["head"])
        for a, b, data in graph.edges(data=True)
        if isinstance(a, int) and isinstance(b, int)
    }
    assert points == {
        (0, 1, "start", "start"),
        (1, 0, "end", "end"),
        (2, 3, "start", "start"),
        (3, 2, "end", "end"),
        (1, 3, "end", "start"),
    }
    assert graph.graph["weight"] == "duration"
    assert graph.graph["critical_path"] == [1, 3]
    assert graph.graph["critical_length"] == 8
    assert graph.nodes[0]["level"] == graph.nodes[2]["level"] == 1


def test_earliest_schedule_of_the_order_is_valid() -> None:
    task, plan = cellar()
    assert validate(task, plan).valid
    early = earliest(plan_graph(task, plan), plan, Fraction(1, 100))
    verdict = validate(task, early)
    assert verdict.valid, verdict.reason
    assert verdict.makespan is not None
    assert verdict.makespan < 10


def test_timed_literal_is_a_node_of_its_own() -> None:
    domain = """(define (domain d)
      (:requirements :durative-actions :timed-initial-literals)
      (:predicates (open) (bought))
      (:durative-action buy :parameters () :duration (= ?duration 1)
        :condition (at start (open)) :effect (at end (bought))))"""
    problem = _problem("(at 9 (open)) (at 18 (not (open)))", "(bought)")
    graph = plan_graph(task_of(domain, problem), read_plan("10: (buy) [1]"))
    assert graph.nodes["time0"]["label"] == "(open)"
    kinds = {(a, b): data["kind"] for a, b, data in graph.edges(data=True)}
    assert kinds["time0", 0] == "causal"
    assert kinds[0, "time1"] == "threat"


def test_plan_that_needs_what_is_not_true_is_refused() -> None:
    task, plan = hanoi(2)
    with pytest.raises(InvalidPlanError, match="no step before it provides"):
        plan_graph(task, plan[1:])


def test_empty_plan_has_init_and_goal() -> None:
    domain = (
        "(define (domain d) (:predicates (p)) (:action x :parameters () :effect (p)))"
    )
    graph = plan_graph(task_of(domain, _problem("(p)", "(p)")), ())
    assert set(graph) == {"init", "goal"}
    assert graph.graph["parallel_length"] == 0
