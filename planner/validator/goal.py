"""What is settled when a plan has ended: goal, constraints, preferences, metric."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from jouleplan.planner.validator.constraints import Constraints
from jouleplan.planner.validator.errors import InvalidPlanError, UndefinedNumberError
from jouleplan.planner.validator.preferences import Tally
from jouleplan.planner.validator.reasons import why
from jouleplan.planner.validator.world import World


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a plan is valid, and what it comes to.

    Attributes:
        valid: Whether every step can be carried out, the goal holds at last, and the
            constraints are kept.
        reason: Which step, counted from 1, fails, and why; empty if none.
        cost: The task's metric; the number of steps where it states none. None for an
            invalid plan, or a metric of numbers without values.
        makespan: When the last step ends; None for plans without times.
        violations: By preference, how often it is not kept.
    """

    valid: bool
    reason: str = ""
    cost: Fraction | None = None
    makespan: Fraction | None = None
    violations: Mapping[str, int] = field(default_factory=dict)


def settle(
    world: World,
    tally: Tally,
    constraints: Constraints,
    steps: int,
    makespan: Fraction | None,
) -> Verdict:
    """Return the verdict on a plan whose steps have all been carried out.

    Args:
        world: The last state.
        tally: Violations of the preferences in conditions of steps.
        constraints: Told of every state.
        steps: How many steps there were.
        makespan: When the last ended; None in a plan without times.

    Raises:
        InvalidPlanError: The goal does not hold, or a constraint is not kept.
    """
    goal = world.task.problem.goal
    if not world.holds(goal, {}):
        raise InvalidPlanError(f"goal not reached: {why(world, goal, {})}")
    constraints.settle(tally)
    tally.count(world, goal, {})
    given = {f"is-violated {name}": Fraction(n) for name, n in tally.counts.items()}
    given["total-time"] = Fraction(steps) if makespan is None else makespan
    world.given = given
    cost = _cost(world, steps)
    return Verdict(True, "", cost, makespan, dict(tally.counts))


def _cost(world: World, steps: int) -> Fraction | None:
    metric = world.task.problem.metric
    if metric is None:
        return Fraction(steps)
    try:
        return world.evaluate(metric.expression, {})
    except UndefinedNumberError:
        return None
