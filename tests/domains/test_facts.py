"""Facts: classifiers, atoms from facts, facts from atoms, the check of :init."""

from __future__ import annotations

import pickle
from collections.abc import Mapping
from dataclasses import replace
from itertools import permutations
from pathlib import Path
from types import MappingProxyType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jouleplan.domains import facts as facts_module
from jouleplan.domains.binding import Binding, SkillCall, read_binding
from jouleplan.domains.errors import InitialStateError, UnknownObjectError
from jouleplan.domains.facts import (
    CLASSIFIERS,
    TABLE,
    Facts,
    atoms_of,
    check_initial,
    facts_of,
)
from jouleplan.domains.pddl import read_domain, read_problem
from jouleplan.domains.symbols import GroundAtom, Problem, State

DOMAINS = Path(facts_module.__file__).resolve().parent
HANOI = DOMAINS / "hanoi"
BLOCKS = DOMAINS / "blocksworld"
SHIPPED = sorted(
    problem
    for toml in DOMAINS.glob("*/domain.toml")
    for problem in toml.parent.glob("problems/*.pddl")
)
DISKS = ("d1", "d2", "d3", "d4", "d5")
PEGS = ("peg1", "peg2", "peg3")


def atom(text: str) -> GroundAtom:
    """Return the atom of e.g. "on d1 peg1"."""
    name, *objects = text.split()
    return GroundAtom(name, tuple(objects))


def atoms(*texts: str) -> State:
    return frozenset(map(atom, texts))


def hanoi(disks: tuple[str, ...] = DISKS) -> tuple[Binding, Problem]:
    """Return hanoi's own binding for a tower of ``disks``, smallest first, on peg1."""
    smaller = [(a, b) for i, a in enumerate(disks) for b in (*disks[i + 1 :], *PEGS)]
    supports = (*disks[1:], "peg1")
    init = atoms(
        *(f"smaller {a} {b}" for a, b in smaller),
        *(f"on {a} {b}" for a, b in zip(disks, supports, strict=True)),
        *(f"clear {name}" for name in (disks[0], "peg2", "peg3")),
        "free-gripper",
    )
    objects = dict.fromkeys(disks, "disk") | dict.fromkeys(PEGS, "peg")
    problem = Problem("tower", "hanoi", objects, init, atoms("on d1 peg3"))
    domain = read_domain(HANOI / "domain.pddl")
    return read_binding(HANOI / "domain.toml", domain, problem), problem


@pytest.fixture(scope="module")
def blocks() -> tuple[Binding, Problem]:
    """Return blocksworld's own binding for the blocks a to e."""
    objects = dict.fromkeys("abcde", "block")
    problem = Problem("five", "blocksworld", objects, frozenset(), frozenset())
    domain = read_domain(BLOCKS / "domain.pddl")
    return read_binding(BLOCKS / "domain.toml", domain, problem), problem


@st.composite
def legal_towers(draw: st.DrawFn) -> Facts:
    """Draw a legal hanoi state: any disk on any peg, perhaps the top of one held."""
    support: dict[str, str] = {}
    top = {peg: peg for peg in PEGS}
    for disk in reversed(DISKS):
        peg = draw(st.sampled_from(PEGS))
        support[disk], top[peg] = top[peg], disk
    held = draw(st.sampled_from([None, *(t for t in top.values() if t in DISKS)]))
    return Facts({d: s for d, s in support.items() if d != held}, held)


@st.composite
def block_towers(draw: st.DrawFn) -> Facts:
    """Draw blocks in any order on the table or on one another, perhaps one held."""
    order = draw(st.permutations("abcde"))
    support: dict[str, str] = {}
    for number, block in enumerate(order):
        free = [b for b in order[:number] if b not in support.values()]
        support[block] = draw(st.sampled_from([TABLE, *free]))
    tops = [b for b in order if b not in support.values()]
    held = draw(st.sampled_from([None, *tops]))
    return Facts({b: s for b, s in support.items() if b != held}, held)


