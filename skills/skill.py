"""Skill: what carries out one ground operator, or one part of it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from jouleplan.domains.scene import Scene
from jouleplan.domains.skill_call import SkillCall
from jouleplan.skills.library import PolicySet

PhaseOf = Callable[[str], AbstractContextManager[None]]
"""Opens a metered phase by its name, e.g. ``Meter.phase``."""


class SkillOutcome(StrEnum):
    """How a skill ended, by its own account; effects are sensed afterwards."""

    DONE = "done"
    TIMEOUT = "timeout"
    DROPPED = "dropped"
    GUARD = "guard"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True)
class SkillResult:
    """What a skill reports.

    Attributes:
        outcome: How it ended.
        detail: The stage in which it ended and why, for the record.
    """

    outcome: SkillOutcome
    detail: str = ""

    @property
    def done(self) -> bool:
        """Whether it went to its end."""
        return self.outcome is SkillOutcome.DONE


@dataclass(frozen=True, slots=True)
class Workspace:
    """What a skill works with.

    Attributes:
        scene: The world and the arm.
        policies: One trained policy a stage.
        phase: Opens a metered phase.
        watchers: Called after every control step, e.g. to film or to disturb.
    """

    scene: Scene
    policies: PolicySet
    phase: PhaseOf
    watchers: list[Callable[[Scene], None]] = field(default_factory=list)


class Skill(Protocol):
    """Carries out one skill call on a workspace."""

    def __call__(self, workspace: Workspace, call: SkillCall) -> SkillResult:
        """Run until done, time-out or guard; leave the hand risen where it can."""
        ...
