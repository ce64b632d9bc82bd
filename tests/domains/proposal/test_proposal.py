"""Proposing a domain.toml: what operators do decides, not what they are called."""

import re
import tomllib
from pathlib import Path

import pytest

from jouleplan.domains.binding import read_binding
from jouleplan.domains.errors import BindingError
from jouleplan.domains.pddl import read_domain, read_problem
from jouleplan.domains.proposal.match import never_shown
from jouleplan.domains.proposal.proposal import Proposal, propose
from jouleplan.domains.proposal.text import toml_text
from jouleplan.domains.skill_call import SkillCall
from tests.domains.proposal import formulations, measure
from tests.domains.proposal.formulations import FORMULATIONS

WANTED = 0.8


def _proposal(text: str, tmp_path: Path) -> Proposal:
    file = tmp_path / "domain.pddl"
    file.write_text(text)
    return propose(read_domain(file))


@pytest.mark.parametrize("name", ["hanoi", "blocksworld", "kitchen"])
def test_shipped_domains_are_bound_with_their_toml_hidden(name: str) -> None:
    share = measure.of_shipped(name)
    assert share.right >= WANTED * share.all, share


@pytest.mark.parametrize("with_problem", [False, True])
@pytest.mark.parametrize("name", FORMULATIONS)
def test_formulations_of_strangers_are_bound(name: str, with_problem: bool) -> None:
    share = measure.of_formulation(name, with_problem)
    assert share.right >= WANTED * share.all, share


@pytest.mark.parametrize("name", sorted(FORMULATIONS.keys() - formulations.WITH_GAPS))
def test_a_proposal_without_gaps_is_read_as_it_is(name: str, tmp_path: Path) -> None:
    domain, problem = measure.read(FORMULATIONS[name])
    proposal = propose(domain, problem)
    toml = tmp_path / "domain.toml"
    toml.write_text(toml_text(proposal))
    binding = read_binding(toml, domain, problem)
    assert not proposal.gaps
    kinds = {name: body.kind for name, body in binding.bodies.items()}
    right = FORMULATIONS[name]
    assert kinds == dict.fromkeys(right.movable, "movable") | dict.fromkeys(
        right.fixed, "fixed"
    )


def test_names_do_not_matter(tmp_path: Path) -> None:
    """Blocks under other names get the same skills and classifiers."""
    text = formulations.UNTYPED_BLOCKS.domain
    for number, word in enumerate(
        ("ontable", "on", "clear", "handempty", "holding", "stack", "unstack")
    ):
        text = re.sub(rf"\b(?<!-){word}(?!-)\b", f"w{number}", text)
    found = _proposal(text, tmp_path).explained.classifiers
    assert found == {
        "w0": "on_table",
        "w1": "supported_by",
        "w2": "nothing_on",
        "w3": "gripper_empty",
        "w4": "held",
    }


def test_widths_follow_the_order_that_placing_asks_for() -> None:
    domain, problem = measure.read(formulations.HANOI_MOVE)
    (entry, *_) = propose(domain, problem).entries
    assert entry.ranked is not None
    assert (entry.ranked.relation, entry.ranked.first) == ("smaller", "wider")


def test_a_relation_between_bodies_and_places_is_no_size() -> None:
    domain, problem = measure.read(formulations.SORTING)
    assert all(entry.ranked is None for entry in propose(domain, problem).entries)


def test_every_gap_is_a_comment_and_the_lint_names_it(tmp_path: Path) -> None:
    domain, problem = measure.read(formulations.SWITCH)
    proposal = propose(domain, problem)
    text = toml_text(proposal)
    assert "lamp-on" not in tomllib.loads(text)["predicates"]
    assert re.search(r"^# GAP lamp-on: ", text, re.MULTILINE)
    assert re.search(r"^# GAP light: ", text, re.MULTILINE)
    toml = tmp_path / "domain.toml"
    toml.write_text(text)
    with pytest.raises(BindingError, match="lamp-on") as raised:
        read_binding(toml, domain, problem)
    assert len(raised.value.faults) == len(proposal.gaps) == 2


def test_a_robot_between_rooms_is_the_hand_over_zones(tmp_path: Path) -> None:
    found = _proposal(formulations.IPC_GRIPPER, tmp_path)
    assert not found.gaps
    assert found.explained.classifiers == {
        "at-robby": "hand_over",
        "at": "supported_by",
        "free": "hand_empty",
        "carry": "held_by",
    }
    assert [str(call) for call in found.explained.matches["move"].calls] == [
        "hover(?to)"
    ]


def test_a_support_may_be_named_before_its_load(tmp_path: Path) -> None:
    proposal = _proposal(formulations.REVERSED, tmp_path)
    assert not proposal.gaps
    assert proposal.explained.classifiers["holds"] == "supports"
    kinds = {entry.key: entry.kind for entry in proposal.entries}
    assert kinds == {"cube": "movable", "bay": "fixed"}


def test_a_rival_that_is_close_is_told_of(tmp_path: Path) -> None:
    doubts = _proposal(formulations.PAWNS, tmp_path).doubts
    assert any(
        "predicates.carrying" in doubt and "held" in doubt and "on_table" in doubt
        for doubt in doubts
    )


