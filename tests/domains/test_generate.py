"""Generated problems: legal, sized, varied and repeatable."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from jouleplan.domains.binding import read_binding
from jouleplan.domains.catalogue import find_domain
from jouleplan.domains.errors import ProblemSizeError
from jouleplan.domains.facts import facts_of
from jouleplan.domains.generate import GENERATORS, VARIANTS, generate_hanoi
from jouleplan.domains.layout import lay_out
from jouleplan.domains.pddl import read_domain, read_problem
from jouleplan.domains.symbols import Problem

TOWERS = ("hanoi", "blocksworld", "blocks-3op", "stacking")
"""Domains in which what lies on what is said by `on` and `on-table`."""


def _made(name: str, n: int, seed: int, folder: Path) -> Problem:
    file = folder / "problem.pddl"
    file.write_text(GENERATORS[name](n, np.random.default_rng(seed)))
    return read_problem(file, read_domain(find_domain(name).domain_pddl))


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("n", [2, 3, 10])
@pytest.mark.parametrize("name", TOWERS)
def test_a_problem_is_legal_and_not_yet_solved(
    name: str, n: int, seed: int, tmp_path: Path
) -> None:
    problem = _made(name, n, seed, tmp_path)
    supports = [a for a in problem.init if a.predicate in ("on", "on-table")]
    assert len({a.objects[0] for a in supports}) == len(supports) == n
    beneath = {a.objects[1] for a in supports if a.predicate == "on"}
    clear = {a.objects[0] for a in problem.init if a.predicate == "clear"}
    assert clear == set(problem.objects) - beneath
    assert not problem.satisfied(problem.init)


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("name", ["hanoi", "stacking"])
def test_nothing_lies_on_a_smaller_one(name: str, seed: int, tmp_path: Path) -> None:
    problem = _made(name, 6, seed, tmp_path)
    smaller = {a.objects for a in problem.init if a.predicate == "smaller"}
    for atoms in (problem.init, problem.goal):
        assert {a.objects for a in atoms if a.predicate == "on"} <= smaller


@pytest.mark.parametrize("seed", range(10))
def test_a_stacking_goal_is_one_stack_of_all_by_size(seed: int, tmp_path: Path) -> None:
    goal = {a.objects for a in _made("stacking", 4, seed, tmp_path).goal}
    assert {("b1", "b2"), ("b2", "b3"), ("b3", "b4")} < goal
    assert len(goal) == 4


@pytest.mark.parametrize(
    ("name", "most"),
    [
        ("hanoi", 8),
        ("blocksworld", 10),
        ("blocks-3op", 10),
        ("stacking", 6),
        ("sorting", 12),
        ("patterns", 6),
        ("assembly-line", 8),
        ("gripper", 12),
        ("kitchen", 5),
        ("nut-assembly", 5),
    ],
)
def test_the_largest_problems_find_room(name: str, most: int, tmp_path: Path) -> None:
    files = find_domain(name)
    domain = read_domain(files.domain_pddl)
    assert files.domain_toml is not None
    for seed in range(20):
        problem = _made(name, most, seed, tmp_path)
        binding = read_binding(files.domain_toml, domain, problem)
        facts = facts_of(problem.init, binding, problem)
        rng = np.random.default_rng(seed)
        at = lay_out(binding.bodies, binding.layout, facts, rng)
        assert at.keys() == binding.bodies.keys()


@pytest.mark.parametrize("name", GENERATORS)
def test_the_same_seed_makes_the_same_problem(name: str) -> None:
    make = GENERATORS[name]
    texts = [make(5, np.random.default_rng(seed)) for seed in (1, 1, 2)]
    assert texts[0] == texts[1] != texts[2]


@pytest.mark.parametrize("name", GENERATORS)
@pytest.mark.parametrize("n", [0, -1])
def test_a_size_too_small_is_refused(name: str, n: int) -> None:
    with pytest.raises(ProblemSizeError, match=r"give [12] (or more|to)"):
        GENERATORS[name](n, np.random.default_rng(0))


@pytest.mark.parametrize(
    ("name", "n"),
    [("sorting", 13), ("patterns", 7), ("assembly-line", 9), ("gripper", 13)],
)
def test_a_size_too_large_says_the_largest(name: str, n: int) -> None:
    with pytest.raises(ProblemSizeError, match=f"give 1 to {n - 1}"):
        GENERATORS[name](n, np.random.default_rng(0))


@pytest.mark.parametrize("name", ["sorting", "patterns", "assembly-line", "gripper"])
def test_no_goal_holds_at_first(name: str, tmp_path: Path) -> None:
    for seed in range(20):
        problem = _made(name, 1 + seed % 6, seed, tmp_path)
        assert not problem.satisfied(problem.init)


@pytest.mark.parametrize("seed", range(10))
def test_a_zone_has_places_for_what_is_there_and_what_comes(
    seed: int, tmp_path: Path
) -> None:
    problem = _made("sorting", 12, seed, tmp_path)
    both = Counter(a.objects[1] for a in problem.init if a.predicate == "in")
    both.update(a.objects[1] for a in problem.goal)
    assert max(both.values()) <= 6


@pytest.mark.parametrize("seed", range(10))
def test_there_is_a_block_like_every_model(seed: int, tmp_path: Path) -> None:
    problem = _made("patterns", 6, seed, tmp_path)

    def colors(kind: str) -> Counter[str]:
        names = (name for name, its in problem.objects.items() if its == kind)
        return Counter(name.rstrip("0123456789").removesuffix("-m") for name in names)

    assert colors("model") <= colors("block")


def test_parts_wait_in_one_unbroken_line(tmp_path: Path) -> None:
    problem = _made("assembly-line", 6, 0, tmp_path)
    behind = {a.objects for a in problem.init if a.predicate == "behind"}
    assert behind == {(f"s{i + 1}", f"s{i}") for i in range(1, 6)}
    assert sum(a.predicate == "on" for a in problem.init) == 6


def test_one_disk_is_enough() -> None:
    assert "(on d1 peg" in generate_hanoi(1, np.random.default_rng(0))


def test_a_single_move_is_legal_and_reached_by_pick_and_place(tmp_path: Path) -> None:
    domain = read_domain(find_domain("hanoi").domain_pddl)
    file, rng = tmp_path / "problem.pddl", np.random.default_rng(1)
    seen = set()
    for _ in range(200):
        file.write_text(VARIANTS["hanoi"]["move"](3, rng))
        problem = read_problem(file, domain)
        ((disk, below),) = (atom.objects for atom in problem.goal)
        (start,) = (
            atom.objects[1]
            for atom in problem.init
            if atom.predicate == "on" and atom.objects[0] == disk
        )
        state = problem.init
        for name, place in (("pick", start), ("place", below)):
            operator = domain.operators[name].ground((disk, place))
            assert operator.applicable(state)
            state = operator.apply(state)
        assert problem.satisfied(state)
        assert start != below
        seen.add(problem.init)
    assert len(seen) == 27  # every legal arrangement of three disks
