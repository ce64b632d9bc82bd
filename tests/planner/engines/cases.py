"""Small tasks as text, and requests of them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from jouleplan.domains.language.domain_file import read_domain_model
from jouleplan.domains.language.model import TaskModel
from jouleplan.domains.language.problem_file import read_problem_model
from jouleplan.planner.engines.engine import Limits, Outcome, Request
from jouleplan.planner.validator import validate

Case = tuple[str, str]
"""Text of a domain and of a problem."""

HANOI = """(define (domain hanoi)
 (:predicates (clear ?x) (on ?x ?y) (smaller ?x ?y))
 (:action move :parameters (?d ?from ?to)
  :precondition (and (smaller ?to ?d) (on ?d ?from) (clear ?d) (clear ?to))
  :effect (and (clear ?from) (on ?d ?to) (not (on ?d ?from)) (not (clear ?to)))))"""


def hanoi(disks: int) -> Case:
    """Return a tower of disks to be moved to the third peg."""
    names = [f"d{number}" for number in range(disks)]
    below = [*names[1:], "p1"]
    facts = [f"(on {a} {b})" for a, b in zip(names, below, strict=True)]
    facts += [f"(smaller {b} {a})" for a in names for b in ("p1", "p2", "p3")]
    facts += [f"(smaller {b} {a})" for i, a in enumerate(names) for b in names[i + 1 :]]
    goal = [f"(on {a} {b})" for a, b in zip(names, [*names[1:], "p3"], strict=True)]
    return HANOI, (
        f"(define (problem h) (:domain hanoi) (:objects {' '.join(names)} p1 p2 p3)"
        f"(:init (clear d0) (clear p2) (clear p3) {' '.join(facts)})"
        f"(:goal (and {' '.join(goal)})))"
    )


_PAIR = "{name} :parameters (?x ?y) :precondition (and ({a} ?x) ({b} ?y) (next ?x ?y))"
_PAIR += " :effect (and (not ({a} ?x)) (not ({b} ?y)) ({c} ?x) ({d} ?y))"


def parity(lamps: int) -> Case:
    """Return lamps of which an even number changes: no plan, but only search knows."""
    changes = [
        _PAIR.format(name=name, a=a, b=b, c=c, d=d)
        for name, a, b, c, d in (
            ("both-on", "off", "off", "on", "on"),
            ("both-off", "on", "on", "off", "off"),
            ("swap", "on", "off", "off", "on"),
        )
    ]
    names = [f"l{number}" for number in range(lamps)]
    pairs = [f"(next {a} {b})" for a in names for b in names if a != b]
    off = [f"(off {name})" for name in names]
    return (
        "(define (domain lamps) (:predicates (on ?x) (off ?x) (next ?x ?y))"
        + "".join(f"(:action {change})" for change in changes)
        + ")",
        f"(define (problem p) (:domain lamps) (:objects {' '.join(names)})"
        f"(:init {' '.join(off + pairs)})"
        f"(:goal (and (on l0) {' '.join(off[1:])})))",
    )


TOLL = """(define (domain toll) (:requirements :action-costs)
 (:predicates (at ?p) (road ?a ?b) (free ?a ?b)) (:functions (total-cost))
 (:action toll-road :parameters (?a ?b) :precondition (and (at ?a) (road ?a ?b))
  :effect (and (at ?b) (not (at ?a)) (increase (total-cost) 9)))
 (:action free-road :parameters (?a ?b) :precondition (and (at ?a) (free ?a ?b))
  :effect (and (at ?b) (not (at ?a)) (increase (total-cost) 2))))"""


def toll(metric: bool) -> Case:
    """Return one step that costs 9 beside three that cost 6 together."""
    minimize = "(:metric minimize (total-cost))" if metric else ""
    return TOLL, (
        "(define (problem t) (:domain toll) (:objects a b c d)"
        "(:init (at a) (road a d) (free a b) (free b c) (free c d) (= (total-cost) 0))"
        f"(:goal (at d)) {minimize})"
    )


GRIPPER = """(define (domain gripper)
 (:predicates (room ?r) (ball ?b) (hand ?h) (robot ?r) (at ?b ?r) (free ?h) (has ?h ?b))
 (:action move :parameters (?a ?b) :precondition (and (room ?a) (room ?b) (robot ?a))
  :effect (and (robot ?b) (not (robot ?a))))
 (:action pick :parameters (?b ?r ?h)
  :precondition (and (ball ?b) (room ?r) (hand ?h) (at ?b ?r) (robot ?r) (free ?h))
  :effect (and (has ?h ?b) (not (at ?b ?r)) (not (free ?h))))
 (:action drop :parameters (?b ?r ?h)
  :precondition (and (ball ?b) (room ?r) (hand ?h) (has ?h ?b) (robot ?r))
  :effect (and (at ?b ?r) (free ?h) (not (has ?h ?b)))))"""


def gripper(balls: int) -> Case:
    """Return balls to be carried to another room, two at a time."""
    names = [f"b{number}" for number in range(balls)]
    facts = [f"(ball {name}) (at {name} here)" for name in names]
    return GRIPPER, (
        f"(define (problem g) (:domain gripper)"
        f"(:objects here there left right {' '.join(names)})"
        "(:init (room here) (room there) (hand left) (hand right) (robot here)"
        f"(free left) (free right) {' '.join(facts)})"
        f"(:goal (and {' '.join(f'(at {name} there)' for name in names)})))"
    )


ADL: Case = (
    """(define (domain adl) (:types place - object room - place)
 (:constants hall - room)
 (:predicates (lit ?p - place) (seen ?p - place) (dark) (tidy) (odd ?p - place))
 (:derived (dark) (exists (?p - room) (not (lit ?p))))
 (:action toggle :parameters (?p - room)
  :precondition (or (not (seen ?p)) (= ?p hall))
  :effect (and (seen ?p) (when (lit ?p) (not (lit ?p))) (when (not (lit ?p)) (lit ?p))))
 (:action forget :parameters () :precondition (forall (?p - room) (seen ?p))
  :effect (forall (?p - room) (not (seen ?p))))
 (:action tidy-up :parameters () :precondition (not (dark)) :effect (tidy)))""",
    """(define (problem a) (:domain adl) (:objects k l - room) (:init (lit l))
 (:goal (and (tidy) (not (lit hall)) (not (seen k)))))""",
)
"""Negation, ``or``, ``=``, quantifiers, conditional effects and a derived predicate."""

ADL_STEPS = 6
"""Steps of its shortest plan: hall twice, the other rooms once, tidy up, forget."""


def graph(edges: Sequence[tuple[str, str]], start: str, end: str) -> Case:
    """Return a walk in a graph."""
    nodes = sorted({node for edge in edges for node in edge})
    return (
        "(define (domain graph) (:predicates (at ?n) (edge ?a ?b))"
        "(:action go :parameters (?a ?b) :precondition (and (at ?a) (edge ?a ?b))"
        " :effect (and (at ?b) (not (at ?a)))))",
        f"(define (problem g) (:domain graph) (:objects {' '.join(nodes)})"
        f"(:init (at {start}) {' '.join(f'(edge {a} {b})' for a, b in edges)})"
        f"(:goal (at {end})))",
    )


def request(folder: Path, case: Case, time_s: float = 20.0, **fields: Any) -> Request:
    """Return a request of a task, with its files in ``folder``."""
    files = folder / "own-domain.pddl", folder / "own-problem.pddl"
    for file, text in zip(files, case, strict=True):
        file.write_text(text, encoding="utf-8")
    domain = read_domain_model(files[0])
    task = TaskModel(domain, read_problem_model(files[1], domain))
    work = folder / "work"
    work.mkdir()
    return Request(task, *files, Limits(time_s, 4096), work, **fields)


def assert_valid(asked: Request, outcome: Outcome) -> None:
    """Fail unless there are plans, and all reach the goal."""
    assert outcome.plans
    for plan in outcome.plans:
        assert validate(asked.task, plan).valid


def script(file: Path, body: str) -> Path:
    """Return an executable shell script."""
    file.write_text(f"#!/bin/sh\n{body}\n")
    file.chmod(0o755)
    return file
