"""Preferences of the goal as costs: what is not kept is paid for.

A last phase of the plan decides each preference: its operator ``keep`` needs the
condition and is free, ``forgo`` needs nothing and costs what the metric states.

Source: Keyder and Geffner 2009, Soft Goals Can Be Compiled Away, JAIR 36.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product

from jouleplan.domains.language.model import (
    And,
    Arithmetic,
    Atom,
    Change,
    Condition,
    Expression,
    Forall,
    FunctionTerm,
    Metric,
    Number,
    Preference,
    Schema,
    Signature,
    Special,
    TaskModel,
    Update,
    Violations,
)
from jouleplan.domains.language.plan import Plan
from jouleplan.domains.language.walk import condition_parts, updates
from jouleplan.planner.lowering.lowered import Lowered, LoweringError
from jouleplan.planner.lowering.rebuild import conjoin, join
from jouleplan.planner.lowering.substitute import bind_condition

_FIRST = "decide-preferences"


@dataclass(frozen=True, slots=True)
class _Weights:
    """A metric as a sum: of violations by name, of one function, and of steps."""

    violations: Mapping[str, Fraction]
    functions: Mapping[str, Fraction]
    steps: Fraction


def priced(task: TaskModel) -> Lowered:
    """Return ``task`` with the preferences of its goal as costs.

    Raises:
        LoweringError: A preference is a trajectory constraint or stands elsewhere than
            in the goal, or the metric is no sum that rewards keeping them.
    """
    domain, problem = task.domain, task.problem
    hard, soft = _split(task)
    weights = _weights(problem.metric)
    total = _free("violations", domain.functions)
    schemas = {name: _before(s, weights, total) for name, s in domain.schemas.items()}
    phase, changing = _names(domain.predicates)
    done = [f"{phase}-{i}" for i in range(len(soft) + 1)]
    operators: dict[str, Schema] = {
        done[0]: Schema(
            done[0],
            (),
            Atom(changing),
            join(Change(Atom(changing), False), Change(Atom(done[0]), True)),
        )
    }
    for i, preference in enumerate(soft, start=1):
        price = weights.violations.get(preference.name, Fraction(0))
        if price < 0:
            raise LoweringError("the metric rewards violating a preference")
        mark = join(Change(Atom(done[i - 1]), False), Change(Atom(done[i]), True))
        keep, forgo = f"keep-{done[i]}", f"forgo-{done[i]}"
        ready = Atom(done[i - 1])
        operators[keep] = Schema(keep, (), conjoin(ready, preference.part), mark)
        cost = Update("increase", FunctionTerm(total), Number(price))
        operators[forgo] = Schema(forgo, (), ready, join(mark, cost) if price else mark)
    schemas = {
        name: replace(s, condition=conjoin(Atom(changing), s.condition))
        for name, s in schemas.items()
    }
    names = [changing, *done]
    return Lowered(
        replace(
            domain,
            # what is preferred names objects, and stands in operators now
            constants=problem.objects,
            predicates={**domain.predicates, **{n: Signature(n) for n in names}},
            functions={**domain.functions, total: Signature(total)},
            schemas={**schemas, **operators},
        ),
        replace(
            problem,
            facts=problem.facts | {(changing,)},
            numbers={**problem.numbers, (total,): Fraction(0)},
            goal=conjoin(hard, Atom(done[-1])),
            metric=Metric("minimize", FunctionTerm(total)),
        ),
        restore=lambda plan: _own(plan, domain.schemas),
    )


def _own(plan: Plan, schemas: Mapping[str, Schema]) -> Plan:
    """Return the steps of ``plan`` that are the task's own."""
    return tuple(step for step in plan if step.operator in schemas)


def _names(taken: Mapping[str, object]) -> tuple[str, str]:
    return _free(_FIRST, taken), _free("preferences-open", taken)


def _free(wanted: str, taken: Mapping[str, object]) -> str:
    while any(name.startswith(wanted) for name in taken):
        wanted += "-x"
    return wanted


