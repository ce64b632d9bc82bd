"""HTML for notebooks: escaped tables that take the notebook's own colours.

There is no script, and no colour of ink or paper is set: what is shown is as legible in
a dark notebook as in a light one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from jouleplan.energy.report.text import UNKNOWN, escaped, figure

Cell = str | float | None
"""Text, a number (three digits are shown), or None for what is not known."""

_RULE: Final = "1px solid rgba(128,128,128,.45)"
_TABLE: Final = (
    "border-collapse:collapse;margin:.3em 0;font-variant-numeric:tabular-nums"
)
_WORDS: Final = f"text-align:left;padding:.15em .7em;border-bottom:{_RULE}"
_NUMBER: Final = f"text-align:right;padding:.15em .7em;border-bottom:{_RULE}"


def html_table(
    head: Sequence[str], rows: Iterable[Sequence[Cell]], caption: str = ""
) -> str:
    """Return a table; columns of numbers are set to the right.

    Args:
        head: One a column.
        rows: Cells, escaped here.
        caption: Stands above it.
    """
    rows = [tuple(row) for row in rows]
    styles = [
        _NUMBER if rows and all(not isinstance(row[i], str) for row in rows) else _WORDS
        for i in range(len(head))
    ]
    top = "".join(
        f'<th scope="col" style="{style}">{escaped(name)}</th>'
        for name, style in zip(head, styles, strict=True)
    )
    body = "".join(
        "<tr>"
        + "".join(
            f'<td style="{style}">{escaped(cell_text(cell))}</td>'
            for cell, style in zip(row, styles, strict=True)
        )
        + "</tr>"
        for row in rows
    )
    above = (
        f'<caption style="text-align:left">{escaped(caption)}</caption>'
        if caption
        else ""
    )
    return (
        f'<table style="{_TABLE}">{above}<thead><tr>{top}</tr></thead>'
        f"<tbody>{body}</tbody></table>"
    )


def cell_text(cell: Cell) -> str:
    """Return a cell as text, not yet escaped."""
    if cell is None:
        return UNKNOWN
    if isinstance(cell, str):
        return cell
    return str(cell) if isinstance(cell, int) else figure(cell)
