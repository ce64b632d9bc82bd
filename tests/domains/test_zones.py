"""Zones and grids in a scene: laid out, sensed, full; the hand over a zone."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from jouleplan.domains.arrangement import Grid, Layout
from jouleplan.domains.binding import Binding, read_binding
from jouleplan.domains.body import Body
from jouleplan.domains.errors import BindingError, InitialStateError, LayoutError
from jouleplan.domains.facts import TABLE, Facts, atoms_of, facts_of
from jouleplan.domains.layout import lay_out
from jouleplan.domains.pddl import read_domain, read_problem
from jouleplan.domains.scene import Scene
from jouleplan.domains.sense import sense
from jouleplan.domains.symbols import Domain, GroundAtom, Problem

GREY = (0.5, 0.5, 0.5, 1.0)
ZONE_M = (0.22, 0.22, 0.006)

DOMAIN = """
(define (domain rooms) (:requirements :strips)
  (:predicates (at ?b ?r) (robot-at ?r) (idle ?h) (has ?b ?h))
  (:action go :parameters (?from ?to)
    :precondition (robot-at ?from)
    :effect (and (robot-at ?to) (not (robot-at ?from))))
  (:action take :parameters (?b ?r ?h)
    :precondition (and (at ?b ?r) (robot-at ?r) (idle ?h))
    :effect (and (has ?b ?h) (not (at ?b ?r)) (not (idle ?h))))
  (:action leave :parameters (?b ?r ?h)
    :precondition (and (has ?b ?h) (robot-at ?r))
    :effect (and (at ?b ?r) (idle ?h) (not (has ?b ?h)))))
"""
PROBLEM = """
(define (problem two) (:domain rooms)
  (:objects b1 b2 east west h)
  (:init (at b1 east) (at b2 east) (robot-at west) (idle h))
  (:goal (at b1 west)))
