"""Generated kitchens: legal, within the row, repeatable, and safe at both ends."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from jouleplan.domains.catalogue import find_domain
from jouleplan.domains.errors import ProblemSizeError
from jouleplan.domains.generators.kitchen import MOST, generate_kitchen
from jouleplan.domains.pddl import read_domain, read_problem
from jouleplan.domains.symbols import Problem, State

ROW = 6
"""Fixed bodies that a row holds."""


def made(n: int, seed: int, folder: Path) -> Problem:
    file = folder / "problem.pddl"
    file.write_text(generate_kitchen(n, np.random.default_rng(seed)))
    return read_problem(file, read_domain(find_domain("kitchen").domain_pddl))


def lit_over_nothing(problem: Problem, state: State) -> set[str]:
    """Return the buttons that are on in ``state`` under a burner without a pot."""
    burner = {
        a.objects[0]: a.objects[1] for a in problem.init if a.predicate == "controls"
    }
    covered = {a.objects[1] for a in state if a.predicate == "on"}
    lit = {a.objects[0] for a in state if a.predicate == "lit"}
    return {button for button in lit if burner[button] not in covered}


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("n", range(2, MOST + 1))
def test_a_kitchen_is_legal_and_not_yet_as_wanted(
    n: int, seed: int, tmp_path: Path
) -> None:
    problem = made(n, seed, tmp_path)
    kinds = problem.objects
    moved = {o for o, kind in kinds.items() if kind in ("pot", "food")}
    assert len(moved) == n
    assert len(kinds) - n <= ROW
    for state in (problem.init, problem.goal):
        on = {a.objects for a in state if a.predicate == "on"}
        assert {thing for thing, _ in on} == moved
        assert len({place for _, place in on}) == len(on) == n
        pots = {kinds[place] for thing, place in on if kinds[thing] == "pot"}
        food = {kinds[place] for thing, place in on if kinds[thing] == "food"}
        assert pots <= {"burner", "board"}
        assert food <= {"pot", "board", "plate"}
        assert not lit_over_nothing(problem, state)
    assert not problem.satisfied(problem.init)


def test_the_goal_says_of_every_stove_whether_it_is_on(tmp_path: Path) -> None:
    off = 0
    for seed in range(12):
        problem = made(4, seed, tmp_path)
        goal = problem.goal | problem.negative_goal
        told = {a.objects[0] for a in goal if a.predicate == "lit"}
        assert told == {o for o, kind in problem.objects.items() if kind == "button"}
        off += len(problem.negative_goal)
    assert off > 3


def test_a_seed_makes_one_kitchen_and_another_seed_another() -> None:
    texts = [generate_kitchen(5, np.random.default_rng(seed)) for seed in (1, 1, 2)]
    assert texts[0] == texts[1] != texts[2]


@pytest.mark.parametrize("n", [-1, 1, MOST + 1])
def test_a_size_without_room_is_refused(n: int) -> None:
    with pytest.raises(ProblemSizeError, match=rf"2 (or more|to {MOST})"):
        generate_kitchen(n, np.random.default_rng(0))
