"""Figures and names as a reader sees them; what is not known is "unknown"."""

from __future__ import annotations

import math
import re

UNKNOWN = "unknown"
NO_SUCCESS = "no success"
"""In the place of joules a success, where every episode was judged and none had one."""
"""Stands where a figure is not known; never a zero."""

_MARKDOWN = re.compile(r"([\\`*_\[\]#|~$@])")
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;"}
# What neither XML 1.0 nor a line of text can hold, and marks that turn text around.
_UNSHOWN = re.compile(
    "[^\x20-\x7e\u00a0-\u200a\u2010-\u2027\u2030-\u205f\u2070-\ud7ff"
    "\ue000-\ufffd\U00010000-\U0010ffff]+"
)


def shown(words: object) -> str:
    """Return ``words`` on one line, without control characters."""
    return " ".join(_UNSHOWN.sub(" ", str(words)).split())


def shortened(words: str, most: int) -> str:
    """Return ``words`` in at most ``most`` characters."""
    return words if len(words) <= most else words[: most - 1] + "…"


def escaped(words: object) -> str:
    """Return ``words`` for the text or a quoted attribute of HTML and SVG."""
    return "".join(_ENTITIES.get(letter, letter) for letter in shown(words))


def markdown(words: object) -> str:
    """Return ``words`` so that Markdown shows them as they are."""
    plain = _MARKDOWN.sub(r"\\\1", shown(words))
    return plain.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def spreadsheet(words: object) -> str:
    """Return ``words`` so that no spreadsheet takes them for a formula."""
    text = shown(words)
    return f"'{text}" if text[:1] in ("=", "+", "-", "@") else text


def figure(value: float | None) -> str:
    """Return a number with three digits, or :data:`UNKNOWN`."""
    if value is None or math.isnan(value):
        return UNKNOWN
    if math.isinf(value):
        return "unbounded"
    if value == 0:
        return "0"
    if abs(value) < 1e-3:
        return f"{value:.2e}"
    if abs(value) >= 999.5:
        return f"{float(f'{value:.4g}'):,.0f}" if abs(value) < 1e7 else f"{value:.3g}"
    return f"{value:.{max(0, 2 - math.floor(math.log10(abs(value))))}f}"


def prefixed(value: float | None) -> str:
    """Return a large number with a prefix of SI, e.g. ``310 G``."""
    for factor, letter in ((1e15, "P"), (1e12, "T"), (1e9, "G"), (1e6, "M")):
        if value is not None and math.isfinite(value) and value >= factor:
            return f"{figure(value / factor)} {letter}"
    return figure(value)


def percent(rate: float | None) -> str:
    """Return a rate in percent, or :data:`UNKNOWN`."""
    return UNKNOWN if rate is None or math.isnan(rate) else f"{100 * rate:.1f} %"


def span(low: float | None, high: float | None, *, rate: bool = False) -> str:
    """Return an interval in words; empty where there is none."""
    if low is None or high is None:
        return ""
    if rate:
        return f"{100 * low:.1f} to {100 * high:.1f} %"
    return f"{figure(low)} to {figure(high)}"


def runs_of(numbers: list[int]) -> list[tuple[int, int]]:
    """Return whole numbers as first and last of each unbroken run."""
    found: list[tuple[int, int]] = []
    for number in sorted(set(numbers)):
        if found and number == found[-1][1] + 1:
            found[-1] = (found[-1][0], number)
        else:
            found.append((number, number))
    return found


def ranges(numbers: list[int], most: int = 6) -> str:
    """Return whole numbers as ranges, e.g. ``5 to 24, 30``."""
    parts = [str(a) if a == b else f"{a} to {b}" for a, b in runs_of(numbers)]
    if len(parts) > most:
        parts = [*parts[: most - 1], f"… ({len(set(numbers))} in all)"]
    return ", ".join(parts)
