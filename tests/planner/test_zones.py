"""Zones in whole runs: solved, disturbed, full, restored; proposed by bind."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from jouleplan.domains.catalogue import find_domain
from jouleplan.domains.facts import Facts, facts_of
from jouleplan.domains.pddl import read_domain, read_problem
from jouleplan.domains.proposal.proposal import propose
from jouleplan.domains.scene import Scene
from jouleplan.energy.meter import Meter
from jouleplan.planner.executive import Executive
from jouleplan.planner.places import is_free
from jouleplan.planner.task import Task, read_task
from jouleplan.skills.library import load_policies


def executive(task: Task, scene: Scene) -> Executive:
    return Executive(task, scene, load_policies(), Meter(), seed=0)


def scene_of(task: Task) -> Scene:
    facts = facts_of(task.problem.init, task.binding, task.problem)
    rng = np.random.default_rng(0)
    return Scene(task.binding.bodies, task.binding.layout, facts, rng)


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("gripper", "p02"),
        ("patterns", "p02"),
        ("sorting", "p03"),
        ("assembly-line", "p03"),
    ],
)
def test_the_smallest_problem_is_solved_without_a_second_try(
    name: str, problem: str
) -> None:
    task = read_task(name, problem)
    with scene_of(task) as scene:
        episode = executive(task, scene).run()
    assert episode.goal_reached, episode.cause
    assert all(e.done and e.attempt == 1 for e in episode.executed)


def test_a_full_zone_ends_the_episode_with_its_name(tmp_path: Path) -> None:
    folder = find_domain("gripper").domain_pddl.parent
    for name in ("domain.pddl", "domain.toml"):
        text = (folder / name).read_text()
        # a room of one place, which the symbols do not know of
        (tmp_path / name).write_text(text.replace("[0.3, 0.3,", "[0.12, 0.08,"))
    (tmp_path / "p.pddl").write_text(
        "(define (problem p) (:domain gripper) (:objects rooma roomb ball1 ball2 left)"
        "(:init (room rooma) (room roomb) (ball ball1) (ball ball2) (gripper left)"
        "(at-robby rooma) (free left) (at ball1 rooma) (at ball2 roomb))"
        "(:goal (at ball1 roomb)))"
    )
    task = read_task(str(tmp_path), str(tmp_path / "p.pddl"))
    with scene_of(task) as scene:
        episode = executive(task, scene).run()
    assert not episode.goal_reached
    assert re.search("NoPlaceError: 'roomb' is full", episode.cause)


def test_a_zone_is_free_until_every_place_is_taken() -> None:
    task = read_task("sorting", "p09")
    bodies = task.binding.bodies
    names = [name for name, body in bodies.items() if body.movable]
    for count in range(8):
        facts = Facts(dict.fromkeys(names[:count], "left"))
        assert is_free("left", facts, bodies) == (count < 6)


def test_only_the_front_part_of_a_line_may_be_taken() -> None:
    task = read_task("assembly-line", "p04")
    state, operators = task.problem.init, task.domain.operators
    parts = {a.objects[1]: a.objects[0] for a in state if a.predicate == "on"}
    second = operators["take-next"].ground((parts["s2"], "s2", "s1"))
    first = operators["take-first"].ground((parts["s1"], "s1"))
    assert first.applicable(state)
    assert not second.applicable(state)


@pytest.mark.parametrize(
    ("name", "problem", "kinds"),
    [
        ("gripper", "p02", {"name.left": "hand", "name.roomb": "zone"}),
        ("sorting", "p03", {"zone": "zone", "cube": "movable"}),
        ("patterns", "p03", {"stock": "zone", "cell": "fixed", "model": "movable"}),
        ("assembly-line", "p03", {"bin": "zone", "station": "fixed"}),
    ],
)
def test_bind_tells_zones_and_hands_from_other_objects(
    name: str, problem: str, kinds: dict[str, str]
) -> None:
    files = find_domain(name)
    domain = read_domain(files.domain_pddl)
    found = propose(domain, read_problem(files.problems[problem], domain))
    assert not found.gaps
    assert kinds.items() <= {entry.key: entry.kind for entry in found.entries}.items()
