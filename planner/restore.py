"""RESTORE: what to do about loose objects, which no user's domain knows.

Every loose object goes back to where it last was: into the hand if it was held, else on
its last support, bottom up. Where that place is taken, it goes to one that some ground
operator could have given it and whose static preconditions hold, so that no rule of the
domain is broken; a spot on the table is a transient last resort.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from jouleplan.domains.binding import Binding
from jouleplan.domains.facts import TABLE, Facts
from jouleplan.domains.symbols import Domain, GroundOperator, Problem


@dataclass(frozen=True, slots=True)
class Restoration:
    """One pick, and the place it leads to.

    Attributes:
        object: The body to take, or the one already held.
        onto: Where to put it, best first; empty when it is to stay in the hand.
        reason: Why, for the record.
    """

    object: str
    onto: tuple[str, ...]
    reason: str


def next_restoration(
    now: Facts,
    last: Facts,
    heights: dict[str, float],
    domain: Domain,
    problem: Problem,
    binding: Binding,
) -> Restoration | None:
    """Return what to do first about the loose objects, or None if nothing is loose.

    Args:
        now: As sensed.
        last: The last facts without loose objects, with the effects that were sensed
            since.
        heights: Body -> height of its centre now [m]; the highest is taken first.
        domain: Its operators say which places are allowed.
        problem: Its static atoms say so, too.
        binding: Ties both to the bodies.
    """
    if not now.loose:
        return None
    if now.held is not None:
        places = (*_places(now.held, now, last, domain, problem, binding), TABLE)
        return Restoration(now.held, places, "the hand is needed for what is loose")
    if last.held in now.loose and last.held is not None:
        if len(now.loose) == 1:
            return Restoration(last.held, (), "was in the hand and lies loose")
    ready = [o for o in now.loose if _support_ready(o, now, last)]
    if ready:
        # of those whose place is ready, the one that nothing can lie on
        chosen = max(sorted(ready), key=lambda o: heights[o])
        places = (*_places(chosen, now, last, domain, problem, binding), TABLE)
        return Restoration(chosen, places, f"lies loose; was on {last.support[chosen]}")
    chosen = max(sorted(now.loose), key=lambda o: heights[o])
    places = (*_places(chosen, now, last, domain, problem, binding), TABLE)
    return Restoration(chosen, places, "lies loose and its place is taken")


def _support_ready(name: str, now: Facts, last: Facts) -> bool:
    """Return whether the last support of ``name`` stands and carries nothing."""
    support = last.support.get(name)
    return support is not None and _free(support, now)


def _free(support: str, now: Facts) -> bool:
    if support == TABLE:
        return True
    bare = support not in now.support.values()
    return bare and support not in now.loose and support != now.held


def _places(
    name: str,
    now: Facts,
    last: Facts,
    domain: Domain,
    problem: Problem,
    binding: Binding,
) -> Iterator[str]:
    """Yield the allowed free places of ``name``, its last support first."""
    allowed = dict.fromkeys(
        call.on
        for operator in _groundings(name, domain, problem, binding)
        for call in binding.calls(operator)
        if call.skill == "place" and call.object == name and call.on is not None
    )
    support = last.support.get(name)
    first = [support] if support is not None else []
    for place in dict.fromkeys((*first, *allowed)):
        if place != name and _free(place, now):
            yield place


def _groundings(
    name: str, domain: Domain, problem: Problem, binding: Binding
) -> Iterator[GroundOperator]:
    """Yield ground operators on ``name`` whose static preconditions hold."""
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
            ground = operator.ground(objects)
            held = {a for a in ground.preconditions if a.predicate in static}
            if held <= problem.init:
                yield ground
