"""Methods by name and address; parameters are checked."""

from __future__ import annotations

from pathlib import Path

import pytest

from jouleplan.domains.skill_sets import SKILL_SETS
from jouleplan.planner.methods.errors import MethodError
from jouleplan.planner.methods.registry import METHODS, find_method
from jouleplan.skills.errors import PolicyFileError
from jouleplan.skills.library import card
from jouleplan.skills.stages import STAGES
from jouleplan.skills.vla.architectures.blueprint import PI0

ALLOWED = [f"{n}?memory=9" if n == PI0.name else n for n in METHODS]


@pytest.mark.parametrize("name", ALLOWED)
def test_every_method_says_what_it_is(name: str) -> None:
    method = find_method(name)
    assert method.name == name
    assert method.label
    assert method.description
    assert method.settings == find_method(name).settings


def test_training_comes_from_the_cards_and_the_reference_has_none() -> None:
    learned = find_method("neurosymbolic").training
    assert [share.skill for share in learned] == list(STAGES)
    assert all(share.quality == "estimated" for share in learned)
    for share in learned:
        shipped = card(share.skill)
        assert shipped is not None
        assert share.energy_j == shipped["training"]["energy_j"] > 0
    assert find_method("scripted").training == ()
    assert "upper bound" in find_method("scripted").label


def test_every_set_of_skills_is_a_method() -> None:
    assert set(SKILL_SETS) <= set(METHODS)


def test_parameters_are_part_of_the_name_and_the_settings() -> None:
    other = find_method("neurosymbolic?engine=pyperplan&time_limit=5")
    assert other.name == "neurosymbolic?engine=pyperplan&time_limit=5"
    assert other.settings["engine"] == "pyperplan"
    assert other.settings != find_method("neurosymbolic").settings


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("neurosymbolik", "did you mean neurosymbolic"),
        ("scripted?policies=x", "no parameter 'policies'"),
        ("scripted?engine=nope", "unknown engine 'nope'"),
        ("scripted?time_limit=never", "seconds above 0"),
        ("scripted?engine", "key=value"),
        ("scripted?engine=auto&engine=auto", "given twice"),
        ("openpi2://localhost:1", "no method speaks openpi2://"),
    ],
)
def test_what_does_not_fit_is_named(asked: str, told: str) -> None:
    with pytest.raises(MethodError, match=told):
        find_method(asked)


def test_missing_policies_are_named(tmp_path: Path) -> None:
    with pytest.raises(PolicyFileError, match="holds none of"):
        find_method(f"neurosymbolic?policies={tmp_path}")
