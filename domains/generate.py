"""New problems as PDDL text, for the shipped domains."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from jouleplan.domains.generators.assembly_line import generate_assembly_line
from jouleplan.domains.generators.gripper import generate_gripper
from jouleplan.domains.generators.kitchen import generate_kitchen
from jouleplan.domains.generators.nut_assembly import generate_nut_assembly
from jouleplan.domains.generators.patterns import generate_patterns
from jouleplan.domains.generators.problem_text import check_size, problem_text
from jouleplan.domains.generators.sorting import generate_sorting

if TYPE_CHECKING:
    import numpy as np

Generator = Callable[[int, "np.random.Generator"], str]
"""Makes a problem's PDDL text from a size and a random source."""

PEGS = ("peg1", "peg2", "peg3")
PADS = ("pad1", "pad2", "pad3")
TABLE_PLACES = 4
"""Beside three pads no more towers stand on the table."""

Stacks = tuple[tuple[str, ...], ...]
"""Piles of objects, each from the bottom up."""


def generate_hanoi(n: int, rng: np.random.Generator) -> str:
    """Return a Hanoi problem of ``n`` disks with another legal start and goal.

    Every legal arrangement is equally likely: each disk takes one of three pegs.

    Args:
        n: Number of disks, at least 1; ``d1`` is the smallest.
        rng: Source of randomness.

    Raises:
        ProblemSizeError: ``n`` is less than 1.
    """
    check_size("hanoi", n, 1, "disks")
    start = [PEGS[i] for i in rng.integers(3, size=n)]
    goal = start
    while goal == start:
        goal = [PEGS[i] for i in rng.integers(3, size=n)]
    disks = [f"d{i}" for i in range(1, n + 1)]
    return hanoi_text(f"hanoi-{n}", start, _hanoi_atoms(disks, goal)[0])


def generate_hanoi_move(n: int, rng: np.random.Generator) -> str:
    """Return a Hanoi problem of one move from a random legal arrangement.

    Every legal arrangement is equally likely, as is every legal move in it. The goal is
    where the moved disk shall lie.

    Args:
        n: Number of disks, at least 1; ``d1`` is the smallest.
        rng: Source of randomness.

    Raises:
        ProblemSizeError: ``n`` is less than 1.
    """
    check_size("hanoi", n, 1, "disks")
    start = [PEGS[i] for i in rng.integers(3, size=n)]
    # the first disk on a peg is its smallest
    top = {peg: start.index(peg) for peg in PEGS if peg in start}
    moves = [
        (disk, peg)
        for disk in top.values()
        for peg in PEGS
        if peg != start[disk] and disk < top.get(peg, n)
    ]
    disk, peg = moves[rng.integers(len(moves))]
    below = f"d{top[peg] + 1}" if peg in top else peg
    return hanoi_text(f"hanoi-move-{n}", start, [f"(on d{disk + 1} {below})"])


def hanoi_text(name: str, start: Sequence[str], goal: Iterable[str]) -> str:
    """Return a Hanoi problem from the peg of each disk, the smallest first.

    Args:
        name: Of the problem.
        start: Peg of each disk.
        goal: Atoms.
    """
    disks = [f"d{i}" for i in range(1, len(start) + 1)]
    on, top = _hanoi_atoms(disks, start)
    smaller = [
        f"(smaller {disk} {below})"
        for i, disk in enumerate(disks)
        for below in (*disks[i + 1 :], *PEGS)
    ]
    clear = [f"(clear {place})" for place in top]
    return problem_text(
        "hanoi",
        name,
        f"{' '.join(disks)} - disk {' '.join(PEGS)} - peg",
        [*on, *clear, "(free-gripper)", *smaller],
        goal,
    )


def generate_blocksworld(n: int, rng: np.random.Generator) -> str:
    """Return a blocksworld problem of ``n`` blocks with random stacks.

    Block after block, in random order, goes onto the table or onto one of the stacks
    there, all equally likely. The goal differs from the start.

    Args:
        n: Number of blocks, at least 2.
        rng: Source of randomness.

    Raises:
        ProblemSizeError: ``n`` is less than 2.
    """
    return _blocks("blocksworld", n, rng, ["(arm-empty)"])


def generate_blocks_3op(n: int, rng: np.random.Generator) -> str:
    """Return what ``generate_blocksworld`` does, for the operators that move.

    Args:
        n: Number of blocks, at least 2.
        rng: Source of randomness.

    Raises:
        ProblemSizeError: ``n`` is less than 2.
    """
    return _blocks("blocks-3op", n, rng, [])