"""
TOML = """
version = 1
domain = "rooms"
[objects.match."b*"]
kind = "movable"
height = 0.04
width = 0.042
[objects.match."*st"]
kind = "fixed"
holds = "many"
size = [0.22, 0.22, 0.006]
[objects.name.h]
kind = "hand"
[predicates]
at = { sense = "supported_by" }
robot-at = { sense = "hand_over" }
idle = { sense = "hand_empty" }
has = { sense = "held_by" }
[operators]
go = [{ skill = "hover", object = "?to" }]
take = [{ skill = "pick", object = "?b" }]
leave = [{ skill = "place", object = "?b", on = "?r" }]
"""


def read(
    folder: Path, toml: str = TOML, problem: str = PROBLEM
) -> tuple[Domain, Problem, Binding]:
    for name, text in (("d.pddl", DOMAIN), ("p.pddl", problem), ("d.toml", toml)):
        (folder / name).write_text(text)
    domain = read_domain(folder / "d.pddl")
    found = read_problem(folder / "p.pddl", domain)
    return domain, found, read_binding(folder / "d.toml", domain, found)


def zone(name: str) -> Body:
    return Body(name, "fixed", "box", ZONE_M, 0.0, GREY, "many")


def cubes(count: int) -> dict[str, Body]:
    size = (0.042, 0.042, 0.04)
    names = [f"c{i}" for i in range(count)]
    return {n: Body(n, "movable", "box", size, 0.08, GREY) for n in names}


def placed(
    bodies: Mapping[str, Body],
    layout: Mapping[str, Layout],
    support: Mapping[str, str],
    seed: int = 0,
) -> dict[str, tuple[float, float, float]]:
    found = lay_out(bodies, layout, Facts(support), np.random.default_rng(seed))
    return {name: at.position for name, at in found.items()}


@pytest.mark.parametrize("seed", range(5))
def test_what_stands_on_a_zone_and_beside_it_is_sensed_there(seed: int) -> None:
    bodies = {**cubes(8), "z": zone("z")}
    support = {n: "z" if i < 6 else TABLE for i, n in enumerate(cubes(8))}
    rng = np.random.default_rng(seed)
    with Scene(bodies, {"z": "row"}, Facts(support), rng) as scene:
        scene.settle()
        seen = sense(scene, on_table=True)
    assert dict(seen.support) == support
    assert not seen.loose
    assert seen.over == "z"


def test_one_body_too_many_for_a_zone_is_named() -> None:
    bodies = {**cubes(7), "z": zone("z")}
    with pytest.raises(LayoutError, match="'c6' has no place on 'z': it has 6 places"):
        placed(bodies, {"z": "row"}, dict.fromkeys(cubes(7), "z"))


@pytest.mark.parametrize("seed", range(5))
def test_a_row_of_zones_stands_apart_in_an_order_of_the_seed(seed: int) -> None:
    bodies = {name: zone(name) for name in ("x", "y", "z")}
    at = placed(bodies, dict.fromkeys(bodies, "row"), {}, seed)
    for a, b in itertools.combinations(at.values(), 2):
        assert abs(a[1] - b[1]) >= ZONE_M[1]


def test_a_row_too_wide_names_what_does_not_fit() -> None:
    bodies = {name: zone(name) for name in ("w", "x", "y", "z")}
    with pytest.raises(LayoutError, match="'z' has no place: a row is at most"):
        placed(bodies, dict.fromkeys(bodies, "row"), {})


def test_a_grid_keeps_its_order_row_after_row() -> None:
    pads = [f"p{i}" for i in range(5)]
    size = (0.06, 0.06, 0.006)
    bodies = {n: Body(n, "fixed", "box", size, 0.0, GREY) for n in pads}
    grid = Grid("objects.pad", (0.5, 0.1), 3, (0.12, 0.09))
    at = placed(bodies, dict.fromkeys(pads, grid), {})
    assert at["p1"][1] - at["p0"][1] == pytest.approx(0.09)
    assert at["p3"][0] - at["p0"][0] == pytest.approx(0.12)
    assert at["p3"][1] == pytest.approx(at["p0"][1])


def test_a_grid_out_of_reach_names_the_body_and_the_place() -> None:
    grid = Grid("objects.zone", (0.65, 0.3))
    with pytest.raises(LayoutError, match=r"'z' would have a place at .* reach"):
        placed({"z": zone("z")}, {"z": grid}, {})


def test_grids_that_overlap_are_named() -> None:
    layout = {"x": Grid("a", (0.5, 0.0)), "y": Grid("b", (0.5, 0.1))}
    with pytest.raises(LayoutError, match="'x' and 'y' would overlap"):
        placed({"x": zone("x"), "y": zone("y")}, layout, {})


def test_a_tower_on_a_zone_stands_apart_from_the_others() -> None:
    support = {"c0": "z", "c1": "c0", "c2": "z"}
    for seed in range(10):
        at = placed({**cubes(3), "z": zone("z")}, {"z": "row"}, support, seed)
        near = [abs(at["c0"][i] - at["c2"][i]) for i in (0, 1)]
        assert near[0] > 0.15 or near[1] > 0.13


def test_what_stands_on_the_table_keeps_off_a_tower_on_a_pad() -> None:
    pad = Body("p", "fixed", "box", (0.06, 0.06, 0.006), 0.0, GREY)
    support = {"c0": "p", "c1": "c0", "c2": "c1", "c3": TABLE}
    for seed in range(20):
        layout = {"p": Grid("pad", (0.36, 0.0))}
        at = placed({**cubes(4), "p": pad}, layout, support, seed)
        near = [abs(at["c0"][i] - at["c3"][i]) for i in (0, 1)]
        assert near[0] > 0.14 or near[1] > 0.12


def test_init_is_shown_by_the_scene_with_the_hand_over_its_room(
    tmp_path: Path,
) -> None:
    _, problem, binding = read(tmp_path)
    facts = facts_of(problem.init, binding, problem)
    assert facts.over == "west"
    for seed in range(4):
        rng = np.random.default_rng(seed)
        with Scene(binding.bodies, binding.layout, facts, rng) as scene:
            scene.settle()
            shown = atoms_of(sense(scene, on_table=False), binding, problem)
        assert shown == problem.init


def test_a_held_body_is_in_the_hand_over_the_room(tmp_path: Path) -> None:
    text = PROBLEM.replace("(at b2 east)", "(has b2 h)").replace("(idle h)", "")
    _, problem, binding = read(tmp_path, problem=text)
    facts = facts_of(problem.init, binding, problem)
    assert facts.held == "b2"
    rng = np.random.default_rng(0)
    with Scene(binding.bodies, binding.layout, facts, rng) as scene:
        scene.robot.hold(2)
        where = scene.simulator.pose("b2")[0][:2] - scene.axes["west"]
    assert np.abs(where).max() < 0.01


def test_a_state_fills_no_zone_over_its_places(tmp_path: Path) -> None:
    small = TOML.replace("0.22, 0.22", "0.07, 0.07")
    _, problem, binding = read(tmp_path, toml=small)
    with pytest.raises(InitialStateError, match="b1, b2 are on east: it has 1 places"):
        facts_of(problem.init, binding, problem)


@pytest.mark.parametrize("over", ["", "(robot-at west) (robot-at east)"])
def test_the_hand_is_over_exactly_one_zone(over: str, tmp_path: Path) -> None:
    text = PROBLEM.replace("(robot-at west)", over)
    _, problem, binding = read(tmp_path, problem=text)
    with pytest.raises(InitialStateError, match="the hand is over"):
        facts_of(problem.init, binding, problem)


def test_no_body_is_sensed_as_the_hand(tmp_path: Path) -> None:
    _, problem, binding = read(tmp_path)
    facts = Facts({"b1": "east"}, held="b2", over="east")
    held = {a for a in atoms_of(facts, binding, problem) if a.predicate == "has"}
    assert held == {GroundAtom("has", ("b2", "h"))}
    free = atoms_of(replace(facts, held=None), binding, problem)
    assert {a for a in free if a.predicate == "idle"} == {GroundAtom("idle", ("h",))}


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('holds = "many"', 'holds = "two"', "allowed: one, many"),
        ('kind = "hand"', 'kind = "hand"\nsize = [1, 1, 1]', "unknown 'size'"),
        ('holds = "many"', "at = [0.5, 0.0]", 'write layout = "grid"'),
        ('holds = "many"', 'layout = "grid"\nat = [0.5]', "is no place"),
        ('holds = "many"', 'layout = "grid"\npitch = [0, 1]', "two numbers above 0"),
        ('holds = "many"', 'layout = "grid"\ncolumns = true', "give an integer"),
        ('kind = "hand"', 'kind = "fixed"\nsize = [0.1, 0.1, 0.1]', "for the hand"),
    ],
)
def test_a_fault_is_named(old: str, new: str, fault: str, tmp_path: Path) -> None:
    with pytest.raises(BindingError, match=fault):
        read(tmp_path, toml=TOML.replace(old, new))


def test_two_hands_are_refused(tmp_path: Path) -> None:
    text = PROBLEM.replace("west h)", "west h hh)")
    with pytest.raises(BindingError, match="h and hh are hands; the arm has one"):
        read(tmp_path, toml=TOML.replace("name.h]", 'match."h*"]'), problem=text)


def test_a_skill_hovers_over_zones_alone(tmp_path: Path) -> None:
    with pytest.raises(BindingError, match="hover goes over"):
        read(tmp_path, toml=TOML.replace('holds = "many"', ""))
