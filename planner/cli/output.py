"""Output: one JSON document or text on stdout, everything else on stderr."""

from __future__ import annotations

import errno
import json
import os
import shlex
import sys
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from enum import IntEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from jouleplan.domains.errors import DomainError
from jouleplan.energy.errors import EnergyError
from jouleplan.planner.errors import PlannerError
from jouleplan.skills.errors import SkillError

if TYPE_CHECKING:
    from jouleplan.planner.solve import PlanStatus

USER_ERRORS = (DomainError, PlannerError, SkillError, EnergyError, OSError)
"""What a user can cause; any other exception is our own bug and shows its traceback."""

_ROOM: Final = "make room there, or name another place"
_ALLOWED: Final = "name a place that may be written, or have this one allowed"
_REMEDIES: Final[Mapping[int, str]] = MappingProxyType(
    {
        errno.ENOENT: "give a path in a folder that exists",
        errno.ENOTDIR: "give a path in a folder that exists",
        errno.EEXIST: "it is there, and is no folder: give another name",
        errno.EISDIR: "name a file in it",
        errno.EACCES: _ALLOWED,
        errno.EPERM: _ALLOWED,
        errno.EROFS: _ALLOWED,
        errno.ENOSPC: _ROOM,
        errno.EDQUOT: _ROOM,
        errno.EFBIG: _ROOM,
    }
)
"""Number of a system's error -> what to do."""


class ExitCode(IntEnum):
    """What the process's exit code means."""

    DONE = 0
    NOT_REACHED = 1
    BAD_INPUT = 2
    UNSOLVABLE = 3
    GAVE_UP = 4
    INTERRUPTED = 130
    BROKEN_PIPE = 141


def planning_code(status: PlanStatus) -> ExitCode:
    """Return the exit code of a planning that ended with ``status``."""
    from jouleplan.planner.solve import PlanStatus

    if status is PlanStatus.SOLVED:
        return ExitCode.DONE
    if status is PlanStatus.UNSOLVABLE:
        return ExitCode.UNSOLVABLE
    return ExitCode.GAVE_UP


def emit(document: Mapping[str, Any], text: str, as_json: bool) -> None:
    """Print the answer: the document as JSON, or the text for people."""
    if as_json:
        text = json.dumps(document, indent=2, allow_nan=False)
    print(harmless(text), flush=True)


def harmless(text: str) -> str:
    """Return ``text`` with control characters written out, as in a Python string.

    Names come from files of strangers, and a terminal obeys escape sequences in them.
    """
    return "".join(
        repr(c)[1:-1] if unicodedata.category(c) == "Cc" and c not in "\n\t" else c
        for c in text
    )


def fail(error: Exception, as_json: bool) -> ExitCode:
    """Say what is wrong; return the exit code of bad input."""
    message = _said(error)
    if as_json:
        document = {
            "status": "error",
            "error": message,
            "kind": type(error).__name__,
        }
        try:
            print(json.dumps(document, indent=2), flush=True)
        except BrokenPipeError:
            raise
        except OSError:  # it is stdout itself that cannot be written
            abandon_stdout()
    note(f"error: {message}")
    return ExitCode.BAD_INPUT


def abandon_stdout() -> None:
    """Let what was not written go; the interpreter would complain at its exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _said(error: Exception) -> str:
    """Return what is wrong; of the system's own errors also where and what to do."""
    if not isinstance(error, OSError) or error.errno is None:
        return str(error)
    where = error.filename
    if where is None and error.errno == errno.ENOENT:
        return "the working folder is gone: change to one that exists"
    # no file is named where an open one fails: stdout most likely, or a full disk
    what = str(error.strerror) if where is None else f"{where}: {error.strerror}"
    remedy = _REMEDIES.get(error.errno, "")
    return f"{what}; {remedy}" if remedy else what


def note(message: str) -> None:
    """Tell something that is not the answer."""
    print(f"jouleplan: {harmless(message)}", file=sys.stderr, flush=True)


def command_line(arguments: Sequence[str]) -> str:
    """Return the command that repeats this run."""
    return shlex.join(("jouleplan", *arguments))


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return aligned columns; numbers to the right."""
    cells = [[str(c) for c in row] for row in rows]
    widths = [max(len(r[i]) for r in (list(head), *cells)) for i in range(len(head))]
    right = [
        all(_numeric(row[i]) for row in cells) and bool(cells) for i in range(len(head))
    ]

    def line(row: Sequence[str]) -> str:
        padded = (
            cell.rjust(width) if at_right else cell.ljust(width)
            for cell, width, at_right in zip(row, widths, right, strict=True)
        )
        return "  ".join(padded).rstrip()

    return "\n".join((line(head), *(line(row) for row in cells)))


def _numeric(cell: str) -> bool:
    return cell == "-" or cell.replace(".", "").replace(",", "").isdigit()


def joules(energy_j: float | None) -> str:
    """Return an energy for a table [J]."""
    return "-" if energy_j is None else f"{energy_j:.2f}"
