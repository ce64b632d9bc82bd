"""`by` in domain.toml: what carries out an operator, and moves at one go."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from jouleplan.domains.binding import Binding
from jouleplan.domains.catalogue import find_domain
from jouleplan.domains.errors import BindingError
from jouleplan.domains.skill_call import SkillCall
from jouleplan.planner.cli.app import run as command
from jouleplan.planner.evaluate import Series, settings_of
from jouleplan.planner.play.moves import moves
from jouleplan.planner.run import Conditions, run
from jouleplan.planner.task import read_task
from jouleplan.skills.errors import PolicyFileError

FLAT, HIERARCHICAL = "gcrl-flat", "gcrl-hierarchical"


def changed(tmp_path: Path, domain: str, old: str, new: str) -> Path:
    """Return a copy of a shipped domain with ``new`` for ``old`` in its domain.toml."""
    copied = tmp_path / domain
    shutil.copytree(find_domain(domain).domain_pddl.parent, copied)
    toml = copied / "domain.toml"
    text = toml.read_text()
    assert old in text
    toml.write_text(text.replace(old, new))
    return copied


def hanoi(tmp_path: Path, by: str) -> Path:
    return changed(
        tmp_path, "hanoi", 'object = "?d" }', f'object = "?d", by = "{by}" }}'
    )


def binding(domain: Path, problem: str) -> Binding:
    return read_task(str(domain), problem).binding


def test_an_operator_names_what_carries_it_out(tmp_path: Path) -> None:
    found = binding(hanoi(tmp_path, FLAT), "p03")
    assert {name: {c.by for c in calls} for name, calls in found.skills.items()} == {
        "pick": {FLAT},
        "place": {None},
    }
    assert found.skill_sets("rl") == ("rl", FLAT)
    assert found.skill_sets(HIERARCHICAL) == (HIERARCHICAL, FLAT)
    assert found.skill_sets(FLAT) == (FLAT,)


def test_an_unknown_name_is_told_with_what_is_near(tmp_path: Path) -> None:
    with pytest.raises(BindingError, match=r"unknown 'gcrl-flatt'; allowed: gcrl-flat"):
        binding(hanoi(tmp_path, "gcrl-flatt"), "p03")


def test_what_moves_nothing_has_no_option(tmp_path: Path) -> None:
    folder = changed(
        tmp_path, "kitchen", '"press", object', '"press", by = "rl", object'
    )
    with pytest.raises(BindingError, match="unknown 'by'"):
        binding(folder, "p01")


def test_what_the_domain_says_goes_before_the_command_line(tmp_path: Path) -> None:
    """Options pick, for the domain says so; stages place, for nothing else is said."""
    folder = hanoi(tmp_path, FLAT)
    mixed = run(str(folder), "p03", 3)
    assert mixed.episode.goal_reached, mixed.episode.cause
    assert Path(mixed.policies[FLAT]).name == "saw.onnx"
    usual = run("hanoi", "p03", 3)
    other = run("hanoi", "p03", 3, Conditions(skills=FLAT))
    work = {r.episode.mechanical_work_j for r in (mixed, usual, other)}
    assert len(work) == 3


def test_options_that_a_domain_names_are_part_of_what_is_compared(
    tmp_path: Path,
) -> None:
    series = Series(str(hanoi(tmp_path, FLAT)), "p03")
    assert "option" in settings_of(series, 0, Conditions(), 1)[1]
    assert "option" not in settings_of(Series("hanoi", "p03"), 0, Conditions(), 1)[1]


def test_a_named_option_of_another_arm_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PolicyFileError, match="by in domain"):
        run(str(hanoi(tmp_path, FLAT)), "p03", 0, Conditions(robot="xarm"))


def test_check_shows_what_carries_out_which_operator(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = hanoi(tmp_path, HIERARCHICAL)
    assert command(["check", str(folder), "p03", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)["problems"][0]
    assert found["by"] == {"pick": [HIERARCHICAL]}
    assert command(["check", str(folder), "p03"]) == 0
    assert f"pick by {HIERARCHICAL}" in capsys.readouterr().out


PARTS = """[
  { skill = "pick", object = "?x" },
  { skill = "place", object = "?x", on = "?to" },
]"""


def at_one_go(tmp_path: Path, more: str = "") -> Path:
    whole = f'[{{ skill = "move", object = "?x", on = "?to"{more} }}]'
    return changed(tmp_path, "blocks-3op", PARTS, whole)


def test_a_move_is_a_pick_and_a_place_to_all_that_plan(tmp_path: Path) -> None:
    found = binding(at_one_go(tmp_path, ', by = "gcrl-flat"'), "p05")
    calls = next(c for c in found.skills.values() if c[0].whole)
    assert [call.skill for call in calls] == ["pick", "place"]
    assert {(call.whole, call.by) for call in calls} == {("move", FLAT)}


def test_moves_by_stages_are_a_pick_and_a_place(tmp_path: Path) -> None:
    one = run(str(at_one_go(tmp_path)), "p05", 2)
    usual = run("blocks-3op", "p05", 2)
    assert one.episode.goal_reached
    assert one.episode.mechanical_work_j == usual.episode.mechanical_work_j


def test_one_option_carries_out_a_whole_operator(tmp_path: Path) -> None:
    done = run(str(at_one_go(tmp_path, ', by = "gcrl-flat"')), "p05", 2)
    assert done.episode.goal_reached, done.episode.cause
    assert "pick+place" in {line.skill for line in done.episode.executed}


def test_moves_are_told_from_a_state_by_one_operator_or_two() -> None:
    for domain, problem, count in (("hanoi", "p03", 2), ("blocks-3op", "p05", 1)):
        task = read_task(domain, problem)
        found = moves(task, task.problem.init)
        assert found
        assert {len(move.operators) for move in found} == {count}
        assert all(move.after != task.problem.init for move in found)
        assert all((move.halfway is None) == (count == 1) for move in found)
        assert all(isinstance(move.call, SkillCall) for move in found)
