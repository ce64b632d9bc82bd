"""Errors of graphs: what was given, what is allowed."""

from __future__ import annotations

from pathlib import Path

from jouleplan.planner.errors import PlannerError

FORMATS = (".svg", ".json", ".graphml")
"""Suffixes of the files that a graph can be written to."""


class GraphFormatError(PlannerError, ValueError):
    """A file whose suffix names no format that graphs are written in.

    Attributes:
        path: The file asked for.
        allowed: The suffixes that there are.
    """

    def __init__(self, path: Path, allowed: tuple[str, ...] = FORMATS) -> None:
        """Hold the ``path`` asked for and the ``allowed`` suffixes."""
        self.path, self.allowed = path, allowed
        super().__init__(path, allowed)

    def __str__(self) -> str:
        """Return what was given and which suffixes there are."""
        given = f"ends in {self.path.suffix!r}" if self.path.suffix else "has no suffix"
        return (
            f"no graph can be written to {str(self.path)!r}: it {given}; name a file "
            f"that ends in {', '.join(self.allowed)}"
        )
