"""Small tasks for the tests of graphs, and plans of them."""

from __future__ import annotations

import random
import tempfile
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import networkx as nx

from jouleplan.domains.language.domain_file import read_domain_model
from jouleplan.domains.language.model import TaskModel
from jouleplan.domains.language.plan import Plan, Step, read_plan
from jouleplan.domains.language.problem_file import read_problem_model

HANOI = """(define (domain hanoi) (:requirements :strips)
  (:predicates (clear ?x) (on ?x ?y) (smaller ?x ?y))
  (:action move :parameters (?disc ?from ?to)
    :precondition (and (smaller ?to ?disc) (on ?disc ?from) (clear ?disc) (clear ?to))
    :effect (and (clear ?from) (on ?disc ?to)
                 (not (on ?disc ?from)) (not (clear ?to)))))"""

SHOP = """(define (domain shop) (:requirements :strips :action-costs)
  (:predicates (raw ?x) (cut ?x) (painted ?x) (packed ?x))
  (:functions (total-cost) - number)
  (:action cut :parameters (?x) :precondition (raw ?x)
    :effect (and (cut ?x) (not (raw ?x)) (increase (total-cost) 2)))
  (:action paint :parameters (?x) :precondition (cut ?x)
    :effect (and (painted ?x) (increase (total-cost) 5))))"""


def task_of(domain: str, problem: str) -> TaskModel:
    """Return the task of two texts."""
    with tempfile.TemporaryDirectory() as folder:
        first, second = Path(folder, "domain.pddl"), Path(folder, "problem.pddl")
        first.write_text(domain)
        second.write_text(problem)
        model = read_domain_model(first)
        return TaskModel(model, read_problem_model(second, model))


def hanoi(discs: int) -> tuple[TaskModel, Plan]:
    """Return Towers of Hanoi with its best plan."""
    names = [f"d{n}" for n in range(1, discs + 1)]
    pegs = ["p1", "p2", "p3"]
    smaller = [f"(smaller {peg} {disc})" for peg in pegs for disc in names]
    smaller += [
        f"(smaller {b} {a})" for i, a in enumerate(names) for b in names[i + 1 :]
    ]
    pile = [*names, "p1"]
    on = [f"(on {a} {b})" for a, b in pairwise(pile)]
    end = [f"(on {a} {b})" for a, b in zip(names, [*names[1:], "p3"], strict=True)]
    problem = f"""(define (problem towers) (:domain hanoi)
      (:objects {" ".join(names + pegs)})
      (:init {" ".join(smaller + on)} (clear d1) (clear p2) (clear p3))
      (:goal (and {" ".join(end)})))"""
    towers = {"p1": [*reversed(names)], "p2": [], "p3": []}
    steps: list[Step] = []

    def move(count: int, source: str, target: str, spare: str) -> None:
        if count == 0:
            return
        move(count - 1, source, spare, target)
        disc = towers[source].pop()
        below = (towers[source] or [source])[-1]
        steps.append(Step("move", (disc, below, (towers[target] or [target])[-1])))
        towers[target].append(disc)
        move(count - 1, spare, target, source)

    move(discs, "p1", "p3", "p2")
    return task_of(HANOI, problem), tuple(steps)


def shop(pieces: int) -> tuple[TaskModel, Plan]:
    """Return pieces to cut and to paint, each for itself."""
    names = [f"piece{n}" for n in range(pieces)]
    problem = f"""(define (problem pieces) (:domain shop) (:objects {" ".join(names)})
      (:init (= (total-cost) 0) {" ".join(f"(raw {name})" for name in names)})
      (:goal (and {" ".join(f"(painted {name})" for name in names)}))
      (:metric minimize (total-cost)))"""
    lines = [f"(cut {name})\n(paint {name})" for name in names]
    return task_of(SHOP, problem), read_plan("\n".join(lines))


def cellar() -> tuple[TaskModel, Plan]:
    """Return a task whose operators have to overlap: mending needs a burning match."""
    domain = """(define (domain cellar) (:requirements :typing :durative-actions)
      (:types match fuse)
      (:predicates (handfree) (unused ?m - match) (light ?m - match) (mended ?f - fuse))
      (:durative-action burn :parameters (?m - match) :duration (= ?duration 5)
        :condition (at start (unused ?m))
        :effect (and (at start (not (unused ?m))) (at start (light ?m))
                     (at end (not (light ?m)))))
      (:durative-action mend :parameters (?f - fuse ?m - match)
        :duration (= ?duration 4)
        :condition (and (at start (handfree)) (over all (light ?m)))
        :effect (and (at start (not (handfree))) (at end (mended ?f))
                     (at end (handfree)))))"""
    problem = """(define (problem dark) (:domain cellar)
      (:objects m1 m2 - match f1 f2 - fuse)
      (:init (handfree) (unused m1) (unused m2))
      (:goal (and (mended f1) (mended f2))))"""
    plan = """0: (burn m1) [5]
      0.1: (mend f1 m1) [4]
      7: (burn m2) [5]
      7.5: (mend f2 m2) [4]"""
    return task_of(domain, problem), read_plan(plan)


def linearisations(graph: nx.MultiDiGraph, count: int) -> list[list[int]]:
    """Return random orders of a graph's steps."""
    generator = random.Random(0)
    found = []
    for _ in range(count):
        degrees = dict(nx.DiGraph(graph).in_degree())
        ready = [node for node, degree in degrees.items() if degree == 0]
        order = []
        while ready:
            node = ready.pop(generator.randrange(len(ready)))
            order.append(node)
            for after in set(graph.successors(node)):
                degrees[after] -= 1
                if degrees[after] == 0:
                    ready.append(after)
        found.append([node for node in order if isinstance(node, int)])
    return found


def earliest(graph: nx.MultiDiGraph, plan: Plan, apart: Fraction) -> Plan:
    """Return ``plan`` with every step as early as the graph's order lets it be."""
    starts = [Fraction(0)] * len(plan)
    for _ in range(2 * len(plan) + 1):
        for one, two, data in graph.edges(data=True):
            if isinstance(one, int) and isinstance(two, int):
                lengths = [plan[node].duration or Fraction(0) for node in (one, two)]
                tail = starts[one] + (lengths[0] if data["tail"] == "end" else 0)
                own = lengths[1] if data["head"] == "end" else 0
                starts[two] = max(starts[two], tail + apart - own)
    return tuple(
        Step(step.operator, step.objects, start, step.duration)
        for step, start in zip(plan, starts, strict=True)
    )
