"""Planning beside its peers: whole processes in turn, and the ratios of their times.

    python tests/benchmarks/bench_planning.py            # three tasks, 7 turns
    python tests/benchmarks/bench_planning.py --large    # and 50,000 facts, one turn

The peers are unified-planning's own command with the same engine (``up
oneshot-planning``), and the engine's own driver called by hand.
"""

from __future__ import annotations

import argparse
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

from jouleplan.planner.engines.translation import bin_folder

HANOI = """(define (domain hanoi) (:predicates (clear ?x) (on ?x ?y) (smaller ?x ?y))
(:action move :parameters (?disc ?from ?to)
 :precondition (and (smaller ?to ?disc) (on ?disc ?from) (clear ?disc) (clear ?to))
 :effect (and (clear ?from) (on ?disc ?to) (not (on ?disc ?from)) (not (clear ?to)))))
"""
BLOCKS = """(define (domain blocks)
(:predicates (on ?x ?y) (ontable ?x) (clear ?x) (handempty) (holding ?x))
(:action pick-up :parameters (?x)
 :precondition (and (clear ?x) (ontable ?x) (handempty))
 :effect (and (not (ontable ?x)) (not (clear ?x)) (not (handempty)) (holding ?x)))
(:action put-down :parameters (?x) :precondition (holding ?x)
 :effect (and (not (holding ?x)) (clear ?x) (handempty) (ontable ?x)))
(:action stack :parameters (?x ?y) :precondition (and (holding ?x) (clear ?y))
 :effect (and (not (holding ?x)) (not (clear ?y)) (clear ?x) (handempty) (on ?x ?y)))
(:action unstack :parameters (?x ?y)
 :precondition (and (on ?x ?y) (clear ?x) (handempty))
 :effect (and (holding ?x) (clear ?y) (not (clear ?x)) (not (handempty))
              (not (on ?x ?y)))))
"""
ROADS = """(define (domain roads) (:requirements :typing) (:types place truck)
(:predicates (road ?a ?b - place) (at ?t - truck ?p - place))
(:action drive :parameters (?t - truck ?a ?b - place)
 :precondition (and (at ?t ?a) (road ?a ?b))
 :effect (and (not (at ?t ?a)) (at ?t ?b))))
"""


def hanoi(disks: int) -> str:
    """Return a tower that goes from the first to the third peg."""
    names = [f"d{i}" for i in range(1, disks + 1)]
    pegs = ["peg1", "peg2", "peg3"]
    facts = [f"(smaller {peg} {d})" for peg in pegs for d in names]
    facts += [f"(smaller {b} {a})" for i, a in enumerate(names) for b in names[i + 1 :]]
    tower = [f"(on {a} {b})" for a, b in pairwise(names)]
    last = names[-1]
    return _problem(
        "hanoi",
        " ".join(pegs + names),
        [*facts, *tower, f"(on {last} peg1)", "(clear d1) (clear peg2) (clear peg3)"],
        [*tower, f"(on {last} peg3)"],
    )


def blocks(count: int, seed: int = 0) -> str:
    """Return two random arrangements of blocks, the one to be made the other."""
    rng = random.Random(seed)
    names = [f"b{i}" for i in range(count)]

    def towers() -> list[list[str]]:
        found: list[list[str]] = []
        for name in rng.sample(names, count):
            k = rng.randrange(len(found) + 1)
            if k == len(found) or rng.random() < 0.15:
                found.append([name])
            else:
                found[k].append(name)
        return found

    def on(found: list[list[str]]) -> list[str]:
        pairs = (p for tower in found for p in pairwise(tower))
        return [f"(on {upper} {lower})" for lower, upper in pairs]

    before, after = towers(), towers()
    ends = [f"(ontable {tower[0]}) (clear {tower[-1]})" for tower in before]
    init = ["(handempty)", *ends, *on(before)]
    return _problem("blocks", " ".join(names), init, on(after))


def roads(width: int) -> str:
    """Return a square of places that a truck crosses; 4 facts a place."""
    steps = ((1, 0), (0, 1), (-1, 0), (0, -1))
    facts = [
        f"(road p{x}-{y} p{x + dx}-{y + dy})"
        for x in range(width)
        for y in range(width)
        for dx, dy in steps
        if 0 <= x + dx < width and 0 <= y + dy < width
    ]
    places = " ".join(f"p{x}-{y}" for x in range(width) for y in range(width))
    end = width - 1
    objects = f"{places} - place t - truck"
    return _problem("roads", objects, ["(at t p0-0)", *facts], [f"(at t p{end}-{end})"])


def _problem(
    domain: str, objects: str, init: Sequence[str], goal: Sequence[str]
) -> str:
    return (
        f"(define (problem p) (:domain {domain}) (:objects {objects})\n(:init "
        + "\n".join(init)
        + f")\n(:goal (and {' '.join(goal)})))\n"
    )


def _seconds(command: Sequence[str], folder: Path) -> float:
    began = time.perf_counter()
    subprocess.run(command, cwd=folder, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - began


def measure(name: str, domain: str, problem: str, turns: int) -> None:
    """Print the ratios for one task, commands in turn."""
    scripts = Path(sys.executable).parent
    driver = bin_folder().parents[2] / "fast-downward.py"
    files = ("domain.pddl", "problem.pddl")
    commands = {
        "ours": [
            str(scripts / "jouleplan"),
            "plan",
            *files,
            "--engine",
            "fast-downward",
        ],
        "unified-planning": [
            *(str(scripts / "up"), "oneshot-planning"),
            *("--engine", "fast-downward", "--pddl", *files),
        ],
        "by hand": [
            *(sys.executable, str(driver), "--alias", "lama-first"),
            *files,
        ],
    }
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        for file, text in zip(files, (domain, problem), strict=True):
            (folder / file).write_text(text)
        taken: dict[str, list[float]] = {key: [] for key in commands}
        for turn in range(-1 if turns > 1 else 0, turns):
            for key, command in commands.items():
                spent = _seconds(command, folder)
                if turn >= 0:  # the first turn warms the disk cache
                    taken[key].append(spent)
    for peer in ("unified-planning", "by hand"):
        ratios = [a / b for a, b in zip(taken["ours"], taken[peer], strict=True)]
        print(
            f"{name:12} ours / {peer:16} {statistics.median(ratios):5.2f} "
            f"({min(ratios):.2f} to {max(ratios):.2f}; {len(ratios)} turns), "
            f"{statistics.median(taken['ours']):.2f} s / "
            f"{statistics.median(taken[peer]):.2f} s",
            flush=True,
        )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--turns", type=int, default=7)
    parser.add_argument("--large", action="store_true", help="50,000 facts: minutes")
    given = parser.parse_args()
    measure("hanoi-3", HANOI, hanoi(3), given.turns)
    measure("hanoi-10", HANOI, hanoi(10), given.turns)
    measure("blocks-50", BLOCKS, blocks(50), given.turns)
    if given.large:
        measure("50,000 facts", ROADS, roads(112), 1)


if __name__ == "__main__":
    main()
