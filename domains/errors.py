"""Errors of the domains folder; each says what was given, allowed, and what to do."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from pathlib import Path


class DomainError(ValueError):
    """Base of every error about a domain, a problem or their binding."""


# --- symbols: PDDL files, names of domains and problems, generated problems ---


class PddlError(DomainError):
    """A PDDL file that cannot be read.

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


class UnsupportedPddlError(PddlError):
    """A PDDL file that is well formed but uses a feature that is not read here.

    Attributes:
        feature: The feature, e.g. ``conditional effects (when)``.
    """

    def __init__(self, file: Path, line: int, feature: str) -> None:
        """Hold where in ``file`` the ``feature`` is used."""
        super().__init__(file, line, feature)
        self.feature = feature
        self.reason = (
            f"{feature}: not supported; allowed are STRIPS, types, constants, "
            "negative preconditions and equality. Rewrite it with these."
        )


class UnknownNameError(DomainError, LookupError):
    """A name that nothing carries.

    Attributes:
        kind: What was looked for, e.g. ``problem``.
        given: The name as it was given.
        allowed: The names that exist.
        near: Those of ``allowed`` that resemble ``given``, nearest first.
    """

    def __init__(
        self, kind: str, given: str, allowed: Iterable[str], hint: str = ""
    ) -> None:
        """Hold the ``given`` name, the ``allowed`` ones and what else may be given."""
        self.kind = kind
        self.given = given
        self.allowed = tuple(allowed)
        self.near = near_matches(given, self.allowed)
        self.hint = hint
        super().__init__(kind, given, self.allowed, hint)

    def __str__(self) -> str:
        """Return what was given, near matches, all names and the hint."""
        near = meant(self.given, self.allowed)
        listed = f"There are {', '.join(self.allowed) or 'none'}. {self.hint}"
        return f"unknown {self.kind} {self.given!r}; {near}{listed}".rstrip()


class ProblemSizeError(DomainError):
    """A size for which no problem can be generated."""


class GenerationError(DomainError):
    """No further problem can be generated: all are drawn, or none can be verified."""


class DomainNameError(DomainError):
    """A name that a PDDL domain cannot bear."""

    def __init__(self, name: str) -> None:
        """Hold the ``name`` as it was given."""
        super().__init__(name)
        self.name = name

    def __str__(self) -> str:
        """Return what was given and what is allowed."""
        return (
            f"{self.name!r} is no name for a domain; allowed are lower-case letters, "
            "digits, - and _, a letter first, e.g. sorting-2"
        )


class FolderExistsError(DomainError):
    """A folder that would be overwritten."""

    def __init__(self, folder: Path) -> None:
        """Hold the ``folder`` that is there already."""
        super().__init__(folder)
        self.folder = folder

    def __str__(self) -> str:
        """Return what is there and what to do."""
        return f"{self.folder} exists and is not overwritten; choose another name"


def near_matches(given: str, allowed: Iterable[str]) -> tuple[str, ...]:
    """Return up to three of ``allowed`` that resemble ``given``, nearest first."""
    by_lower = {name.lower(): name for name in allowed}
    close = difflib.get_close_matches(given.lower(), by_lower, n=3, cutoff=0.5)
    return tuple(by_lower[name] for name in close)


def meant(given: str, allowed: Iterable[str]) -> str:
    """Return "did you mean NAME? " for an error; "" where no name resembles it."""
    near = near_matches(given, allowed)
    return f"did you mean {' or '.join(near)}? " if near else ""


# --- binding: domain.toml, its bodies, the symbolic state they show ---


class BindingError(DomainError):
    """A domain.toml does not fit its domain and problem; names every fault.

    Attributes:
        file: The domain.toml, or None where no file is at fault.
        faults: One message a fault, each with what is allowed.
    """

    def __init__(self, faults: tuple[str, ...], file: Path | None = None) -> None:
        """Hold ``faults``, found in ``file``."""
        super().__init__(faults, file)
        self.faults = faults
        self.file = file

    def __str__(self) -> str:
        """Return the message."""
        where = "binding" if self.file is None else str(self.file)
        return f"{where}: {_listed(self.faults)}"


class InitialStateError(DomainError):
    """A symbolic state that no arrangement of bodies shows.

    Attributes:
        faults: One message a fault.
        problem: The problem's name.
    """

    def __init__(self, faults: tuple[str, ...], problem: str) -> None:
        """Hold ``faults``, found in the state of ``problem``."""
        super().__init__(faults, problem)
        self.faults = faults
        self.problem = problem

    def __str__(self) -> str:
        """Return the message."""
        return f"state of {self.problem}: {_listed(self.faults)}"


class UnknownObjectError(DomainError, LookupError):
    """An object that has no body.

    Attributes:
        name: The object asked for.
        allowed: The objects that have one.
    """

    def __init__(self, name: str, allowed: tuple[str, ...]) -> None:
        """Hold the ``name`` asked for and the ``allowed`` ones."""
        super().__init__(name, allowed)
        self.name = name
        self.allowed = allowed

    def __str__(self) -> str:
        """Return the message."""
        return (
            f"no body is named {self.name!r}; there are "
            f"{', '.join(self.allowed) or 'none'}. Every object of the problem gets "
            "its body from [objects] in domain.toml."
        )


# --- layout: places on the table ---


class LayoutError(DomainError):
    """A scene that does not fit on the table or in the arm's reach."""


def _listed(faults: tuple[str, ...]) -> str:
    """Return one fault as it is, several one a line under their number."""
    if len(faults) == 1:
        return faults[0]
    return "\n  - ".join((f"{len(faults)} faults:", *faults))
