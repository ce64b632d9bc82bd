"""Places: where the operators of a domain allow a body to be put."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product

from jouleplan.domains.binding import Binding
from jouleplan.domains.body import Body
from jouleplan.domains.facts import TABLE, Facts
from jouleplan.domains.spots import capacity
from jouleplan.domains.symbols import Domain, GroundOperator, Problem


def allowed_places(
    name: str, domain: Domain, problem: Problem, binding: Binding
) -> tuple[str, ...]:
    """Return the places that some ground operator gives to body ``name``.

    Only static preconditions are looked at, so a place may be taken at the moment.
    """
    return tuple(
        dict.fromkeys(
            call.on
            for operator in _groundings(name, domain, problem, binding)
            for call in binding.calls(operator)
            if call.skill == "place" and call.object == name and call.on is not None
        )
    )


def is_free(place: str, facts: Facts, bodies: Mapping[str, Body]) -> bool:
    """Return whether ``place`` stands firmly and has room; a table always.

    A zone has room for as many bodies as it has places, any other body for one.
    """
    if place == TABLE:
        return True
    body = bodies[place]
    room = capacity(body.size) if body.zone else 1
    bare = list(facts.support.values()).count(place) < room
    return bare and place not in facts.loose and place != facts.held


def _groundings(
    name: str, domain: Domain, problem: Problem, binding: Binding
) -> Iterator[GroundOperator]:
    """Yield ground operators that place ``name`` and whose static preconditions hold.

    Equalities and negative static preconditions count as static, too.
    """
    static = domain.static_predicates()
    for operator in domain.operators.values():
        calls = binding.skills[operator.name]
        if not any(call.skill == "place" for call in calls):
            continue
        choices = [
            [
                o
                for o, t in problem.objects.items()
                if any(domain.is_a(t, k) for k in ks)
            ]
            for ks in operator.types
        ]
        for i, parameter in enumerate(operator.parameters):
            if any(c.skill == "place" and c.object == parameter for c in calls):
                choices[i] = [name] if name in choices[i] else []
        for objects in product(*choices):
            named = dict(zip(operator.parameters, objects, strict=True))
            if any(
                (named.get(left, left) == named.get(right, right)) != equal
                for left, right, equal in operator.equalities
            ):
                continue
            ground = operator.ground(objects)
            held = {a for a in ground.preconditions if a.predicate in static}
            never = {a for a in ground.negative_preconditions if a.predicate in static}
            if held <= problem.init and not never & problem.init:
                yield ground