def _split(task: TaskModel) -> tuple[Condition, list[Preference]]:
    """Return the goal without its preferences, and these, each for its objects."""
    goal = task.problem.goal
    parts = goal.parts if isinstance(goal, And) else (goal,)
    hard: list[Condition] = []
    soft: list[Preference] = []
    for part in parts:
        found = list(_instances(part, task))
        if found:
            soft.extend(found)
        elif isinstance(part, Preference) or _holds_preference(part):
            raise LoweringError("a preference inside another condition")
        else:
            hard.append(part)
    return conjoin(*hard), soft


def _holds_preference(condition: Condition) -> bool:
    return any(isinstance(part, Preference) for part in condition_parts(condition))


def _instances(condition: Condition, task: TaskModel) -> Iterator[Preference]:
    """Yield a preference for each object that ``forall`` around it names."""
    if isinstance(condition, Preference):
        yield condition
    elif isinstance(condition, And):
        inner = [list(_instances(part, task)) for part in condition.parts]
        if inner and all(inner):
            for found in inner:
                yield from found
    elif isinstance(condition, Forall):
        choices = [list(task.objects_of(kinds)) for _, kinds in condition.parameters]
        variables = [variable for variable, _ in condition.parameters]
        for objects in product(*choices):
            binding = dict(zip(variables, objects, strict=True))
            yield from _instances(bind_condition(condition.part, binding), task)


def _weights(metric: Metric | None) -> _Weights:
    """Return a metric as weights; without one, preferences weigh nothing."""
    violations: dict[str, Fraction] = {}
    functions: dict[str, Fraction] = {}
    steps = [Fraction(0)]

    def add(expression: Expression, factor: Fraction) -> None:
        if isinstance(expression, Violations):
            before = violations.get(expression.name, Fraction(0))
            violations[expression.name] = before + factor
        elif isinstance(expression, FunctionTerm) and not expression.terms:
            functions[expression.name] = functions.get(expression.name, 0) + factor
        elif isinstance(expression, Special) and expression.word == "total-time":
            steps[0] += factor
        elif isinstance(expression, Arithmetic):
            _add_parts(expression, factor, add)
        elif not isinstance(expression, Number):
            raise LoweringError("a metric that is no weighted sum")

    if metric is not None:
        sign = Fraction(1 if metric.sense == "minimize" else -1)
        add(metric.expression, sign)
    if steps[0] < 0 or any(w < 0 for w in functions.values()):
        raise LoweringError("a metric that rewards costs")
    return _Weights(violations, functions, steps[0])


def _add_parts(expression: Arithmetic, factor: Fraction, add: object) -> None:
    assert callable(add)
    parts = expression.parts
    if expression.operator == "+":
        for part in parts:
            add(part, factor)
    elif expression.operator == "-":
        if len(parts) == 2:
            add(parts[0], factor)
        add(parts[-1], -factor)
    else:
        numbers = [p.value for p in parts if isinstance(p, Number)]
        others = [p for p in parts if not isinstance(p, Number)]
        if len(others) > 1 or (expression.operator == "/" and others != [parts[0]]):
            raise LoweringError("a metric that is no weighted sum")
        for number in numbers:
            factor = factor * number if expression.operator == "*" else factor / number
        for other in others:
            add(other, factor)


def _before(schema: Schema, weights: _Weights, total: str) -> Schema:
    """Return an operator of the task that pays into ``total`` too."""
    paid: list[Expression] = [Number(weights.steps)] if weights.steps else []
    for update, conditional in updates(schema.effect):
        weight = weights.functions.get(update.target.name)
        if not weight:
            continue
        if conditional or update.operator != "increase" or update.target.terms:
            raise LoweringError("a metric over numbers that do more than add up")
        paid.append(
            update.value
            if weight == 1
            else Arithmetic("*", (Number(weight), update.value))
        )
    if not paid:
        return schema
    value = paid[0] if len(paid) == 1 else Arithmetic("+", tuple(paid))
    cost = Update("increase", FunctionTerm(total), value)
    return replace(schema, effect=join(schema.effect, cost))
