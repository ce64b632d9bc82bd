"""Learning operators: what is identified, what is not, and what contradicts itself."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from jouleplan.domains.language.domain_file import read_domain_model
from jouleplan.domains.language.model import Atom, Schema
from jouleplan.domains.learning.errors import ContradictionError
from jouleplan.domains.learning.learned_domain import learned_domain, learned_text
from jouleplan.domains.learning.sam import learn
from jouleplan.domains.learning.transition import Recording
from jouleplan.planner.validator import World, WorldState, apply, changes_of
from tests.domains.learning.recordings import MOVE, recording
from tests.domains.learning.walks import shipped_tasks, walks

PLAIN = ("on a p, free a, free q", "move a p q", "on a q, free a, free p")
DOMAINS = ("blocksworld", "hanoi")


def atoms(text: str) -> set[Atom]:
    words = [part.split() for part in text.split(",")]
    return {Atom(name, tuple(terms)) for name, *terms in words}


def test_preconditions_are_what_always_held_and_effects_what_changed() -> None:
    move = learn(recording(PLAIN))["move"]
    assert move.identified
    # whether moving a onto itself would leave it free was never seen
    assert move.different == (("?b", "?to"),)
    assert set(move.preconditions) == atoms("on ?b ?from, free ?b, free ?to")
    assert set(move.adds) == atoms("on ?b ?to, free ?from")
    assert set(move.deletes) == atoms("on ?b ?from, free ?to")


def test_another_transition_takes_what_did_not_hold_from_the_preconditions() -> None:
    covered = ("on a p, free q, on b a", "move a p q", "on a q, free p, on b a")
    move = learn(recording(PLAIN, covered))["move"]
    assert set(move.preconditions) == atoms("on ?b ?from, free ?to")


def test_operator_that_was_never_seen_is_reported_and_left_out() -> None:
    wait = Schema("wait", ())
    found = recording(PLAIN, operators=(MOVE, wait))
    operators = learn(found)
    assert operators["wait"].reasons == ("never seen",)
    text = learned_text(found.signature, operators)
    assert "; not identified: wait: never seen" in text
    assert "(:action wait" not in text
    assert "(:action move" in text


def test_negative_preconditions_and_differing_parameters_are_an_option() -> None:
    line = ("on a p, free q", "move a p q", "on a q, free p")
    plain, both = (learn(recording(line), negative=n)["move"] for n in (False, True))
    assert not plain.negative
    assert not plain.different
    assert atoms("idle, free ?from, on ?b ?to") <= set(both.negative)
    assert ("?from", "?to") in both.different


# --- one object in two places ---


def test_change_of_one_object_for_two_parameters_is_not_identified() -> None:
    pick = Schema("pick", (("?x", ("box",)), ("?y", ("box",))))
    same = recording(("free a", "pick a a", "idle"), operators=(pick,))
    (reason,) = learn(same)["pick"].reasons
    assert "(free ?x) or (free ?y)" in reason
    assert "line 2" in reason


def test_transition_with_two_objects_tells_the_effects_apart() -> None:
    pick = Schema("pick", (("?x", ("box",)), ("?y", ("box",))))
    lines = (
        ("free a", "pick a a", "idle"),
        ("free a, free b", "pick a b", "free b, idle"),
    )
    found = learn(recording(*lines, operators=(pick,)))["pick"]
    assert found.identified
    assert set(found.deletes) == atoms("free ?x")
    assert "?x and ?y were one object in 1 of 2 transitions" in found.notes


def test_change_of_a_constant_that_is_an_argument_is_not_identified() -> None:
    line = ("on a p, free q", "move a p q", "on a q, free p")
    alone = learn(recording(line, constants=("q",)))["move"]
    assert any("(on ?b ?to) or (on ?b q)" in reason for reason in alone.reasons)
    other = ("on a q, free p", "move a q p", "on a p, free q")
    third = (
        "on a p, on a q, free r, free q",
        "move a p r",
        "on a r, on a q, free p, free q",
    )
    told = learn(recording(line, other, third, constants=("q",)))["move"]
    assert told.identified
    assert set(told.deletes) == atoms("on ?b ?from, free ?to")


def test_proxy_keeps_an_operator_where_its_open_effect_changes_nothing(
    tmp_path: Path,
) -> None:
    lines = (
        ("on a p, free q", "move a p q", "on a q, free p"),
        ("on a q, free p", "move a q p", "on a p, free q"),
        ("on a p, free r", "move a p r", "on a r, free p"),
    )
    found = recording(*lines, constants=("q",))
    assert not learn(found)["move"].identified
    operators = learn(found, proxy=True)
    assert operators["move"].identified
    file = tmp_path / "learned.pddl"
    file.write_text(learned_text(found.signature, operators))
    assert "(or (not (on ?b q)) (and (= ?from q)))" in file.read_text()
    assert set(read_domain_model(file).schemas) == {"move"}


def test_operator_that_moves_a_thing_to_where_it_is_keeps_it_there() -> None:
    stay = ("on a p, free p", "move a p p", "on a p, free p")
    move = learn(recording(PLAIN, stay))["move"]
    assert move.identified
    assert set(move.adds) == atoms("on ?b ?to, free ?from")


def test_parameters_that_may_be_one_object_are_noted() -> None:
    notes = learn(recording(PLAIN))["move"].notes
    assert any(n.startswith("?from and ?to may be one object") for n in notes)


# --- what no lifted operator explains ---


def test_change_beyond_the_arguments_is_not_identified() -> None:
    line = ("on a p, free q, on c p", "move a p q", "on a q, free p, on c q")
    (*_, reason) = learn(recording(line))["move"].reasons
    assert "line 2" in reason
    assert "(on c" in reason


def test_transitions_that_contradict_each_other_are_named_by_line() -> None:
    fails = ("on a p, free q", "move a p q", "on a p, free q")
    for lines in ((PLAIN, fails), (fails, PLAIN)):
        with pytest.raises(ContradictionError) as caught:
            learn(recording(*lines))
        assert {"line 2", "line 3"} <= {
            word for word in ("line 2", "line 3") if word in str(caught.value)
        }


def test_deleting_without_needing_is_noted_as_unsafe() -> None:
    lines = (
        ("idle, on a p", "move a p q", "on a p"),
        ("on a p", "move a p q", "on a p"),
    )
    notes = learn(recording(*lines))["move"].notes
    assert any("(idle) without needing it" in note for note in notes)


# --- shipped domains ---


@pytest.mark.parametrize("negative", [False, True])
@pytest.mark.parametrize("domain", DOMAINS)
def test_learned_operators_do_what_the_true_ones_do(
    domain: str, negative: bool
) -> None:
    tasks = shipped_tasks(domain)
    true = next(iter(tasks.values())).domain
    rng = np.random.default_rng(3)
    for count in (1, 4, 12, 60):
        seen = tuple(islice(walks(tasks, rng), count))
        learned = learned_domain(true, learn(Recording(true, seen), negative=negative))
        checked = 0
        for transition in islice(walks(tasks, rng), 60):
            # what is learned, in states that were not learned from
            for task in tasks.values():
                if {o for f in transition.before for o in f[1:]} <= {
                    *task.problem.objects
                }:
                    break
            for schema in learned.schemas.values():
                world = World(task, WorldState(transition.before, {}))
                solutions = world.solutions(schema.parameters, schema.condition, {})
                for binding in list(solutions):
                    checked += 1
                    really = true.schemas[schema.name]
                    assert world.holds(really.condition, binding)
                    after = []
                    for effect in (schema.effect, really.effect):
                        one = World(task, WorldState(transition.before, {}))
                        apply(one, [changes_of(one, effect, binding)])
                        after.append(one.snapshot().facts)
                    assert after[0] == after[1]
        assert checked or not learned.schemas


@pytest.mark.parametrize("negative", [False, True])
def test_learned_text_is_read_back(tmp_path: Path, negative: bool) -> None:
    tasks = shipped_tasks("blocksworld")
    true = next(iter(tasks.values())).domain
    seen = tuple(islice(walks(tasks, np.random.default_rng(1)), 60))
    operators = learn(Recording(true, seen), negative=negative)
    file = tmp_path / "learned.pddl"
    file.write_text(learned_text(true, operators))
    read = read_domain_model(file)
    assert set(read.schemas) == set(true.schemas)
    assert read.predicates == true.predicates
    for name, schema in learned_domain(true, operators).schemas.items():
        assert read.schemas[name].effect == schema.effect
