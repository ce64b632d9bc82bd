"""RESTORE: what to do about loose objects, which no user's domain knows.

So is a held object to a domain whose every operator puts down only what it has taken
itself: where one ends half way, no operator goes on. It is put back first.

Every loose object goes back to where it last was: into the hand if it was held, else on
its last support, bottom up. Where that place is taken, it goes to one that some ground
operator could have given it and whose static preconditions hold, so that no rule of the
domain is broken; a spot on the table is a transient last resort.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from jouleplan.domains.binding import Binding
from jouleplan.domains.facts import TABLE, Facts
from jouleplan.domains.symbols import Domain, Problem
from jouleplan.planner.places import allowed_places, is_free

LYING_ON_M: Final = 0.02
"""A loose body so much higher than another may lie on it, and is taken first."""
LOST_BELOW_M: Final = -0.05
"""A body whose centre is lower has left the table."""


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


def is_astray(facts: Facts, binding: Binding) -> bool:
    """Return whether an object is where no operator of the domain finds it."""
    return bool(facts.loose) or (facts.held is not None and not _goes_on(binding))


def fallen(now: Facts, heights: dict[str, float]) -> str | None:
    """Return a loose body that fell off the table, where no hand reaches; else None.

    Args:
        now: As sensed.
        heights: Body -> height of its centre now [m].
    """
    return next((name for name in now.loose if heights[name] < LOST_BELOW_M), None)


def next_restoration(
    now: Facts,
    last: Facts,
    heights: dict[str, float],
    domain: Domain,
    problem: Problem,
    binding: Binding,
) -> Restoration | None:
    """Return what to do first about what is astray, or None if nothing is.

    Args:
        now: As sensed.
        last: The last facts without loose objects, with the effects that were sensed
            since.
        heights: Body -> height of its centre now [m]; the highest is taken first.
        domain: Its operators say which places are allowed.
        problem: Its static atoms say so, too.
        binding: Ties both to the bodies.
    """
    if not is_astray(now, binding):
        return None
    if now.held is not None:
        places = (*_places(now.held, now, last, domain, problem, binding), TABLE)
        places = tuple(dict.fromkeys(places))
        reason = "is held, and no operator goes on from there"
        if now.loose:
            reason = "the hand is needed for what is loose"
        return Restoration(now.held, places, reason)
    if last.held is not None and now.loose == {last.held} and _goes_on(binding):
        return Restoration(last.held, (), "was in the hand and lies loose")
    highest = max(sorted(now.loose), key=lambda o: heights[o])
    # of those whose place is ready the highest, unless another may lie on it
    ready = [o for o in now.loose if _support_ready(o, now, last, binding)]
    chosen = max(sorted(ready), key=lambda o: heights[o], default=highest)
    reason = f"lies loose; was on {last.support.get(chosen)}"
    if not ready or heights[highest] > heights[chosen] + LYING_ON_M:
        chosen, reason = highest, "lies loose and its place is taken"
    places = (*_places(chosen, now, last, domain, problem, binding), TABLE)
    return Restoration(chosen, tuple(dict.fromkeys(places)), reason)


def _goes_on(binding: Binding) -> bool:
    """Return whether some operator puts down what was in the hand before it."""
    for calls in binding.skills.values():
        taken = set()
        for call in calls:
            if call.skill == "pick":
                taken.add(call.object)
            elif call.skill == "place" and call.object not in taken:
                return True
    return False


def _support_ready(name: str, now: Facts, last: Facts, binding: Binding) -> bool:
    """Return whether the last support of ``name`` stands and has room."""
    support = last.support.get(name)
    return support is not None and is_free(support, now, binding.bodies)


def _places(
    name: str,
    now: Facts,
    last: Facts,
    domain: Domain,
    problem: Problem,
    binding: Binding,
) -> Iterator[str]:
    """Yield the allowed free places of ``name``, its last support first."""
    allowed = allowed_places(name, domain, problem, binding)
    support = last.support.get(name)
    # sorting is stable: the last support, where it is allowed, comes first
    for place in sorted(allowed, key=lambda p: (p != support, p == TABLE)):
        if place != name and is_free(place, now, binding.bodies):
            yield place
