"""Plans that keep the arm's limits; where there is none, physics is said to be why."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from jouleplan.domains.facts import facts_of
from jouleplan.domains.limits import PANDA, Limits, too_high
from jouleplan.domains.placement import Placement
from jouleplan.planner import feasibility
from jouleplan.planner.feasibility import Feasibility, finder
from jouleplan.planner.options import Options
from jouleplan.planner.solve import PlanResult, PlanStatus
from jouleplan.planner.task import Task, read_task

DOMAIN = """(define (domain crates)
  (:requirements :strips :typing)
  (:types block pad - place)
  (:predicates (on ?b - block ?p - place) (clear ?p - place)
               (held ?b - block) (empty))
  (:action take
    :parameters (?b - block ?p - place)
    :precondition (and (on ?b ?p) (clear ?b) (empty))
    :effect (and (held ?b) (clear ?p)
                 (not (on ?b ?p)) (not (clear ?b)) (not (empty))))
  (:action put
    :parameters (?b - block ?p - place)
    :precondition (and (held ?b) (clear ?p))
    :effect (and (on ?b ?p) (clear ?b) (empty)
                 (not (held ?b)) (not (clear ?p)))))
"""
PROBLEM = """(define (problem p) (:domain crates)
  (:objects crate red blue - block left middle right - pad)
  (:init (on red left) (on crate right) (on blue crate) (clear red) (clear blue)
         (clear middle) (empty))
  (:goal (and {goal})))