def test_many_predicates_are_searched_in_little_time(tmp_path: Path) -> None:
    marks = " ".join(f"(m{i} ?x)" for i in range(9))
    wash = "\n".join(
        f"(:action wash{i} :parameters (?x) :precondition (m{i} ?x)"
        f" :effect (and (m{i + 1} ?x) (not (m{i} ?x))))"
        for i in range(8)
    )
    text = formulations.UNTYPED_BLOCKS.domain.replace(
        "(ontable ?x)", f"(ontable ?x) {marks}", 1
    )
    text = text.rstrip()[:-1] + wash + ")"
    found = _proposal(text, tmp_path).explained.classifiers
    assert found["on"] == "supported_by"
    assert found["holding"] == "held"


FAN = """
(define (domain hall) (:requirements :strips :typing)
  (:types box spot fan)
  (:predicates (at ?b - box ?s - spot) (free ?s - spot) (in ?b - box) (idle)
               (runs ?f - fan) (off ?f - fan))
  (:action lift :parameters (?b - box ?s - spot)
    :precondition (and (at ?b ?s) (idle))
    :effect (and (in ?b) (free ?s) (not (at ?b ?s)) (not (idle))))
  (:action drop :parameters (?b - box ?s - spot)
    :precondition (and (in ?b) (free ?s))
    :effect (and (at ?b ?s) (idle) (not (in ?b)) (not (free ?s))))
  (:action start :parameters (?f - fan)
    :precondition (and (off ?f) (idle)) :effect (and (runs ?f) (not (off ?f))))
  (:action stop :parameters (?f - fan)
    :precondition (and (runs ?f) (idle)) :effect (and (off ?f) (not (runs ?f)))))
"""


def test_what_only_switches_a_fixed_thing_is_pressed(tmp_path: Path) -> None:
    proposal = _proposal(FAN, tmp_path)
    classifiers, matches = proposal.explained.classifiers, proposal.explained.matches
    assert classifiers["runs"] == "switched_on"
    assert classifiers["off"] == "switched_off"
    assert [str(c) for c in matches["start"].calls] == ["press(?f)"]
    assert [str(c) for c in matches["stop"].calls] == ["press(?f)"]
    assert {e.key: e.kind for e in proposal.entries}["fan"] == "button"
    assert not proposal.gaps
    body = tomllib.loads(toml_text(proposal))["objects"]["fan"]
    assert (body["kind"], body["shape"]) == ("fixed", "button")


TEA = """
(define (domain tea) (:requirements :strips) (:constants lamp)
  (:predicates (on ?x ?y) (free ?y) (carrying ?x) (idle) (lit ?l) (cup ?x))
  (:action grab :parameters (?x ?y)
    :precondition (and (on ?x ?y) (cup ?x) (idle))
    :effect (and (carrying ?x) (free ?y) (not (on ?x ?y)) (not (idle))))
  (:action set :parameters (?x ?y)
    :precondition (and (carrying ?x) (free ?y) (lit lamp))
    :effect (and (on ?x ?y) (idle) (not (carrying ?x)) (not (free ?y))))
  (:action light :parameters () :precondition (idle) :effect (lit lamp)))
"""
TEA_PROBLEM = """
(define (problem p) (:domain tea) (:objects c1 tray saucer)
  (:init (cup c1) (on c1 tray) (free saucer) (free c1) (idle))
  (:goal (on c1 saucer)))
"""


def test_a_constant_that_only_switches_is_pressed_though_nothing_has_a_type(
    tmp_path: Path,
) -> None:
    files = tmp_path / "domain.pddl", tmp_path / "p.pddl", tmp_path / "domain.toml"
    files[0].write_text(TEA)
    files[1].write_text(TEA_PROBLEM)
    domain = read_domain(files[0])
    problem = read_problem(files[1], domain)
    proposal = propose(domain, problem)
    assert not proposal.gaps
    files[2].write_text(toml_text(proposal))
    binding = read_binding(files[2], domain, problem)
    assert binding.classifiers["lit"] == "switched_on"
    assert binding.skills["light"] == (SkillCall("press", "lamp"),)
    shapes = {name: body.shape for name, body in binding.bodies.items()}
    assert shapes == {"lamp": "button"} | dict.fromkeys(("c1", "tray", "saucer"), "box")


def test_a_constant_of_a_type_of_its_own_is_a_button(tmp_path: Path) -> None:
    text = FAN.replace("fan)\n  (:pred", "fan)\n  (:constants it - fan)\n  (:pred", 1)
    text = text.replace(":parameters (?f - fan)", ":parameters ()").replace(
        "?f)", "it)"
    )
    proposal = _proposal(text, tmp_path)
    assert {e.key: e.kind for e in proposal.entries}["fan"] == "button"
    assert not proposal.gaps


def test_what_marks_a_moved_thing_is_no_press(tmp_path: Path) -> None:
    text = FAN.replace("?f - fan", "?f - box").replace(" fan)", ")")
    matches = _proposal(text, tmp_path).explained.matches
    assert "press" not in {c.skill for m in matches.values() for c in m.calls}


def test_a_press_that_shows_nothing_of_an_effect_is_told(tmp_path: Path) -> None:
    file = tmp_path / "domain.pddl"
    file.write_text(FAN)
    stop = read_domain(file).operators["stop"]
    senses = {"runs": "switched_on", "idle": "gripper_empty"}
    assert never_shown(stop, [SkillCall("press", "?f")], senses) == []
    assert "runs(?f) is of no button that press(?g) presses" in never_shown(
        stop, [SkillCall("press", "?g")], senses
    )
    twice = [SkillCall("press", "?f")] * 2
    assert "`switched_on` is true after" in never_shown(stop, twice, senses)[0]
