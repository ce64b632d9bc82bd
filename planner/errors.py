"""Errors of the planner folder; a plan that is not found is a result, not an error."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from pathlib import Path


class PlannerError(Exception):
    """Base of every error of the planner."""


class UnknownEngineError(PlannerError, LookupError):
    """An engine that is not registered.

    Attributes:
        name: The engine asked for.
        allowed: The registered ones, and ``auto``.
    """

    def __init__(self, name: str, allowed: Iterable[str]) -> None:
        """Hold the ``name`` asked for and the ``allowed`` ones."""
        self.name = name
        self.allowed = tuple(allowed)
        super().__init__(name, self.allowed)

    def __str__(self) -> str:
        """Return what was given, near matches and all engines."""
        near = difflib.get_close_matches(self.name.lower(), self.allowed, n=2)
        hint = f"did you mean {' or '.join(near)}? " if near else ""
        return (
            f"unknown engine {self.name!r}; {hint}There are {', '.join(self.allowed)}."
        )


class LimitError(PlannerError, ValueError):
    """A time or memory limit that no engine can keep."""


class MissingEngineError(PlannerError, ImportError):
    """An engine whose package is not installed."""


class UnfitEngineError(PlannerError, LookupError):
    """An engine that cannot do what a task or an option asks for."""


class CostsError(PlannerError, ValueError):
    """A file of costs that cannot be read or does not fit the task."""

    def __init__(self, file: Path, reason: str) -> None:
        """Hold the ``file`` and what is wrong with it."""
        self.file, self.reason = file, reason
        super().__init__(file, reason)

    def __str__(self) -> str:
        """Return ``file: reason``."""
        return f"{self.file}: {self.reason}"


class MisfitError(PlannerError, ValueError):
    """A drawn problem that cannot be solved, laid out or sensed.

    Attributes:
        kind: Which of these, in two words.
        reason: Why; names the object.
    """

    def __init__(self, kind: str, reason: str) -> None:
        """Hold the ``kind`` and the ``reason``."""
        self.kind, self.reason = kind, reason
        super().__init__(kind, reason)

    def __str__(self) -> str:
        """Return ``kind, reason``."""
        return f"{self.kind}, {self.reason}"


class UnboundDomainError(PlannerError, LookupError):
    """A domain without domain.toml: it can be planned, not executed."""

    def __init__(self, name: str, folder: Path) -> None:
        """Hold the domain's name and the folder that lacks a domain.toml."""
        self.name, self.folder = name, folder
        super().__init__(name, folder)

    def __str__(self) -> str:
        """Return what is missing and what to do."""
        return (
            f"domain {self.name!r} has no domain.toml in {self.folder}: it can be "
            "planned (jouleplan plan) but not executed; propose one by `jouleplan bind`"
        )


class ConditionError(PlannerError, ValueError):
    """Conditions under which no episode can run."""


class ComparisonError(PlannerError, ValueError):
    """What cannot be compared."""


class PlayError(PlannerError):
    """A folder of play that is missing, damaged, or holds something else."""


class DemosFolderError(PlannerError):
    """A folder of demonstrations that is damaged, or holds something else."""


class DemonstrationError(PlannerError):
    """Demonstrations that do not come about: episode after episode fails."""
