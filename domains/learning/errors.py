"""Errors of transitions; each says which line, what was given and what is allowed."""

from __future__ import annotations

from pathlib import Path

from jouleplan.domains.errors import DomainError


class TransitionsError(DomainError):
    """A file of transitions that cannot be learned from.

    Attributes:
        file: The file as it was given.
        line: Line number, from 1; 0 where the whole file is meant.
        reason: What is wrong and what is allowed.
    """

    def __init__(self, file: Path, line: int, reason: str) -> None:
        """Hold where in ``file`` the fault is, and the ``reason``."""
        super().__init__(file, line, reason)
        self.file = file
        self.line = line
        self.reason = reason

    def __str__(self) -> str:
        """Return ``file:line: reason``."""
        where = f"{self.file}:{self.line}" if self.line else f"{self.file}"
        return f"{where}: {self.reason}"


class ContradictionError(DomainError):
    """Transitions of one operator that no lifted effects explain together.

    Attributes:
        line: Line of the transition that the others contradict.
        reason: What it shows, and which lines exclude that.
    """

    def __init__(self, line: int, reason: str) -> None:
        """Hold the ``line`` and the ``reason``."""
        super().__init__(line, reason)
        self.line = line
        self.reason = reason

    def __str__(self) -> str:
        """Return ``line N: reason``."""
        return f"line {self.line}: {self.reason}"
