"""RESTORE: which loose object is taken first, and where it may go."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from jouleplan.domains import facts as facts_module
from jouleplan.domains.binding import Binding, read_binding
from jouleplan.domains.facts import TABLE, Facts
from jouleplan.domains.pddl import read_domain, read_problem
from jouleplan.domains.symbols import Domain, GroundAtom, Problem
from jouleplan.planner.restore import Restoration, is_astray, next_restoration

DOMAINS = Path(facts_module.__file__).resolve().parent
PEGS = ("peg1", "peg2", "peg3")
DISKS = ("d1", "d2", "d3", "d4")
ON_TABLE_M = 0.0175
TOWER = {"d1": "d2", "d2": "d3", "d3": "d4", "d4": "peg1"}


def read(name: str, problem_name: str) -> tuple[Domain, Problem, Binding]:
    folder = DOMAINS / name
    domain = read_domain(folder / "domain.pddl")
    problem = read_problem(folder / "problems" / f"{problem_name}.pddl", domain)
    return domain, problem, read_binding(folder / "domain.toml", domain, problem)


HANOI, BLOCKS = read("hanoi", "p04"), read("blocksworld", "p05")


def restore(
    now: Facts, last: Facts, heights: dict[str, float] | None = None
) -> Restoration:
    """Return the first restoration of four-disk hanoi; all lie on the table."""
    where = {d: ON_TABLE_M for d in DISKS} | (heights or {})
    step = next_restoration(now, last, where, *HANOI)
    assert step is not None
    return step


def without(support: dict[str, str], *names: str) -> dict[str, str]:
    return {d: on for d, on in support.items() if d not in names}


def loose(*names: str) -> frozenset[str]:
    return frozenset(names)


def test_nothing_loose_is_nothing_to_do() -> None:
    now = Facts(TOWER)
    assert next_restoration(now, now, {}, *HANOI) is None
    held = Facts(without(TOWER, "d1"), held="d1")
    assert next_restoration(held, held, {}, *HANOI) is None


def test_a_loose_disk_goes_back_to_its_last_support_first() -> None:
    step = restore(Facts(without(TOWER, "d1"), loose=loose("d1")), Facts(TOWER))
    assert (step.object, step.onto[0]) == ("d1", "d2")


def test_a_disk_knocked_from_the_hand_is_only_picked() -> None:
    last = Facts({**without(TOWER, "d1"), "d1": "d2"}, held="d1")
    step = restore(Facts(without(TOWER, "d1"), loose=loose("d1")), last)
    assert (step.object, step.onto) == ("d1", ())


def test_a_disk_held_last_waits_for_others_that_are_loose() -> None:
    support = {"d1": "d2", "d2": "peg2", "d3": "d4", "d4": "peg1"}
    last = Facts(without(support, "d1"), held="d1")
    now = Facts(without(support, "d1", "d2"), loose=loose("d1", "d2"))
    assert restore(now, last).object == "d2"
    assert restore(now, last).onto[0] == "peg2"


def test_a_held_disk_is_put_back_before_a_loose_one_is_taken() -> None:
    last = Facts({**without(TOWER, "d1"), "d1": "d2"}, held="d1")
    support = without(TOWER, "d1", "d2")
    step = restore(Facts(support, held="d1", loose=loose("d2")), last)
    assert step.object == "d1"
    assert step.onto[-1] == TABLE
    assert "d2" not in step.onto


def test_a_fallen_tower_is_built_bottom_up() -> None:
    last, support, done = Facts(TOWER), dict[str, str](), []
    while len(support) < len(DISKS):
        rest = frozenset(DISKS) - set(support)
        step = restore(Facts(support, loose=rest), last)
        done.append(step.object)
        support = {**support, step.object: step.onto[0]}
    assert done == ["d4", "d3", "d2", "d1"]
    assert support == TOWER


def test_of_two_ready_disks_the_higher_one_is_taken_first() -> None:
    support = {"d1": "peg2", "d2": "peg3", "d3": "d4", "d4": "peg1"}
    now = Facts(without(support, "d1", "d2"), loose=loose("d1", "d2"))
    for high, low in (("d1", "d2"), ("d2", "d1")):
        step = restore(now, Facts(support), {high: 0.05, low: ON_TABLE_M})
        assert step.object == high


def test_a_disk_that_lies_on_a_loose_one_is_taken_first() -> None:
    # d2 slid off d3 with d1 on it: the place of d2 is ready, that of d1 is not
    now = Facts(without(TOWER, "d1", "d2"), loose=loose("d1", "d2"))
    step = restore(now, Facts(TOWER), {"d1": 3 * ON_TABLE_M, "d2": ON_TABLE_M})
    assert step.object == "d1"
    assert "d2" not in step.onto


def test_a_taken_place_is_replaced_by_an_allowed_free_one() -> None:
    # d1 was on d2; meanwhile nothing but the pegs is free for it
    last = Facts({"d1": "d2", "d2": "d4", "d4": "peg1", "d3": "peg2"})
    now = Facts({"d3": "peg2", "d4": "peg1", "d2": "d4"}, loose=loose("d1"))
    assert restore(now, last).onto[0] == "d2"
    taken = Facts({"d3": "d2", "d4": "peg1", "d2": "d4"}, loose=loose("d1"))
    assert restore(taken, last).onto == ("d3", "peg2", "peg3", TABLE)


def test_a_disk_never_goes_onto_a_smaller_one() -> None:
    last = Facts({"d4": "peg1", "d3": "d4", "d2": "peg2", "d1": "peg3"})
    # d3's place is taken by d1: no peg is free and d1, d2 are smaller than d3
    now = Facts({"d4": "peg1", "d1": "d4", "d2": "peg2"}, loose=loose("d3"))
    assert restore(now, last).onto == ("peg3", TABLE)


def test_the_table_is_the_last_resort() -> None:
    last = Facts({"d4": "peg1", "d3": "d4", "d2": "peg2", "d1": "peg3"})
    now = Facts({"d4": "peg3", "d1": "peg1", "d2": "peg2"}, loose=loose("d3"))
    assert restore(now, last).onto[0] == "d4"
    nowhere = Facts({"d4": "peg3", "d1": "d4", "d2": "peg2"}, loose=loose("d3"))
    crowded = Facts({**nowhere.support, "d1": "peg1"}, loose=loose("d3", "d4"))
    assert restore(crowded, last).object in {"d3", "d4"}
    full = Facts({"d2": "peg2", "d1": "peg1"}, held=None, loose=loose("d3", "d4"))
    step = restore(full, Facts({**full.support, "d4": "peg1", "d3": "peg2"}))
    assert step.onto == ("peg3", TABLE)


def test_with_no_place_left_a_disk_goes_to_the_table_only() -> None:
    last = Facts({"d4": "peg1", "d2": "peg2", "d1": "peg3", "d3": "d4"})
    now = Facts({"d3": "peg1", "d2": "peg2", "d1": "peg3"}, loose=loose("d4"))
    assert restore(now, last).onto == (TABLE,)


def test_the_reason_is_told() -> None:
    step = restore(Facts(without(TOWER, "d1"), loose=loose("d1")), Facts(TOWER))
    assert step.reason == "lies loose; was on d2"


def test_a_loose_block_of_blocksworld_goes_back_where_it_was() -> None:
    domain, problem, binding = BLOCKS
    names = sorted(problem.objects)
    last = Facts(dict.fromkeys(names, TABLE) | {names[0]: names[1]})
    now = Facts(
        {n: on for n, on in last.support.items() if n != names[0]},
        loose=loose(names[0]),
    )
    step = next_restoration(
        now, last, dict.fromkeys(names, 0.02), domain, problem, binding
    )
    assert step is not None
    assert (step.object, step.onto[0]) == (names[0], names[1])
    assert step.onto[-1] == TABLE
    assert names[0] not in step.onto


def test_a_held_block_goes_back_where_no_operator_goes_on_from_the_hand() -> None:
    domain, problem, binding = task = read("blocks-3op", "p05")
    names = sorted(problem.objects)
    on_table = dict.fromkeys(names[1:], TABLE)
    heights = dict.fromkeys(names, 0.02)
    for support in (TABLE, names[1]):
        last = Facts({**on_table, names[0]: support}, held=names[0])
        held = Facts(on_table, held=names[0])
        step = next_restoration(held, last, heights, *task)
        assert step is not None
        assert (step.object, step.onto[0]) == (names[0], support)
        assert step.reason == "is held, and no operator goes on from there"
        assert is_astray(held, binding)
        assert not is_astray(held, BLOCKS[2])
        dropped = Facts(on_table, loose=loose(names[0]))
        step = next_restoration(dropped, last, heights, domain, problem, binding)
        assert step is not None
        assert step.onto[0] == support


@st.composite
def disturbed(draw: st.DrawFn) -> tuple[Facts, Facts, dict[str, float]]:
    """Draw a legal last state, and what of it stands after some disks came loose."""

    def towers() -> dict[str, str]:
        support: dict[str, str] = {}
        top = {peg: peg for peg in PEGS}
        for disk in reversed(DISKS):
            peg = draw(st.sampled_from(PEGS))
            support[disk], top[peg] = top[peg], disk
        return support

    last, now = towers(), towers()
    if draw(st.booleans()):
        now = dict(last)
    down = draw(st.sets(st.sampled_from(DISKS), min_size=1))
    changed = True
    while changed:  # what stands on a loose disk is loose
        more = {d for d, on in now.items() if on in down} | down
        changed, down = more != down, more
    standing = without(now, *down)
    tops = [d for d in standing if d not in standing.values()]
    held = draw(st.sampled_from([None, *tops]))
    standing = {d: on for d, on in standing.items() if d != held}
    was_held = draw(
        st.sampled_from([None, *(d for d in DISKS if d not in last.values())])
    )
    heights = {d: draw(st.floats(0.017, 0.2)) for d in DISKS}
    return Facts(standing, held, frozenset(down)), Facts(last, was_held), heights


@settings(deadline=None, max_examples=200)
@given(disturbed())
def test_every_restoration_keeps_the_rules(
    scene: tuple[Facts, Facts, dict[str, float]],
) -> None:
    now, last, heights = scene
    step = restore(now, last, heights)
    assert step.object in now.loose | {now.held}
    assert len(set(step.onto)) == len(step.onto)
    for place in step.onto:
        if place == TABLE:
            assert place == step.onto[-1]
            continue
        assert GroundAtom("smaller", (step.object, place)) in HANOI[1].init
        assert place not in now.support.values()
        assert place not in now.loose
        assert place not in (now.held, step.object)
    if step.onto:
        assert step.onto[-1] == TABLE
    if now.held is not None:
        assert step.object == now.held


@settings(deadline=None, max_examples=50)
@given(disturbed())
def test_restoring_ends_with_nothing_loose(
    scene: tuple[Facts, Facts, dict[str, float]],
) -> None:
    """Every step succeeds at its best place; only the table leaves a disk loose."""
    now, last, heights = scene
    for _ in range(2 * len(DISKS)):
        step = next_restoration(now, last, heights, *HANOI)
        if step is None:
            return
        rest = now.loose - {step.object}
        if not step.onto:
            now = Facts(now.support, held=step.object, loose=rest)
        elif step.onto[0] == TABLE:
            return
        else:
            now = Facts({**now.support, step.object: step.onto[0]}, loose=rest)
    raise AssertionError(f"still loose: {now.loose}")


def test_an_illegal_last_support_is_not_given_back() -> None:
    """An outsider put a disk on a smaller one: that place is not restored."""
    for small, large in combinations(DISKS, 2):
        others = [d for d in DISKS if d not in (small, large)]
        standing = dict(zip(others, PEGS[:2], strict=True)) | {small: "peg3"}
        now = Facts(standing, loose=loose(large))
        step = restore(now, Facts({**standing, large: small}))
        assert small not in step.onto, f"{large} on the smaller {small}"
