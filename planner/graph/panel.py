"""A part of a picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import SupportsFloat

from jouleplan.planner.graph.svg import element


@dataclass(frozen=True, slots=True)
class Panel:
    """Elements with their upper left corner at 0, 0.

    Attributes:
        width: [px].
        height: [px].
        body: The elements.
    """

    width: float
    height: float
    body: tuple[str, ...]

    def at(self, x: float, y: float) -> str:
        """Return the elements with the corner at ``x``, ``y``."""
        inner = "\n".join(("", *self.body, ""))
        return element("g", {"transform": f"translate({x:.0f} {y:.0f})"}, inner)


def number_text(value: SupportsFloat) -> str:
    """Return a number as short as it can be read, e.g. ``3``, ``0.25``."""
    return f"{float(value):.6g}"
