"""Plain SVG: elements as text, everything escaped, colours for light and dark."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from xml.sax.saxutils import escape, quoteattr

CHARACTER_PX = 7.25
"""Width of a character at 12 px [px]; the font is monospaced, so that texts fit."""

SMALL_PX = 6.1
"""Width of a character at 10 px [px]."""

# What XML 1.0 cannot hold, however it is written.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_LIGHT = {
    "paper": "#ffffff",
    "ink": "#1f2328",
    "dim": "#636c76",
    "box": "#f3f5f8",
    "rim": "#8c959f",
    "band": "#f7f9fb",
    "causal": "#0969da",
    "order": "#8250df",
    "critical": "#c4320a",
    "hot": "#fff1e8",
    "goal": "#1a7f37",
    "net": "#b6bec8",
}
_DARK = {
    "paper": "#0d1117",
    "ink": "#e6edf3",
    "dim": "#9198a1",
    "box": "#1b222c",
    "rim": "#656c76",
    "band": "#131922",
    "causal": "#4493f8",
    "order": "#ab7df8",
    "critical": "#ff8a4c",
    "hot": "#3a2015",
    "goal": "#3fb950",
    "net": "#4b5560",
}
_STYLE = """\
text{font-family:ui-monospace,Menlo,Consolas,'DejaVu Sans Mono',monospace;\
font-size:12px;fill:INK}
.paper{fill:PAPER}.band{fill:BAND}
.title{font-size:16px;font-weight:bold}.small{font-size:10px}.dim{fill:DIM}
.bold{font-weight:bold}.middle{text-anchor:middle}.end{text-anchor:end}
.box{fill:BOX;stroke:RIM;stroke-width:1}
.hot{fill:HOT;stroke:CRITICAL;stroke-width:2}
.ends{fill:BOX;stroke:INK;stroke-width:1.5}
.line{fill:none;stroke-width:1.3}
.causal{stroke:CAUSAL}.order{stroke:ORDER;stroke-dasharray:5 3}
.critical{stroke:CRITICAL;stroke-width:2.6}.implied{stroke-opacity:.45;stroke-width:1}
.tip-causal{fill:CAUSAL}.tip-order{fill:ORDER}.tip-critical{fill:CRITICAL}
.label{font-size:10px;fill:DIM;paint-order:stroke;stroke:PAPER;stroke-width:3px;\
stroke-linejoin:round}
.net{stroke:NET;stroke-width:1;fill:none}.state{fill:BOX;stroke:RIM;stroke-width:1}
.seen{fill:HOT;stroke:CRITICAL;stroke-width:2}
.goalmark{stroke:GOAL;stroke-width:2}.open{fill:none}
.initmark{stroke:INK;stroke-width:2}
.rule{stroke:NET;stroke-width:1}
"""


def clean(words: str) -> str:
    """Return ``words`` escaped; what XML cannot hold becomes U+FFFD."""
    return escape(_whole(words))


def element(tag: str, attributes: Mapping[str, object], *inner: str) -> str:
    """Return an element; ``inner`` is XML already, attributes are escaped here.

    Args:
        tag: Its name.
        attributes: Its attributes; floats are written to a tenth of a pixel.
        inner: What it holds.
    """
    written = "".join(
        f" {name}={quoteattr(_whole(_plain(value)))}"
        for name, value in attributes.items()
    )
    if not inner:
        return f"<{tag}{written}/>"
    return f"<{tag}{written}>{''.join(inner)}</{tag}>"


def text(x: float, y: float, words: str, style: str = "") -> str:
    """Return ``words`` with the base line at ``y``."""
    attributes: dict[str, object] = {"x": x, "y": y}
    if style:
        attributes["class"] = style
    return element("text", attributes, clean(words))


def group(tip: str, *inner: str) -> str:
    """Return elements that show ``tip`` where the mouse rests on them."""
    return element("g", {}, element("title", {}, clean(tip)), *inner)


def shortened(words: str, most: int) -> str:
    """Return ``words`` in at most ``most`` characters."""
    return words if len(words) <= most else words[: most - 1] + "…"


def document(width: float, height: float, title: str, body: Iterable[str]) -> str:
    """Return an SVG file that is dark where its reader prefers that.

    Args:
        width: [px].
        height: [px].
        title: What it shows, for those who cannot see it.
        body: Elements.
    """
    dark = _coloured(_DARK)
    style = f"{_coloured(_LIGHT)}@media (prefers-color-scheme:dark){{\n{dark}}}\n"
    markers = "".join(map(_tip, ("causal", "order", "critical")))
    whole = element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "width": round(width),
            "height": round(height),
            "viewBox": f"0 0 {round(width)} {round(height)}",
            "role": "img",
        },
        "\n",
        element("title", {}, clean(title)),
        "\n",
        element("style", {}, style),
        "\n",
        element("defs", {}, markers),
        "\n",
        element("rect", {"class": "paper", "width": "100%", "height": "100%"}),
        "\n",
        "\n".join(body),
        "\n",
    )
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{whole}\n'


def _whole(words: str) -> str:
    return _FORBIDDEN.sub("\ufffd", words)


def _plain(value: object) -> str:
    return f"{value:.1f}".removesuffix(".0") if isinstance(value, float) else str(value)


def _coloured(colours: dict[str, str]) -> str:
    style = _STYLE
    for name, colour in colours.items():
        style = style.replace(name.upper(), colour)
    return style


def _tip(kind: str) -> str:
    return element(
        "marker",
        {
            "id": f"tip-{kind}",
            "viewBox": "0 0 8 8",
            "refX": "7.5",
            "refY": "4",
            "markerWidth": "8",
            "markerHeight": "8",
            "markerUnits": "userSpaceOnUse",
            "orient": "auto",
        },
        element("path", {"d": "M0 0.5 8 4 0 7.5z", "class": f"tip-{kind}"}),
    )
