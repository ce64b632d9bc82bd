"""Bodies: which objects are moved and which only support, and how large they are.

By type where types tell them apart; else by what `:init` says of each object, written
as patterns of names.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from graphlib import CycleError
from typing import Final, Literal

from jouleplan.domains.body_sizes import static_relations
from jouleplan.domains.facts import CLASSIFIERS, placing
from jouleplan.domains.proposal.assignment import Explained
from jouleplan.domains.proposal.roles import Roles, by_type
from jouleplan.domains.rank import ranks
from jouleplan.domains.symbols import Domain, Problem

NARROWEST_M: Final = 0.036
WIDEST_M: Final = 0.066
"""Well within what the gripper takes."""
STEP_M: Final = 0.004

Kind = Literal["fixed", "zone", "movable", "button", "hand", "gap"]


@dataclass(frozen=True, slots=True)
class Ranked:
    """A static order that sizes follow.

    Attributes:
        relation: The predicate.
        first: Whether its first argument is the narrower or the wider one.
        step: What each rank adds [m].
        reason: Why it is taken for one.
    """

    relation: str
    first: str
    step: float
    reason: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One table of [objects].

    Attributes:
        key: What follows ``objects.``, e.g. ``disk`` or ``match."p*"``.
        kind: Of the bodies; "zone" for a fixed one that carries many, "button" for one
            that is pressed, "gap" where nothing tells.
        reason: Why, in words.
        ranked: The order that widths follow, if any.
    """

    key: str
    kind: Kind
    reason: str
    ranked: Ranked | None = None


def propose_bodies(
    domain: Domain, problem: Problem | None, explained: Explained
) -> list[Entry]:
    """Return the tables of [objects], types before patterns and names."""
    roles = Roles(domain, explained)
    ranked = _order(domain, problem, roles)
    entries: list[Entry] = []
    for kind in _types(domain, problem):
        entries += _entries_of(kind, domain, problem, explained, roles, ranked)
    return entries


def _types(domain: Domain, problem: Problem | None) -> list[str]:
    """Return the types that objects may have: leaves, and those given in `:objects`."""
    parents = {up for up in domain.types.values() if up is not None}
    used = set(domain.constants.values())
    used |= set() if problem is None else set(problem.objects.values())
    leaves = [kind for kind in domain.types if kind not in parents]
    others = [kind for kind in (*domain.types, "object") if kind in used]
    return list(dict.fromkeys([*leaves, *others])) or ["object"]


def _entries_of(
    kind: str,
    domain: Domain,
    problem: Problem | None,
    explained: Explained,
    roles: Roles,
    ranked: Ranked | None,
) -> Iterator[Entry]:
    moved = by_type(kind, roles.moved, domain)
    if not moved:
        yield _unmoved(kind, domain, problem, roles)
        return
    reason = f"is moved by {', '.join(moved)}"
    members = dict(domain.constants if problem is None else problem.objects)
    own = [name for name, its in members.items() if its == kind]
    still: list[str] = []
    if problem is not None:
        placed = _placed(problem, explained)
        still = [name for name in own if name not in placed]
        reason += ", and in :init it stands on something" if still else ""
    else:
        places = {place for _, _, place in roles.places}
        still = [name for name in own if name in places]
        if kind == "object":
            reason += "; CHECK: without a problem nothing tells what only supports"
    if problem is None or len(still) < len(own) or not own:
        yield Entry(kind, "movable", reason, ranked)
    where = "" if problem is None else " in :init"
    groups = _groups(still, problem, explained)
    for role, names in groups.items():
        others = [name for name in own if name not in names]
        for key, said in _keys(names, others, list(members)):
            yield Entry(key, role, f"{said} {_SAID[role]}{where}")


def _unmoved(kind: str, domain: Domain, problem: Problem | None, roles: Roles) -> Entry:
    """Return the entry of a type that no operator moves."""
    under, above, hands, zones = (
        by_type(kind, role, domain)
        for role in (roles.under, roles.above, roles.hands, roles.zones)
    )
    if under:
        several = _carrying_many(problem, roles.explained)
        objects = {} if problem is None else problem.objects
        many = zones or [n for n in several if objects[n] == kind]
        if many:
            said = f"only supports others, many at once: {', '.join(many)}"
            return Entry(kind, "zone", said)
        return Entry(kind, "fixed", f"only supports others: {', '.join(under)}")
    if hands:
        return Entry(kind, "hand", f"holds what {', '.join(hands)} says")
    pressed = by_type(kind, roles.pressed, domain)
    if pressed:
        return Entry(kind, "button", f"is pressed by {', '.join(pressed)}")
    if above:
        said = f"stands on something ({', '.join(above)}), moved by none"
        return Entry(kind, "movable", said)
    reason = "no operator moves it and nothing rests on it: is it a body at all?"
    return Entry(kind, "gap", reason)


