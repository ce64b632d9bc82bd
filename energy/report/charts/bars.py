"""Bars with intervals, and stacked bars: the name above its bar, so that it fits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from jouleplan.energy.report.charts.scale import Scale, linear, logarithmic
from jouleplan.energy.report.charts.svg import (
    COLOURS,
    drawing,
    line,
    mark,
    rectangle,
    text,
)
from jouleplan.energy.report.text import UNKNOWN, figure, shortened, shown, span

WIDTH = 460
"""Of every drawing [px]: a phone shows it at about four fifths of that."""

_LEFT, _RIGHT, _ROW, _BAR = 8.0, 84.0, 44, 15


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar.

    Attributes:
        label: What it is about.
        value: Its length; None where there is none.
        low: Low end of its interval.
        high: High end; may be infinite.
        series: Its colour.
        missing: What is said where there is no length.
    """

    label: str
    value: float | None
    low: float | None = None
    high: float | None = None
    series: int = 0
    missing: str = UNKNOWN

    @property
    def words(self) -> str:
        """The length as a reader sees it."""
        return self.missing if self.value is None else figure(self.value)


@dataclass(frozen=True, slots=True)
class Stack:
    """One stacked bar: its parts, in the order of the legend; None is unknown."""

    label: str
    parts: tuple[float | None, ...]


def bars(items: Sequence[Bar], unit: str, says: str) -> str:
    """Draw bars with their intervals.

    A logarithmic axis has no zero to begin a bar at, so there a mark stands for it.

    Args:
        items: The bars, from top to bottom.
        unit: Beside the axis.
        says: What the drawing shows, for those who cannot see it.
    """
    known = [item.value for item in items if item.value is not None]
    ends = [end for item in items for end in (item.low, item.high) if end is not None]
    positive = [value for value in known if value > 0]
    log = bool(positive) and max(positive) > 30 * min(positive)
    make = logarithmic if log else linear
    scale = make([*known, *ends], _LEFT, WIDTH - _RIGHT)
    bottom = len(items) * _ROW + 6.0
    inner = _grid(scale, bottom)
    for row, item in enumerate(items):
        y = row * _ROW + 32.0
        inner.append(_label(item.label, y))
        if item.value is None:
            inner.append(text(_LEFT, y + 5, item.missing, "dim"))
            continue
        x = scale.at(item.value) if item.value > 0 or not log else _LEFT
        if not log:
            inner.append(
                rectangle(
                    _LEFT, y - 7, max(x - _LEFT, 1.0), _BAR, f"f{item.series % COLOURS}"
                )
            )
        inner += _whisker(item, scale, y)
        if log:
            inner.append(mark(x, y, item.series))
        right = scale.at(item.high) if item.high is not None else x
        inner.append(text(max(right, x) + 8, y + 5, item.words))
    axis = unit + (", logarithmic" if log else "")
    inner.append(text(_LEFT, bottom + 36, axis, "dim"))
    return drawing(WIDTH, bottom + 42, says, *inner)


def stacks(items: Sequence[Stack], names: Sequence[str], unit: str, says: str) -> str:
    """Draw stacked bars with a legend.

    Args:
        items: The bars, from top to bottom.
        names: Name of each part.
        unit: Beside the axis.
        says: What the drawing shows, for those who cannot see it.
    """
    totals = [sum(part or 0.0 for part in item.parts) for item in items]
    legend, top = _legend(names)
    scale = linear(totals, _LEFT, WIDTH - _RIGHT)
    bottom = top + len(items) * _ROW + 6.0
    inner = [*legend, *_grid(scale, bottom, top)]
    for row, (item, total) in enumerate(zip(items, totals, strict=True)):
        y, x = top + row * _ROW + 32.0, _LEFT
        inner.append(_label(item.label, y))
        for series, part in enumerate(item.parts):
            width = (part or 0.0) / (scale.high - scale.low) * (scale.end - scale.start)
            if width >= 0.2:
                style = f"f{series % COLOURS} part"
                inner.append(rectangle(x, y - 7, width, _BAR, style))
            x += width
        known = any(part is not None for part in item.parts)
        inner.append(text(x + 8, y + 5, figure(total if known else None)))
    inner.append(text(_LEFT, bottom + 36, unit, "dim"))
    return drawing(WIDTH, bottom + 42, says, *inner)


def interval_rows(items: Sequence[Bar]) -> tuple[tuple[str, ...], ...]:
    """Return bars as rows of a table: label, value, interval."""
    return tuple(
        (item.label, item.words, span(item.low, item.high) or "none") for item in items
    )


def _grid(scale: Scale, bottom: float, top: float = 0.0) -> list[str]:
    inner = []
    for value, words in scale.ticks(4):
        x = scale.at(value)
        inner.append(line(x, top + 4, x, bottom, "rule"))
        inner.append(text(max(x, _LEFT + 4), bottom + 17, words, "dim mid"))
    return inner


def _label(words: str, y: float) -> str:
    return text(_LEFT, y - 13, shortened(shown(words), 62))


def _whisker(item: Bar, scale: Scale, y: float) -> list[str]:
    if item.low is None or item.high is None or item.low == item.high:
        return []
    positive = max(item.low, scale.low)
    left, right = scale.at(positive), scale.at(item.high)
    found = [
        line(left, y, right, y, "halo"),
        line(left, y, right, y, "whisk"),
        line(left, y - 4, left, y + 4, "whisk"),
    ]
    if item.high <= scale.high:  # an open end has no cap
        found.append(line(right, y - 4, right, y + 4, "whisk"))
    return found


def _legend(names: Sequence[str]) -> tuple[list[str], float]:
    """Return the legend of a stack and its height [px]."""
    inner, x, y = [], _LEFT, 14.0
    for series, name in enumerate(names):
        words = shortened(shown(name), 40)
        width = 24 + 6.9 * len(words)
        if x + width > WIDTH and x > _LEFT:
            x, y = _LEFT, y + 19
        inner.append(rectangle(x, y - 10, 11, 11, f"f{series % COLOURS}"))
        inner.append(text(x + 16, y, words))
        x += width
    return inner, y + 8
