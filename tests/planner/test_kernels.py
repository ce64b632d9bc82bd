"""Kernels: laws of regression, and the index that monitoring resumes at."""

from __future__ import annotations

import pytest

from jouleplan.domains.symbols import GroundAtom, GroundOperator, State
from jouleplan.planner.kernels import Kernel, kernels, largest_kernel


def _atoms(names: str) -> State:
    return frozenset(GroundAtom(name) for name in names.split())


def _operator(
    name: str, before: str, add: str, delete: str = "", never: str = ""
) -> GroundOperator:
    return GroundOperator(
        name, (), _atoms(before), _atoms(never), _atoms(add), _atoms(delete)
    )


PLAN = (
    _operator("fetch", "home", "have", "home", never="broken"),
    _operator("carry", "have", "there", never="dark"),
    _operator("drop", "have there", "done", "have"),
)
GOAL = _atoms("done")
START = _atoms("home")


def test_there_is_one_kernel_more_than_operators_and_the_last_is_the_goal() -> None:
    found = kernels(PLAN, GOAL, _atoms("have"))
    assert len(found) == len(PLAN) + 1
    assert found[-1] == Kernel(GOAL, _atoms("have"))


def test_kernels_are_regressed_with_both_signs() -> None:
    found = kernels(PLAN, GOAL, _atoms("have"))
    assert found[2] == Kernel(_atoms("have there"))
    assert found[1] == Kernel(_atoms("have"), _atoms("dark"))
    assert found[0] == Kernel(_atoms("home"), _atoms("dark broken"))


def test_from_a_state_of_a_kernel_the_rest_of_the_plan_reaches_the_goal() -> None:
    for i, kernel in enumerate(kernels(PLAN, GOAL)):
        state = kernel.true
        for operator in PLAN[i:]:
            assert operator.applicable(state)
            state = operator.apply(state)
        assert state >= GOAL


def test_each_kernel_holds_along_the_plan() -> None:
    found, state = kernels(PLAN, GOAL), START
    for i, operator in enumerate(PLAN):
        assert found[i].holds(state)
        assert largest_kernel(found, state) == i
        state = operator.apply(state)
    assert largest_kernel(found, state) == len(PLAN)


@pytest.mark.parametrize(
    ("state", "index"),
    [
        ("done", 3),
        ("home have there", 2),
        ("home have", 1),
        ("home have dark", None),
        ("home", 0),
        ("home broken", None),
        ("", None),
    ],
)
def test_monitoring_resumes_at_the_largest_kernel_that_holds(
    state: str, index: int | None
) -> None:
    assert largest_kernel(kernels(PLAN, GOAL), _atoms(state)) == index


def test_an_atom_deleted_and_added_does_not_count_as_made_false() -> None:
    both = _operator("both", "", "x", "x")
    assert kernels([both], frozenset(), _atoms("x"))[0].false == _atoms("x")


def test_an_empty_plan_has_the_goal_as_only_kernel() -> None:
    assert kernels((), GOAL) == (Kernel(GOAL),)