"""
TOML = """version = 1
domain = "crates"
[objects.pad]
kind = "fixed"
size = [0.1, 0.1, 0.02]
[objects.block]
kind = "movable"
height = 0.04
width = 0.045
[objects.name.crate]
kind = "movable"
{crate}
[predicates]
on = {{ sense = "supported_by" }}
clear = {{ sense = "nothing_on" }}
held = {{ sense = "held" }}
empty = {{ sense = "gripper_empty" }}
[operators]
take = [{{ skill = "pick", object = "?b" }}]
put = [{{ skill = "place", object = "?b", on = "?p" }}]
"""
WIDE = "size = [0.094, 0.094, 0.05]"
LIGHT = "height = 0.04\nwidth = 0.045"


def write(folder: Path, goal: str, crate: str) -> Path:
    """Write the domain of blocks and a crate with one problem; return its folder."""
    (folder / "problems").mkdir()
    (folder / "domain.pddl").write_text(DOMAIN)
    (folder / "domain.toml").write_text(TOML.format(crate=crate))
    (folder / "problems" / "p.pddl").write_text(PROBLEM.format(goal=goal))
    return folder


class Planner:
    """Plans for one task, and counts how often."""

    def __init__(
        self, task: Task, limits: Limits = PANDA, **places: tuple[float, float]
    ) -> None:
        placed = {n: Placement((x, y, 0.05), 0.0) for n, (x, y) in places.items()}
        self.task, self.asked = task, list[Options]()
        self.feasibility = Feasibility(task, placed, limits)

    def find(self, options: Options) -> PlanResult:
        self.asked.append(options)
        return finder(self.task)(options)

    def plan(self) -> PlanResult:
        return self.feasibility.plan(self.find, Options(), self.task.problem.init)


def moved(result: PlanResult) -> set[str]:
    return {operator.objects[0] for operator in result.plan}


def test_a_plan_goes_round_what_is_too_wide(tmp_path: Path) -> None:
    goal = "(on blue left) (on red crate)"
    task = read_task(str(write(tmp_path, goal, WIDE)), "p")
    result = Planner(task).plan()
    assert result.status is PlanStatus.SOLVED
    assert moved(result) == {"red", "blue"}


def test_no_plan_without_what_is_too_wide_names_operator_object_and_limit(
    tmp_path: Path,
) -> None:
    task = read_task(str(write(tmp_path, "(on crate left)", WIDE)), "p")
    result = Planner(task).plan()
    assert result.status is PlanStatus.UNSOLVABLE
    assert "ruled out: take(crate, right), put(crate, left)" in result.detail
    assert "'crate' is 0.094 m wide; the gripper takes up to 0.070 m" in result.detail


def test_a_goal_that_no_operators_reach_is_not_blamed_on_physics(
    tmp_path: Path,
) -> None:
    goal = "(on red blue) (on blue red)"
    task = read_task(str(write(tmp_path, goal, WIDE)), "p")
    result = Planner(task).plan()
    assert result.status is PlanStatus.UNSOLVABLE
    assert "limits" not in result.detail


def test_where_nothing_is_ruled_out_the_task_is_planned_once_as_it_is(
    tmp_path: Path,
) -> None:
    task = read_task(str(write(tmp_path, "(on crate left)", LIGHT)), "p")
    planner = Planner(task)
    assert planner.plan().status is PlanStatus.SOLVED
    assert planner.asked == [Options()]


def test_nothing_is_put_where_the_hand_does_not_come_down(tmp_path: Path) -> None:
    task = read_task(str(write(tmp_path, "(on blue middle)", LIGHT)), "p")
    result = Planner(task, left=(0.5, 0.2), middle=(0.9, 0.0)).plan()
    assert result.status is PlanStatus.UNSOLVABLE
    assert "'middle' stands 0.900 m from the arm's base" in result.detail


def test_replanning_keeps_to_what_is_ruled_out(tmp_path: Path) -> None:
    goal = "(on blue left) (on red crate)"
    task = read_task(str(write(tmp_path, goal, WIDE)), "p")
    planner = Planner(task)
    state = planner.plan().plan[0].apply(task.problem.init)

    result = planner.feasibility.plan(finder(task, state), Options(), state)
    assert result.status is PlanStatus.SOLVED
    assert moved(result) == {"red", "blue"}


@pytest.mark.parametrize("domain", ["blocksworld", "hanoi"])
def test_a_goal_that_is_a_tower_too_high_is_unsolvable(domain: str) -> None:
    problem = "p05" if domain == "blocksworld" else "p03"
    limits = replace(PANDA, top_m=0.12)
    result = Planner(read_task(domain, problem), limits).plan()
    assert result.status is PlanStatus.UNSOLVABLE
    assert "m high; the arm builds up to 0.120 m" in result.detail


def _support_first(folder: Path) -> None:
    """Rewrite (on ?b ?p) as (bears ?p ?b) in all files of a domain."""
    for file in (folder / "domain.pddl", folder / "problems" / "p.pddl"):
        text = file.read_text()
        declared = "(on ?b - block ?p - place)", "(bears ?p - place ?b - block)"
        text = text.replace(*declared)
        file.write_text(re.sub(r"\(on (\S+) ([^\s)]+)\)", r"(bears \2 \1)", text))
    toml = folder / "domain.toml"
    old, new = 'on = { sense = "supported_by" }', 'bears = { sense = "supports" }'
    toml.write_text(toml.read_text().replace(old, new))


@pytest.mark.parametrize("support_first", [False, True])
def test_lower_towers_are_built_where_the_shortest_plan_builds_one_too_high(
    tmp_path: Path, support_first: bool
) -> None:
    """Blue would wait on green, three high; two high it takes more operators."""
    folder = write(tmp_path, "(on crate middle) (on blue right)", LIGHT)
    file = folder / "problems" / "p.pddl"
    text = file.read_text().replace("red blue -", "red blue green -")
    text = text.replace("(clear red)", "(on green red) (clear green)")
    file.write_text(text)
    if support_first:
        _support_first(folder)
    task = read_task(str(folder), "p")
    free = Planner(task).plan()
    planner = Planner(task, replace(PANDA, top_m=0.11))
    result = planner.plan()
    assert len(planner.asked) == 2
    assert result.status is PlanStatus.SOLVED
    assert len(result.plan) > len(free.plan)
    state = task.problem.init
    for operator in result.plan:
        assert operator.applicable(state)
        state = operator.apply(state)
        facts = facts_of(state, task.binding, task.problem)
        assert too_high(facts, task.binding.bodies, replace(PANDA, top_m=0.11)) is None
    assert task.problem.satisfied(state)


def test_towers_of_too_many_heights_are_not_counted_and_that_is_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(feasibility, "MOST_LEVELS", 1)
    result = Planner(read_task("hanoi", "p03"), replace(PANDA, top_m=0.12)).plan()
    assert (result.status, result.plan) == (PlanStatus.UNPROVEN, ())
    assert "different heights are not counted" in result.detail
