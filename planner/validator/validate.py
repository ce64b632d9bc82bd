"""Independent validation of plans: every step, the goal, constraints and the metric.

Nothing of an engine is used: a plan is judged by what the task says alone.

Source: Fox and Long 2003, PDDL2.1, JAIR 20, sec. 7 and 8; Gerevini and Long 2005,
Plan Constraints and Preferences in PDDL3.
"""

from __future__ import annotations

from jouleplan.domains.language.features import Feature
from jouleplan.domains.language.model import TaskModel
from jouleplan.domains.language.plan import Plan
from jouleplan.planner.validator.errors import InvalidPlanError, NotValidatedError
from jouleplan.planner.validator.goal import Verdict
from jouleplan.planner.validator.preferences import Tally
from jouleplan.planner.validator.sequential import in_order, replay, validate_sequence
from jouleplan.planner.validator.temporal import validate_schedule
from jouleplan.planner.validator.world import World, WorldState

NOT_VALIDATED = frozenset(
    {
        Feature.OBJECT_FLUENTS,
        Feature.PROCESSES,
        Feature.EVENTS,
        Feature.PROBABILITY,
        Feature.OBSERVATION,
        Feature.METHODS,
    }
)
"""Features that plans are not validated with."""

_KINDS = {"process": Feature.PROCESSES, "event": Feature.EVENTS}


def validate(task: TaskModel, plan: Plan) -> Verdict:
    """Return whether ``plan`` solves ``task``, and what it costs.

    Without times the steps come one after the other, at times 1, 2, 3 for constraints
    and ``total-time``. With times on a task that takes none, their order counts.
    """
    refused = _refused(task)
    if refused:
        return Verdict(False, f"not validated: the task uses {', '.join(refused)}")
    try:
        world = World(task)
        if not takes_time(task):
            return validate_sequence(world, plan)
        return validate_schedule(world, plan)
    except InvalidPlanError as fault:
        return Verdict(False, str(fault))
    except NotValidatedError as fault:
        return Verdict(False, f"not validated: {fault}")


def trace(task: TaskModel, plan: Plan) -> tuple[WorldState, ...]:
    """Return the state before each step of a plan without durations, and the last.

    Args:
        task: The task; its goal is not looked at.
        plan: The plan.

    Raises:
        InvalidPlanError: A step cannot be carried out, or takes time.
        NotValidatedError: The task uses what is not validated.
    """
    refused = _refused(task)
    if refused:
        raise NotValidatedError(f"the task uses {', '.join(refused)}")
    world = World(task)
    steps = in_order(plan)
    return tuple(world.snapshot() for _ in replay(world, steps, Tally(task)))


def takes_time(task: TaskModel) -> bool:
    """Return whether plans of ``task`` need times."""
    schemas = task.domain.schemas.values()
    durative = any(schema.kind == "durative-action" for schema in schemas)
    return durative or bool(task.problem.timed)


def _refused(task: TaskModel) -> list[str]:
    found = set(task.features)
    for schema in task.domain.schemas.values():
        if schema.kind in _KINDS:
            found.add(_KINDS[schema.kind])
    return sorted(found & NOT_VALIDATED)
