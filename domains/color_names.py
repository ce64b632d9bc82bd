"""Colour names: what a person would call a body's colour."""

from __future__ import annotations

from typing import Final

from jouleplan.domains.body import Color, color_from_hex

COLOR_NAMES: Final = {
    "red": ("#d1495b", "#d00000"),
    "yellow": ("#edae49", "#f0e040"),
    "green": ("#3d9970", "#00a000"),
    "blue": ("#30638e", "#0000d0"),
    "purple": ("#8e6c8a", "#800080"),
    "orange": ("#e07a5f", "#f08000"),
    "light blue": ("#5fa8d3", "#90c8f0"),
    "light green": ("#a3b18a", "#90f090"),
    "brown": ("#8b5a2b", "#6b4423"),
    "pink": ("#f0a0b8", "#ff80c0"),
    "white": ("#f5f5f5",),
    "black": ("#202020",),
    "grey": ("#808080", "#8d8478", "#b8b8b8"),
}
"""Name -> examples; a colour has the name of the nearest one."""


def color_name(color: Color) -> str:
    """Return the name of the nearest example, by the distance of red, green, blue."""

    def distance(example: str) -> float:
        other = color_from_hex(example)
        return sum((a - b) ** 2 for a, b in zip(color[:3], other[:3], strict=True))

    return min(COLOR_NAMES, key=lambda name: min(map(distance, COLOR_NAMES[name])))
