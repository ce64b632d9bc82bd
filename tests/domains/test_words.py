"""What is said of a scene names each body so that it can be told from the others."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from jouleplan.domains.binding import read_binding
from jouleplan.domains.body import color_from_hex
from jouleplan.domains.catalogue import domain_names, find_domain
from jouleplan.domains.color_names import COLOR_NAMES, color_name
from jouleplan.domains.errors import BindingError
from jouleplan.domains.facts import facts_of
from jouleplan.domains.layout import lay_out
from jouleplan.domains.pddl import read_domain, read_problem
from jouleplan.domains.symbols import GroundAtom, GroundOperator
from jouleplan.domains.words import Words


def words_of(name: str, problem: str | None = None, toml: Path | None = None) -> Words:
    files = find_domain(name)
    domain = read_domain(files.domain_pddl)
    file = files.problems[problem or next(iter(files.problems))]
    read = read_problem(file, domain)
    assert files.domain_toml is not None
    binding = read_binding(toml or files.domain_toml, domain, read)
    facts = facts_of(read.init, binding, read)
    places = lay_out(binding.bodies, binding.layout, facts, np.random.default_rng(1))
    axes = {
        name: np.array(places[name].position[:2])
        for name, body in binding.bodies.items()
        if not body.movable
    }
    return Words(binding, read, axes)


def operator(name: str, *objects: str, domain: str = "hanoi") -> GroundOperator:
    read = read_domain(find_domain(domain).domain_pddl)
    return read.operators[name].ground(objects)


def test_hanoi_is_told_as_a_person_would() -> None:
    words = words_of("hanoi", "p03")
    assert words.task == "Play Towers of Hanoi."
    assert words.operator(operator("pick", "d1", "d2")) == "Pick the red block."
    assert words.operator(operator("place", "d1", "d2")) == (
        "Place it on the yellow block."
    )
    sides = {words.body(peg) for peg in ("peg1", "peg2", "peg3")}
    assert sides == {"left peg", "middle peg", "right peg"}


@pytest.mark.parametrize("name", domain_names())
def test_no_two_bodies_of_a_scene_are_called_alike(name: str) -> None:
    for problem in find_domain(name).problems:
        words = words_of(name, problem)
        bodies = list(words._binding.bodies)
        assert len({words.body(body) for body in bodies}) == len(bodies)
        assert words.task


def test_an_operator_of_two_skills_is_told_in_one_sentence() -> None:
    words = words_of("blocks-3op", "p05")
    move = operator("move-b-to-t", "b1", "b2", domain="blocks-3op")
    assert words.operator(move) == "Pick the red block and place it on the table."


def test_a_goal_is_told_by_its_atom() -> None:
    words = words_of("hanoi", "p03")
    atom = GroundAtom("on", ("d1", "d2"))
    assert words.goal(atom) == "Put the red block on the yellow block."


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ('task = ""\ncolour = "x"', "unknown 'colour'"),
        ("task = 3", "give a text of 1 to 200"),
        ('operators = { pick = "Pick {?x}." }', "unknown '?x'; allowed: ?"),
        ('operators = { grab = "Grab." }', "unknown 'grab'"),
        ('predicates = { on = "a\\nb" }', "printable"),
    ],
)
def test_words_that_do_not_fit_are_named(entry: str, said: str, tmp_path: Path) -> None:
    shipped = find_domain("hanoi").domain_toml
    assert shipped is not None
    text = shipped.read_text().partition("[words]")[0]
    toml = tmp_path / "domain.toml"
    toml.write_text(f"{text}\n[words]\n{entry}\n")
    with pytest.raises(BindingError) as caught:
        words_of("hanoi", "p03", toml)
    assert said in str(caught.value)


def test_a_colour_has_the_name_of_the_nearest_example() -> None:
    for name, examples in COLOR_NAMES.items():
        assert all(color_name(color_from_hex(one)) == name for one in examples)
    assert color_name((0.95, 0.1, 0.1, 1.0)) == "red"
