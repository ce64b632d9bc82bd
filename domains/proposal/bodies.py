"""Bodies: which objects are moved and which only support, and how large they are.

By type where types tell them apart; else by what `:init` says of each object, written
as patterns of names.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from graphlib import CycleError
from typing import Final, Literal

from jouleplan.domains.body_sizes import static_relations
from jouleplan.domains.facts import TABLE, placing
from jouleplan.domains.proposal.assignment import Explained
from jouleplan.domains.rank import ranks
from jouleplan.domains.symbols import Domain, Operator, Problem

NARROWEST_M: Final = 0.036
WIDEST_M: Final = 0.066
"""Well within what the gripper takes."""
STEP_M: Final = 0.004

Kind = Literal["fixed", "movable", "gap"]


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
        kind: Of the bodies; "gap" where nothing tells.
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
    roles = _Roles(domain, explained)
    ranked = _order(domain, problem, roles)
    entries: list[Entry] = []
    for kind in _types(domain, problem):
        entries += _entries_of(kind, domain, problem, explained, roles, ranked)
    return entries


class _Roles:
    """What operators do with their arguments: the types moved and those put upon."""

    def __init__(self, domain: Domain, explained: Explained) -> None:
        self.explained = explained
        self.moved: dict[str, list[str]] = {}
        self.under: dict[str, list[str]] = {}
        self.places: list[tuple[Operator, str, str]] = []
        for name, match in explained.matches.items():
            operator = domain.operators[name]
            kinds = dict(zip(operator.parameters, operator.types, strict=True))
            for call in match.calls:
                self._note(self.moved, kinds.get(call.object, ()), name)
                if call.on is not None and call.on != TABLE:
                    on = kinds.get(call.on) or (domain.constants.get(call.on, ""),)
                    self._note(self.under, on, name)
                    self.places.append((operator, call.object, call.on))
        for predicate, classifier in explained.classifiers.items():
            if classifier in ("supported_by", "supports"):
                last = -1 if classifier == "supported_by" else 0
                below = domain.predicates[predicate].types[last]
                self._note(self.under, below, predicate)

    @staticmethod
    def _note(roles: dict[str, list[str]], kinds: Iterable[str], by: str) -> None:
        for kind in kinds:
            if by not in roles.setdefault(kind, []):
                roles[kind].append(by)


def _types(domain: Domain, problem: Problem | None) -> list[str]:
    """Return the types that objects may have: leaves, and those given in `:objects`."""
    parents = {up for up in domain.types.values() if up is not None}
    used = set(domain.constants.values())
    used |= set() if problem is None else set(problem.objects.values())
    leaves = [kind for kind in domain.types if kind not in parents]
    others = [kind for kind in (*domain.types, "object") if kind in used]
    return list(dict.fromkeys([*leaves, *others])) or ["object"]


def _by(kind: str, roles: dict[str, list[str]], domain: Domain) -> list[str]:
    """Return what gives ``kind``, or a type above it, a role."""
    found = [
        by
        for above, names in roles.items()
        if above == "object" or domain.is_a(kind, above)
        for by in names
    ]
    return list(dict.fromkeys(found))


def _entries_of(
    kind: str,
    domain: Domain,
    problem: Problem | None,
    explained: Explained,
    roles: _Roles,
    ranked: Ranked | None,
) -> Iterator[Entry]:
    moved, under = _by(kind, roles.moved, domain), _by(kind, roles.under, domain)
    if not moved and not under:
        reason = "no operator moves it and nothing rests on it: is it a body at all?"
        yield Entry(kind, "gap", reason)
        return
    if not moved:
        yield Entry(kind, "fixed", f"only supports others: {', '.join(under)}")
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
    others = [name for name in own if name not in still]
    for key, names in _keys(still, others, list(members)):
        where = "" if problem is None else " in :init"
        yield Entry(key, "fixed", f"{names} never on anything{where}")


def _placed(problem: Problem, explained: Explained) -> set[str]:
    """Return the objects that `:init` puts somewhere."""
    found: set[str] = set()
    for atom in problem.init:
        classifier = explained.classifiers.get(atom.predicate) or ""
        where = placing(classifier, atom.objects)
        if where is not None:
            found.add(where[0])
        elif classifier == "held":
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


def _order(domain: Domain, problem: Problem | None, roles: _Roles) -> Ranked | None:
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


def _holds_moved(kind: str, roles: _Roles, domain: Domain) -> bool:
    """Return whether a variable of type ``kind`` may stand for a moved body."""
    return any(
        kind == "object" or moved == "object" or domain.is_a(moved, kind)
        for moved in roles.moved
    )


def _step(
    relation: str, first: str, domain: Domain, problem: Problem | None, roles: _Roles
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
