"""Scene picture: a problem's scene with the sensed atoms beside `:init`, PNG or SVG."""

from __future__ import annotations

import os
from html import escape
from pathlib import Path
from typing import Final

from jouleplan.planner.errors import PlannerError
from jouleplan.planner.lint import Box, Lint

SUFFIXES: Final = (".png", ".svg")
WIDTH: Final = 640
HEIGHT: Final = 480
PANEL: Final = 380
LINE: Final = 18
SCALE: Final = 620.0
"""Pixels a metre in the side view."""
INK, GREEN, RED = "#222222", "#1b7837", "#b2182b"

Line = tuple[str, str]
"""A line of text and its colour."""


class PictureError(PlannerError, OSError):
    """A picture cannot be written where it was asked for."""


def check_picture(path: Path) -> None:
    """Check that a picture can be written.

    Raises:
        PictureError: ``path`` is neither PNG nor SVG, or its folder cannot be written.
    """
    if path.suffix.lower() not in SUFFIXES:
        raise PictureError(
            f"picture {str(path)!r}: allowed are {' and '.join(SUFFIXES)}; name it so"
        )
    folder = path.parent
    if path.is_dir() or not folder.is_dir() or not os.access(folder, os.W_OK):
        raise PictureError(
            f"picture {str(path)!r}: give a file in a folder that exists and may be "
            "written"
        )


def write_picture(path: Path, shown: Lint) -> None:
    """Write the scene of a problem: from the camera as PNG, from the side as SVG.

    Args:
        path: The file; its ending chooses.
        shown: Holds a scene, and for PNG its image.
    """
    if path.suffix.lower() == ".svg":
        path.write_text(_svg(shown), encoding="utf-8")
    else:
        _write_png(path, shown)


def lines(shown: Lint) -> list[Line]:
    """Return every atom of `:init` or of the scene, and whether both have it.

    What is beyond the arm follows them.
    """
    found: list[Line] = [(f"{shown.problem}: sensed beside :init", INK)]
    for atom in sorted(shown.init | shown.sensed):
        if atom not in shown.sensed:
            found.append((f"- {atom}  in :init, not sensed", RED))
        elif atom not in shown.init:
            found.append((f"+ {atom}  sensed, not in :init", RED))
        else:
            found.append((f"= {atom}", GREEN))
    found += [(f"! {b.object}: {b.property} beyond the arm", RED) for b in shown.beyond]
    return found


def _svg(shown: Lint) -> str:
    text = lines(shown)
    height = max(HEIGHT, LINE * (len(text) + 2))
    ground = HEIGHT - 60
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH + PANEL}" '
        f'height="{height}" font-family="monospace" font-size="13">',
        f'<rect width="{WIDTH + PANEL}" height="{height}" fill="#ffffff"/>',
        f'<rect y="{ground}" width="{WIDTH}" height="12" fill="#c8b89a"/>',
    ]
    # what is further from the eye is drawn first
    for box in sorted(shown.boxes, key=lambda b: b.centre[0]):
        parts += _rectangle(box, ground)
    for i, (line, color) in enumerate(text):
        parts.append(
            f'<text x="{WIDTH + 10}" y="{LINE * (i + 1)}" fill="{color}">'
            f"{escape(line)}</text>"
        )
    return "\n".join([*parts, "</svg>", ""])


def _rectangle(box: Box, ground: int) -> list[str]:
    """Return a body from the side: y to the right, z upwards."""
    width, height = box.size[1] * SCALE, box.size[2] * SCALE
    x = WIDTH / 2 + box.centre[1] * SCALE - width / 2
    y = ground - box.centre[2] * SCALE - height / 2
    red, green, blue = (round(255 * c) for c in box.color[:3])
    middle = y + height / 2 + 4
    return [
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" '
        f'fill="#{red:02x}{green:02x}{blue:02x}" stroke="#333333"/>',
        f'<text x="{x + width / 2:.1f}" y="{middle:.1f}" text-anchor="middle" '
        f'font-size="11" stroke="#ffffff" stroke-width="2.5" paint-order="stroke" '
        f'fill="#111111">{escape(box.name)}</text>',
    ]


def _write_png(path: Path, shown: Lint) -> None:
    from PIL import Image, ImageDraw

    assert shown.image is not None
    text = lines(shown)
    height = max(HEIGHT, LINE * (len(text) + 2))
    picture = Image.new("RGB", (WIDTH + PANEL, height), "white")
    picture.paste(Image.fromarray(shown.image), (0, 0))
    draw = ImageDraw.Draw(picture)
    for i, (line, color) in enumerate(text):
        draw.text((WIDTH + 10, 4 + LINE * i), line, fill=color)
    picture.save(path, format="PNG")
