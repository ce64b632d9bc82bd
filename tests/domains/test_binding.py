"""Binding: the shipped domain.toml files, what they give, and every lint."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from jouleplan.domains import binding as binding_module
from jouleplan.domains.binding import Binding, SkillCall, read_binding
from jouleplan.domains.catalogue import find_domain
from jouleplan.domains.errors import BindingError, UnknownObjectError
from jouleplan.domains.pddl import read_domain, read_problem
from jouleplan.domains.rank import ranks
from jouleplan.domains.symbols import Domain, GroundAtom, Problem

HANOI = Path(binding_module.__file__).resolve().parent / "hanoi"
TOML = (HANOI / "domain.toml").read_text()
DOMAIN = read_domain(HANOI / "domain.pddl")
WIDTH = '{ rank = "smaller", narrowest = 0.036, step = 0.004 }'

UNTYPED_PDDL = """
(define (domain moves)
  (:requirements :strips)
  (:constants bin)
  (:predicates (on ?x ?y) (clear ?x) (wider ?x ?y) (thing ?x))
  (:action move :parameters (?x ?from ?to)
    :precondition (and (on ?x ?from) (clear ?x) (clear ?to) PRECONDITION)
    :effect (and (on ?x ?to) (clear ?from) (not (on ?x ?from)) (not (clear ?to)))))
