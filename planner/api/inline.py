"""Inline: pictures and headings as HTML that a notebook keeps with its output."""

from __future__ import annotations

import base64
from typing import Final

from jouleplan.energy.report.text import escaped

GIF: Final = "image/gif"
PNG: Final = "image/png"
SVG: Final = "image/svg+xml"


def image(data: bytes, kind: str, alt: str) -> str:
    """Return a picture as HTML.

    An SVG goes into an ``img`` too: its names and styles stay apart from the page's,
    and nothing in it is run.

    Args:
        data: The picture's file.
        kind: Its media type.
        alt: What it shows, in words.
    """
    text = base64.b64encode(data).decode("ascii")
    return (
        f'<img src="data:{kind};base64,{text}" alt="{escaped(alt)}" '
        'style="max-width:100%;height:auto">'
    )


def paragraph(words: str, bold: bool = False) -> str:
    """Return a line of text, escaped."""
    text = f"<b>{escaped(words)}</b>" if bold else escaped(words)
    return f'<div style="margin:.3em 0">{text}</div>'


def folded(title: str, inner: str) -> str:
    """Return ``inner``, which is HTML, folded under ``title``."""
    return f"<details><summary>{escaped(title)}</summary>{inner}</details>"
