"""Elements of SVG as text: everything is escaped, colours come from classes."""

from __future__ import annotations

from collections.abc import Mapping

from jouleplan.energy.report.text import escaped

COLOURS = 8
"""How many series have a colour of their own."""

_LIGHT = """
#0b62c4 #b8430a #15743a #7a35c9 #8a6100 #b5196a #0c6f85 #5c5650
#1f2328 #5b636d #d3d9e0 #ffffff
"""
_DARK = """
#6cb0ff #ff9d5c #56d47f #c79bff #f0c244 #ff86bd #43d3e8 #b3aca4
#e6edf3 #a1a9b3 #343c47 #12171e
"""
_NAMES = [*(f"s{i}" for i in range(COLOURS)), "ink", "dim", "rule", "paper"]


def _variables(colours: str) -> str:
    pairs = zip(_NAMES, colours.split(), strict=True)
    return "".join(f"--jp-{name}:{colour};" for name, colour in pairs)


STYLE = (
    f":root{{{_variables(_LIGHT)}}}\n"
    "@media screen and (prefers-color-scheme:dark)"
    f"{{:root{{{_variables(_DARK)}}}}}\n"
    "svg.jp{display:block;width:100%;height:auto;font-family:system-ui,-apple-system,"
    "'Segoe UI',Roboto,'DejaVu Sans',sans-serif}\n"
    ".jp text{font-size:12.5px;fill:var(--jp-ink);paint-order:stroke;"
    "stroke:var(--jp-paper);stroke-width:3px;stroke-linejoin:round}"
    ".jp .dim{fill:var(--jp-dim)}.jp .end{text-anchor:end}"
    ".jp .mid{text-anchor:middle}\n"
    ".jp .rule{stroke:var(--jp-rule);stroke-width:1}"
    ".jp .axis{stroke:var(--jp-dim);stroke-width:1}"
    ".jp .whisk{stroke:var(--jp-ink);stroke-width:1.6;fill:none}"
    ".jp .halo{stroke:var(--jp-paper);stroke-width:4;fill:none}"
    ".jp .line{fill:none;stroke-width:2}.jp .band{opacity:.16;stroke:none}"
    ".jp .front{fill:none;stroke:var(--jp-dim);stroke-width:1.3;"
    "stroke-dasharray:5 4}\n"
    + "".join(
        f".jp .f{i}{{fill:var(--jp-s{i})}}.jp .l{i}{{stroke:var(--jp-s{i})}}"
        for i in range(COLOURS)
    )
    + ".jp .l1{stroke-dasharray:8 3}.jp .l2{stroke-dasharray:3 3}"
    ".jp .l3{stroke-dasharray:9 3 2 3}.jp .l4{stroke-dasharray:12 4}"
    ".jp .l5{stroke-dasharray:2 4}.jp .l6{stroke-dasharray:6 2}"
    ".jp .part{stroke:var(--jp-paper);stroke-width:1}\n"
)
"""CSS of every chart; a page that holds charts holds it once."""


def element(tag: str, attributes: Mapping[str, object], *inner: str) -> str:
    """Return an element; ``inner`` is XML already, attributes are escaped here."""
    written = "".join(
        f' {name}="{escaped(_plain(value))}"' for name, value in attributes.items()
    )
    return (
        f"<{tag}{written}>{''.join(inner)}</{tag}>" if inner else f"<{tag}{written}/>"
    )


def text(x: float, y: float, words: str, style: str = "") -> str:
    """Return ``words`` with the base line at ``y`` [px]."""
    attributes: dict[str, object] = {"x": x, "y": y}
    if style:
        attributes["class"] = style
    return element("text", attributes, escaped(words))


def line(x1: float, y1: float, x2: float, y2: float, style: str) -> str:
    """Return a straight line [px]."""
    return element("line", {"x1": x1, "y1": y1, "x2": x2, "y2": y2, "class": style})


def path(points: list[tuple[float, float]], style: str, *, closed: bool = False) -> str:
    """Return a line through ``points`` [px]."""
    steps = "L".join(f"{_plain(float(x))} {_plain(float(y))}" for x, y in points)
    return element("path", {"d": f"M{steps}{'z' if closed else ''}", "class": style})


def rectangle(x: float, y: float, width: float, height: float, style: str) -> str:
    """Return a filled rectangle [px]."""
    return element(
        "rect", {"x": x, "y": y, "width": width, "height": height, "class": style}
    )


def mark(x: float, y: float, series: int) -> str:
    """Return the mark of a series: its shape says as much as its colour."""
    style = f"f{series % COLOURS} part"
    shape = series % 4
    if shape == 0:
        return element("circle", {"cx": x, "cy": y, "r": 5.5, "class": style})
    if shape == 1:
        return rectangle(x - 5, y - 5, 10, 10, style)
    if shape == 2:
        return path([(x, y - 6.5), (x + 6, y + 5), (x - 6, y + 5)], style, closed=True)
    return path([(x, y - 7), (x + 7, y), (x, y + 7), (x - 7, y)], style, closed=True)


def drawing(width: float, height: float, says: str, *inner: str) -> str:
    """Return a whole drawing.

    Args:
        width: [px]; the page scales it.
        height: [px].
        says: What it shows, for those who cannot see it.
        inner: Its elements.
    """
    return element(
        "svg",
        {
            "class": "jp",
            "viewBox": f"0 0 {round(width)} {round(height)}",
            "role": "img",
            "aria-label": says,
        },
        *inner,
    )


def _plain(value: object) -> str:
    return f"{value:.1f}".removesuffix(".0") if isinstance(value, float) else str(value)