"""
UNTYPED_TOML = """
version = 1
domain = "moves"
[objects.object]
kind = "fixed"
size = [0.1, 0.1, 0.02]
[objects.match."d*"]
kind = "movable"
height = 0.03
width = { rank = "wider", narrowest = 0.04, step = 0.005, first = "wider" }
[objects.name.d1]
kind = "movable"
height = 0.03
width = 0.05
color = "#ff0000"
[predicates]
on = { sense = "supported_by" }
clear = { sense = "nothing_on" }
[operators]
Move = [
  { skill = "pick", object = "?x", retries = 0 },
  { skill = "place", object = "?x", on = "?to", retries = 5 },
]
"""


def tower(disks: int, extra: frozenset[GroundAtom] = frozenset()) -> Problem:
    """Return a hanoi problem whose `smaller` ranks the disks d1, d2, ..."""
    names = [f"d{i + 1}" for i in range(disks)]
    smaller = frozenset(
        GroundAtom("smaller", (low, high))
        for i, low in enumerate(names)
        for high in (*names[i + 1 :], "peg1", "peg2")
    )
    objects = dict.fromkeys(names, "disk") | {"peg1": "peg", "peg2": "peg"}
    return Problem("tower", "hanoi", objects, smaller | extra, frozenset())


def read(
    toml: str, folder: Path, domain: Domain = DOMAIN, problem: Problem | None = None
) -> Binding:
    file = folder / "domain.toml"
    file.write_text(toml)
    return read_binding(file, domain, problem or tower(3))


def faults_of(
    toml: str, folder: Path, domain: Domain = DOMAIN, problem: Problem | None = None
) -> tuple[str, ...]:
    with pytest.raises(BindingError) as caught:
        read(toml, folder, domain, problem)
    return caught.value.faults


def untyped(
    folder: Path, precondition: str = "", toml: str = UNTYPED_TOML
) -> tuple[Domain, Binding]:
    """Return a domain without types, with d1..d3 on the fixed p1, p2 and bin."""
    file = folder / "domain.pddl"
    file.write_text(UNTYPED_PDDL.replace("PRECONDITION", precondition))
    domain = read_domain(file)
    names = ("p1", "d1", "d2", "d3", "p2", "bin")
    init = {GroundAtom("wider", ("d3", "d2"))}
    init |= {GroundAtom("thing", (name,)) for name in ("d1", "d2", "d3")}
    objects = dict.fromkeys(names, "object")
    problem = Problem("p", "moves", objects, frozenset(init), frozenset())
    return domain, read(toml, folder, domain, problem)


def test_hanoi_disks_are_ranked_by_smaller() -> None:
    binding = read_binding(HANOI / "domain.toml", DOMAIN, tower(8))
    assert list(binding.bodies) == [*(f"d{i}" for i in range(1, 9)), "peg1", "peg2"]
    widths = [binding.bodies[f"d{i}"].size[0] for i in range(1, 9)]
    assert widths == [0.036, 0.04, 0.044, 0.048, 0.052, 0.056, 0.06, 0.064]
    assert binding.bodies["d1"].size == (0.036, 0.036, 0.035)
    assert binding.bodies["d1"].mass == 0.08


def test_hanoi_pegs_are_fixed_in_a_row() -> None:
    binding = read_binding(HANOI / "domain.toml", DOMAIN, tower(2))
    peg = binding.bodies["peg1"]
    assert (peg.kind, peg.size, peg.mass) == ("fixed", (0.09, 0.09, 0.02), 0.0)
    assert binding.layout == {"peg1": "row", "peg2": "row"}


def test_hanoi_operators_become_skill_calls() -> None:
    binding = read_binding(HANOI / "domain.toml", DOMAIN, tower(2))
    pick = DOMAIN.operators["pick"].ground(("d1", "d2"))
    place = DOMAIN.operators["place"].ground(("d1", "peg2"))
    assert binding.calls(pick) == (SkillCall("pick", "d1", None, 2),)
    assert binding.calls(place) == (SkillCall("place", "d1", "peg2", 2),)


def test_every_predicate_has_a_classifier_or_is_static() -> None:
    binding = read_binding(HANOI / "domain.toml", DOMAIN, tower(2))
    assert binding.classifiers == {
        "on": "supported_by",
        "clear": "nothing_on",
        "grasped": "held",
        "free-gripper": "gripper_empty",
        "smaller": "static",
    }


def test_neighbouring_bodies_have_different_colors() -> None:
    binding = read_binding(HANOI / "domain.toml", DOMAIN, tower(8))
    colors = [binding.bodies[f"d{i}"].color for i in range(1, 9)]
    assert len(set(colors)) == 8
    assert all(0 <= part <= 1 for color in colors for part in color)


@pytest.mark.parametrize(
    ("color", "expected"),
    [
        ('"#ff0000"', [(1, 0, 0, 1)] * 3),
        ('"#FF000000"', [(1, 0, 0, 0)] * 3),
        ("[0.0, 1.0, 0.5]", [(0, 1, 0.5, 1)] * 3),
        ("[0, 1, 0.5, 0.5]", [(0, 1, 0.5, 0.5)] * 3),
        ('["#ff0000", "#00ff00"]', [(1, 0, 0, 1), (0, 1, 0, 1), (1, 0, 0, 1)]),
    ],
)
def test_colors_are_hex_numbers_or_taken_in_turn(
    color: str, expected: list[tuple[float, ...]], tmp_path: Path
) -> None:
    toml = TOML.replace("height = 0.035", f"height = 0.035\ncolor = {color}")
    binding = read(toml, tmp_path)
    assert [binding.bodies[f"d{i}"].color for i in (1, 2, 3)] == expected


def test_disks_that_the_relation_does_not_tell_apart_share_a_width(
    tmp_path: Path,
) -> None:
    pairs = frozenset(GroundAtom("smaller", ("d1", d)) for d in ("d2", "d3"))
    problem = Problem("p", "hanoi", tower(3).objects, pairs, frozenset())
    bodies = read(TOML, tmp_path, problem=problem).bodies
    assert bodies["d2"].size == bodies["d3"].size == (0.04, 0.04, 0.035)


def test_name_beats_pattern_beats_type(tmp_path: Path) -> None:
    _, binding = untyped(tmp_path)
    assert binding.bodies["d1"].width == 0.05
    assert binding.bodies["d2"].width == 0.04
    assert binding.bodies["d3"].width == 0.045
    assert binding.bodies["bin"].kind == "fixed"


def test_the_most_specific_type_wins(tmp_path: Path) -> None:
    general = '[objects.location]\nkind = "fixed"\nsize = [0.1, 0.1, 0.1]\n\n'
    toml = TOML.replace("[objects.peg]", general + "[objects.peg]")
    assert read(toml, tmp_path).bodies["peg1"].height == 0.02
    toml = TOML.replace("[objects.peg]", "[objects.location]")
    assert read(toml, tmp_path).bodies["peg1"].height == 0.02


def test_one_operator_may_be_a_sequence_of_skills(tmp_path: Path) -> None:
    domain, binding = untyped(tmp_path)
    move = domain.operators["move"].ground(("d1", "p1", "p2"))
    assert binding.calls(move) == (
        SkillCall("pick", "d1", None, 0),
        SkillCall("place", "d1", "p2", 5),
    )


def test_a_move_of_blocks_is_a_pick_and_a_place() -> None:
    files = find_domain("blocks-3op")
    domain = read_domain(files.domain_pddl)
    problem = read_problem(files.problems["p05"], domain)
    assert files.domain_toml is not None
    binding = read_binding(files.domain_toml, domain, problem)
    pick, blocks = SkillCall("pick", "b1"), ("b1", "b2", "b3")
    for name, objects, on in (
        ("move-b-to-b", blocks, "b3"),
        ("move-b-to-t", blocks[:2], "table"),
        ("move-t-to-b", blocks[:2], "b2"),
    ):
        ground = domain.operators[name].ground(objects)
        assert binding.calls(ground) == (pick, SkillCall("place", "b1", on))


def test_six_boxes_to_stack_have_widths_that_the_policies_were_trained_on() -> None:
    files = find_domain("stacking")
    domain = read_domain(files.domain_pddl)
    problem = read_problem(files.problems["p06"], domain)
    assert files.domain_toml is not None
    bodies = read_binding(files.domain_toml, domain, problem).bodies
    widths = [bodies[f"b{i}"].width for i in range(1, 7)]
    assert widths == [0.036, 0.042, 0.048, 0.054, 0.06, 0.066]


def test_a_ground_call_that_moves_a_fixed_body_is_an_error(tmp_path: Path) -> None:
    domain, binding = untyped(tmp_path)
    with pytest.raises(BindingError, match="moves a fixed body"):
        binding.calls(domain.operators["move"].ground(("p1", "d1", "d2")))
    with pytest.raises(UnknownObjectError, match="'d9'"):
        binding.calls(domain.operators["move"].ground(("d9", "d1", "d2")))


def test_a_static_unary_precondition_stands_for_a_type(tmp_path: Path) -> None:
    untyped(tmp_path, "(thing ?x)")
    toml = UNTYPED_TOML.replace('object = "?x"', 'object = "?to"')
    toml = toml.replace('on = "?to"', 'on = "?x"')
    untyped(tmp_path, "(thing ?to)", toml)


def test_a_constant_may_be_placed_on_but_not_picked_if_fixed(tmp_path: Path) -> None:
    toml = UNTYPED_TOML.replace('on = "?to"', 'on = "bin"')
    domain, binding = untyped(tmp_path, toml=toml)
    move = domain.operators["move"].ground(("d1", "p1", "p2"))
    assert binding.calls(move)[1].on == "bin"
    with pytest.raises(BindingError, match="pick moves bin, but these are fixed: bin"):
        untyped(
            tmp_path,
            toml=UNTYPED_TOML.replace(
                '"pick", object = "?x"', '"pick", object = "bin"'
            ),
        )


def test_skills_are_a_parameter(tmp_path: Path) -> None:
    (tmp_path / "domain.toml").write_text(
        TOML.replace('"pick", object = "?d"', '"suck", object = "?d"')
    )
    skills = {"suck": ("object",), "place": ("object", "on")}
    read_binding(tmp_path / "domain.toml", DOMAIN, tower(2), skills)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        # head
        ("version = 1", "version = 2", "version: 2 is not known; write version = 1"),
        ("version = 1", "", "version: is missing; write version = 1"),
        ('domain = "hanoi"', 'domain = "blocks"', "domain: 'blocks' is another"),
        (
            "[operators]",
            "[operatrs]",
            "operatrs: unknown 'operatrs'; allowed: operators",
        ),
        # objects
        (
            "[objects.peg]",
            "[objects.pegs]",
            "objects.pegs: unknown 'pegs'; allowed: peg,",
        ),
        (
            "[objects.peg]",
            "[objects.match.'x*']",
            "objects: peg1 (type peg) has no body; write",
        ),
        (
            'kind = "fixed"',
            'kind = "fxed"',
            "objects.peg.kind: unknown 'fxed'; allowed: fixed,",
        ),
        ('kind = "fixed"', "", "objects.peg.kind: is missing; allowed: fixed, movable"),
        (
            'shape = "box"',
            'shape = "ball"',
            "objects.peg.shape: unknown 'ball'; allowed: box",
        ),
        ('"row"', '"circle"', "objects.peg.layout: unknown 'circle'; allowed: row"),
        ("layout =", "mass = 1\nlayout =", "objects.peg: unknown 'mass'; allowed:"),
        ("height = 0.035", "hight = 0.035", "unknown 'hight'; allowed: height,"),
        ("height = 0.035", "", "objects.disk: has width; give either size ="),
        (
            "height = 0.035",
            "height = 0.035\nsize = [1, 1, 1]",
            "has height and size and width; give either",
        ),
        (
            "height = 0.035",
            "height = -1",
            "objects.disk.height: -1 is no number above 0",
        ),
        (
            "height = 0.035",
            "height = nan",
            "objects.disk.height: nan is no number above 0",
        ),
        ("height = 0.035", f"height = {10**400}", "... is no number above 0"),
        ("height = 0.035", f"height = 1{'0' * 5000}", "is no valid TOML: Exceeds"),
        (
            "height = 0.035",
            f"height = 0x{'f' * 5000}",
            "an integer of thousands of digits is no number above 0",
        ),
        (
            '"row"',
            '"grid"\npitch = 1e-300',
            "objects.peg.pitch: 1e-300 is no pitch; give the steps [x, y] in m",
        ),
        ('"row"', '"grid"\nat = [50, 0]', "peg.at: [50, 0] is no place, seen from"),
        (
            "height = 0.035",
            "height = 0.035\ncolor = [true, 1, 1]",
            "is no colour; write",
        ),
        (
            "height = 0.035",
            "height = true",
            "objects.disk.height: True is no number above 0",
        ),
        (
            "[0.09, 0.09, 0.02]",
            "[0.09, 0.02]",
            "objects.peg.size: [0.09, 0.02] is no size",
        ),
        (
            "[0.09, 0.09, 0.02]",
            "[0.09, 0, 0.02]",
            "objects.peg.size: 0 is no number above 0",
        ),
        ("height = 0.035", "height = 0.035\nmass = 0", "mass: 0 is no number above 0"),
        ("height = 0.035", "height = 0.035\ncolor = 'red'", "'red' is no colour"),
        (
            "height = 0.035",
            "height = 0.035\ncolor = '#xx0000'",
            "'#xx0000' is no colour",
        ),
        ("height = 0.035", "height = 0.035\ncolor = [2, 0, 0]", "is no colour; give 3"),
        ("height = 0.035", "height = 0.035\ncolor = []", "[] is no colour; write"),
        ("[objects.peg]", "objects.peg = 3\n[x]", "objects.peg: 3 is no table"),
        # widths by rank
        ('"smaller", n', '"smalle", n', "rank: 'smalle' is no static binary predicate"),
        (
            '"smaller", n',
            '"on", n',
            "'on' is no static binary predicate; allowed: smaller",
        ),
        (", step = 0.004", "", "objects.disk.width: lacks step"),
        ("step = 0.004", "step = 0", "objects.disk.width.step: 0 is no number above 0"),
        ("step = 0.004", "step = 0.004, x = 1", "objects.disk.width: unknown 'x'"),
        ("step = 0.004", 'step = 0.004, first = "x"', "unknown 'x'; allowed: narrower"),
        # predicates
        ('"nothing_on"', '"nothing_in"', "unknown 'nothing_in'; allowed: nothing_on,"),
        (
            '"nothing_on"',
            '"supported_by"',
            "supported_by takes 2 objects, the predicate 1; those that fit:",
        ),
        ("clear =", "cleer =", "predicates.cleer: unknown 'cleer'; allowed: clear,"),
        (
            "clear =",
            "cleer =",
            "predicates.clear: is changed by pick, place and must be sensed",
        ),
        (
            '{ sense = "nothing_on" }',
            '{ source = "static" }',
            "clear.source: is not static: pick, place change it; sense it",
        ),
        ('source = "static"', 'source = "init"', "unknown 'init'; allowed: static"),
        ('{ source = "static" }', "{}", "predicates.smaller: give either sense ="),
        ('source = "static"', 'source = "static", z = 1', "smaller: unknown 'z'"),
        (
            '{ source = "static" }',
            '"static"',
            "predicates.smaller: 'static' is no table",
        ),
        # operators
        ("pick = [", "pik = [", "operators.pik: unknown 'pik'; allowed: pick, place"),
        ("pick = [", "pik = [", "operators.pick: is not bound; write pick = [{ skill"),
        ('[{ skill = "pick", object = "?d" }]', "[]", "pick: has no list of skills"),
        (
            '[{ skill = "pick", object = "?d" }]',
            "[3]",
            "operators.pick[0]: 3 is no table",
        ),
        (
            '{ skill = "pick", ',
            "{ ",
            "operators.pick[0]: names no skill; allowed: pick",
        ),
        ('skill = "pick"', 'skill = "pik"', "[0].skill: unknown 'pik'; allowed: pick,"),
        (
            '"pick", object = "?d"',
            '"pick", object = "?e"',
            "operators.pick[0].object: unknown '?e'; allowed:",
        ),
        ('"pick", object = "?d"', '"pick"', "operators.pick[0]: pick needs object"),
        (', on = "?l"', "", "operators.place[0]: place needs on"),
        (
            'on = "?l"',
            'on = "floor"',
            "[0].on: unknown 'floor'; allowed: ?d, ?l, table",
        ),
        ('on = "?l"', 'on = "?d"', "operators.place[0]: ?d cannot be on itself"),
        ('"pick", object = "?d"', '"pick", object = "table"', "unknown 'table'"),
        ('on = "?l"', 'on = "?l", retries = 6', "6; give an integer from 0 to 5"),
        ('on = "?l"', 'on = "?l", retries = true', "True; give an integer from 0"),
        ('on = "?l"', 'on = "?l", force = 1', "place[0]: unknown 'force'; allowed:"),
        (
            '"pick", object = "?d"',
            '"pick", object = "?l"',
            "pick[0].object: pick moves ?l, but these are fixed: peg1, peg2;",
        ),
    ],
)
def test_what_does_not_fit_is_named(
    old: str, new: str, message: str, tmp_path: Path
) -> None:
    assert old in TOML
    faults = faults_of(TOML.replace(old, new, 1), tmp_path)
    assert any(message in fault for fault in faults), faults


def test_every_fault_is_listed_at_once(tmp_path: Path) -> None:
    toml = TOML.replace("version = 1", "version = 3").replace('"held"', '"hold"')
    toml = toml.replace('on = "?l"', 'on = "?m"').replace("0.035", "-1")
    faults = faults_of(toml, tmp_path)
    starts = ("version", "objects.disk.height")
    assert tuple(f.split(":")[0] for f in faults) == (
        *starts,
        "predicates.grasped.sense",
        "operators.place[0].on",
    )
    with pytest.raises(BindingError, match=r"domain\.toml: 4 faults:\n  - version"):
        read(toml, tmp_path)


def test_more_disks_than_fit_the_gripper_are_read(tmp_path: Path) -> None:
    widest = read(TOML, tmp_path, problem=tower(11)).bodies["d11"]
    assert widest.width == 0.076


def test_a_ring_in_the_relation_is_named(tmp_path: Path) -> None:
    problem = tower(3, frozenset({GroundAtom("smaller", ("d3", "d1"))}))
    (fault,) = faults_of(TOML, tmp_path, problem=problem)
    assert "`smaller` is a ring, d" in fault
    assert " < d" in fault


def test_fixed_bodies_are_not_ranked(tmp_path: Path) -> None:
    toml = TOML.replace("size = [0.09, 0.09, 0.02]", f"height = 0.02\nwidth = {WIDTH}")
    (fault,) = faults_of(toml, tmp_path)
    assert fault.startswith("objects.peg.width: only movable bodies are ranked")


def test_an_object_of_two_patterns_is_named(tmp_path: Path) -> None:
    entry = '[objects.match."*1"]\nkind = "fixed"\nsize = [0.1, 0.1, 0.1]\n'
    toml = UNTYPED_TOML.replace("[predicates]", entry + "[predicates]")
    toml = toml.replace("[objects.name.d1]", "[objects.name.d9]")
    with pytest.raises(BindingError, match=r"d1 fits 'd\*' and '\*1'"):
        untyped(tmp_path, toml=toml)


def test_an_object_named_table_is_an_error(tmp_path: Path) -> None:
    objects = {**tower(2).objects, "table": "peg"}
    problem = Problem("p", "hanoi", objects, tower(2).init, frozenset())
    (fault,) = faults_of(TOML, tmp_path, problem=problem)
    assert "rename that object" in fault


def test_an_entry_is_checked_though_no_object_uses_it(tmp_path: Path) -> None:
    problem = Problem("p", "hanoi", {"peg1": "peg"}, frozenset(), frozenset())
    read(TOML, tmp_path, problem=problem)
    toml = TOML.replace("height = 0.035", "height = -0.05")
    (fault,) = faults_of(toml, tmp_path, problem=problem)
    assert "-0.05 is no number above 0" in fault


def test_names_are_read_in_lower_case_and_once(tmp_path: Path) -> None:
    read(TOML.replace("pick =", "PICK =").replace("?l", "?L"), tmp_path)
    toml = TOML.replace("[predicates]", '[predicates]\nOn = { sense = "held" }')
    assert any("'on' is given twice" in fault for fault in faults_of(toml, tmp_path))


def test_invalid_toml_is_named_with_its_line(tmp_path: Path) -> None:
    (fault,) = faults_of("version = 1\ndomain = \n", tmp_path)
    assert fault.startswith("is no valid TOML")
    assert "line 2" in fault


def test_a_file_that_is_no_text_or_missing_is_named(tmp_path: Path) -> None:
    file = tmp_path / "domain.toml"
    with pytest.raises(BindingError, match="cannot be read: No such file"):
        read_binding(file, DOMAIN, tower(1))
    file.write_bytes(b"version = '\xff'")
    with pytest.raises(BindingError, match="is no UTF-8 text"):
        read_binding(file, DOMAIN, tower(1))
    file.write_text("a = " + "[" * 100_000)
    with pytest.raises(BindingError, match="nested too deeply"):
        read_binding(file, DOMAIN, tower(1))


def test_errors_survive_a_process_border() -> None:
    error = BindingError(("a", "b"), Path("domain.toml"))
    copy = pickle.loads(pickle.dumps(error))
    assert (str(copy), copy.faults, copy.file) == (str(error), ("a", "b"), error.file)
    unknown = pickle.loads(pickle.dumps(UnknownObjectError("x", ("a",))))
    assert (unknown.name, unknown.allowed) == ("x", ("a",))


def test_a_rank_is_the_longest_chain_below() -> None:
    pairs = [("a", "b"), ("b", "c"), ("a", "c"), ("z", "a"), ("d", "c")]
    assert ranks("abcd", pairs) == {"a": 0, "b": 1, "c": 2, "d": 0}
