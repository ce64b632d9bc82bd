"""Laws: whatever the true domain, a learned operator does what the true one does."""

from __future__ import annotations

import random
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from jouleplan.domains.language.model import (
    And,
    Atom,
    Change,
    DomainModel,
    Effects,
    Fact,
    Not,
    ProblemModel,
    Same,
    Schema,
    Signature,
    TaskModel,
)
from jouleplan.domains.learning.learned_domain import learned_domain
from jouleplan.domains.learning.sam import Learned, learn
from jouleplan.domains.learning.signature import fits
from jouleplan.domains.learning.transition import Recording, Transition
from jouleplan.planner.validator import World, WorldState, apply, changes_of

TYPES = {"object": (), "thing": ("object",), "box": ("thing",)}
OBJECTS = {"c": ("box",), "a": ("box",), "b": ("thing",)}
CONSTANTS = {"c": ("box",)}
PREDICATES = {
    "r": Signature("r"),
    "p": Signature("p", (("?x", ("thing",)),)),
    "q": Signature("q", (("?x", ("box",)), ("?y", ("thing",)))),
}
PARAMETERS = (("?x", ("box",)), ("?y", ("thing",)))
FACTS: list[Fact] = [
    ("r",),
    *(("p", x) for x in OBJECTS),
    *(("q", x, y) for x in ("c", "a") for y in OBJECTS),
]
SIGNATURE = DomainModel("d", frozenset(), TYPES, CONSTANTS, PREDICATES, {}, {})
BINDINGS = [dict(zip(("?x", "?y"), o, strict=True)) for o in product("ca", "cab")]


def atoms() -> list[Atom]:
    """Every well-typed atom over the parameters and the constant."""
    terms = {**dict(PARAMETERS), **CONSTANTS}
    return [
        Atom(name, chosen)
        for name, signature in PREDICATES.items()
        for chosen in product(
            *(
                [t for t, given in terms.items() if fits(SIGNATURE, given, kinds)]
                for _, kinds in signature.parameters
            )
        )
    ]


def true_operator(rng: random.Random, positive: bool) -> Schema:
    """A random operator; where ``positive``, one that deletes what it needs."""
    every = atoms()
    needed = rng.sample(every, rng.randrange(3))
    parts: list[Atom | Not] = list(needed)
    if positive:
        deleted = [atom for atom in needed if rng.random() < 0.7]
    else:
        parts += [Not(atom) for atom in rng.sample(every, rng.randrange(2))]
        parts += [Not(Same("?x", "?y"))] * rng.randrange(2)
        deleted = rng.sample(every, rng.randrange(4))
    added = rng.sample(every, rng.randrange(4))
    effects = [Change(atom, True) for atom in added]
    effects += [Change(atom, False) for atom in deleted]
    return Schema("o", PARAMETERS, And(tuple(parts)), Effects(tuple(effects)))


def task(schema: Schema) -> TaskModel:
    domain = DomainModel(
        "d", frozenset(), TYPES, CONSTANTS, PREDICATES, {}, {"o": schema}
    )
    problem = ProblemModel("p", "d", OBJECTS, frozenset(), {}, (), And())
    return TaskModel(domain, problem)


def step(
    of: TaskModel, schema: Schema, state: frozenset[Fact], binding: dict[str, str]
) -> frozenset[Fact] | None:
    """Return the state after an operator; None where it cannot be carried out."""
    world = World(of, WorldState(state, {}))
    if not world.holds(schema.condition, binding):
        return None
    apply(world, [changes_of(world, schema.effect, binding)])
    return world.snapshot().facts


def random_state(rng: random.Random) -> frozenset[Fact]:
    share = rng.choice((0.3, 0.6, 0.9))
    return frozenset(fact for fact in FACTS if rng.random() < share)


def learn_from_random_states(
    of: TaskModel, rng: random.Random, negative: bool, proxy: bool
) -> Learned:
    injective = rng.random() < 0.5
    found: list[Transition] = []
    for _ in range(rng.choice((3, 10, 40, 150))):
        state, binding = random_state(rng), rng.choice(BINDINGS)
        objects = tuple(binding.values())
        if injective and len({*objects, "c"}) < 3:
            continue
        after = step(of, of.domain.schemas["o"], state, binding)
        if after is not None:
            found.append(Transition(len(found) + 1, "o", objects, state, after))
    recording = Recording(of.domain, tuple(found))
    return learn(recording, negative=negative, proxy=proxy)["o"]


@settings(max_examples=1000, deadline=None)
@given(st.integers(0, 2**32), st.booleans(), st.booleans())
def test_learned_operator_does_what_the_true_one_does(
    seed: int, positive: bool, proxy: bool
) -> None:
    rng = random.Random(seed)
    true = true_operator(rng, positive)
    of = task(true)
    learned = learn_from_random_states(of, rng, negative=not positive, proxy=proxy)
    if not learned.identified:
        return
    schema = learned_domain(of.domain, {"o": learned}).schemas["o"]
    for _ in range(40):
        state = random_state(rng)
        if rng.random() < 0.7:  # so that the learned preconditions often hold
            binding = rng.choice(BINDINGS)
            state |= {_ground(a, binding) for a in learned.preconditions}
            state -= {_ground(a, binding) for a in learned.negative}
        for binding in BINDINGS:
            after = step(of, schema, state, binding)
            if after is not None:
                assert after == step(of, true, state, binding)


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 2**32), st.booleans())
def test_order_and_repetition_of_transitions_change_nothing(
    seed: int, negative: bool
) -> None:
    rng = random.Random(seed)
    of = task(true_operator(rng, positive=False))
    found = [
        Transition(0, "o", tuple(binding.values()), state, after)
        for state in (random_state(rng) for _ in range(10))
        for binding in BINDINGS
        if (after := step(of, of.domain.schemas["o"], state, binding)) is not None
    ]
    once = learn(Recording(of.domain, tuple(found)), negative=negative)["o"]
    again = rng.sample(found * 2, 2 * len(found))
    other = learn(Recording(of.domain, tuple(again)), negative=negative)["o"]
    assert (once.preconditions, once.negative) == (other.preconditions, other.negative)
    assert (once.adds, once.deletes) == (other.adds, other.deletes)
    assert once.identified == other.identified


def _ground(atom: Atom, binding: dict[str, str]) -> Fact:
    return (atom.predicate, *(binding.get(term, term) for term in atom.terms))
