"""Words: a task and its operators as a person would tell them, e.g. to a policy.

Bodies are told apart within their scene: by their noun where there is one of a kind, by
colour, by where they stand as the camera in front sees them, else by their PDDL names.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from itertools import pairwise
from typing import Final

from jouleplan.domains.articulation import Array
from jouleplan.domains.binding import Binding
from jouleplan.domains.color_names import color_name
from jouleplan.domains.facts import TABLE
from jouleplan.domains.skill_call import SkillCall
from jouleplan.domains.symbols import GroundAtom, GroundOperator, Problem

_PLACE: Final = re.compile(r"\{([^{}]*)\}")
_SKILLS: Final = {
    "pick": "pick the {object}",
    "place": "place it on the {on}",
    "hover": "move over the {object}",
    "press": "press the {object}",
}
_APART_M: Final = 0.03
_SIDES: Final = {2: ("left", "right"), 3: ("left", "middle", "right")}
_ORDINALS: Final = ("first", "second", "third", "fourth", "fifth", "sixth")


class Words:
    """What is said of one scene.

    Args:
        binding: Bodies, skills, and what the domain.toml says in words.
        problem: Its objects and goal.
        axes: Fixed body -> its (x, y) [m], ``Scene.axes``.
    """

    def __init__(
        self, binding: Binding, problem: Problem, axes: Mapping[str, Array]
    ) -> None:
        """Find a phrase for every body."""
        self._binding, self._problem = binding, problem
        self._phrases = _phrases(binding, problem, axes)

    @property
    def task(self) -> str:
        """The whole task in words.

        What the domain.toml says it is; where it says nothing, or the goal is a single
        atom, the goal is told.
        """
        goals = [self.goal(atom) for atom in sorted(self._problem.goal)]
        whole = self._binding.words.task
        return whole if whole and len(goals) != 1 else " ".join(goals)

    def goal(self, atom: GroundAtom) -> str:
        """Return the sentence that asks for ``atom``."""
        given = self._binding.words.predicates.get(atom.predicate)
        if given is not None:
            places = self._binding.places[atom.predicate]
            return self._filled(given, dict(zip(places, atom.objects, strict=True)))
        said = [self.body(name) for name in atom.objects]
        kind = self._binding.classifiers.get(atom.predicate)
        if kind == "supported_by":
            return f"Put the {said[0]} on the {said[1]}."
        if kind == "on_table":
            return f"Put the {said[0]} on the table."
        first, *others = (*said, "")
        return " ".join(f"{first} {_plain(atom.predicate)} {' '.join(others)}".split())

    def operator(self, operator: GroundOperator) -> str:
        """Return the sentence that asks for a ground operator."""
        given = self._binding.words.operators.get(operator.name)
        if given is None:
            return self.calls(self._binding.calls(operator))
        places = self._binding.parameters[operator.name]
        return self._filled(given, dict(zip(places, operator.objects, strict=True)))

    def calls(self, calls: tuple[SkillCall, ...]) -> str:
        """Return the sentence that asks for skills, one after the other."""
        said = [
            self._filled(
                _SKILLS[call.skill], {"object": call.object, "on": call.on or TABLE}
            )
            for call in calls
        ]
        text = " and ".join(said)
        return f"{text[:1].upper()}{text[1:]}."

    def body(self, name: str) -> str:
        """Return what the object ``name`` is called, e.g. "red block"."""
        return self._phrases.get(name, _plain(name))

    def _filled(self, text: str, objects: Mapping[str, str]) -> str:
        return _PLACE.sub(lambda place: self.body(objects[place[1]]), text)


def _phrases(
    binding: Binding, problem: Problem, axes: Mapping[str, Array]
) -> dict[str, str]:
    """Return object -> phrase, no two alike."""
    nouns = {name: _noun(name, binding, problem) for name in binding.bodies}
    phrases = dict(nouns)
    for noun in _shared(phrases):
        for name in _called(noun, phrases):
            if binding.bodies[name].movable:
                phrases[name] = f"{color_name(binding.bodies[name].color)} {noun}"
    for phrase in _shared(phrases):
        phrases |= _sides(phrase, _called(phrase, phrases), axes)
    for phrase in _shared(phrases):
        phrases |= {name: f"{phrase} {name}" for name in _called(phrase, phrases)}
    return phrases


def _noun(name: str, binding: Binding, problem: Problem) -> str:
    given, kind = binding.words.objects, problem.objects[name]
    if name in given or kind in given:
        return given.get(name, given.get(kind, ""))
    if kind != "object":
        return _plain(kind)
    body = binding.bodies[name]
    shape = "block" if body.shape == "box" else body.shape
    return shape if body.movable or body.shape != "box" else _plain(name)


def _shared(phrases: Mapping[str, str]) -> list[str]:
    return [phrase for phrase, n in Counter(phrases.values()).items() if n > 1]


def _called(phrase: str, phrases: Mapping[str, str]) -> list[str]:
    return [name for name, said in phrases.items() if said == phrase]


def _sides(phrase: str, names: list[str], axes: Mapping[str, Array]) -> dict[str, str]:
    """Return phrases that tell fixed bodies in a row apart, from left to right."""
    if not all(name in axes for name in names) or len(names) > len(_ORDINALS):
        return {}
    row = sorted(names, key=lambda name: float(axes[name][1]))
    ways = [float(axes[b][1] - axes[a][1]) for a, b in pairwise(row)]
    if min(ways) < _APART_M:
        return {}
    words = _SIDES.get(len(row), _ORDINALS)
    end = "" if len(row) in _SIDES else " from the left"
    return {
        name: f"{word} {phrase}{end}" for word, name in zip(words, row, strict=False)
    }


def _plain(name: str) -> str:
    return name.replace("-", " ").replace("_", " ")
