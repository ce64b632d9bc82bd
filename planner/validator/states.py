"""What is true in a state that is a value; for many questions, keep one ``World``."""

from __future__ import annotations

from fractions import Fraction

from jouleplan.domains.language.model import Condition, Expression, TaskModel
from jouleplan.domains.language.plan import Step
from jouleplan.planner.validator.effects import Changes, changes_of
from jouleplan.planner.validator.steps import bound
from jouleplan.planner.validator.world import Binding, World, WorldState


def initial_state(task: TaskModel) -> WorldState:
    """Return the state that ``task`` begins in."""
    return World(task).snapshot()


def holds(
    condition: Condition, state: WorldState, binding: Binding, task: TaskModel
) -> bool:
    """Return whether ``condition`` is true in ``state``."""
    return World(task, state).holds(condition, binding)


def evaluate(
    expression: Expression, state: WorldState, binding: Binding, task: TaskModel
) -> Fraction:
    """Return the value of ``expression`` in ``state``.

    Raises:
        UndefinedNumberError: A number without a value, or a division by zero.
    """
    return World(task, state).evaluate(expression, binding)


def step_effects(step: Step, state: WorldState, task: TaskModel) -> Changes:
    """Return what ``step``, which takes no time, changes in ``state``.

    Raises:
        InvalidPlanError: It names no operator or object, or a wrong count or type.
        UndefinedNumberError: An amount reads a number without a value.
    """
    world = World(task, state)
    schema, binding = bound(world, step)
    return changes_of(world, schema.effect, binding)
