"""Verification: whether a drawn problem can be solved, laid out and sensed.

An engine finds a validated plan; every state of it has room on the table and in the
arm's reach; the first, built in physics, is sensed as `:init` says.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from jouleplan.domains.errors import BindingError, InitialStateError, LayoutError
from jouleplan.domains.facts import Facts, facts_of, static_atoms
from jouleplan.domains.layout import lay_out
from jouleplan.domains.limits import PANDA, untakeable
from jouleplan.domains.symbols import State
from jouleplan.planner.errors import MisfitError
from jouleplan.planner.lint import lint_task
from jouleplan.planner.options import Options
from jouleplan.planner.solve import PlanStatus, solve
from jouleplan.planner.task import SymbolicTask, Task, bind

ENGINE: Final = "fast-downward"
TIME_LIMIT_S: Final = 10.0
"""Wall seconds for the plan of one drawn problem."""

NO_ROOM: Final = "no room"
NOT_SOLVED: Final = "not solved"
NOT_SENSED: Final = "not sensed"


def verify(drawn: SymbolicTask, seed: int) -> int:
    """Return the length of a plan that a drawn problem has.

    Args:
        drawn: The problem.
        seed: Of the scene.

    Raises:
        MisfitError: It cannot be solved, laid out or sensed; says why.
        BindingError: Its objects do not fit the domain.toml, or not the gripper.
        UnboundDomainError: The domain has no domain.toml.
        MissingEngineError: The engine's package is missing.
    """
    length = planned(drawn, seed)
    found = lint_task(bind(drawn), seed)
    if not found.fine:
        raise MisfitError(NOT_SENSED, "; ".join(found.faults))
    return length


def planned(drawn: SymbolicTask, seed: int) -> int:
    """Return the length of a plan that has room all the way, without physics.

    The cheap tests come first; see ``verify``.
    """
    try:
        task = bind(drawn)
    except InitialStateError as error:
        raise MisfitError(NO_ROOM, "; ".join(error.faults)) from None
    beyond = untakeable(task.binding.bodies.values(), PANDA)
    if beyond:
        raise BindingError(tuple(breach.reason for breach in beyond))
    state = task.problem.init
    state -= static_atoms(state, task.binding)  # many, and they place nothing
    _room(task, _facts(task, state), seed, "at first")
    _room_at_goal(task, seed)
    options = Options(ENGINE, TIME_LIMIT_S)
    found = solve(task.domain, task.files.domain_pddl, task.problem_pddl, options)
    if found.status is not PlanStatus.SOLVED:
        reason = f"{ENGINE}: {found.status}, {found.detail}"
        raise MisfitError(NOT_SOLVED, reason.rstrip(", "))
    for number, operator in enumerate(found.plan, 1):
        state = operator.apply(state)
        facts = _facts(task, state)
        # what is held has left its place: the scene before had room
        if facts.held is None or number == len(found.plan):
            _room(task, facts, seed, f"after operator {number} of a plan, {operator}")
    return len(found.plan)


def _room_at_goal(task: Task, seed: int) -> None:
    """Raise where a goal that places every body has no room; it saves the planning."""
    problem = task.problem
    try:
        facts = facts_of(problem.goal, task.binding, problem)
    except InitialStateError:
        return  # the goal leaves some bodies open: the plan will say where they are
    _room(task, facts, seed, "at the goal")


def _facts(task: Task, state: State) -> Facts:
    """Return where every body is in ``state``."""
    try:
        return facts_of(state, task.binding, task.problem)
    except InitialStateError as error:
        raise MisfitError(NO_ROOM, "; ".join(error.faults)) from None


def _room(task: Task, facts: Facts, seed: int, when: str) -> None:
    """Raise where the bodies have no room on the table or in the arm's reach."""
    bodies, layout = task.binding.bodies, task.binding.layout
    try:
        lay_out(bodies, layout, facts, np.random.default_rng(seed))
    except LayoutError as error:
        raise MisfitError(NO_ROOM, f"{when}, {error}") from None
