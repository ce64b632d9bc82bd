"""A chart: its drawing, its caption, and the same figures as a table."""

from __future__ import annotations

from dataclasses import dataclass

from jouleplan.energy.report.charts.svg import STYLE
from jouleplan.energy.report.text import escaped

Rows = tuple[tuple[str, ...], ...]
"""Cells of a table, as text that is not yet escaped."""


@dataclass(frozen=True, slots=True, repr=False)
class Chart:
    """One chart of the report; a notebook shows it as it stands.

    Attributes:
        name: Which chart it is, e.g. ``per-episode``.
        title: Its heading.
        caption: Unit, quality, n, seeds and runs of its figures.
        svg: The drawing; empty where there is nothing to draw.
        head: Heads of the columns of its table.
        rows: The drawn figures as text.
    """

    name: str
    title: str
    caption: str
    svg: str
    head: tuple[str, ...]
    rows: Rows

    def figure(self) -> str:
        """Return the chart as an HTML figure with its table folded below."""
        cells = "".join(
            "<tr>"
            + f'<th scope="row">{escaped(row[0])}</th>'
            + "".join(f"<td>{escaped(cell)}</td>" for cell in row[1:])
            + "</tr>"
            for row in self.rows
        )
        head = "".join(f'<th scope="col">{escaped(cell)}</th>' for cell in self.head)
        return (
            f'<figure class="jp-chart"><h4>{escaped(self.title)}</h4>{self.svg}'
            f"<figcaption>{escaped(self.caption)}</figcaption>"
            "<details><summary>The figures</summary>"
            '<div class="jp-wide" tabindex="0" role="region" '
            f'aria-label="Figures: {escaped(self.title)}">'
            f"<table><caption>{escaped(self.title)}</caption><thead><tr>{head}</tr>"
            f"</thead><tbody>{cells}</tbody></table></div></details></figure>"
        )

    def document(self) -> str:
        """Return the drawing as an SVG file of its own."""
        space = 'xmlns="http://www.w3.org/2000/svg"'
        return self.svg.replace("<svg ", f"<svg {space} ", 1).replace(
            ">", f"><style>{STYLE}</style>", 1
        )

    def __repr__(self) -> str:
        """Return the name and the title."""
        return f"Chart({self.name!r}, {self.title!r})"

    def _repr_html_(self) -> str:
        # A notebook may be light where its reader prefers dark: the ground is ours too.
        ground = (
            "background:var(--jp-paper);color:var(--jp-ink);padding:12px;"
            "max-width:600px;font-family:system-ui,sans-serif"
        )
        return f'<style>{STYLE}</style><div style="{ground}">{self.figure()}</div>'
