"""Trajectory constraints over the states of a plan; the time is the step's number."""

from collections.abc import Sequence
from fractions import Fraction

import pytest

from jouleplan.domains.language.model import Forall, Modal, Not, TimedChange
from jouleplan.planner.validator import validate
from tests.planner.validator.tasks import (
    add,
    atom,
    delete,
    durative,
    effects,
    operator,
    plan,
    task,
    variables,
)


def _kept(word: str, times: Sequence[int], states: str) -> bool:
    """Return whether a constraint of a (and b) is kept over states "-", "a", "b", "ab".

    A plan of one step a state leads through them.
    """
    words = states.split()
    steps = [
        operator(
            f"to{i}",
            effect=effects(
                *(add(x) if x in after else delete(x) for x in "ab"),
            ),
        )
        for i, after in enumerate(words[1:], start=1)
    ]
    parts = (atom("a"), atom("b")) if word in _PAIRS else (atom("a"),)
    small = task(
        *steps,
        facts=", ".join(x for x in "ab" if x in words[0]),
        constraints=Modal(word, tuple(Fraction(time) for time in times), parts),
    )
    verdict = validate(small, plan(*(step.name for step in steps)))
    assert verdict.valid or "constraint" in verdict.reason
    return verdict.valid


_PAIRS = ("sometime-after", "sometime-before", "always-within")


@pytest.mark.parametrize(
    ("word", "times", "states", "kept"),
    [
        ("at-end", [], "- a", True),
        ("at-end", [], "a -", False),
        ("always", [], "a a a", True),
        ("always", [], "a - a", False),
        ("always", [], "- a a", False),
        ("sometime", [], "- a -", True),
        ("sometime", [], "a - -", True),
        ("sometime", [], "- - -", False),
        ("within", [1], "- a -", True),
        ("within", [1], "- - a", False),
        ("at-most-once", [], "- a a -", True),
        ("at-most-once", [], "- - -", True),
        ("at-most-once", [], "a - a", False),
        ("sometime-after", [], "a - b", True),
        ("sometime-after", [], "- ab -", True),
        ("sometime-after", [], "b a -", False),
        ("sometime-after", [], "a b a", False),
        ("sometime-after", [], "- - -", True),
        ("sometime-before", [], "b a -", True),
        ("sometime-before", [], "- ab -", False),
        ("sometime-before", [], "a b -", False),
        ("sometime-before", [], "- - -", True),
        ("always-within", [1], "a b -", True),
        ("always-within", [1], "a - b", False),
        ("always-within", [1], "a a b", False),
        ("always-within", [1], "- ab -", True),
        ("always-within", [1], "- - a", False),
        ("hold-during", [1, 3], "- a a -", True),
        ("hold-during", [1, 3], "- a - -", False),
        ("hold-during", [1, 3], "a - a a", False),
        ("hold-during", [5, 9], "- - a", True),
        ("hold-during", [5, 9], "a a -", False),
        ("hold-after", [1], "- a a", True),
        ("hold-after", [1], "- - a", False),
        ("hold-after", [1], "- a -", False),
    ],
)
def test_constraint_is_kept_or_not(
    word: str, times: list[int], states: str, kept: bool
) -> None:
    assert _kept(word, times, states) is kept


def test_broken_constraint_is_named() -> None:
    small = task(constraints=Modal("within", (Fraction(3),), (atom("a x"),)))
    assert validate(small, ()).reason == "the constraint (within 3 (a x)) is not kept"


def test_forall_around_a_constraint_demands_it_for_each_object() -> None:
    each = Forall(variables("?x"), Modal("sometime", (), (atom("a ?x"),)))
    reach = operator(
        "reach", effect=effects(add("a ?x"), delete("a ?y")), parameters="?x ?y"
    )
    small = task(reach, objects="p q", constraints=each)
    assert validate(small, plan("reach p q", "reach q p")).valid
    verdict = validate(small, plan("reach p q"))
    assert verdict.reason == "the constraint (sometime (a q)) is not kept"


def test_constraint_of_times_counts_the_times_of_a_schedule() -> None:
    wait = durative("wait", effect=effects(), duration=5)
    for until, kept in ((4, True), (2, False)):
        small = task(
            wait,
            timed=[TimedChange(Fraction(3), add("a"))],
            constraints=Modal("within", (Fraction(until),), (atom("a"),)),
        )
        assert validate(small, plan("wait @ 0 for 5")).valid is kept


@pytest.mark.parametrize(
    ("constraint", "reason"),
    [
        (Not(atom("a")), "(a) says nothing about when"),
        (Modal("seldom", (), (atom("a"),)), "'seldom' is not known"),
        (
            Modal("within", (), (atom("a"),)),
            "'within' takes 1 times and 1 conditions, not 0 and 1",
        ),
    ],
)
def test_constraint_without_semantics_is_refused(
    constraint: Not | Modal, reason: str
) -> None:
    verdict = validate(task(constraints=constraint), ())
    assert verdict.reason == f"not validated: the constraint {reason}"
