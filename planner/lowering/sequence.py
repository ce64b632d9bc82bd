"""Operators that take time, one after the other: for planners that know no time.

A durative operator becomes an instantaneous one: its conditions at the start, over all
and at the end that its own start does not make true, and the sum of its effects. Plans
that need two operators at once are lost; every plan found is timed and validated in the
task before, so none is wrong.

Source: Coles, Fox, Halsey, Long and Smith 2009, Managing Concurrency in Temporal
Planning Using Planner-Scheduler Interaction, Artificial Intelligence 173 (compression).
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from jouleplan.domains.language.model import (
    TRUE,
    And,
    Arithmetic,
    Change,
    Compare,
    Condition,
    During,
    Effect,
    Effects,
    Expression,
    FunctionTerm,
    Metric,
    Not,
    Number,
    Schema,
    Signature,
    Special,
    TaskModel,
    Update,
)
from jouleplan.domains.language.numbers import cost_function
from jouleplan.planner.lowering.lowered import Lowered, LoweringError
from jouleplan.planner.lowering.moments import condition_at, effect_at
from jouleplan.planner.lowering.rebuild import conjoin, join
from jouleplan.planner.lowering.schedule import timed
from jouleplan.planner.lowering.substitute import (
    exchange_in_condition,
    exchange_in_effect,
)

_TIME_WORDS = (Special("?duration"), Special("#t"))


def sequenced(task: TaskModel) -> Lowered:
    """Return ``task`` with instantaneous operators, their durations as costs.

    Durations are costs where the task states no costs of its own.

    Raises:
        LoweringError: A part of an operator cannot be put in a sequence.
    """
    domain, problem = task.domain, task.problem
    if problem.timed:
        raise LoweringError("timed initial literals, which happen by the clock")
    total = None
    if cost_function(task) is None:
        total = "sequence-time"
        while total in domain.functions or total in domain.predicates:
            total += "-x"
    schemas = {
        name: found
        for name, schema in domain.schemas.items()
        if (found := _instantaneous(schema, total)) is not None
    }
    functions, numbers, metric = domain.functions, problem.numbers, problem.metric
    if total is not None:
        functions = {**functions, total: Signature(total)}
        numbers = {**numbers, (total,): Fraction(0)}
        metric = Metric("minimize", FunctionTerm(total))
    return Lowered(
        replace(domain, functions=functions, schemas=schemas),
        replace(problem, numbers=numbers, metric=metric),
        restore=lambda plan: timed(task, plan, duration_of),
        exact=False,
        note="operators were planned in sequence and then timed",
    )


def duration_of(schema: Schema) -> Expression:
    """Return the duration an operator is given: as stated, else the least allowed."""
    assert schema.duration is not None
    least: Expression | None = None
    most: Expression | None = None
    for part in _parts(schema.duration):
        bound = part.part if isinstance(part, During) else part
        if not isinstance(bound, Compare) or bound.left != Special("?duration"):
            continue
        if bound.operator == "=":
            return bound.right
        if bound.operator in (">=", ">"):
            least = bound.right
        else:
            most = bound.right
    return least or most or Number(Fraction(1))


def _instantaneous(schema: Schema, total: str | None) -> Schema | None:
    """Return a schema without time; None where it can only be used beside another."""
    if schema.duration is None:
        return schema
    duration = duration_of(schema)

    def without_time(part: Expression) -> Expression:
        return duration if part in _TIME_WORDS else part

    effect = exchange_in_effect(schema.effect, without_time)
    condition = exchange_in_condition(schema.condition, without_time)
    start = effect_at(effect, "start")
    changes = _Changes(start)
    later = conjoin(*(condition_at(condition, when) for when in ("all", "end")))
    needed: list[Condition] = []
    for part in _parts(later):
        before = changes.before(part)
        if before is None:
            return None
        needed.append(before)
    end = join(effect_at(effect, "all"), effect_at(effect, "end"))
    end = exchange_in_effect(end, changes.value)
    cost = Update("increase", FunctionTerm(total), duration) if total else Effects()
    return Schema(
        schema.name,
        schema.parameters,
        conjoin(condition_at(condition, "start"), *needed),
        join(_overruled(start, end), end, cost),
        line=schema.line,
    )


def _parts(condition: Condition) -> tuple[Condition, ...]:
    return condition.parts if isinstance(condition, And) else (condition,)


def _overruled(start: Effect, end: Effect) -> Effect:
    """Return the effects at the start that those at the end do not undo."""
    later = {e.atom for e in _flat(end) if isinstance(e, Change)}
    kept = (e for e in _flat(start) if not (isinstance(e, Change) and e.atom in later))
    return Effects(tuple(kept))


def _flat(effect: Effect) -> tuple[Effect, ...]:
    return effect.parts if isinstance(effect, Effects) else (effect,)


class _Changes:
    """What the start of an operator changes, as its later conditions meet it."""

    def __init__(self, start: Effect) -> None:
        parts = _flat(start)
        self._becomes: dict[Condition, bool] = {
            e.atom: e.becomes for e in parts if isinstance(e, Change)
        }
        # adds come after deletes
        self._becomes |= {
            e.atom: True for e in parts if isinstance(e, Change) and e.becomes
        }
        self._updates = {e.target: e for e in parts if isinstance(e, Update)}

    def before(self, condition: Condition) -> Condition | None:
        """Return what must hold before, so that ``condition`` holds after the start.

        None where the start makes it false.
        """
        negated = isinstance(condition, Not)
        atom = condition.part if isinstance(condition, Not) else condition
        if atom in self._becomes:
            return TRUE if self._becomes[atom] != negated else None
        return exchange_in_condition(condition, self.value)

    def value(self, part: Expression) -> Expression:
        """Return an expression for a number after the start, over those before."""
        update = self._updates.get(part) if isinstance(part, FunctionTerm) else None
        if update is None:
            return part
        if update.operator == "assign":
            return update.value
        sign = {"increase": "+", "decrease": "-", "scale-up": "*", "scale-down": "/"}
        return Arithmetic(sign[update.operator], (part, update.value))
