"""Errors of policies that act from pixels, and of the servers they may run in."""

from __future__ import annotations

from jouleplan.skills.errors import SkillError


class WireError(SkillError):
    """Bytes that are no message, or a message that does not fit together."""


class PolicyServerError(SkillError):
    """A policy server that cannot be reached, hangs, fails, or answers nonsense."""


class DemosError(SkillError):
    """Demonstrations that are missing, damaged, or do not belong together."""


class MissingVlaError(SkillError, ImportError):
    """The extra that speaks to policy servers is not installed."""


class ArchitectureError(SkillError, ValueError):
    """An architecture that is asked for what it cannot do, or for memory it needs."""


class MissingArchitecturesError(SkillError, ImportError):
    """What builds architectures is not installed."""
