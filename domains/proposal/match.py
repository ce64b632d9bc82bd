"""Match: how well skills do, physically, what an operator says, given classifiers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from jouleplan.domains.facts import placing
from jouleplan.domains.proposal.lifted import (
    Assignment,
    ImpossibleError,
    before,
    changes,
    sequences,
    touched,
)
from jouleplan.domains.proposal.switches import SWITCHED, pressed_by
from jouleplan.domains.skill_call import SkillCall
from jouleplan.domains.symbols import Domain, GroundAtom, Operator

UNBOUND: Final = 3.0
"""Cost of an operator that no skills carry out; a worse match is none."""
WRONG: Final = 1.5
"""Cost of an effect on what is sensed, by an operator that no skills carry out."""
SILENT: Final = 1.5
"""Cost of skills whose outcome, a new support or a full hand, no effect states."""
UNASKED: Final = 0.6
"""Cost of picking with a hand that may be full."""
UNKNOWN: Final = 1.0
MISSING: Final = 1.0
IDLE: Final = 0.6
"""Cost of an effect that states what was so before."""
STEP: Final = 0.1
"""Cost of each further skill: of two explanations the shorter one."""


@dataclass(frozen=True, slots=True)
class Match:
    """The skills of one operator.

    Attributes:
        calls: In their order, with the operator's variables; empty for a gap.
        cost: What speaks against it.
        doubts: Effects that physics does not show, and those that it adds, in words.
    """

    calls: tuple[SkillCall, ...]
    cost: float
    doubts: tuple[str, ...] = ()


def best_match(operator: Operator, assignment: Assignment, domain: Domain) -> Match:
    """Return the skills that fit ``operator`` best; none where nothing fits."""
    pressed = pressed_by(operator, assignment)
    if pressed is not None:
        return Match((pressed,), 0.0)
    best, most = None, UNBOUND
    for calls in sequences(operator, domain.constants):
        found = _match(operator, calls, assignment, domain, most)
        if found is not None and found.cost < most:
            best, most = found, found.cost
    if best is not None:
        return best
    # without skills nothing changes that could be sensed
    sensed = sum(assignment.get(a.predicate) is not None for a in changes(operator))
    return Match((), UNBOUND + WRONG * sensed)


def never_shown(
    operator: Operator, calls: Sequence[SkillCall], assignment: Assignment
) -> list[str]:
    """Return the effects of ``operator`` that cannot be sensed after ``calls``.

    Args:
        operator: Its effects are looked at.
        calls: What carries it out; skills that bind does not know are not judged.
        assignment: Predicate -> classifier; static predicates are left out.
    """
    if not {call.skill for call in calls} <= {"pick", "place", "hover", "press"}:
        return []
    done = ", ".join(map(str, calls))
    try:
        after = before(operator, assignment)
        for call in calls:
            after.act(call)
    except ImpossibleError as error:
        return [f"{error} contradicts its preconditions: {done} cannot be carried out"]
    found = []
    pressed = {call.object for call in calls if call.skill == "press"}
    for atom, becomes in sorted(changes(operator).items()):
        classifier = assignment.get(atom.predicate)
        if classifier in SWITCHED and atom.objects[0] not in pressed:
            found.append(f"{atom} is of no button that {done} presses")
        now = None if classifier is None else after.truth(classifier, atom.objects)
        if now is not None and now != becomes:
            found.append(
                f"{atom} should become {str(becomes).lower()}, but `{classifier}` is "
                f"{str(now).lower()} after {done}: bind another classifier or skill"
            )
    return found


def _match(
    operator: Operator,
    calls: list[SkillCall],
    assignment: Assignment,
    domain: Domain,
    most: float,
) -> Match | None:
    """Return how ``calls`` fit; None where they cannot, or cost more than ``most``."""
    cost, doubts = STEP * (len(calls) - 1), []
    try:
        known = before(operator, assignment)
        after = known.copy()
        unasked = known.empty is None and calls[0].skill == "pick"
        for call in calls:
            cost += after.act(call)
        # a hand that is seen to hold must be asked whether it is empty
        seen = {"held", "held_by"} & set(assignment.values())
        cost += UNASKED * (unasked and bool(seen))
        known.assume(calls[0])
    except ImpossibleError:
        return None
    said = changes(operator)
    cost += SILENT * (not _stated(calls[-1], said, assignment))
    for predicate, classifier in assignment.items():
        if classifier is None:
            continue
        atoms = {a for a in said if a.predicate == predicate}
        for terms in touched(classifier, known, calls):
            if _fits(operator, predicate, terms, domain):
                atoms.add(GroundAtom(predicate, terms))
        for atom in sorted(atoms):
            was = known.truth(classifier, atom.objects)
            now = after.truth(classifier, atom.objects)
            if None not in (said.get(atom), now) and said[atom] != now:
                return None  # the effect could never be sensed
            cost += IDLE * (was is not None and was == said.get(atom))
            for extra, doubt in _compare(atom, said.get(atom), was, now):
                cost += extra
                doubts.append(doubt)
        if cost >= most:
            return None
    return Match(tuple(calls), cost, tuple(doubts))


def _compare(
    atom: GroundAtom, said: bool | None, was: bool | None, now: bool | None
) -> Iterator[tuple[float, str]]:
    """Yield what speaks against one atom's effect, and how much it does."""
    if said is None:
        if now is not None and now != was:
            cost = MISSING if was is not None else MISSING / 2
            yield cost, f"{atom} becomes {str(now).lower()}, which no effect says"
    elif now is None:
        yield UNKNOWN * (2 if said else 1), f"{atom} does not follow from the skills"


def _stated(
    last: SkillCall, said: dict[GroundAtom, bool], assignment: Assignment
) -> bool:
    """Return whether an effect states what the last skill comes to."""
    senses = {"pick": ("held", "held_by"), "hover": ("hand_over",)}.get(last.skill, ())
    for atom, becomes in said.items():
        classifier = assignment.get(atom.predicate)
        if classifier is None or not becomes:
            continue
        if classifier in senses and atom.objects[0] == last.object:
            return True
        placed = placing(classifier, atom.objects)
        if last.on is not None and placed is not None and placed[0] == last.object:
            return True
    return False


def _fits(
    operator: Operator, predicate: str, terms: tuple[str, ...], domain: Domain
) -> bool:
    """Return whether the types of ``terms`` let ``predicate`` be sensed of them."""
    kinds = dict(zip(operator.parameters, operator.types, strict=True))
    for term, allowed in zip(terms, domain.predicates[predicate].types, strict=True):
        own = kinds.get(term) or (domain.constants.get(term, "object"),)
        if "object" not in allowed and not all(
            any(domain.is_a(kind, above) for above in allowed) for kind in own
        ):
            return False
    return True