_SAID: Final[dict[Kind, str]] = {
    "fixed": "never on anything",
    "zone": "under many or under the hand",
    "hand": "what holds",
    "button": "pressed, and never on anything",
}


def _groups(
    still: Sequence[str], problem: Problem | None, explained: Explained
) -> dict[Kind, list[str]]:
    """Return what never moves as hands, buttons, zones and other fixed bodies."""
    zones, hands = set(_carrying_many(problem, explained)), set[str]()
    calls = [call for match in explained.matches.values() for call in match.calls]
    buttons = {call.object for call in calls if call.skill == "press"}
    for atom in problem.init if problem is not None else ():
        classifier = explained.classifiers.get(atom.predicate)
        if classifier == "hand_over":
            zones.add(atom.objects[0])
        place = None if classifier is None else CLASSIFIERS[classifier].hand
        if place is not None:
            hands.add(atom.objects[place])
    order: tuple[Kind, ...] = ("hand", "button", "zone", "fixed")
    groups: dict[Kind, list[str]] = {role: [] for role in order}
    for name in still:
        fits = (name in hands, name in buttons, name in zones, True)
        groups[order[fits.index(True)]].append(name)
    return {role: names for role, names in groups.items() if names}


def _carrying_many(problem: Problem | None, explained: Explained) -> list[str]:
    """Return the objects on which `:init` or the goal puts more than one."""
    found: set[str] = set()
    for state in () if problem is None else (problem.init, problem.goal):
        on = Counter(
            atom.objects[1]
            for atom in state
            if explained.classifiers.get(atom.predicate) == "supported_by"
        )
        found |= {name for name, count in on.items() if count > 1}
    return sorted(found)


def _placed(problem: Problem, explained: Explained) -> set[str]:
    """Return the objects that `:init` puts somewhere."""
    found: set[str] = set()
    for atom in problem.init:
        classifier = explained.classifiers.get(atom.predicate) or ""
        where = placing(classifier, atom.objects)
        if where is not None:
            found.add(where[0])
        elif classifier in ("held", "held_by"):
            found.add(atom.objects[0])
    return found


def _keys(
    still: Sequence[str], moved: Sequence[str], every: Sequence[str]
) -> Iterator[tuple[str, str]]:
    """Yield a key for each group of names, by pattern where that fits no other."""
    groups: dict[str, list[str]] = {}
    for name in still:
        groups.setdefault(name.rstrip("0123456789").rstrip("-_"), []).append(name)
    for stem, names in groups.items():
        pattern = f"{stem}*"
        clash = any(fnmatchcase(n, pattern) for n in every if n not in names)
        if stem and len(names) > 1 and not clash:
            yield f'match."{pattern}"', f"{', '.join(names)} are"
        else:
            for name in names:
                yield f"name.{name}", f"{name} is"


def _order(domain: Domain, problem: Problem | None, roles: Roles) -> Ranked | None:
    """Return the static relation that says what may be put on what, if it is an order.

    Between moved bodies alone: one that only ties bodies to places is no size.
    """
    static = domain.static_predicates()
    for operator, body, on in roles.places:
        kinds = dict(zip(operator.parameters, operator.types, strict=True)).get(on, ())
        both = any(_holds_moved(kind, roles, domain) for kind in kinds)
        for atom in sorted(operator.preconditions):
            ends = (body, on), (on, body)
            if atom.predicate not in static or atom.objects not in ends or not both:
                continue
            first = "narrower" if atom.objects == ends[0] else "wider"
            step = _step(atom.predicate, first, domain, problem, roles)
            if step is not None:
                rule = f"{operator.name} asks for {atom}"
                return Ranked(atom.predicate, first, step, rule)
    return None


def _holds_moved(kind: str, roles: Roles, domain: Domain) -> bool:
    """Return whether a variable of type ``kind`` may stand for a moved body."""
    return any(
        kind == "object" or moved == "object" or domain.is_a(moved, kind)
        for moved in roles.moved
    )


def _step(
    relation: str, first: str, domain: Domain, problem: Problem | None, roles: Roles
) -> float | None:
    """Return what each rank adds so that all fit the gripper; None for no order."""
    if problem is None:
        return STEP_M
    moved = sorted(_placed(problem, roles.explained))
    pairs = static_relations(domain, problem)[relation]
    below = pairs if first == "narrower" else [pair[::-1] for pair in pairs]
    try:
        highest = max(ranks(moved, below).values(), default=0)
    except CycleError:
        return None
    if highest == 0:
        return None
    # whole tenths of a millimetre, at most the default
    fitting = (WIDEST_M - NARROWEST_M) / highest
    return min(STEP_M, int(fitting * 1e4) / 1e4)
