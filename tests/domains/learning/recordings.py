"""Small recordings, built by hand from short texts."""

from __future__ import annotations

from jouleplan.domains.language.model import (
    DomainModel,
    Fact,
    Schema,
    Signature,
)
from jouleplan.domains.learning.transition import Recording, Transition

TYPES = {"object": (), "place": ("object",), "box": ("place",)}
PREDICATES = {
    "on": Signature("on", (("?x", ("box",)), ("?y", ("place",)))),
    "free": Signature("free", (("?x", ("place",)),)),
    "idle": Signature("idle"),
}
MOVE = Schema("move", (("?b", ("box",)), ("?from", ("place",)), ("?to", ("place",))))


def facts(text: str) -> frozenset[Fact]:
    """Return facts from ``on a p, free q``."""
    return frozenset(tuple(part.split()) for part in text.split(",") if part.strip())


def recording(
    *lines: tuple[str, str, str],
    operators: tuple[Schema, ...] = (MOVE,),
    constants: tuple[str, ...] = (),
) -> Recording:
    """Return transitions (before, operator, after); constants are places."""
    domain = DomainModel(
        "boxes",
        frozenset(),
        TYPES,
        {name: ("place",) for name in constants},
        PREDICATES,
        {},
        {schema.name: schema for schema in operators},
    )
    found = []
    for i, (before, step, after) in enumerate(lines, start=2):
        name, *objects = step.split()
        found.append(Transition(i, name, tuple(objects), facts(before), facts(after)))
    return Recording(domain, tuple(found))
