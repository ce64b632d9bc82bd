"""Plans whose steps come one after the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from jouleplan.domains.language.plan import Plan, Step
from jouleplan.planner.validator.constraints import Constraints
from jouleplan.planner.validator.effects import apply, changes_of
from jouleplan.planner.validator.errors import InvalidPlanError, UndefinedNumberError
from jouleplan.planner.validator.goal import Verdict, settle
from jouleplan.planner.validator.preferences import Tally
from jouleplan.planner.validator.reasons import why
from jouleplan.planner.validator.steps import bound
from jouleplan.planner.validator.world import World

Numbered = tuple[int, Step]
"""A step with its place in the plan, from 1."""


def in_order(plan: Plan) -> list[Numbered]:
    """Return the steps in the order of their times, or of the plan where it has none.

    Raises:
        InvalidPlanError: Some steps have a time and some have none.
    """
    numbered = list(enumerate(plan, start=1))
    timed = [step for step in plan if step.start is not None]
    if not timed:
        return numbered
    if len(timed) < len(plan):
        number = next(n for n, step in numbered if step.start is None)
        raise InvalidPlanError(f"step {number} has no time, though others have one")
    return sorted(numbered, key=lambda pair: pair[1].start or Fraction(0))


def advance(world: World, tally: Tally, number: int, step: Step) -> None:
    """Carry out ``step`` in ``world``.

    Raises:
        InvalidPlanError: It cannot be carried out.
    """
    try:
        schema, binding = bound(world, step)
        if schema.kind == "durative-action":
            raise InvalidPlanError(f"{schema.name} takes time")
        if not world.holds(schema.condition, binding):
            raise InvalidPlanError(why(world, schema.condition, binding))
        tally.count(world, schema.condition, binding)
        apply(world, [changes_of(world, schema.effect, binding)])
    except (InvalidPlanError, UndefinedNumberError) as fault:
        raise InvalidPlanError(f"step {number}, {step}: {fault}") from fault


def replay(world: World, steps: Sequence[Numbered], tally: Tally) -> Iterator[int]:
    """Carry the steps out one by one; yield how many are done, from 0.

    Raises:
        InvalidPlanError: A step cannot be carried out.
    """
    yield 0
    for done, (number, step) in enumerate(steps, start=1):
        advance(world, tally, number, step)
        yield done


def validate_sequence(world: World, plan: Plan) -> Verdict:
    """Return the verdict on ``plan`` for a task whose operators take no time.

    Raises:
        InvalidPlanError: The plan is not valid.
    """
    tally, constraints = Tally(world.task), Constraints(world)
    steps = in_order(plan)
    for done in replay(world, steps, tally):
        constraints.see(world, Fraction(done))
    verdict = settle(world, tally, constraints, len(steps), None)
    return replace(verdict, makespan=_end(plan))


def _end(plan: Plan) -> Fraction | None:
    ends = [
        step.start + (step.duration or 0) for step in plan if step.start is not None
    ]
    return max(ends, default=None)
