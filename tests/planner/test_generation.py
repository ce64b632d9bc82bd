"""Generated problems: verified, different, repeatable; what cannot be is explained."""

from __future__ import annotations

from itertools import islice, pairwise
from pathlib import Path

import numpy as np
import pytest

from jouleplan.domains.catalogue import find_domain
from jouleplan.domains.errors import (
    GenerationError,
    ProblemSizeError,
    UnknownNameError,
)
from jouleplan.domains.generate import GENERATORS
from jouleplan.domains.pddl import read_domain, read_problem
from jouleplan.planner.errors import MisfitError
from jouleplan.planner.generation import Generated, generate
from jouleplan.planner.lint import lint
from jouleplan.planner.options import Options
from jouleplan.planner.solve import solve
from jouleplan.planner.source import Source, source_of
from jouleplan.planner.verification import NO_ROOM, planned

SIZE = 4


def _made(name: str, size: int, seed: int, count: int) -> list[Generated]:
    return list(islice(generate(source_of(name, size, seed)), count))


@pytest.mark.parametrize("name", GENERATORS)
def test_a_problem_is_solvable_and_its_scene_shows_init(
    name: str, tmp_path: Path
) -> None:
    files = find_domain(name)
    domain = read_domain(files.domain_pddl)
    for made in _made(name, SIZE, 3, 3):
        file = tmp_path / f"{made.name}.pddl"
        file.write_text(made.pddl)
        problem = read_problem(file, domain)
        assert problem.name == made.name
        assert not problem.satisfied(problem.init)
        found = solve(domain, files.domain_pddl, file, Options("fast-downward"))
        assert len(found.plan) == made.plan_length
        assert f"A plan of {made.plan_length} operator" in made.pddl
        assert lint(files, file, seed=3).fine


@pytest.mark.parametrize("name", GENERATORS)
def test_how_many_are_taken_does_not_change_which(name: str) -> None:
    assert _made(name, SIZE, 5, 3)[:2] == _made(name, SIZE, 5, 2)
    assert _made(name, SIZE, 6, 1)[0].pddl != _made(name, SIZE, 5, 1)[0].pddl


def test_all_problems_of_a_size_are_found_and_then_there_are_no_more() -> None:
    problems = generate(source_of("hanoi", 1, 0))
    found = list(islice(problems, 6))  # from each of three pegs to each other
    bodies = {made.pddl.split("(:domain", 1)[1] for made in found}
    assert len(bodies) == 6
    assert sum(made.redrawn.get("drawn before", 0) for made in found) > 0
    with pytest.raises(GenerationError, match="no more hanoi problems of size 1"):
        next(problems)


def test_a_size_that_no_body_fits_names_the_object_and_the_sizes_that_do() -> None:
    with pytest.raises(ProblemSizeError, match=r"Sizes 1 to 9 have room") as found:
        next(generate(source_of("hanoi", 10, 0)))
    assert "'d10' is 0.072 m wide; the gripper takes up to 0.070" in str(found.value)


def test_a_size_that_is_much_too_large_names_three_objects_and_counts_the_rest() -> (
    None
):
    with pytest.raises(ProblemSizeError, match=r"and 8 more\. Sizes") as found:
        next(generate(source_of("hanoi", 20, 0)))
    assert str(found.value).count("m wide") == 3


def test_a_size_that_the_table_has_no_room_for_names_an_object_and_why() -> None:
    said = r"'b\d+' (has no place on the table|is .* m high).*Sizes 2 to \d+ have room"
    with pytest.raises(GenerationError, match=said):
        next(generate(source_of("blocksworld", 100, 0)))


@pytest.mark.parametrize("size", [0, 101])
def test_a_size_out_of_range_says_the_range(size: int) -> None:
    with pytest.raises(ProblemSizeError, match="give 1 to 100"):
        next(generate(source_of("hanoi", size, 0)))


def test_a_plan_through_a_state_without_room_is_a_misfit(tmp_path: Path) -> None:
    """Eleven blocks of two towers must all lie on the table, which has ten places."""
    low, high = [f"b{i}" for i in range(1, 7)], [f"b{i}" for i in range(7, 12)]
    source = source_of("blocksworld", 11, 0)

    def make(size: int, rng: np.random.Generator) -> str:
        towers = "".join(
            f"(on-table {tower[0]}) (clear {tower[-1]}) "
            + " ".join(f"(on {a} {b})" for b, a in pairwise(tower))
            for tower in (low, high)
        )
        goal = " ".join(f"(on-table {block})" for block in low + high)
        return (
            f"(define (problem flat) (:domain blocksworld) (:objects "
            f"{' '.join(low + high)} - block) (:init (arm-empty) {towers}) "
            f"(:goal (and {goal})))"
        )

    flat = Source(source.files, source.domain, make, 11, 0)
    drawn = flat.draw(np.random.default_rng(0), tmp_path / "flat.pddl")
    assert drawn.problem.name == "flat"
    with pytest.raises(MisfitError, match="10 places and 11 objects") as found:
        planned(drawn, 0)
    assert found.value.kind == NO_ROOM


@pytest.mark.parametrize("name", ["hanio", "./nowhere"])
def test_a_domain_without_a_generator_lists_those_with_one(name: str) -> None:
    with pytest.raises(UnknownNameError, match="with a generator") as found:
        source_of(name, 3, 0)
    assert set(found.value.allowed) == set(GENERATORS)
    assert ("did you mean hanoi" in str(found.value)) == (name == "hanio")
