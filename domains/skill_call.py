"""SkillCall: one skill to run for a ground operator."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

from jouleplan.domains.body import Body

SKILL_ARGUMENTS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "pick": ("object",),
        "place": ("object", "on"),
        "hover": ("object",),
        "press": ("object",),
        "move": ("object", "on"),
    }
)
"""Skill -> the arguments domain.toml gives it; "move" is pick and place at one go."""

PARTS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {"move": ("pick", "place")}
)
"""Skill -> the skills that do the same one after the other."""

MOVING: Final = frozenset(("pick", "place"))
"""Skills that move their object; those of others stay where they are."""

DEFAULT_RETRIES: Final = 2
MOST_RETRIES: Final = 5


@dataclass(frozen=True, slots=True)
class SkillCall:
    """A skill with its arguments; inside a Binding these may be variables.

    Attributes:
        skill: Name of the skill, e.g. "place".
        object: The body it acts on: movable; for "hover" the zone to go to, for "press"
            a button.
        on: The body to place it on, "table", or None where the skill takes none.
        retries: How often it may be tried again after a failure.
        by: What carries it out, one of ``SKILL_SETS``; None leaves that to the run.
        whole: The skill that this is a part of, e.g. "move"; None of one by itself.
    """

    skill: str
    object: str
    on: str | None = None
    retries: int = DEFAULT_RETRIES
    by: str | None = None
    whole: str | None = None

    def __str__(self) -> str:
        """Return e.g. ``place(d1, peg1)``."""
        arguments = (self.object,) if self.on is None else (self.object, self.on)
        return f"{self.skill}({', '.join(arguments)})"

    @property
    def moves(self) -> bool:
        """Whether the skill moves its object."""
        return self.skill in MOVING

    def suits(self, body: Body) -> bool:
        """Return whether the skill can act on ``body``."""
        if self.skill == "press":
            return body.shape == "button"
        if self.skill == "hover":
            return body.zone
        return body.movable

    @property
    def misfit(self) -> str:
        """What is wrong with a body that does not suit."""
        if self.skill == "press":
            return f"{self} presses what is no button"
        if self.skill == "hover":
            return f"{self} goes over what is no zone"
        return f"{self} moves a fixed body"

    @property
    def parts(self) -> tuple[SkillCall, ...]:
        """The calls that do the same one after the other; each knows its whole."""
        return tuple(
            replace(
                self,
                skill=part,
                on=self.on if "on" in SKILL_ARGUMENTS[part] else None,
                whole=self.skill,
            )
            for part in PARTS.get(self.skill, ())
        ) or (self,)

    def ground(self, objects: Mapping[str, str]) -> SkillCall:
        """Return the call with ``objects`` (variable -> object) for its variables."""
        on = None if self.on is None else objects.get(self.on, self.on)
        return replace(self, object=objects.get(self.object, self.object), on=on)
