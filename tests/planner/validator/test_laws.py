"""Laws: what must be so in every state, for every condition and plan."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import permutations, product

from hypothesis import given, settings
from hypothesis import strategies as st

from jouleplan.domains.language.model import (
    And,
    Atom,
    Axiom,
    Compare,
    Condition,
    Exists,
    Fact,
    Forall,
    Not,
    Or,
    Same,
    TaskModel,
)
from jouleplan.domains.language.plan import Plan, Step
from jouleplan.planner.validator import (
    World,
    WorldState,
    apply,
    bound,
    changes_of,
    holds,
    initial_state,
    validate,
)
from tests.planner.validator.tasks import (
    add,
    atom,
    both,
    compare,
    delete,
    effects,
    operator,
    task,
    term,
    variables,
)

OBJECTS = {"a": "one", "b": "one", "c": "two"}
TASK = task(
    objects="a:one b:one c:two",
    types={"object": (), "one": ("object",), "two": ("object",)},
)
_FACTS = [("p", x) for x in OBJECTS] + [("q", x, y) for x in OBJECTS for y in OBJECTS]
_NAMES = ["?x", "?y", "a", "c"]
BINDING = {"?x": "a", "?y": "b"}

_states = st.builds(
    lambda facts, numbers: WorldState(
        frozenset(facts), {("n", x): Fraction(v) for x, v in numbers.items()}
    ),
    st.sets(st.sampled_from(_FACTS)),
    st.dictionaries(st.sampled_from(list(OBJECTS)), st.integers(0, 2)),
)
_terms = st.sampled_from(_NAMES)
_leaves = st.one_of(
    st.builds(lambda x: Atom("p", (x,)), _terms),
    st.builds(lambda x, y: Atom("q", (x, y)), _terms, _terms),
    st.builds(Same, _terms, _terms),
    st.builds(
        lambda x, sign, value: compare(term(f"n {x}"), sign, value),
        _terms,
        st.sampled_from(["<", "<=", "=", ">=", ">"]),
        st.integers(0, 2),
    ),
)
_parameters = st.sampled_from(
    [variables(text) for text in ("?x:one", "?y", "?x ?y:two", "?y:one/two")]
)
_conditions: st.SearchStrategy[Condition] = st.recursive(
    _leaves,
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.builds(And, st.lists(inner, max_size=3).map(tuple)),
        st.builds(Or, st.lists(inner, max_size=3).map(tuple)),
        st.builds(Exists, _parameters, inner),
        st.builds(Forall, _parameters, inner),
    ),
    max_leaves=8,
)


def _plainly(
    condition: Condition, state: WorldState, binding: Mapping[str, str]
) -> bool | None:
    """Return the truth by the definitions alone; None where it is undefined."""
    match condition:
        case Atom(name, terms):
            return (name, *(binding.get(t, t) for t in terms)) in state.facts
        case Same(left, right):
            return binding.get(left, left) == binding.get(right, right)
        case Compare(sign, left, right):
            (name,) = left.terms  # type: ignore[union-attr]
            value = state.numbers.get(("n", binding.get(name, name)))
            other = right.value  # type: ignore[union-attr]
            if value is None:
                return None
            signs = {"<": -1, ">": 1}
            ordered = (value > other) - (value < other)
            return ordered == signs.get(sign[0], 0) or ("=" in sign and ordered == 0)
        case Not(part):
            truth = _plainly(part, state, binding)
            return None if truth is None else not truth
        case And(parts):
            return _every([_plainly(part, state, binding) for part in parts])
        case Or(parts):
            return _every([_plainly(Not(part), state, binding) for part in parts], True)
        case Forall(parameters, part):
            found = _bindings(parameters, binding)
            return _every([_plainly(part, state, one) for one in found])
        case Exists(parameters, part):
            found = _bindings(parameters, binding)
            return _every([_plainly(Not(part), state, one) for one in found], True)
    raise AssertionError(condition)


def _every(truths: list[bool | None], negate: bool = False) -> bool | None:
    if False in truths:
        return negate
    return None if None in truths else not negate


def _bindings(
    parameters: tuple[tuple[str, tuple[str, ...]], ...], binding: Mapping[str, str]
) -> Iterator[dict[str, str]]:
    names = [name for name, _ in parameters]
    options = [
        [x for x, own in OBJECTS.items() if own in types or "object" in types]
        for _, types in parameters
    ]
    for objects in product(*options):
        yield {**binding, **dict(zip(names, objects, strict=True))}


@settings(max_examples=400, deadline=None)
@given(_conditions, _states)
def test_condition_is_true_as_its_definition_says(
    condition: Condition, state: WorldState
) -> None:
    plain = _plainly(condition, state, BINDING)
    assert holds(condition, state, BINDING, TASK) is (plain is True)
    assert holds(Not(condition), state, BINDING, TASK) is (plain is False)


@settings(max_examples=200, deadline=None)
@given(st.lists(_conditions, max_size=3), _parameters, _states)
def test_negation_moves_inwards(
    parts: list[Condition],
    parameters: tuple[tuple[str, tuple[str, ...]], ...],
    state: WorldState,
) -> None:
    conjunction, denied = And(tuple(parts)), Or(tuple(Not(part) for part in parts))
    pairs: list[tuple[Condition, Condition]] = [
        (Not(conjunction), denied),
        (Not(Or(tuple(parts))), And(tuple(Not(part) for part in parts))),
        (Not(Forall(parameters, conjunction)), Exists(parameters, Not(conjunction))),
        (Not(Exists(parameters, conjunction)), Forall(parameters, Not(conjunction))),
        (Not(Not(conjunction)), conjunction),
    ]
    for one, other in pairs:
        assert holds(one, state, BINDING, TASK) is holds(other, state, BINDING, TASK)


XY = variables("?x ?y")
_AXIOMS = [
    Axiom("reach", XY, atom("edge ?x ?y")),
    Axiom(
        "reach",
        XY,
        Exists(variables("?z"), both(atom("reach ?x ?z"), atom("reach ?z ?y"))),
    ),
    Axiom("lost", variables("?x"), Not(atom("reach a ?x"))),
]
_GRAPH = task(objects="a b c d", axioms=_AXIOMS)
_edges = st.tuples(st.just("edge"), st.sampled_from("abcd"), st.sampled_from("abcd"))


def _closure(edges: set[Fact]) -> set[tuple[str, str]]:
    found = {(fact[1], fact[2]) for fact in edges}
    while more := {(x, z) for x, y in found for w, z in found if w == y} - found:
        found |= more
    return found


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(_edges, st.booleans()), max_size=12))
def test_derived_facts_are_those_of_the_state_after_every_change(
    changes: list[tuple[Fact, bool]],
) -> None:
    world = World(_GRAPH)
    edges: set[Fact] = set()
    for edge, becomes in changes:
        (edges.add if becomes else edges.discard)(edge)
        world.change([edge] if becomes else [], [] if becomes else [edge])
        closure = _closure(edges)
        for pair in product("abcd", repeat=2):
            assert world.has(("reach", *pair)) is (pair in closure)
        for name in "abcd":
            assert world.has(("lost", name)) is (("a", name) not in closure)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(_edges, st.booleans()), max_size=20))
def test_tables_of_facts_follow_every_change(
    changes: list[tuple[Fact, bool]],
) -> None:
    world = World(_GRAPH)
    facts: set[Fact] = set()
    for fact, becomes in changes:
        (facts.add if becomes else facts.discard)(fact)
        world.change([fact] if becomes else [], [] if becomes else [fact])
        for positions in ((), (1,), (2,), (1, 2)):
            key = tuple(fact[position] for position in positions)
            alike = {f for f in facts if tuple(f[p] for p in positions) == key}
            assert set(world.matching("edge", positions, key)) == alike


MOVE = operator(
    "move",
    both(
        atom("on ?disc ?from"),
        atom("clear ?disc"),
        atom("clear ?to"),
        atom("smaller ?disc ?to"),
    ),
    effects(
        add("on ?disc ?to"),
        add("clear ?from"),
        delete("on ?disc ?from"),
        delete("clear ?to"),
    ),
    "?disc ?from ?to",
)
_SIZES = ["d1", "d2", "d3"]
_PEGS = ["p", "q", "r"]
HANOI = task(
    MOVE,
    objects=" ".join(_SIZES + _PEGS),
    facts=", ".join(
        [
            "on d1 d2, on d2 d3, on d3 p, clear d1, clear q, clear r",
            *(f"smaller {d} {p}" for d in _SIZES for p in _PEGS),
            "smaller d1 d2, smaller d1 d3, smaller d2 d3",
        ]
    ),
    goal=both(atom("on d1 d2"), atom("on d2 d3"), atom("on d3 r")),
)


def _shortest(problem: TaskModel) -> Plan:
    """Return a shortest plan, by breadth-first search with the validator's parts."""
    start = initial_state(problem)
    waiting: deque[tuple[WorldState, Plan]] = deque([(start, ())])
    seen = {start.facts}
    steps = [Step("move", names) for names in permutations(problem.problem.objects, 3)]
    while waiting:
        state, done = waiting.popleft()
        if holds(problem.problem.goal, state, {}, problem):
            return done
        for step in steps:
            world = World(problem, state)
            schema, binding = bound(world, step)
            if world.holds(schema.condition, binding):
                apply(world, [changes_of(world, schema.effect, binding)])
                after = world.snapshot()
                if after.facts not in seen:
                    seen.add(after.facts)
                    waiting.append((after, (*done, step)))
    raise AssertionError("no plan")


def test_plan_of_a_search_is_valid_and_no_step_of_a_shortest_one_can_be_left_out() -> (
    None
):
    found = _shortest(HANOI)
    assert validate(HANOI, found).valid
    assert len(found) == 7
    for index in range(len(found)):
        verdict = validate(HANOI, (*found[:index], *found[index + 1 :]))
        assert not verdict.valid
        assert verdict.reason
