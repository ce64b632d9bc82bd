"""Points with intervals and lines with bands over two axes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from jouleplan.energy.report.charts.bars import WIDTH
from jouleplan.energy.report.charts.scale import Scale, linear, logarithmic
from jouleplan.energy.report.charts.svg import (
    COLOURS,
    drawing,
    line,
    mark,
    path,
    rectangle,
    text,
)
from jouleplan.energy.report.text import shortened, shown

_LEFT, _RIGHT, _HEIGHT = 58.0, 14.0, 250.0


@dataclass(frozen=True, slots=True)
class Point:
    """A place with its intervals; an end that is None is not drawn."""

    x: float
    y: float
    x_low: float | None = None
    x_high: float | None = None
    y_low: float | None = None
    y_high: float | None = None


@dataclass(frozen=True, slots=True)
class Series:
    """Points of one kind.

    Attributes:
        label: In the legend.
        points: From left to right.
        colour: Index of its colour.
        joined: Whether a line joins them; the intervals of ``y`` are then its band.
        marks: Whether each point has a mark.
    """

    label: str
    points: tuple[Point, ...]
    colour: int = 0
    joined: bool = False
    marks: bool = True


@dataclass(frozen=True, slots=True)
class Axis:
    """What an axis shows.

    Attributes:
        label: Quantity and unit.
        log: Whether it is logarithmic; then only numbers above zero have a place.
        ticks: Numbers to write; None has them chosen.
        high: End of the axis; None has it chosen.
        low: Its beginning, where ``high`` is given.
    """

    label: str
    log: bool = False
    ticks: tuple[float, ...] | None = None
    high: float | None = None
    low: float = 0.0


def curves(
    series: Sequence[Series],
    x_axis: Axis,
    y_axis: Axis,
    says: str,
    front: Sequence[tuple[float, float]] = (),
) -> str:
    """Draw series of points over two axes.

    Args:
        series: What to draw.
        x_axis: The axis below.
        y_axis: The axis to the left.
        says: What the drawing shows, for those who cannot see it.
        front: Corners of a Pareto front, in the axes' numbers.
    """
    head, top = legend(series, bool(front))
    points = [point for one in series for point in one.points]
    xs = [v for p in points for v in (p.x, p.x_low, p.x_high) if v is not None]
    ys = [v for p in points for v in (p.y, p.y_low, p.y_high) if v is not None]
    bottom = top + _HEIGHT
    x = _scale(x_axis, xs, _LEFT, WIDTH - _RIGHT)
    y = _scale(y_axis, ys, bottom, top + 10)
    inner = [*head, *_axes(x, y, x_axis, y_axis)]
    if front:
        inner.append(path([(x.at(a), y.at(b)) for a, b in front], "front"))
    for one in series:
        inner += _drawn(one, x, y)
    return drawing(WIDTH, bottom + 48, says, *inner)


def _scale(axis: Axis, values: list[float], start: float, end: float) -> Scale:
    if axis.log:
        return logarithmic(values, start, end)
    if axis.high is not None:
        return Scale(axis.low, axis.high, start, end)
    return linear(values, start, end)


def _drawn(one: Series, x: Scale, y: Scale) -> list[str]:
    inner, colour = [], one.colour % COLOURS
    places = [
        p
        for p in one.points
        if not (x.log and p.x <= 0) and not (y.log and p.y <= 0) and math.isfinite(p.y)
    ]
    if one.joined and places:
        upper = [(x.at(p.x), y.at(p.y_high)) for p in places if p.y_high is not None]
        lower = [(x.at(p.x), y.at(p.y_low)) for p in places if p.y_low is not None]
        if upper and lower:
            band = [*upper, *reversed(lower)]
            inner.append(path(band, f"band f{colour}", closed=True))
        inner.append(path([(x.at(p.x), y.at(p.y)) for p in places], f"line l{colour}"))
    for p in places:
        if not one.joined:
            inner += _cross(p, x, y)
        if one.marks:
            inner.append(mark(x.at(p.x), y.at(p.y), one.colour))
    return inner


def _cross(p: Point, x: Scale, y: Scale) -> list[str]:
    inner, px, py = [], x.at(p.x), y.at(p.y)
    if p.x_low is not None and p.x_high is not None:
        low = max(p.x_low, x.low)
        inner.append(line(x.at(low), py, x.at(p.x_high), py, "whisk"))
    if p.y_low is not None and p.y_high is not None:
        low = max(p.y_low, y.low)
        inner.append(line(px, y.at(low), px, y.at(p.y_high), "whisk"))
    return inner


def _axes(x: Scale, y: Scale, x_axis: Axis, y_axis: Axis) -> list[str]:
    inner = []
    for value, words in _ticks(y, y_axis, 6):
        at = y.at(value)
        inner.append(line(x.start, at, x.end, at, "rule"))
        inner.append(text(x.start - 7, at + 4, words, "dim end"))
    for value, words in _ticks(x, x_axis, 5):
        at = x.at(value)
        inner.append(line(at, y.start, at, y.start + 4, "axis"))
        inner.append(text(at, y.start + 18, words, "dim mid"))
    inner.append(line(x.start, y.start, x.end, y.start, "axis"))
    below = x_axis.label + (", logarithmic" if x.log else "")
    inner.append(text((x.start + x.end) / 2, y.start + 38, below, "dim mid"))
    beside = y_axis.label + (", logarithmic" if y.log else "")
    inner.append(text(4, y.end - 14, beside, "dim"))
    return inner


def _ticks(scale: Scale, axis: Axis, most: int) -> list[tuple[float, str]]:
    if axis.ticks is None:
        return scale.ticks(most)
    return [(value, f"{value:g}") for value in axis.ticks]


def legend(series: Sequence[Series], front: bool) -> tuple[list[str], float]:
    """Return the legend and the top of the drawing below it [px]."""
    inner, x, y = [], 8.0, 15.0
    entries: list[tuple[str, Series | None]] = [(one.label, one) for one in series]
    if front:
        entries.append(("Pareto front", None))
    for label, one in entries:
        words = shortened(shown(label), 56)
        width = 36 + 6.9 * len(words)
        if x + width > WIDTH and x > 8.0:
            x, y = 8.0, y + 20
        if one is None:
            inner.append(line(x, y - 4, x + 20, y - 4, "front"))
        else:
            if one.joined:
                style = f"line l{one.colour % COLOURS}"
                inner.append(line(x, y - 4, x + 20, y - 4, style))
            if one.marks:
                inner.append(mark(x + 10, y - 4, one.colour))
            elif not one.joined:
                inner.append(rectangle(x, y - 10, 11, 11, f"f{one.colour % COLOURS}"))
        inner.append(text(x + 26, y, words))
        x += width
    return inner, y + 26
