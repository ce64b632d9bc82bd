"""The states that a small task can reach, and the way of a plan through them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from time import perf_counter
from typing import TYPE_CHECKING

from jouleplan.domains.language.features import Feature
from jouleplan.domains.language.model import Fact, TaskModel
from jouleplan.domains.language.numbers import changed_functions, cost_function
from jouleplan.domains.language.plan import Plan, Step
from jouleplan.planner.graph.reads import changed_predicates
from jouleplan.planner.validator.effects import apply, changes_of
from jouleplan.planner.validator.errors import InvalidPlanError, UndefinedNumberError
from jouleplan.planner.validator.steps import bound
from jouleplan.planner.validator.validate import NOT_VALIDATED
from jouleplan.planner.validator.world import World

if TYPE_CHECKING:
    import networkx as nx

_TIMELESS = frozenset(
    {Feature.DURATIVE, Feature.TIMED, Feature.CONTINUOUS} | NOT_VALIDATED
)

# A picture needs few transitions; more a state than this and it shows nothing.
_MOST_BRANCHES = 20

# [s]; a picture that is only looked at is not worth more.
_MOST_S = 3.0


@dataclass(frozen=True, slots=True)
class State:
    """What is true of what changes, and the numbers that have a say."""

    facts: frozenset[Fact]
    numbers: frozenset[tuple[Fact, Fraction]] = frozenset()


def state_space(
    task: TaskModel, plan: Plan, limit: int = 2000, clock: Clock = perf_counter
) -> nx.DiGraph | None:
    """Return the reachable states of a task with the way of ``plan`` marked.

    See ``explore``, which also says why there is no graph.
    """
    found = explore(task, plan, limit, clock)
    return None if isinstance(found, str) else found


def explore(
    task: TaskModel, plan: Plan, limit: int = 2000, clock: Clock = perf_counter
) -> nx.DiGraph | str:
    """Return the reachable states of a task, or why they are not shown.

    Nodes are 0, 1, ... in the order of a breadth-first search. They have ``layer``
    (fewest steps from the initial state), ``facts`` (what is true of what changes, as
    one text), ``initial``, ``goal``, and ``visits``, the places in the plan's states at
    which it is there. Edges have ``operators``, the ground operators that lead there,
    and ``plan``, whether the plan goes there. The graph has ``path``, its states.

    Args:
        task: The task; its operators take no time.
        plan: A valid plan.
        limit: The most states.
        clock: Time [s].
    """
    unfit = sorted(_TIMELESS & task.features)
    if unfit:
        return f"states are not searched with {', '.join(unfit)}"
    search = _Search(task)
    reason = search.run(limit, clock)
    if reason:
        return reason
    try:
        return search.graph(search.path(plan))
    except InvalidPlanError as fault:
        return f"the plan leaves the states found: {fault}"


Clock = Callable[[], float]


class _Search:
    """A breadth-first search; one world is moved from state to state."""

    def __init__(self, task: TaskModel) -> None:
        self._task = task
        self._world = World(task)
        self._predicates = changed_predicates(task)
        # The sum of costs tells states apart that are the same in all else.
        self._functions = changed_functions(task) - {cost_function(task)}
        self._facts = {f for f in task.problem.facts if f[0] in self._predicates}
        self._numbers = dict(self._world.numbers)
        self._ids: dict[State, int] = {}
        self._layers: list[int] = []
        self._goals: list[bool] = []
        self._edges: dict[tuple[int, int], list[str]] = {}

    def run(self, limit: int, clock: Clock) -> str:
        """Find all states; return why they are too many, or nothing."""
        started = clock()
        waiting = [State(frozenset(self._facts), self._changing_numbers())]
        self._add(waiting[0], 0)
        transitions = 0
        for state in waiting:
            here = self._ids[state]
            for label, reached in self._successors(state):
                if reached not in self._ids:
                    if len(self._ids) >= limit:
                        return f"more than {limit} states can be reached"
                    self._add(reached, self._layers[here] + 1)
                    waiting.append(reached)
                there = self._ids[reached]
                if here != there:
                    self._edges.setdefault((here, there), []).append(label)
                transitions += 1
                if transitions > _MOST_BRANCHES * limit:
                    return f"more than {_MOST_BRANCHES * limit} transitions"
                if clock() - started > _MOST_S:
                    return f"its states are not found within {_MOST_S:.0f} s"
            self._visit(state)
            self._goals[here] = self._world.holds(self._task.problem.goal, {})
        return ""

    def path(self, plan: Plan) -> list[int]:
        """Return the states that ``plan`` goes through."""
        world = World(self._task)
        steps = list(plan)
        if all(step.start is not None for step in steps):
            steps.sort(key=lambda step: step.start or Fraction(0))
        self._world, self._facts = world, set(self._facts_of(world))
        found = [self._ids[self._now()]]
        for step in steps:
            self._apply(step)
            now = self._now()
            if now not in self._ids:
                raise InvalidPlanError(f"by {step}")
            found.append(self._ids[now])
        return found

    def graph(self, path: list[int]) -> nx.DiGraph:
        """Return what was found, with ``path`` marked."""
        import networkx as nx

        graph = nx.DiGraph(path=path)
        for state, index in self._ids.items():
            graph.add_node(
                index,
                layer=self._layers[index],
                facts=_state_text(state),
                initial=index == 0,
                goal=self._goals[index],
                visits=[at for at, there in enumerate(path) if there == index],
            )
        taken = set(pairwise(path))
        for (here, there), operators in self._edges.items():
            graph.add_edge(
                here, there, operators=operators, plan=(here, there) in taken
            )
        return graph

    def _add(self, state: State, layer: int) -> None:
        self._ids[state] = len(self._ids)
        self._layers.append(layer)
        self._goals.append(False)

    def _successors(self, state: State) -> Iterator[tuple[str, State]]:
        self._visit(state)
        steps = []
        for schema in self._task.domain.schemas.values():
            names = [name for name, _ in schema.parameters]
            for found in self._world.solutions(schema.parameters, schema.condition, {}):
                steps.append(Step(schema.name, tuple(found[name] for name in names)))
        for step in steps:
            self._visit(state)
            try:
                self._apply(step)
            except (InvalidPlanError, UndefinedNumberError):
                continue  # it changes a number that has no value, or in two ways
            yield str(step), self._now()

    def _apply(self, step: Step) -> None:
        schema, binding = bound(self._world, step)
        changes = changes_of(self._world, schema.effect, binding)
        # Costs are left out: the world's sum would grow with the search.
        updates = tuple(u for u in changes.updates if u.target[0] in self._functions)
        apply(self._world, [replace(changes, updates=updates)])
        self._facts = (self._facts - changes.deletes) | changes.adds

    def _visit(self, state: State) -> None:
        """Move the world to ``state`` from wherever it is."""
        self._world.change(state.facts - self._facts, self._facts - state.facts)
        self._facts = set(state.facts)
        self._world.set_numbers(dict(state.numbers - self._changing_numbers()))

    def _now(self) -> State:
        return State(frozenset(self._facts), self._changing_numbers())

    def _changing_numbers(self) -> frozenset[tuple[Fact, Fraction]]:
        if not self._functions:
            return frozenset()
        numbers = self._world.numbers.items()
        return frozenset(pair for pair in numbers if pair[0][0] in self._functions)

    def _facts_of(self, world: World) -> frozenset[Fact]:
        facts = self._task.problem.facts
        return frozenset(fact for fact in facts if fact[0] in self._predicates)


def _state_text(state: State) -> str:
    facts = sorted(f"({' '.join(fact)})" for fact in state.facts)
    numbers = sorted(f"(= ({' '.join(key)}) {value})" for key, value in state.numbers)
    return " ".join(facts + numbers)
