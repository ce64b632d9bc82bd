"""Reading PDDL: what is accepted, and what each fault says."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from jouleplan.domains.errors import PddlError, UnsupportedPddlError
from jouleplan.domains.pddl import read_domain, read_problem
from jouleplan.domains.symbols import Domain, GroundAtom, Problem

DOMAIN = """(define (domain d)
  (:requirements :strips :typing :negative-preconditions :equality)
  (:types disk peg - place place - object)
  (:constants hub - peg)
  (:predicates (on ?x - disk ?y - place) (idle) (near ?a ?b - place))
  (:action move
    :parameters (?x - disk ?from ?to - place)
    :precondition (and (on ?x ?from) (not (near ?to hub)) (not (= ?from ?to)))
    :effect (and (on ?x ?to) (not (on ?x ?from)))))
"""
PROBLEM = """(define (problem q)
  (:domain d)
  (:objects a - disk p - peg)
  (:init (on a p) (idle))
  (:goal (and (on a hub) (not (on a p)))))
"""


def _domain(folder: Path, text: str | bytes = DOMAIN) -> Domain:
    return read_domain(_write(folder / "domain.pddl", text))


def _problem(folder: Path, text: str | bytes = PROBLEM) -> Problem:
    return read_problem(_write(folder / "problem.pddl", text), _domain(folder))


def _write(file: Path, text: str | bytes) -> Path:
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return file


def test_domain_holds_types_constants_predicates_and_operators(tmp_path: Path) -> None:
    domain = _domain(tmp_path)
    move = domain.operators["move"]
    assert domain.is_a("disk", "place")
    assert domain.constants == {"hub": "peg"}
    assert domain.predicates["near"].types == (("place",), ("place",))
    assert move.parameters == ("?x", "?from", "?to")
    assert move.preconditions == {GroundAtom("on", ("?x", "?from"))}
    assert move.negative_preconditions == {GroundAtom("near", ("?to", "hub"))}
    assert move.equalities == (("?from", "?to", False),)
    assert move.delete_effects == {GroundAtom("on", ("?x", "?from"))}


def test_problem_holds_constants_among_its_objects(tmp_path: Path) -> None:
    problem = _problem(tmp_path)
    assert problem.objects == {"hub": "peg", "a": "disk", "p": "peg"}
    assert problem.init == {GroundAtom("on", ("a", "p")), GroundAtom("idle")}
    assert problem.goal == {GroundAtom("on", ("a", "hub"))}
    assert problem.negative_goal == {GroundAtom("on", ("a", "p"))}


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.upper(),
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.replace("\n", "\r"),
        lambda text: "\ufeff" + text,
        lambda text: "; ((( é \u2028 )\n" + text.replace("\n", " ; c)\n\t"),
        lambda text: text.replace("(and", "(and (and) ()"),
    ],
    ids=["upper", "crlf", "cr", "bom", "comments", "empty-and"],
)
def test_form_does_not_matter(tmp_path: Path, change: object) -> None:
    assert callable(change)
    plain = _domain(tmp_path), _problem(tmp_path)
    changed = (
        _write(tmp_path / "d2", change(DOMAIN)),
        _write(tmp_path / "p2", change(PROBLEM)),
    )
    domain = read_domain(changed[0])
    assert (domain, read_problem(changed[1], domain)) == plain


def test_costs_leave_no_trace_in_the_symbols(tmp_path: Path) -> None:
    text = DOMAIN.replace("(:action", "(:functions (total-cost) - number) (:action")
    text = text.replace(
        "(and (on ?x ?to)", "(and (increase (total-cost) 2) (on ?x ?to)"
    )
    domain = _domain(tmp_path, text)
    problem = PROBLEM.replace("(idle)", "(idle) (= (total-cost) 0)").replace(
        "(:goal", "(:metric minimize (total-cost)) (:goal"
    )
    read = read_problem(_write(tmp_path / "problem.pddl", problem), domain)
    plain = _domain(tmp_path)
    assert domain.operators == plain.operators
    assert read.init == _problem(tmp_path).init


def test_numbers_in_a_condition_are_named_as_a_feature(tmp_path: Path) -> None:
    text = DOMAIN.replace("(:action", "(:functions (n)) (:action")
    text = text.replace("(not (= ", "(< (n) 1) (not (= ")
    with pytest.raises(UnsupportedPddlError, match="numeric fluents"):
        _domain(tmp_path, text)


def test_either_types_are_alternatives(tmp_path: Path) -> None:
    text = DOMAIN.replace("?x - disk ?from", "?x - (either disk peg) ?from").replace(
        "(on ?x - disk ?y", "(on ?x - (either disk peg) ?y"
    )
    domain = _domain(tmp_path, text)
    assert domain.operators["move"].types[0] == ("disk", "peg")


def test_precondition_and_effect_may_be_left_out(tmp_path: Path) -> None:
    text = "(define (domain d) (:predicates (p)) (:action m :parameters ()))"
    operator = _domain(tmp_path, text).operators["m"]
    assert not operator.preconditions | operator.add_effects


@pytest.mark.parametrize(
    ("old", "new", "line", "reason"),
    [
        ("(idle)", "(idle", 1, "never closed"),
        ("?from)))))", "?from)))))))", 9, "without a '('"),
        ("(on ?x ?to)", "(on ?x)", 9, "takes 2 arguments, got 1"),
        ("(on ?x ?to)", "(onn ?x ?to)", 9, "did you mean on"),
        ("(on ?x ?to)", "(on ?y ?to)", 9, "unknown variable '?y'"),
        ("near ?to hub", "near ?to hob", 8, "did you mean hub"),
        ("?x - disk ?from", "?x - dosk ?from", 7, "unknown type 'dosk'"),
        ("?from ?to -", "?from ?x -", 7, "declared twice"),
        ("(near", "(on", 5, "'on' is declared twice"),
        ("(near", "(and", 5, "a word of PDDL"),
        ("(idle)", "(idle) idle", 5, "expected (NAME"),
        ("hub - peg", "hub - peg hub - disk", 4, "'hub' is declared twice"),
        ("hub - peg", "hub -", 4, "'-' needs names"),
        ("hub - peg", "h<b> - peg", 4, "is no name"),
        ("place - object", "place - disk", 3, "its own ancestor"),
        (":typing", ":typin", 2, "did you mean :typing"),
        (":precondition", ":precond", 8, "did you mean :precondition"),
        (":types", ":type", 3, "did you mean :types"),
        ("(:constants hub - peg)", "(:types)", 4, "a second (:types"),
        (":action move", ":action 5x!", 6, "is no name"),
        (":parameters (?x - disk ?from ?to - place)", "", 6, "needs :parameters"),
        ("(= ?from ?to)", "(= ?from)", 8, "'=' takes 2 arguments"),
        ("(on ?x ?to)", "(= ?x ?to)", 9, "'=' in an effect"),
        ("(on ?x ?to)", "(increase (cost) 1)", 9, "unknown function 'cost'"),
        ("(domain d)", "(domain)", 1, "with one name"),
        ("(domain d)", "(problem d)", 1, "swapped"),
    ],
)
def test_domain_faults_are_named_with_their_line(
    tmp_path: Path, old: str, new: str, line: int, reason: str
) -> None:
    with pytest.raises(PddlError) as caught:
        _domain(tmp_path, DOMAIN.replace(old, new, 1))
    assert reason in str(caught.value)
    assert caught.value.line == line
    assert caught.value.file == tmp_path / "domain.pddl"


def test_an_operator_declared_twice_is_an_error(tmp_path: Path) -> None:
    twice = DOMAIN.rstrip()[:-1] + "(:action move :parameters ()))"
    with pytest.raises(PddlError, match="'move' is declared twice"):
        _domain(tmp_path, twice)


@pytest.mark.parametrize(
    ("old", "new", "line", "reason"),
    [
        ("(:domain d)", "(:domain e)", 2, "one of domain 'e', not of 'd'"),
        ("(:domain d)", "", 1, "has no (:domain ...)"),
        ("a - disk p", "a - disk a", 3, "declared twice"),
        ("a - disk p", "a - disk hub", 3, "declared twice"),
        ("a - disk", "a - disc", 3, "did you mean disk"),
        ("(on a p)", "(on a pp)", 4, "unknown object 'pp'"),
        ("(on a p)", "(on p a)", 4, "p is of type peg"),
        ("(on a p)", "(on ?x p)", 4, "unknown variable '?x'"),
        ("(idle)", "idle", 4, ":init lists atoms"),
        ("(idle)", "(not (on a p))", 4, "both true and false"),
        ("(idle)", "(= (cost) 0)", 4, "unknown function 'cost'"),
        ("(on a hub)", "(in a hub)", 5, "unknown predicate 'in'"),
        ("(:goal (and", "(:goal (idle) (and", 5, "holds one condition"),
        ("(problem q)", "(domain q)", 1, "swapped"),
    ],
)
def test_problem_faults_are_named_with_their_line(
    tmp_path: Path, old: str, new: str, line: int, reason: str
) -> None:
    with pytest.raises(PddlError) as caught:
        _problem(tmp_path, PROBLEM.replace(old, new, 1))
    assert reason in str(caught.value)
    assert caught.value.line == line


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (b"", "holds no PDDL"),
        (b"; only a comment\n", "holds no PDDL"),
        (b'{"domain": "d"}', "not PDDL"),
        (b"\x7fELF\x02\x01\x01\x00\xff\xfe", "not UTF-8"),
        (b"\x00\x00(define", "zero bytes"),
        (b"[define]\n(x)", "not PDDL"),
        (b"(define)", "must start with"),
        (b"(define (domain d)) (define (domain e))", "after the end"),
    ],
)
def test_a_file_that_is_not_pddl_says_so(
    tmp_path: Path, text: bytes, reason: str
) -> None:
    with pytest.raises(PddlError, match=reason.replace("(", r"\(")):
        _domain(tmp_path, text)


def test_a_missing_file_and_a_folder_are_pddl_errors(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none.pddl"):
        with pytest.raises(PddlError, match="cannot be read"):
            read_domain(path)


@pytest.mark.parametrize(
    ("old", "new", "feature"),
    [
        ("(on ?x ?from)", "(or (idle) (on ?x ?from))", "disjunctive"),
        ("(on ?x ?from)", "(imply (idle) (on ?x ?from))", "disjunctive"),
        ("(on ?x ?from)", "(exists (?z - disk) (on ?z ?from))", "(exists)"),
        ("(on ?x ?from)", "(forall (?z - disk) (on ?z ?from))", "(forall)"),
        ("(not (= ", "(not (and (idle) (idle))) (not (= ", "disjunctive"),
        ("(on ?x ?to)", "(when (idle) (on ?x ?to))", "(when)"),
        ("(:constants", "(:derived (idle) (idle)) (:constants", ":derived"),
        (
            "(:action move",
            "(:durative-action w :parameters () :duration (= ?duration 1)) (:action m",
            ":durative-action",
        ),
    ],
)
def test_features_of_a_domain_that_are_not_read_are_named(
    tmp_path: Path, old: str, new: str, feature: str
) -> None:
    with pytest.raises(UnsupportedPddlError) as caught:
        _domain(tmp_path, DOMAIN.replace(old, new, 1))
    assert feature in caught.value.feature
    assert caught.value.line > 0


@pytest.mark.parametrize(
    ("old", "new", "feature"),
    [
        ("(idle)", "(at 5 (idle))", "timed initial literals"),
        ("(:goal", "(:metric maximize (total-time)) (:goal", "maximize"),
        ("(and (on a hub)", "(and (preference x (idle))", "preferences"),
        ("(and (on a hub)", "(or (on a hub)", "disjunctive"),
    ],
)
def test_features_of_a_problem_that_are_not_read_are_named(
    tmp_path: Path, old: str, new: str, feature: str
) -> None:
    with pytest.raises(UnsupportedPddlError) as caught:
        _problem(tmp_path, PROBLEM.replace(old, new, 1))
    assert feature in caught.value.feature


@pytest.mark.parametrize("word", ["and", "not"])
def test_deep_nesting_is_read(tmp_path: Path, word: str) -> None:
    depth = 100_000
    deep = f"({word} " * depth + "(idle)" + ")" * depth
    domain = _domain(tmp_path, DOMAIN.replace("(on ?x ?from)", deep))
    assert GroundAtom("idle") in domain.operators["move"].preconditions


def test_a_file_of_ten_megabytes_is_read(tmp_path: Path) -> None:
    atoms = "".join(f"(near p{i % 500} p{i // 500})\n" for i in range(100_000))
    padding = "; " + "x" * 8_500_000 + "\n"
    names = " ".join(f"p{i}" for i in range(500))
    text = PROBLEM.replace("(idle)", atoms + padding).replace(
        "p - peg", names + " p - peg"
    )
    problem = _problem(tmp_path, text)
    assert len(problem.init) == 100_001


def test_errors_survive_pickling(tmp_path: Path) -> None:
    for error in (
        PddlError(tmp_path, 3, "reason"),
        UnsupportedPddlError(tmp_path, 3, "feature"),
    ):
        assert str(pickle.loads(pickle.dumps(error))) == str(error)