def faults_of(state: State, binding: Binding, problem: Problem) -> tuple[str, ...]:
    with pytest.raises(InitialStateError) as caught:
        facts_of(state, binding, problem)
    return caught.value.faults


HANOI_BINDING, HANOI_PROBLEM = hanoi()


@settings(deadline=None)
@given(legal_towers())
def test_facts_of_inverts_atoms_of_on_hanoi_towers(facts: Facts) -> None:
    state = atoms_of(facts, HANOI_BINDING, HANOI_PROBLEM)
    assert facts_of(state, HANOI_BINDING, HANOI_PROBLEM) == facts


@settings(deadline=None)
@given(facts=block_towers())
def test_facts_of_inverts_atoms_of_on_block_towers(
    blocks: tuple[Binding, Problem], facts: Facts
) -> None:
    assert facts_of(atoms_of(facts, *blocks), *blocks) == facts


@settings(deadline=None)
@given(legal_towers())
def test_a_sensed_state_is_its_own_initial_state(facts: Facts) -> None:
    state = atoms_of(facts, HANOI_BINDING, HANOI_PROBLEM)
    p = HANOI_PROBLEM
    problem = Problem(p.name, p.domain_name, p.objects, state, p.goal)
    check_initial(problem, state, HANOI_BINDING)


def carried_out(facts: Facts, calls: tuple[SkillCall, ...]) -> Facts:
    """Return the facts after every skill has done what it is for."""
    for call in calls:
        rest = {b: s for b, s in facts.support.items() if b != call.object}
        if call.on is None:
            facts = Facts(rest, held=call.object)
        else:
            facts = Facts({**rest, call.object: call.on})
    return facts


def assert_skills_show_effects(
    folder: Path, facts: Facts, binding: Binding, problem: Problem
) -> None:
    """Assert that the bound skills show the effects of every applicable operator."""
    state = atoms_of(facts, binding, problem)
    for operator in read_domain(folder / "domain.pddl").operators.values():
        for objects in permutations(problem.objects, len(operator.parameters)):
            step = operator.ground(objects)
            if step.applicable(state):
                after = carried_out(facts, binding.calls(step))
                assert step.apply(state) == atoms_of(after, binding, problem)


@settings(max_examples=25, deadline=None)
@given(legal_towers())
def test_hanoi_skills_show_the_effects_of_their_operators(facts: Facts) -> None:
    assert_skills_show_effects(HANOI, facts, HANOI_BINDING, HANOI_PROBLEM)


@settings(max_examples=25, deadline=None)
@given(facts=block_towers())
def test_blocksworld_skills_show_the_effects_of_their_operators(
    blocks: tuple[Binding, Problem], facts: Facts
) -> None:
    assert_skills_show_effects(BLOCKS, facts, *blocks)


@pytest.mark.parametrize("file", SHIPPED, ids=lambda f: f"{f.parts[-3]}-{f.stem}")
def test_the_classifiers_give_init_of_every_shipped_problem_back(file: Path) -> None:
    folder = file.parent.parent
    domain = read_domain(folder / "domain.pddl")
    problem = read_problem(file, domain)
    binding = read_binding(folder / "domain.toml", domain, problem)
    facts = facts_of(problem.init, binding, problem)
    check_initial(problem, atoms_of(facts, binding, problem), binding)


def test_init_of_a_tower_is_shown_by_its_facts() -> None:
    facts = facts_of(HANOI_PROBLEM.init, HANOI_BINDING, HANOI_PROBLEM)
    assert facts.support["d5"] == "peg1"
    assert atoms_of(facts, HANOI_BINDING, HANOI_PROBLEM) == HANOI_PROBLEM.init


def test_a_loose_body_is_in_no_sensed_atom_and_not_clear() -> None:
    facts = Facts({"d2": "peg1"}, loose=frozenset({"d1"}))
    binding, problem = hanoi(("d1", "d2"))
    state = atoms_of(facts, binding, problem)
    sensed = {a for a in state if a.predicate != "smaller"}
    assert not [a for a in sensed if "d1" in a.objects]
    assert atom("clear d2") in sensed


