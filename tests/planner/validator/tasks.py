"""Small tasks, built by hand from short texts."""

from collections.abc import Iterable, Mapping
from fractions import Fraction

from jouleplan.domains.language.features import Feature
from jouleplan.domains.language.model import (
    TRUE,
    And,
    Arithmetic,
    At,
    Atom,
    Axiom,
    Change,
    Compare,
    Condition,
    DomainModel,
    During,
    Effect,
    Effects,
    Expression,
    Fact,
    FunctionTerm,
    Metric,
    Number,
    Parameters,
    ProblemModel,
    Schema,
    Signature,
    Special,
    TaskModel,
    TimedChange,
    Update,
)
from jouleplan.domains.language.plan import Plan, Step


def atom(text: str) -> Atom:
    name, *terms = text.split()
    return Atom(name, tuple(terms))


def both(*parts: Condition) -> And:
    return And(parts)


def add(text: str) -> Change:
    return Change(atom(text), True)


def delete(text: str) -> Change:
    return Change(atom(text), False)


def effects(*parts: Effect) -> Effects:
    return Effects(parts)


def number(value: int | float | str | Fraction) -> Number:
    return Number(Fraction(str(value)))


def term(text: str) -> FunctionTerm:
    name, *terms = text.split()
    return FunctionTerm(name, tuple(terms))


def arithmetic(operator: str, *parts: Expression) -> Arithmetic:
    return Arithmetic(operator, parts)


def compare(
    left: Expression | str, operator: str, right: Expression | float
) -> Compare:
    first = term(left) if isinstance(left, str) else left
    second = number(right) if isinstance(right, int | float) else right
    return Compare(operator, first, second)


def update(operator: str, target: str, value: Expression | float) -> Update:
    amount = number(value) if isinstance(value, int | float) else value
    return Update(operator, term(target), amount)


def at(when: str, *parts: Effect) -> At:
    return At(when, effects(*parts) if len(parts) != 1 else parts[0])


def during(when: str, *parts: Condition) -> During:
    return During(when, both(*parts) if len(parts) != 1 else parts[0])


def variables(text: str) -> Parameters:
    """Read ``?a ?b:block ?c:box/car``."""
    found = []
    for word in text.split():
        name, _, types = word.partition(":")
        found.append((name, tuple((types or "object").split("/"))))
    return tuple(found)


def operator(
    name: str,
    condition: Condition = TRUE,
    effect: Effect = Effects(),  # noqa: B008
    parameters: str = "",
    kind: str = "action",
) -> Schema:
    return Schema(name, variables(parameters), condition, effect, kind=kind)


DURATION = Special("?duration")


def durative(
    name: str,
    condition: Condition = TRUE,
    effect: Effect = Effects(),  # noqa: B008
    duration: Condition | int = 5,
    parameters: str = "",
) -> Schema:
    if isinstance(duration, int):
        duration = compare(DURATION, "=", duration)
    return Schema(
        name, variables(parameters), condition, effect, duration, "durative-action"
    )


def task(
    *schemas: Schema,
    facts: str = "",
    goal: Condition = TRUE,
    objects: str = "",
    types: Mapping[str, tuple[str, ...]] | None = None,
    numbers: Mapping[str, float | Fraction] | None = None,
    axioms: Iterable[Axiom] = (),
    constraints: Condition = TRUE,
    metric: Metric | None = None,
    timed: Iterable[TimedChange] = (),
    features: Iterable[Feature] = (),
    functions: str = "",
) -> TaskModel:
    """Return a task; ``facts`` are parted by commas, ``objects`` read as variables."""
    domain = DomainModel(
        "small",
        frozenset(),
        types or {"object": ()},
        {},
        {},
        {name: Signature(name) for name in functions.split()},
        {schema.name: schema for schema in schemas},
        tuple(axioms),
        features=dict.fromkeys(features, 1),
    )
    problem = ProblemModel(
        "one",
        "small",
        dict(variables(objects)),
        frozenset(fact(text) for text in facts.split(",") if text.strip()),
        {fact(key): Fraction(str(value)) for key, value in (numbers or {}).items()},
        tuple(timed),
        goal,
        constraints,
        metric,
    )
    return TaskModel(domain, problem)


def fact(text: str) -> Fact:
    return tuple(text.split())


def plan(*texts: str) -> Plan:
    """Read steps ``move a b``, ``move a b @ 1.5`` and ``move a b @ 1.5 for 3``."""
    steps = []
    for text in texts:
        call, _, times = text.partition("@")
        name, *objects = call.split()
        start, _, duration = times.partition("for")
        steps.append(
            Step(
                name,
                tuple(objects),
                Fraction(start.strip()) if start.strip() else None,
                Fraction(duration.strip()) if duration.strip() else None,
            )
        )
    return tuple(steps)
