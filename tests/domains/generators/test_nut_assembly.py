"""Generated nut problems: every nut in one place that it fits, start and goal."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from jouleplan.domains.catalogue import find_domain
from jouleplan.domains.errors import ProblemSizeError
from jouleplan.domains.generators.nut_assembly import (
    MOST_NUTS,
    TABLE_PLACES,
    generate_nut_assembly,
)
from jouleplan.domains.pddl import read_domain, read_problem
from jouleplan.domains.symbols import Problem, State

DOMAIN = read_domain(find_domain("nut-assembly").domain_pddl)


def made(n: int, seed: int, folder: Path) -> Problem:
    file = folder / "problem.pddl"
    file.write_text(generate_nut_assembly(n, np.random.default_rng(seed)))
    return read_problem(file, DOMAIN)


def pairs(state: State, predicate: str) -> list[tuple[str, ...]]:
    return [a.objects for a in sorted(state) if a.predicate == predicate]


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("n", [1, 3, MOST_NUTS])
def test_every_nut_is_in_one_place_that_it_fits(
    n: int, seed: int, tmp_path: Path
) -> None:
    problem = made(n, seed, tmp_path)
    fits = pairs(problem.init, "fits")
    for state in (problem.init, problem.goal):
        round_posts = pairs(state, "around")
        posts = [post for _, post in round_posts]
        assert set(round_posts) <= set(fits)
        assert len(set(posts)) == len(posts)
        placed = [nut for nut, _ in round_posts] + [
            nut for (nut,) in pairs(state, "on-table")
        ]
        assert sorted(placed) == [f"n{i}" for i in range(1, n + 1)]
    assert not problem.satisfied(problem.init)


@pytest.mark.parametrize("seed", range(8))
def test_only_narrow_nuts_and_thick_posts_do_not_fit(seed: int, tmp_path: Path) -> None:
    problem = made(4, seed, tmp_path)
    kinds = problem.objects
    for nut in (name for name in kinds if kinds[name].endswith("nut")):
        for post in (name for name in kinds if kinds[name].endswith("post")):
            narrow = (kinds[nut], kinds[post]) == ("narrow-nut", "thick-post")
            assert ((nut, post) in pairs(problem.init, "fits")) is not narrow


@pytest.mark.parametrize("seed", range(8))
def test_a_goal_leaves_no_nut_on_the_table_beside_a_free_post_of_its_size(
    seed: int, tmp_path: Path
) -> None:
    problem = made(4, seed, tmp_path)
    taken = {post for _, post in pairs(problem.goal, "around")}
    for (nut,) in pairs(problem.goal, "on-table"):
        assert {p for n, p in pairs(problem.init, "fits") if n == nut} <= taken


@pytest.mark.parametrize("seed", range(20))
def test_of_five_nuts_one_can_be_put_aside(seed: int, tmp_path: Path) -> None:
    problem = made(5, seed, tmp_path)
    assert len(pairs(problem.init, "on-table")) < TABLE_PLACES


def test_more_nuts_than_the_table_has_room_for_are_refused() -> None:
    with pytest.raises(ProblemSizeError, match=f"at most {MOST_NUTS}"):
        generate_nut_assembly(MOST_NUTS + 1, np.random.default_rng(0))
