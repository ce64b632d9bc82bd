"""Several marks on each line: the same variants of several series."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from jouleplan.energy.report.charts.bars import WIDTH
from jouleplan.energy.report.charts.curves import Series, legend
from jouleplan.energy.report.charts.scale import linear, logarithmic
from jouleplan.energy.report.charts.svg import drawing, line, mark, text
from jouleplan.energy.report.text import shortened, shown

_LEFT, _RIGHT, _ROW = 14.0, 14.0, 44


@dataclass(frozen=True, slots=True)
class Dots:
    """One line: its label and a value a series; None is unknown and not drawn."""

    label: str
    values: tuple[float | None, ...]


def dots(
    items: Sequence[Dots], names: Sequence[tuple[str, int]], unit: str, says: str
) -> str:
    """Draw lines of marks.

    Args:
        items: The lines, from top to bottom.
        names: Label and colour of each series.
        unit: Beside the axis.
        says: What the drawing shows, for those who cannot see it.
    """
    head, top = legend([Series(name, (), colour) for name, colour in names], False)
    top -= 14
    known = [v for item in items for v in item.values if v is not None]
    positive = [v for v in known if v > 0]
    log = bool(positive) and max(positive) > 30 * min(positive)
    scale = (logarithmic if log else linear)(known, _LEFT, WIDTH - _RIGHT)
    bottom = top + len(items) * _ROW + 2.0
    inner = [*head]
    for number, words in scale.ticks(5):
        x = scale.at(number)
        inner.append(line(x, top + 4, x, bottom, "rule"))
        inner.append(text(x, bottom + 17, words, "dim mid"))
    for row, item in enumerate(items):
        y = top + row * _ROW + 32.0
        inner.append(text(8.0, y - 13, shortened(shown(item.label), 64)))
        inner.append(line(_LEFT, y, WIDTH - _RIGHT, y, "rule"))
        for value, (_, colour) in zip(item.values, names, strict=True):
            if value is not None and (value > 0 or not log):
                inner.append(mark(scale.at(value), y, colour))
    axis = unit + (", logarithmic" if log else "")
    inner.append(text(8.0, bottom + 36, axis, "dim"))
    return drawing(WIDTH, bottom + 42, says, *inner)
