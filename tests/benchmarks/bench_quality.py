"""Length of the plans of `auto` in 10 s beside the best of every engine in 60 s.

    python -m tests.benchmarks.bench_quality

Prints a line a task: steps of ours, of the best that any engine found, and the ratio.
The tasks are generated: blocks-10, gripper with 42 balls, logistics with 20 packages,
and a Sokoban level with three boxes.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.benchmarks.bench_planning import BLOCKS, blocks

ENGINES = ("fast-downward-anytime", "fast-downward-optimal", "symk", "fast-downward")

GRIPPER = """(define (domain gripper)
(:predicates (room ?r) (ball ?b) (gripper ?g) (at-robby ?r) (at ?b ?r) (free ?g)
             (carry ?o ?g))
(:action move :parameters (?from ?to)
 :precondition (and (room ?from) (room ?to) (at-robby ?from))
 :effect (and (at-robby ?to) (not (at-robby ?from))))
(:action pick :parameters (?o ?r ?g)
 :precondition (and (ball ?o) (room ?r) (gripper ?g) (at ?o ?r) (at-robby ?r) (free ?g))
 :effect (and (carry ?o ?g) (not (at ?o ?r)) (not (free ?g))))
(:action drop :parameters (?o ?r ?g)
 :precondition (and (ball ?o) (room ?r) (gripper ?g) (carry ?o ?g) (at-robby ?r))
 :effect (and (at ?o ?r) (free ?g) (not (carry ?o ?g)))))
"""
LOGISTICS = """(define (domain logistics) (:requirements :typing)
(:types truck plane - vehicle package vehicle - thing airport - place city)
(:predicates (in-city ?l - place ?c - city) (at ?o - thing ?l - place)
             (in ?p - package ?v - vehicle))
(:action load :parameters (?p - package ?v - vehicle ?l - place)
 :precondition (and (at ?v ?l) (at ?p ?l)) :effect (and (not (at ?p ?l)) (in ?p ?v)))
(:action unload :parameters (?p - package ?v - vehicle ?l - place)
 :precondition (and (at ?v ?l) (in ?p ?v)) :effect (and (not (in ?p ?v)) (at ?p ?l)))
(:action drive :parameters (?t - truck ?a ?b - place ?c - city)
 :precondition (and (at ?t ?a) (in-city ?a ?c) (in-city ?b ?c))
 :effect (and (not (at ?t ?a)) (at ?t ?b)))
(:action fly :parameters (?p - plane ?a ?b - airport)
 :precondition (at ?p ?a) :effect (and (not (at ?p ?a)) (at ?p ?b))))
"""
SOKOBAN = """(define (domain sokoban) (:requirements :typing)
(:types cell box direction)
(:predicates (next ?a ?b - cell ?d - direction) (me ?c - cell) (on ?b - box ?c - cell)
             (free ?c - cell))
(:action walk :parameters (?a ?b - cell ?d - direction)
 :precondition (and (me ?a) (next ?a ?b ?d) (free ?b))
 :effect (and (me ?b) (not (me ?a)) (free ?a) (not (free ?b))))
(:action push :parameters (?x - box ?a ?b ?c - cell ?d - direction)
 :precondition (and (me ?a) (on ?x ?b) (next ?a ?b ?d) (next ?b ?c ?d) (free ?c))
 :effect (and (me ?b) (not (me ?a)) (free ?a) (on ?x ?c) (not (on ?x ?b))
              (not (free ?c)))))
