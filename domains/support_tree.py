"""Checks that the supports a symbolic state names can stand, one body on another.

Every check yields its faults; together they let through only trees of bodies that rest
on the table or on fixed bodies, one body on each, on a zone as many as it has places.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from jouleplan.domains.spots import capacity

if TYPE_CHECKING:
    from jouleplan.domains.binding import Binding

Places = Mapping[str, Sequence[str]]
"""Body -> the supports that a state gives it, at least one."""


def misplaced(places: Places, held: Sequence[str], binding: Binding) -> Iterator[str]:
    """Yield a fault for every body not in exactly one place."""
    if len(held) > 1:
        yield f"{' and '.join(held)} are held: the gripper holds one object at most"
    for body in binding.bodies.values():
        on = [f"on {support}" for support in places.get(body.name, [])]
        where = [*on, "held"] if body.name in held else on
        if not body.movable and where:
            yield f"{body.name} is {' and '.join(where)} but its body is fixed"
        elif body.movable and not where:
            yield (
                f"{body.name} is on nothing and not held: every movable object needs "
                f"one {_sensing_predicates(binding)} in :init"
            )
        elif len(where) > 1:
            yield f"{body.name} is {' and '.join(where)}: it can be in one place only"


def _sensing_predicates(binding: Binding) -> str:
    """Return how this domain says where a body is, for a message."""
    names = [
        f"`{predicate}`"
        for classifier in ("supported_by", "supports", "on_table")
        for predicate, source in binding.classifiers.items()
        if source == classifier
    ]
    return " or ".join(names) or "predicate sensed by `supported_by` or `on_table`"


def crowded(places: Places, binding: Binding) -> Iterator[str]:
    """Yield a fault for every body that carries more than it can."""
    carried: defaultdict[str, list[str]] = defaultdict(list)
    for name, supports in places.items():
        for support in supports:
            carried[support].append(name)
    for support, body in binding.bodies.items():
        names = carried[support]
        if body.zone and len(names) > capacity(body.size):
            yield (
                f"{', '.join(names)} are on {support}: it has {capacity(body.size)} "
                "places; use fewer objects or a larger zone"
            )
        elif len(names) > 1 and not body.zone:
            yield (
                f"{' and '.join(names)} are on {support}: a body carries one other at "
                'most, unless it is fixed and has holds = "many"'
            )


def astray(over: Sequence[str], binding: Binding) -> Iterator[str]:
    """Yield a fault where the hand is not over exactly one zone, if that is sensed."""
    sensing = [p for p, c in binding.classifiers.items() if c == "hand_over"]
    if not sensing:
        return
    zones = [body.name for body in binding.bodies.values() if body.zone]
    if len(set(over)) != 1:
        yield (
            f"the hand is over {' and '.join(over) or 'no zone'}: give one "
            f"`{sensing[0]}` of these: {', '.join(zones) or 'none, it needs a zone'}"
        )
    for name in over:
        if name in binding.bodies and name not in zones:
            yield (
                f'`{sensing[0]}` of {name}: its body is no zone; give it holds = "many"'
            )


def rings(places: Places) -> Iterator[str]:
    """Yield a fault for every ring of bodies that rest on one another."""
    settled: set[str] = set()
    for start in places:
        path: list[str] = []
        body = start
        while body in places and body not in settled:
            settled.add(body)
            path.append(body)
            body = places[body][0]
        if body in path:
            ring = [*path[path.index(body) :], body]
            yield f"{' on '.join(ring)}: nothing holds this ring up"
