"""Derived predicates."""

from jouleplan.domains.language.model import Axiom, Exists, Forall, Not, Or
from jouleplan.planner.validator import holds, initial_state, validate
from tests.planner.validator.tasks import (
    add,
    atom,
    both,
    compare,
    delete,
    effects,
    operator,
    plan,
    task,
    update,
    variables,
)

XY = variables("?x ?y")
STEP = Axiom("above", XY, atom("on ?x ?y"))
REST = Axiom(
    "above",
    XY,
    Exists(variables("?z"), both(atom("on ?x ?z"), atom("above ?z ?y"))),
)
TOP = Axiom("top", variables("?x"), Not(Exists(variables("?y"), atom("above ?y ?x"))))
LIFT = operator(
    "lift", both(atom("top ?x"), atom("on ?x ?y")), delete("on ?x ?y"), "?x ?y"
)
TOWER = task(
    LIFT,
    objects="a b c d",
    facts="on a b, on b c, on c d",
    axioms=[TOP, STEP, REST],
    goal=both(atom("top c"), Not(atom("above a d"))),
)


def test_recursive_predicate_is_its_least_fixpoint() -> None:
    state = initial_state(TOWER)
    names = "abcd"
    for i, one in enumerate(names):
        for j, other in enumerate(names):
            assert holds(atom(f"above {one} {other}"), state, {}, TOWER) is (i < j)


def test_circle_of_facts_ends_the_recursion() -> None:
    ring = task(objects="a b c", facts="on a b, on b a", axioms=[STEP, REST])
    assert holds(atom("above a a"), initial_state(ring), {}, ring)
    assert not holds(atom("above a c"), initial_state(ring), {}, ring)


def test_negation_of_a_lower_stratum_is_taken_of_its_end() -> None:
    state = initial_state(TOWER)
    assert holds(atom("top a"), state, {}, TOWER)
    assert not holds(atom("top b"), state, {}, TOWER)


def test_derived_predicates_follow_the_state() -> None:
    assert validate(TOWER, plan("lift a b", "lift b c")).valid
    verdict = validate(TOWER, plan("lift b c"))
    assert verdict.reason == "step 1, lift(b, c): (top b) does not hold"


def test_recursion_through_a_universal_condition_is_followed() -> None:
    done = Axiom(
        "done",
        variables("?x"),
        Forall(variables("?y"), Or((Not(atom("needs ?x ?y")), atom("done ?y")))),
    )
    chain = task(
        objects="a b c d", facts="needs a b, needs b c, needs d d", axioms=[done]
    )
    state = initial_state(chain)
    assert holds(both(*(atom(f"done {x}") for x in "abc")), state, {}, chain)
    assert not holds(atom("done d"), state, {}, chain)


def test_typed_parameter_of_an_axiom_takes_its_objects_alone() -> None:
    axiom = Axiom("fine", variables("?x:box"), atom("p ?x"))
    types = {"object": (), "box": ("object",)}
    small = task(objects="a:box b", types=types, facts="p a, p b", axioms=[axiom])
    assert holds(atom("fine a"), initial_state(small), {}, small)
    assert not holds(atom("fine b"), initial_state(small), {}, small)


def test_predicate_derived_from_numbers_follows_them() -> None:
    full = Axiom("full", (), compare("level", ">=", 2))
    small = task(
        operator("pour", Not(atom("full")), update("increase", "level", 1)),
        axioms=[full],
        numbers={"level": 0},
        goal=atom("full"),
    )
    assert validate(small, plan("pour", "pour")).valid
    verdict = validate(small, plan("pour", "pour", "pour"))
    assert verdict.reason == "step 3, pour(): (not (full)) does not hold"


def test_predicate_derived_from_its_own_negation_is_refused() -> None:
    odd = Axiom("odd", (), Not(atom("odd")))
    verdict = validate(task(axioms=[odd]), ())
    assert verdict.reason == (
        "not validated: the derived predicate 'odd' depends on its own negation"
    )


def test_mutual_recursion_is_followed() -> None:
    even = Axiom("even", variables("?x"), atom("zero ?x"))
    more = Axiom(
        "even",
        variables("?x"),
        Exists(variables("?y"), both(atom("next ?y ?x"), atom("odd ?y"))),
    )
    odd = Axiom(
        "odd",
        variables("?x"),
        Exists(variables("?y"), both(atom("next ?y ?x"), atom("even ?y"))),
    )
    small = task(
        operator("swap", atom("even n4"), effects(add("swapped"))),
        objects="n0 n1 n2 n3 n4",
        facts="zero n0, next n0 n1, next n1 n2, next n2 n3, next n3 n4",
        axioms=[odd, more, even],
        goal=both(atom("swapped"), atom("odd n3"), Not(atom("even n3"))),
    )
    assert validate(small, plan("swap")).valid