"""
LEVEL = """
##########
#  .  .  #
# $#  #  #
#   $    #
# #@ ##  #
#   $  . #
#     #  #
##########
"""


def gripper(balls: int) -> str:
    """Return balls that all go from one room to the other."""
    names = [f"b{i}" for i in range(balls)]
    facts = " ".join(f"(ball {b}) (at {b} ra)" for b in names)
    goal = " ".join(f"(at {b} rb)" for b in names)
    return (
        f"(define (problem p) (:domain gripper) (:objects ra rb l r {' '.join(names)})"
        f"(:init (room ra) (room rb) (gripper l) (gripper r) (free l) (free r)"
        f"(at-robby ra) {facts}) (:goal (and {goal})))"
    )


def logistics(cities: int, packages: int, seed: int = 0) -> str:
    """Return packages to be brought from place to place, by air between cities."""
    rng = random.Random(seed)
    places = [f"l{c}-{i}" for c in range(cities) for i in range(3)]
    airports = [f"a{c}" for c in range(cities)]
    everywhere = places + airports
    facts = [f"(in-city l{c}-{i} c{c})" for c in range(cities) for i in range(3)]
    facts += [f"(in-city a{c} c{c}) (at t{c} l{c}-0)" for c in range(cities)]
    facts += [f"(at p{i} a{rng.randrange(cities)})" for i in range(2)]
    names = [f"k{i}" for i in range(packages)]
    facts += [f"(at {name} {rng.choice(everywhere)})" for name in names]
    goal = [f"(at {name} {rng.choice(everywhere)})" for name in names]
    return (
        f"(define (problem p) (:domain logistics) (:objects {' '.join(places)} - place "
        f"{' '.join(airports)} - airport "
        f"{' '.join(f'c{c}' for c in range(cities))} - city "
        f"{' '.join(f't{c}' for c in range(cities))} - truck p0 p1 - plane "
        f"{' '.join(names)} - package) (:init {' '.join(facts)})"
        f"(:goal (and {' '.join(goal)})))"
    )


def sokoban(level: str) -> str:
    """Return a level drawn with ``#`` walls, ``@`` me, ``$`` boxes, ``.`` goals."""
    rows = level.strip().splitlines()
    cells = {(x, y): m for y, row in enumerate(rows) for x, m in enumerate(row)}
    inside = {at: mark for at, mark in cells.items() if mark != "#"}
    ways = {"up": (0, -1), "down": (0, 1), "left": (-1, 0), "right": (1, 0)}

    def name(at: tuple[int, int]) -> str:
        return f"c{at[0]}-{at[1]}"

    facts = [
        f"(next {name((x, y))} {name((x + dx, y + dy))} {way})"
        for x, y in inside
        for way, (dx, dy) in ways.items()
        if (x + dx, y + dy) in inside
    ]
    boxes = [at for at, mark in inside.items() if mark == "$"]
    facts += [f"(on x{i} {name(at)})" for i, at in enumerate(boxes)]
    facts += [f"(me {name(at)})" for at, mark in inside.items() if mark == "@"]
    facts += [f"(free {name(at)})" for at, mark in inside.items() if mark in " ."]
    goals = [at for at, mark in inside.items() if mark == "."]
    goal = " ".join(f"(on x{i} {name(at)})" for i, at in enumerate(goals))
    return (
        f"(define (problem p) (:domain sokoban) (:objects "
        f"{' '.join(map(name, inside))} - cell {' '.join(ways)} - direction "
        f"{' '.join(f'x{i}' for i in range(len(boxes)))} - box)"
        f"(:init {' '.join(facts)}) (:goal (and {goal})))"
    )


TASKS = {
    "blocks-10": (BLOCKS, blocks(10)),
    "gripper-20": (GRIPPER, gripper(42)),
    "logistics-20": (LOGISTICS, logistics(5, 20)),
    "sokoban": (SOKOBAN, sokoban(LEVEL)),
}


def steps(folder: Path, seconds: float, *extra: str) -> int | None:
    """Return the number of steps of the plan found, None for no plan."""
    command = [sys.executable, "-m", "jouleplan.planner.cli", "plan", "domain.pddl"]
    command += ["problem.pddl", "--json", "--time-limit", str(seconds), *extra]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    return json.loads(done.stdout)["length"] or None


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ours", type=float, default=10.0, metavar="S")
    parser.add_argument("--theirs", type=float, default=60.0, metavar="S")
    given = parser.parse_args()
    for name, (domain, problem) in TASKS.items():
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place)
            (folder / "domain.pddl").write_text(domain)
            (folder / "problem.pddl").write_text(problem)
            ours = steps(folder, given.ours)
            found = {
                engine: steps(folder, given.theirs, "--engine", engine)
                for engine in ENGINES
            }
        best = min(value for value in found.values() if value)
        ratio = ours / best if ours else float("inf")
        print(
            f"{name:14} ours {ours}, best {best}, ratio {ratio:.3f}  {found}",
            flush=True,
        )


if __name__ == "__main__":
    main()
