"""Body: what an object of a problem is in physics."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from jouleplan.domains.shapes import Form, Shape

Size = tuple[float, float, float]
"""Full extents along x, y, z [m]."""

Color = tuple[float, float, float, float]
"""Red, green, blue, opacity, each in [0, 1]."""

DEFAULT_MASS_KG: Final = 0.08
MOVABLE_PALETTE: Final = (
    "#d1495b",
    "#edae49",
    "#3d9970",
    "#30638e",
    "#8e6c8a",
    "#e07a5f",
    "#5fa8d3",
    "#a3b18a",
)
FIXED_PALETTE: Final = ("#8d8478",)


@dataclass(frozen=True, slots=True)
class Body:
    """A box, a button in one, or a form of several boxes, with a name.

    Attributes:
        name: The PDDL object's name.
        kind: "fixed" never moves; "movable" can be picked.
        shape: "box", "button" (a fixed housing whose cap can be pressed), "nut" or
            "post".
        size: Full extents (x, y, z) [m]: of the box, else of the part that the body's
            frame lies in: the handle that is grasped, the plate that is stood on.
        mass: Mass [kg]; 0 for a fixed body.
        color: Red, green, blue, opacity, each in [0, 1].
        holds: How many bodies stand on it side by side: "one", or "many" on a zone.
        form: Its boxes where it is no single one, else None.
    """

    name: str
    kind: Literal["fixed", "movable"]
    shape: Shape
    size: Size
    mass: float
    color: Color
    holds: Literal["one", "many"] = "one"
    form: Form | None = None

    @property
    def zone(self) -> bool:
        """Whether it carries many bodies side by side."""
        return self.holds == "many"

    @property
    def movable(self) -> bool:
        """Whether the arm can pick it."""
        return self.kind == "movable"

    @property
    def height(self) -> float:
        """Extent along z [m]."""
        return self.size[2]

    @property
    def width(self) -> float:
        """The smaller of the extents along x and y [m]."""
        return min(self.size[0], self.size[1])


def color_from_hex(text: str) -> Color:
    """Return the colour of ``#rrggbb`` or ``#rrggbbaa``.

    Raises:
        ValueError: ``text`` is neither.
    """
    digits = text.removeprefix("#")
    if not text.startswith("#") or len(digits) not in (6, 8) or not digits.isalnum():
        raise ValueError(f"{text!r} is no colour: write #rrggbb or #rrggbbaa")
    try:
        red, green, blue, opacity = bytes.fromhex(f"{digits}ff"[:8])
    except ValueError:
        raise ValueError(
            f"{text!r} is no colour: write #rrggbb or #rrggbbaa in hexadecimal digits"
        ) from None
    return (red / 255, green / 255, blue / 255, opacity / 255)
