"""Binding: what domain.toml ties to a problem's symbols; bodies, senses and skills."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from jouleplan.domains.arrangement import Layout
from jouleplan.domains.body import Body
from jouleplan.domains.body_table import read_bodies
from jouleplan.domains.errors import BindingError, UnknownObjectError
from jouleplan.domains.facts import CLASSIFIERS, TABLE
from jouleplan.domains.faults import Faults, Table, near_first, shown
from jouleplan.domains.operator_table import check_movable, read_calls
from jouleplan.domains.predicate_table import read_classifiers
from jouleplan.domains.skill_call import SKILL_ARGUMENTS, SkillCall
from jouleplan.domains.symbols import Domain, GroundOperator, Problem
from jouleplan.domains.word_table import WordTable, read_words

__all__ = ["SKILL_ARGUMENTS", "Binding", "SkillCall", "read_binding"]

VERSION: Final = 1
KEYS: Final = ("version", "domain", "objects", "predicates", "operators", "words")


@dataclass(frozen=True, slots=True)
class Binding:
    """The tie between one problem's symbols and physics.

    Attributes:
        bodies: Object -> its body, in the problem's order.
        classifiers: Every predicate -> the classifier that senses it, or "static".
        arguments: Every predicate -> per argument, the objects its types allow.
        parameters: Every operator -> its variables.
        skills: Every operator -> its skill calls, which hold these variables; of a
            skill that is several at one go, its parts.
        layout: Fixed body -> how it is laid out, "row" or in a grid.
        hands: The object that stands for the arm's hand and has no body, if any.
        words: How it is told to people.
        places: Every predicate -> its variables.
    """

    bodies: Mapping[str, Body]
    classifiers: Mapping[str, str]
    arguments: Mapping[str, tuple[tuple[str, ...], ...]]
    parameters: Mapping[str, tuple[str, ...]]
    skills: Mapping[str, tuple[SkillCall, ...]]
    layout: Mapping[str, Layout]
    hands: tuple[str, ...] = ()
    words: WordTable = field(default_factory=WordTable)
    places: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def calls(self, operator: GroundOperator) -> tuple[SkillCall, ...]:
        """Return the skills that carry out ``operator``, in their order.

        Raises:
            BindingError: No skills are bound to it, or one would move a fixed body or
            press what is no button.
            UnknownObjectError: An object has no body.
        """
        if operator.name not in self.skills:
            allowed = near_first(operator.name, self.skills)
            raise BindingError(
                (f"{operator}: no skills are bound to it; allowed: {allowed}",)
            )
        objects = dict(
            zip(self.parameters[operator.name], operator.objects, strict=True)
        )
        calls = tuple(call.ground(objects) for call in self.skills[operator.name])
        for call in calls:
            for name in (call.object, call.on):
                if name not in (None, TABLE) and name not in self.bodies:
                    raise UnknownObjectError(str(name), tuple(self.bodies))
            if not call.suits(self.bodies[call.object]):
                raise BindingError(
                    (
                        f"{operator}: {call.misfit}; narrow the "
                        "operator's parameter by a type",
                    )
                )
        return calls

    def skill_sets(self, usual: str) -> tuple[str, ...]:
        """Return the skill sets that carry something out, ``usual`` first.

        Args:
            usual: The one of operators that name none, and of what is put back.
        """
        named = {call.by for calls in self.skills.values() for call in calls if call.by}
        return (usual, *sorted(named - {usual}))


def read_binding(
    toml: Path,
    domain: Domain,
    problem: Problem,
    skills: Mapping[str, tuple[str, ...]] = SKILL_ARGUMENTS,
) -> Binding:
    """Return the binding that a domain.toml gives to a problem.

    Args:
        toml: The domain.toml; text with a closed vocabulary, nothing in it is run.
        domain: Its types, predicates and operators are what may be bound.
        problem: Its objects need bodies; its `:init` holds the static relations.
        skills: Skill -> the arguments it takes.

    Raises:
        BindingError: The file cannot be read, or does not fit; names every fault.
    """
    table, faults = _load(toml), Faults()
    _check_head(table, domain, faults)

    def section(name: str) -> Table:
        return faults.named(table.get(name, {}), name)

    def objects_of(types: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(
            name
            for name, kind in problem.objects.items()
            if any(domain.is_a(kind, t) or t == "object" for t in types)
        )

    bodies, layout, hands = read_bodies(section("objects"), domain, problem, faults)
    classifiers = read_classifiers(section("predicates"), domain, faults)
    calls = read_calls(section("operators"), domain, skills, faults)
    words = read_words(section("words"), domain, faults)
    _check_hands(classifiers, hands, faults)
    check_movable(calls, bodies, domain, problem, objects_of, faults)
    if faults.messages:
        raise BindingError(faults.messages, toml)
    return Binding(
        bodies=bodies,
        classifiers=classifiers,
        arguments={
            predicate.name: tuple(map(objects_of, predicate.types))
            for predicate in domain.predicates.values()
        },
        parameters={o.name: o.parameters for o in domain.operators.values()},
        skills={
            name: tuple(part for call in wholes for part in call.parts)
            for name, wholes in calls.items()
        },
        layout=layout,
        hands=hands,
        words=words,
        places={p.name: p.parameters for p in domain.predicates.values()},
    )


def _check_hands(
    classifiers: Mapping[str, str], hands: tuple[str, ...], faults: Faults
) -> None:
    """Add a fault where a classifier takes the hand and no object stands for it."""
    for predicate, source in classifiers.items():
        takes = source in CLASSIFIERS and CLASSIFIERS[source].hand is not None
        if takes and not hands:
            faults.add(
                f"predicates.{predicate}.sense",
                f"{source} takes an object that stands for the hand; give one the body "
                'kind = "hand", or sense otherwise',
            )


def _load(toml: Path) -> Table:
    """Return the parsed file."""
    try:
        return tomllib.loads(toml.read_text(encoding="utf-8-sig"))
    except tomllib.TOMLDecodeError as error:
        fault = f"is no valid TOML: {error}"
    except UnicodeDecodeError as error:
        fault = f"is no UTF-8 text: {error.reason} at byte {error.start}"
    except RecursionError:
        fault = "is nested too deeply"
    except OSError as error:
        fault = f"cannot be read: {error.strerror}"
    except ValueError as error:  # an integer of thousands of digits
        fault = f"is no valid TOML: {error}"
    raise BindingError((fault,), toml)


def _check_head(table: Table, domain: Domain, faults: Faults) -> None:
    """Add faults of the keys, the version and the domain's name."""
    for key in table:
        if key not in KEYS:
            faults.unknown(key, key, KEYS)
    version = table.get("version")
    if type(version) is not int or version != VERSION:
        given = "is missing" if version is None else f"{shown(version)} is not known"
        faults.add("version", f"{given}; write version = {VERSION}")
    name = table.get("domain")
    if not isinstance(name, str) or name.lower() != domain.name:
        given = "is missing" if name is None else f"{shown(name)} is another domain"
        faults.add("domain", f'{given}; the PDDL says domain = "{domain.name}"')
