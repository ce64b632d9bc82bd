"""Finding domains and problems."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from jouleplan.domains.catalogue import domain_names, find_domain, find_problem
from jouleplan.domains.errors import DomainError, UnknownNameError
from jouleplan.domains.pddl import read_domain, read_problem


def test_the_shipped_domains_are_listed() -> None:
    names = {
        "assembly-line",
        "blocks-3op",
        "blocksworld",
        "gripper",
        "hanoi",
        "kitchen",
        "nut-assembly",
        "patterns",
        "sorting",
        "stacking",
    }
    assert names <= set(domain_names())


@pytest.mark.parametrize("name", domain_names())
def test_every_shipped_problem_is_read(name: str) -> None:
    files = find_domain(name)
    domain = read_domain(files.domain_pddl)
    assert domain.name == name
    assert len(files.problems) >= 5
    assert files.domain_toml is not None
    assert list(files.problems) == sorted(files.problems)
    for file in files.problems.values():
        problem = read_problem(file, domain)
        assert not problem.satisfied(problem.init)


def test_hanoi_has_towers_of_three_to_eight_disks() -> None:
    files = find_domain("hanoi")
    domain = read_domain(files.domain_pddl)
    for n in range(3, 9):
        problem = read_problem(find_problem(files, f"p{n:02}"), domain)
        assert list(problem.objects.values()).count("disk") == n


@pytest.mark.parametrize("name", ["blocksworld", "blocks-3op"])
def test_blocks_have_problems_of_five_to_ten(name: str) -> None:
    files = find_domain(name)
    domain = read_domain(files.domain_pddl)
    for n in range(5, 11):
        problem = read_problem(find_problem(files, f"p{n:02}"), domain)
        assert len(problem.objects) == n


def test_stacking_has_problems_of_three_to_six_boxes() -> None:
    files = find_domain("stacking")
    domain = read_domain(files.domain_pddl)
    for n in range(3, 7):
        problem = read_problem(find_problem(files, f"p{n:02}"), domain)
        assert list(problem.objects.values()).count("box") == n


def test_a_folder_its_domain_file_and_a_lone_file_are_found(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    (folder / "problems").mkdir(parents=True)
    for name in ("domain.pddl", "other.pddl", "problems/a.pddl", "domain.toml"):
        (folder / name).write_text("")
    by_folder = find_domain(str(folder))
    assert by_folder == find_domain(str(folder / "domain.pddl"))
    assert by_folder.name == "mine"
    assert list(by_folder.problems) == ["a"]
    assert by_folder.domain_toml == folder / "domain.toml"
    lone = find_domain(str(folder / "other.pddl"))
    assert (lone.name, lone.domain_toml) == ("other", None)


def test_problems_beside_the_domain_are_found(tmp_path: Path) -> None:
    for name in ("domain.pddl", "p1.pddl", "p2.pddl"):
        (tmp_path / name).write_text("")
    assert list(find_domain(str(tmp_path)).problems) == ["p1", "p2"]


def test_a_problem_is_found_by_name_file_name_and_path(tmp_path: Path) -> None:
    files = find_domain("hanoi")
    own = tmp_path / "own.pddl"
    own.write_text("")
    assert find_problem(files, "p03") == find_problem(files, "p03.pddl")
    assert find_problem(files, str(own)) == own


@pytest.mark.parametrize("given", ["hanio", "Hanoi ", ""])
def test_an_unknown_domain_lists_what_there_is(given: str) -> None:
    with pytest.raises(
        UnknownNameError, match=r"There are .*blocksworld, .*hanoi, "
    ) as caught:
        find_domain(given)
    assert isinstance(caught.value, DomainError)
    assert isinstance(caught.value, LookupError)
    if given:
        assert caught.value.near[0] == "hanoi"


def test_an_unknown_problem_names_near_matches() -> None:
    with pytest.raises(UnknownNameError, match="did you mean p0") as caught:
        find_problem(find_domain("hanoi"), "p3")
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)