def generate_stacking(n: int, rng: np.random.Generator) -> str:
    """Return a problem of ``n`` boxes to be stacked by size on one of three pads.

    Box after box, the largest first, stands on a pad, on one of four places on the
    table, or on what is on these, all equally likely. The goal differs from the start.

    Args:
        n: Number of boxes, at least 1; ``b1`` is the smallest.
        rng: Source of randomness.

    Raises:
        ProblemSizeError: ``n`` is less than 1.
    """
    check_size("stacking", n, 1, "boxes")
    boxes = [f"b{i}" for i in range(1, n + 1)]
    goal_pad = PADS[int(rng.integers(len(PADS)))]
    goal = [f"(on {box} {below})" for box, below in pairwise((*boxes, goal_pad))]
    start, clear = goal, list[str]()
    while start == goal:
        start, clear = _random_sorted(boxes, rng)
    smaller = [
        f"(smaller {box} {below})"
        for i, box in enumerate(boxes)
        for below in (*boxes[i + 1 :], *PADS)
    ]
    return problem_text(
        "stacking",
        f"stacking-{n}",
        f"{' '.join(boxes)} - box {' '.join(PADS)} - pad",
        [*start, *clear, "(hand-empty)", *smaller],
        goal,
    )


GENERATORS: dict[str, Generator] = {
    "hanoi": generate_hanoi,
    "blocksworld": generate_blocksworld,
    "blocks-3op": generate_blocks_3op,
    "stacking": generate_stacking,
    "sorting": generate_sorting,
    "patterns": generate_patterns,
    "assembly-line": generate_assembly_line,
    "gripper": generate_gripper,
    "kitchen": generate_kitchen,
    "nut-assembly": generate_nut_assembly,
}
"""Domain name -> its generator."""

VARIANTS: dict[str, dict[str, Generator]] = {"hanoi": {"move": generate_hanoi_move}}
"""Domain name -> further generators of its problems, by name."""


def _hanoi_atoms(
    disks: Sequence[str], pegs: Iterable[str]
) -> tuple[list[str], list[str]]:
    """Return the ``on`` atoms of an arrangement and the top object of each peg."""
    below = {peg: peg for peg in PEGS}
    on: list[str] = []
    for disk, peg in reversed(list(zip(disks, pegs, strict=True))):
        on.append(f"(on {disk} {below[peg]})")
        below[peg] = disk
    return on[::-1], [below[peg] for peg in PEGS]


def _blocks(domain: str, n: int, rng: np.random.Generator, extra: Sequence[str]) -> str:
    """Return a problem of random stacks; ``extra`` is true at first, too."""
    check_size(domain, n, 2, "blocks")
    blocks = [f"b{i}" for i in range(1, n + 1)]
    start = _random_stacks(blocks, rng)
    goal = start
    while goal == start:
        goal = _random_stacks(blocks, rng)
    clear = [f"(clear {stack[-1]})" for stack in start]
    return problem_text(
        domain,
        f"{domain}-{n}",
        f"{' '.join(blocks)} - block",
        [*_stack_atoms(start), *clear, *extra],
        _stack_atoms(goal),
    )


def _random_sorted(
    boxes: Sequence[str], rng: np.random.Generator
) -> tuple[list[str], list[str]]:
    """Return where each box stands, none on a smaller one, and what is clear."""
    tops: list[str | None] = [*PADS, *[None] * TABLE_PLACES]
    where: list[str] = []
    for box in reversed(boxes):
        place = int(rng.integers(len(tops)))
        below, tops[place] = tops[place], box
        where.append(f"(on-table {box})" if below is None else f"(on {box} {below})")
    return where[::-1], [f"(clear {top})" for top in tops if top is not None]


def _random_stacks(blocks: Sequence[str], rng: np.random.Generator) -> Stacks:
    """Return ``blocks`` in random stacks, sorted by their lowest block."""
    stacks: list[list[str]] = []
    for i in rng.permutation(len(blocks)):
        place = int(rng.integers(len(stacks) + 1))
        if place == len(stacks):
            stacks.append([])
        stacks[place].append(blocks[i])
    return tuple(sorted(tuple(stack) for stack in stacks))


def _stack_atoms(stacks: Stacks) -> list[str]:
    """Return where each block of ``stacks`` lies."""
    atoms = []
    for stack in stacks:
        atoms.append(f"(on-table {stack[0]})")
        atoms += [f"(on {block} {below})" for below, block in pairwise(stack)]
    return atoms
