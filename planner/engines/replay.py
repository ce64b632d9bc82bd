"""Turns an engine's steps into ground operators and checks them: none is trusted."""

from __future__ import annotations

from collections.abc import Iterable

from jouleplan.domains.symbols import Domain, GroundOperator, Operator, Problem
from jouleplan.planner.errors import ReplayError


def replay(
    domain: Domain, problem: Problem, steps: Iterable[tuple[str, ...]]
) -> tuple[GroundOperator, ...]:
    """Return the plan that ``steps`` name, applied from the initial state to the goal.

    Args:
        domain: The domain of the operators.
        problem: Where the plan starts, and what it must reach.
        steps: Operator name and objects per step, in lower case.

    Raises:
        ReplayError: A step names what does not exist, is not applicable, or the last
            state does not fulfil the goal.
    """
    plan = []
    state = problem.init
    for i, (name, *objects) in enumerate(steps, start=1):
        where = f"step {i}, {name}({', '.join(objects)})"
        operator = domain.operators.get(name)
        if operator is None:
            raise ReplayError(f"{where}: the domain has no such operator")
        _check_objects(domain, problem, operator, tuple(objects), where)
        ground = operator.ground(tuple(objects))
        if not ground.applicable(state):
            missing = sorted(map(str, ground.preconditions - state))
            excess = sorted(map(str, ground.negative_preconditions & state))
            faults = [f"{atom} is false" for atom in missing]
            faults += [f"{atom} is true" for atom in excess]
            raise ReplayError(f"{where}: not applicable, {', '.join(faults)}")
        state = ground.apply(state)
        plan.append(ground)
    if not problem.satisfied(state):
        missing = sorted(map(str, problem.goal - state))
        raise ReplayError(f"the plan ends without {', '.join(missing) or 'its goal'}")
    return tuple(plan)


def _check_objects(
    domain: Domain,
    problem: Problem,
    operator: Operator,
    objects: tuple[str, ...],
    where: str,
) -> None:
    """Raise unless ``objects`` fit the operator's parameters and equalities."""
    if len(objects) != len(operator.parameters):
        raise ReplayError(f"{where}: takes {len(operator.parameters)} objects")
    for given, kinds in zip(objects, operator.types, strict=True):
        kind = problem.objects.get(given)
        if kind is None:
            raise ReplayError(f"{where}: the problem has no object {given!r}")
        if not any(domain.is_a(kind, allowed) for allowed in kinds):
            raise ReplayError(f"{where}: {given!r} is no {'/'.join(kinds)}")
    value = dict(zip(operator.parameters, objects, strict=True))
    for left, right, equal in operator.equalities:
        if (value.get(left, left) == value.get(right, right)) != equal:
            raise ReplayError(f"{where}: its objects break an (in)equality")
