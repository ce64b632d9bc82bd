"""Facts: what rests on what, what is held, what is loose; and atoms from them.

Geometry-free: the sensing turns poses into Facts, this module turns Facts into atoms
by the classifiers that domain.toml names, and a symbolic state back into Facts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import TYPE_CHECKING, Final

from jouleplan.domains.errors import InitialStateError, UnknownObjectError
from jouleplan.domains.support_tree import astray, crowded, misplaced, rings
from jouleplan.domains.symbols import GroundAtom, Problem, State

if TYPE_CHECKING:
    from jouleplan.domains.binding import Binding

TABLE: Final = "table"
"""The table top, as a support; no object may bear this name."""

STATIC: Final = "static"
"""Stands for a classifier where a predicate is read from `:init`, never sensed."""


@dataclass(frozen=True, slots=True)
class Facts:
    """Where every movable body is.

    Attributes:
        support: Movable body -> the body it rests on, or ``TABLE``.
        held: The body in the gripper, or None; it is not in ``support``.
        loose: Bodies neither held nor properly supported; not in ``support``.
        over: The zone that the hand is over, or None where there are no zones.
        switches: Button -> whether it is on.
    """

    support: Mapping[str, str]
    held: str | None = None
    loose: frozenset[str] = frozenset()
    over: str | None = None
    switches: Mapping[str, bool] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Classifier:
    """Whether a relation holds of some bodies, given the facts.

    Attributes:
        name: The name domain.toml uses.
        arity: Number of objects it takes.
        holds: The pure test, (facts, bodies) -> bool.
        hand: Which of its arguments, from 0, is an object that stands for the arm's
            hand; None where all are bodies.
    """

    name: str
    arity: int
    holds: Callable[[Facts, tuple[str, ...]], bool]
    hand: int | None = None

    def __call__(self, facts: Facts, bodies: tuple[str, ...]) -> bool:
        """Return whether the relation holds of ``bodies``, (arity,) names."""
        return self.holds(facts, bodies)


def _supported_by(facts: Facts, bodies: tuple[str, ...]) -> bool:
    """Return whether the first body rests directly on the second."""
    return facts.support.get(bodies[0]) == bodies[1]


def _supports(facts: Facts, bodies: tuple[str, ...]) -> bool:
    """Return whether the second body rests directly on the first."""
    return facts.support.get(bodies[1]) == bodies[0]


def _nothing_on(facts: Facts, bodies: tuple[str, ...]) -> bool:
    """Return whether the body carries nothing and is neither held nor loose."""
    body = bodies[0]
    in_place = body != facts.held and body not in facts.loose
    return in_place and body not in facts.support.values()


def _something_on(facts: Facts, bodies: tuple[str, ...]) -> bool:
    """Return whether another body rests on the body."""
    return bodies[0] in facts.support.values()


def _carries_nothing(facts: Facts, bodies: tuple[str, ...]) -> bool:
    """Return whether no other body rests on the body, held or not."""
    return not _something_on(facts, bodies)


def _held(facts: Facts, bodies: tuple[str, ...]) -> bool:
    """Return whether the gripper holds the body."""
    return facts.held == bodies[0]


def _gripper_empty(facts: Facts, bodies: tuple[str, ...]) -> bool:
    """Return whether the gripper holds nothing."""
    return facts.held is None


def _gripper_full(facts: Facts, bodies: tuple[str, ...]) -> bool:
    """Return whether the gripper holds a body."""
    return facts.held is not None


def _on_table(facts: Facts, bodies: tuple[str, ...]) -> bool:
    """Return whether the body rests directly on the table."""
    return facts.support.get(bodies[0]) == TABLE


def _hand_over(facts: Facts, bodies: tuple[str, ...]) -> bool:
    """Return whether the hand is over the zone."""
    return facts.over == bodies[0]


def _switched_on(facts: Facts, bodies: tuple[str, ...]) -> bool:
    """Return whether the body is a button that is on."""
    return facts.switches.get(bodies[0]) is True


def _switched_off(facts: Facts, bodies: tuple[str, ...]) -> bool:
    """Return whether the body is a button that is off."""
    return facts.switches.get(bodies[0]) is False


CLASSIFIERS: Final[dict[str, Classifier]] = {
    c.name: c
    for c in (
        Classifier("supported_by", 2, _supported_by),
        Classifier("supports", 2, _supports),
        Classifier("nothing_on", 1, _nothing_on),
        Classifier("something_on", 1, _something_on),
        Classifier("carries_nothing", 1, _carries_nothing),
        Classifier("held", 1, _held),
        Classifier("gripper_empty", 0, _gripper_empty),
        Classifier("gripper_full", 0, _gripper_full),
        Classifier("on_table", 1, _on_table),
        Classifier("hand_over", 1, _hand_over),
        Classifier("held_by", 2, _held, hand=1),
        Classifier("hand_empty", 1, _gripper_empty, hand=0),
        Classifier("switched_on", 1, _switched_on),
        Classifier("switched_off", 1, _switched_off),
    )
}


def placing(classifier: str, terms: tuple[str, ...]) -> tuple[str, str] | None:
    """Return (body, what it rests on) where an atom sensed by ``classifier`` says so.

    Args:
        classifier: The one that senses the atom's predicate.
        terms: The atom's objects, or variables.
    """
    if classifier == "supported_by":
        return terms[0], terms[1]
    if classifier == "supports":
        return terms[1], terms[0]
    return (terms[0], TABLE) if classifier == "on_table" else None


def atoms_of(facts: Facts, binding: Binding, problem: Problem) -> State:
    """Return the atoms that ``facts`` show, and the static atoms of `:init`.

    Args:
        facts: Where every movable body is.
        binding: Names a classifier or "static" for each predicate.
        problem: Holds `:init`.

    Returns:
        Every true ground atom; arguments respect the predicate's types.

    Raises:
        UnknownObjectError: ``facts`` name a body the binding has not.
    """
    named = {*facts.support, *facts.support.values(), *facts.loose} - {TABLE}
    for name in sorted(named if facts.held is None else named | {facts.held}):
        if name not in binding.bodies:
            raise UnknownObjectError(name, tuple(binding.bodies))
    sensed = (
        GroundAtom(predicate, bodies)
        for predicate, source in binding.classifiers.items()
        if source != STATIC
        for bodies in product(*binding.arguments[predicate])
        if CLASSIFIERS[source](facts, bodies)
        and _takes(CLASSIFIERS[source], bodies, binding)
    )
    return frozenset(sensed) | static_atoms(problem.init, binding)


def _takes(classifier: Classifier, objects: tuple[str, ...], binding: Binding) -> bool:
    """Return whether hands stand where the classifier wants them, and only there."""
    if not binding.hands:
        return classifier.hand is None
    return all(
        (name in binding.hands) == (place == classifier.hand)
        for place, name in enumerate(objects)
    )


def static_atoms(state: State, binding: Binding) -> State:
    """Return the atoms of ``state`` whose predicates are never sensed."""
    return frozenset(a for a in state if binding.classifiers[a.predicate] == STATIC)


def facts_of(state: State, binding: Binding, problem: Problem) -> Facts:
    """Return the facts a symbolic state describes; the inverse of `atoms_of`.

    Reads the predicates sensed by ``supported_by``, ``supports``, ``on_table``,
    ``held``, ``held_by``, ``hand_over``, ``switched_on`` and ``switched_off``; what
    follows from them (clear, gripper empty) is left to `check_initial`.

    Args:
        state: E.g. `:init`; every movable body must be supported or held.
        binding: Names the bodies and the classifiers.
        problem: Names the state in errors.

    Returns:
        Facts without loose bodies.

    Raises:
        InitialStateError: A movable body has no or two supports or lies on itself,
            a body carries more than it can, two bodies are held, a body is unknown, or
            the hand is not over one zone.
    """
    places = _places(state, binding)
    held = _of_classifier(state, binding, "held", "held_by")
    grasped = sorted({a.objects[0] for a in held})
    over = [a.objects[0] for a in _of_classifier(state, binding, "hand_over")]
    faults = (
        *_unknown(state, binding),
        *misplaced(places, grasped, binding),
        *crowded(places, binding),
        *rings(places),
        *astray(over, binding),
    )
    if faults:
        raise InitialStateError(faults, problem.name)
    support = {body: on[0] for body, on in places.items()}
    hand, zone = grasped[0] if grasped else None, over[0] if over else None
    return Facts(support, hand, over=zone, switches=_switches(state, binding))


def check_initial(problem: Problem, sensed: State, binding: Binding) -> None:
    """Check that the classifiers give `:init` back.

    Args:
        problem: Holds `:init`.
        sensed: Atoms sensed on the scene that was built from `:init`.
        binding: Says which predicates are sensed; static ones are not compared.

    Raises:
        InitialStateError: Lists the atoms of `:init` that physics does not show, and
            those it shows that `:init` lacks.
    """
    given = problem.init - static_atoms(problem.init, binding)
    shown = sensed - static_atoms(sensed, binding)
    faults = [
        f"{atom} stands in :init but `{binding.classifiers[atom.predicate]}` "
        "does not show it: remove it or change what contradicts it"
        for atom in sorted(given - shown)
    ] + [
        f"{atom} is missing from :init: `{binding.classifiers[atom.predicate]}` "
        "shows it; add it or change what implies it"
        for atom in sorted(shown - given)
    ]
    if faults:
        raise InitialStateError(tuple(faults), problem.name)


def _of_classifier(state: State, binding: Binding, *names: str) -> list[GroundAtom]:
    """Return the atoms of ``state`` sensed by the classifiers ``names``, sorted."""
    return sorted(a for a in state if binding.classifiers[a.predicate] in names)


def _places(state: State, binding: Binding) -> dict[str, list[str]]:
    """Return body -> the supports that ``state`` gives it, each once."""
    places: defaultdict[str, list[str]] = defaultdict(list)
    for atom in sorted(state):
        placed = placing(binding.classifiers[atom.predicate], atom.objects)
        if placed is not None and placed[1] not in places[placed[0]]:
            places[placed[0]].append(placed[1])
    return dict(places)


def _switches(state: State, binding: Binding) -> dict[str, bool]:
    """Return button -> whether it is on; off where ``state`` says neither."""
    on = {a.objects[0] for a in _of_classifier(state, binding, "switched_on")}
    off = {a.objects[0] for a in _of_classifier(state, binding, "switched_off")}
    used = binding.classifiers.values()
    told_by_off = "switched_off" in used and "switched_on" not in used
    return {
        b.name: b.name not in off if told_by_off else b.name in on
        for b in binding.bodies.values()
        if b.shape == "button"
    }


def _unknown(state: State, binding: Binding) -> Iterator[str]:
    """Yield a fault for every object without a body."""
    sensed = (a for a in sorted(state) if binding.classifiers[a.predicate] != STATIC)
    for atom in sensed:
        for name in atom.objects:
            if name not in binding.bodies and name not in binding.hands:
                yield (
                    f"{atom}: no object is named {name!r}; "
                    f"there are {', '.join(binding.bodies)}"
                )