def test_a_held_body_is_not_clear_and_the_gripper_not_free() -> None:
    binding, problem = hanoi(("d1", "d2"))
    state = atoms_of(Facts({"d2": "peg1"}, held="d1"), binding, problem)
    assert atom("grasped d1") in state
    assert not state & atoms("clear d1", "free-gripper", "on d1 d2")


def test_a_body_on_the_table_shows_no_hanoi_support() -> None:
    binding, problem = hanoi(("d1",))
    state = atoms_of(Facts({"d1": TABLE}), binding, problem)
    assert not {a for a in state if a.predicate == "on"}


def test_atoms_respect_the_types_of_their_predicate() -> None:
    shown = atoms_of(Facts({"d1": "peg1"}), *hanoi(("d1",)))
    assert {a.objects[0] for a in shown if a.predicate == "on"} == {"d1"}
    assert "peg1" not in HANOI_BINDING.arguments["grasped"][0]


def test_facts_with_an_unknown_body_are_an_error() -> None:
    with pytest.raises(UnknownObjectError, match=r"'d9'.*d1"):
        atoms_of(Facts({"d9": "peg1"}), HANOI_BINDING, HANOI_PROBLEM)


@pytest.mark.parametrize(
    ("classifier", "bodies"),
    [
        ("supported_by", ("a", "b")),
        ("on_table", ("b",)),
        ("nothing_on", ("a",)),
        ("something_on", ("b",)),
        ("held", ("c",)),
    ],
)
def test_classifiers_hold_of_these_bodies_alone(
    classifier: str, bodies: tuple[str, ...]
) -> None:
    facts = Facts({"a": "b", "b": TABLE}, held="c", loose=frozenset("d"))
    test = CLASSIFIERS[classifier]
    names = ("a", "b", "c", "d")
    every = (
        [(n,) for n in names]
        if test.arity == 1
        else [(n, m) for n in names for m in names]
    )
    assert [b for b in every if test(facts, b)] == [bodies]


def test_a_held_body_carries_nothing_but_is_not_free() -> None:
    facts = Facts({"a": "b", "b": TABLE}, held="c")
    assert CLASSIFIERS["carries_nothing"](facts, ("c",))
    assert not CLASSIFIERS["nothing_on"](facts, ("c",))
    assert not CLASSIFIERS["carries_nothing"](facts, ("b",))


def test_the_gripper_is_empty_unless_something_is_held() -> None:
    empty, full = CLASSIFIERS["gripper_empty"], CLASSIFIERS["gripper_full"]
    assert empty(Facts({}), ())
    assert not full(Facts({}), ())
    assert not empty(Facts({}, held="a"), ())
    assert full(Facts({}, held="a"), ())


@pytest.mark.parametrize(
    ("remove", "add", "message"),
    [
        ("on d2 d3", "", "d2 is on nothing and not held: every movable object needs"),
        ("", "on d2 peg3", "d2 is on d3 and on peg3: it can be in one place only"),
        ("", "grasped d1", "d1 is on d2 and held: it can be in one place only"),
        ("on d2 d3", "on d2 d1", "d1 on d2 on d1: nothing holds this ring up"),
        ("on d1 d2", "on d1 d1", "d1 on d1: nothing holds this ring up"),
        ("on d1 d2", "on d1 peg1", "d1 and d5 are on peg1: a body carries one"),
        ("on d1 d2", "on d1 d3", "d1 and d2 are on d3: a body carries one other"),
        ("on d1 d2", "on d1 d7", "on(d1, d7): no object is named 'd7'; there are d1"),
        ("on d1 d2", "grasped d7", "grasped(d7): no object is named 'd7'"),
        ("", "on peg1 peg2", "peg1 is on peg2 but its body is fixed"),
    ],
)
def test_a_state_that_cannot_stand_is_named(
    remove: str, add: str, message: str
) -> None:
    state = HANOI_PROBLEM.init - atoms(*[remove][: bool(remove)])
    state |= atoms(*[add][: bool(add)])
    faults = faults_of(state, HANOI_BINDING, HANOI_PROBLEM)
    assert any(fault.startswith(message) for fault in faults), faults


