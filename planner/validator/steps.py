"""Steps of a plan against the operators and objects that there are."""

from __future__ import annotations

from collections.abc import Iterable

from jouleplan.domains.language.model import Schema
from jouleplan.domains.language.plan import Step
from jouleplan.planner.validator.errors import InvalidPlanError
from jouleplan.planner.validator.world import World

# More names than these help nobody who reads a reason.
_MOST_NAMES = 12


def bound(world: World, step: Step) -> tuple[Schema, dict[str, str]]:
    """Return the schema of ``step``, and its objects by parameter.

    Raises:
        InvalidPlanError: No such operator or object, a wrong count or type.
    """
    schemas = world.task.domain.schemas
    if step.operator not in schemas:
        raise InvalidPlanError(
            f"there is no operator {step.operator!r}; there are {_listed(schemas)}"
        )
    schema = schemas[step.operator]
    if len(step.objects) != len(schema.parameters):
        raise InvalidPlanError(
            f"{step.operator} takes {len(schema.parameters)} objects, not "
            f"{len(step.objects)}"
        )
    binding = {}
    for (variable, types), name in zip(schema.parameters, step.objects, strict=True):
        if name not in world.objects.of(types):
            known = world.task.problem.objects
            if name not in known:
                raise InvalidPlanError(f"there is no object {name!r}")
            raise InvalidPlanError(
                f"{variable} of {step.operator} is of type {' or '.join(types)}, but "
                f"{name} of type {' or '.join(known[name])}"
            )
        binding[variable] = name
    return schema, binding


def _listed(names: Iterable[str]) -> str:
    found = list(names)
    more = ", ..." if len(found) > _MOST_NAMES else ""
    return ", ".join(found[:_MOST_NAMES]) + more
