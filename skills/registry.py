"""The skills that domain.toml may name."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from jouleplan.skills.hover import hover
from jouleplan.skills.move import move
from jouleplan.skills.pick import pick
from jouleplan.skills.place import place
from jouleplan.skills.press import press
from jouleplan.skills.skill import Skill

SKILLS: Final[Mapping[str, Skill]] = MappingProxyType(
    {"pick": pick, "place": place, "hover": hover, "press": press, "move": move}
)
"""Skill -> what carries it out; the names are ``SKILL_ARGUMENTS``'s."""