def test_two_held_objects_are_an_error() -> None:
    state = (HANOI_PROBLEM.init - atoms("on d1 d2", "on d2 d3")) | atoms(
        "grasped d1", "grasped d2"
    )
    faults = faults_of(state, HANOI_BINDING, HANOI_PROBLEM)
    assert faults == ("d1 and d2 are held: the gripper holds one object at most",)


def test_every_fault_of_a_state_is_listed_at_once() -> None:
    state = HANOI_PROBLEM.init - atoms("on d2 d3", "on d4 d5")
    faults = faults_of(state, HANOI_BINDING, HANOI_PROBLEM)
    assert [fault.split()[0] for fault in faults] == ["d2", "d4"]


def test_a_block_on_a_block_and_the_table_is_an_error(
    blocks: tuple[Binding, Problem],
) -> None:
    state = atoms("on a b", *(f"on-table {b}" for b in "abcde"))
    assert faults_of(state, *blocks) == (
        "a is on b and on table: it can be in one place only",
    )


def test_a_missing_block_is_told_both_ways_to_place_it(
    blocks: tuple[Binding, Problem],
) -> None:
    faults = faults_of(atoms(*(f"on-table {b}" for b in "bcde")), *blocks)
    assert "needs one `on` or `on-table` in :init" in faults[0]


def test_many_blocks_may_stand_on_the_table(blocks: tuple[Binding, Problem]) -> None:
    state = atoms(*(f"on-table {b}" for b in "abcde"))
    assert facts_of(state, *blocks).support == dict.fromkeys("abcde", TABLE)


def test_check_initial_lists_atoms_not_shown_and_atoms_missing() -> None:
    binding, _ = hanoi()
    init = (HANOI_PROBLEM.init - atoms("clear d1")) | atoms("clear d3")
    problem = Problem("odd", "hanoi", HANOI_PROBLEM.objects, init, frozenset())
    with pytest.raises(InitialStateError) as caught:
        check_initial(problem, HANOI_PROBLEM.init, binding)
    not_shown, missing = caught.value.faults
    assert not_shown.startswith("clear(d3) stands in :init but `nothing_on`")
    assert missing.startswith("clear(d1) is missing from :init: `nothing_on`")


def test_check_initial_leaves_static_atoms_alone() -> None:
    sensed = frozenset(a for a in HANOI_PROBLEM.init if a.predicate != "smaller")
    check_initial(HANOI_PROBLEM, sensed, HANOI_BINDING)


def test_errors_survive_a_process_border() -> None:
    error = InitialStateError(("a is on nothing", "b is held"), "five")
    copy = pickle.loads(pickle.dumps(error))
    assert (str(copy), copy.faults) == (str(error), error.faults)


def test_facts_take_any_mapping() -> None:
    support: Mapping[str, str] = MappingProxyType({"d1": "peg1"})
    binding, problem = hanoi(("d1",))
    assert facts_of(atoms_of(Facts(support), binding, problem), binding, problem) == (
        Facts({"d1": "peg1"})
    )


def test_a_relation_that_names_the_support_first_says_the_same(
    blocks: tuple[Binding, Problem],
) -> None:
    binding, problem = blocks
    classifiers = {**binding.classifiers, "on": "supports"}
    turned = replace(binding, classifiers=classifiers)
    facts = Facts({"a": "b", "b": TABLE, "c": TABLE, "d": TABLE, "e": TABLE})
    state = atoms_of(facts, turned, problem)
    assert atom("on b a") in state
    assert atom("on a b") not in state
    assert facts_of(state, turned, problem) == facts
