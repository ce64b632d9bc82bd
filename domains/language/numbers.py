"""What a task uses its numbers for: nothing, costs of operators, or more."""

from __future__ import annotations

from collections.abc import Iterator

from jouleplan.domains.language.features import Feature
from jouleplan.domains.language.model import (
    Expression,
    FunctionTerm,
    Schema,
    Special,
    TaskModel,
    Update,
    Violations,
    When,
)
from jouleplan.domains.language.walk import (
    Part,
    compared,
    effect_parts,
    expression_parts,
    updates,
)


def changed_functions(task: TaskModel) -> frozenset[str]:
    """Return the functions whose values change."""
    found = {
        update.target.name
        for schema in task.domain.schemas.values()
        for update, _ in updates(schema.effect)
    }
    timed = (t.change for t in task.problem.timed)
    return frozenset(found | {c.target.name for c in timed if isinstance(c, Update)})


def cost_function(task: TaskModel) -> str | None:
    """Return the function that sums the costs of operators and is to be minimised.

    It has no arguments, nothing but the metric reads it, and operators only increase
    it.
    """
    metric = task.problem.metric
    if metric is None or metric.sense != "minimize":
        return None
    target = metric.expression
    if not isinstance(target, FunctionTerm) or target.terms:
        return None
    for schema in task.domain.schemas.values():
        if any(_is(part, target) for part in _read(schema)):
            return None
        for update, _ in updates(schema.effect):
            if update.target == target and update.operator != "increase":
                return None
    reads = compared(task.problem.goal)
    return None if any(_is(part, target) for part in reads) else target.name


def number_features(task: TaskModel) -> frozenset[Feature]:
    """Return the features that the task's numbers come to."""
    found: set[Feature] = set()
    changing = changed_functions(task)
    summed = cost_function(task)
    metric = task.problem.metric
    if summed is not None and summed in changing:
        found.add(Feature.COSTS)
        if _depends_on_state(task, summed, changing):
            found.add(Feature.STATE_COSTS)
    elif metric is not None and not _is_time(metric.expression, task):
        found.add(Feature.OTHER_METRIC)
    if _numbers_matter(task, changing):
        found.add(Feature.NUMBERS)
    for schema in task.domain.schemas.values():
        if schema.duration is not None and any(
            isinstance(part, FunctionTerm) and part.name in changing
            for part in compared(schema.duration)
        ):
            found.add(Feature.STATE_DURATION)
    return frozenset(found)


def _is_time(expression: Expression, task: TaskModel) -> bool:
    """Return whether a metric asks for a short plan, or for nothing at all."""
    if expression == Special("total-time"):
        return True
    parts = list(expression_parts(expression))
    # nothing ever changes these: every plan is as good
    changing = changed_functions(task)
    return all(isinstance(p, FunctionTerm) and p.name not in changing for p in parts)


def _numbers_matter(task: TaskModel, changing: frozenset[str]) -> bool:
    """Return whether a number decides what can be done, or what a plan is worth."""
    domain, problem = task.domain, task.problem
    for schema in domain.schemas.values():
        read = compared(schema.condition)
        if any(isinstance(part, FunctionTerm) for part in read):
            return True
        for part, _ in effect_parts(schema.effect):
            if isinstance(part, When) and any(
                isinstance(p, FunctionTerm) for p in compared(part.condition)
            ):
                return True
    conditions = [problem.goal, problem.constraints, domain.constraints]
    conditions += [axiom.condition for axiom in domain.axioms]
    if any(isinstance(p, FunctionTerm) for c in conditions for p in compared(c)):
        return True
    if problem.metric is None or cost_function(task) is not None:
        return False
    read = expression_parts(problem.metric.expression)
    return any(isinstance(p, FunctionTerm) and p.name in changing for p in read)


def _depends_on_state(task: TaskModel, summed: str, changing: frozenset[str]) -> bool:
    """Return whether the cost of a ground operator is not one constant."""
    for schema in task.domain.schemas.values():
        for update, conditional in updates(schema.effect):
            if update.target.name != summed:
                continue
            reads = expression_parts(update.value)
            if conditional or any(
                not isinstance(part, FunctionTerm) or part.name in changing
                for part in reads
            ):
                return True
    return False


def _read(schema: Schema) -> Iterator[Part]:
    """Yield every number that an operator reads."""
    yield from compared(schema.condition)
    if schema.duration is not None:
        yield from compared(schema.duration)
    for part, _ in effect_parts(schema.effect):
        if isinstance(part, Update):
            yield from expression_parts(part.value)
        elif isinstance(part, When):
            yield from compared(part.condition)


def _is(part: Part, target: FunctionTerm) -> bool:
    return not isinstance(part, Violations) and part == target
