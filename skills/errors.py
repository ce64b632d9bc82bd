"""Errors of the skills folder."""

from __future__ import annotations


class SkillError(ValueError):
    """Base of this folder's errors."""


class PolicyFileError(SkillError):
    """A policy file is missing, damaged or of another shape."""


class PolicyOutputError(SkillError):
    """A policy answered with something that is no action."""


class NoPlaceError(SkillError):
    """There is no free place for a body where it shall be put."""


class TrainingError(SkillError):
    """A training cannot start or go on."""
