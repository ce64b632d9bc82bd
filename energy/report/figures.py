"""The charts of a block, each callable by itself and listed in :data:`FIGURES`."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from jouleplan.energy.report.blocks import Block, Line
from jouleplan.energy.report.captions import caption, ends, ends_words
from jouleplan.energy.report.charts.bars import (
    Bar,
    Stack,
    bars,
    interval_rows,
    stacks,
)
from jouleplan.energy.report.charts.chart import Chart
from jouleplan.energy.report.charts.curves import Axis, Point, Series, curves
from jouleplan.energy.report.charts.svg import COLOURS
from jouleplan.energy.report.sensitivity import by_boundary, by_country, by_watts
from jouleplan.energy.report.text import NO_SUCCESS, UNKNOWN, figure, percent, span

if TYPE_CHECKING:
    from jouleplan.energy.statistics.estimate import Estimate

_WHISKERS = "Whiskers: 95 % intervals."


def success_against_joules(block: Block) -> Chart | None:
    """Draw success rate against joules an episode, with the Pareto front."""
    from jouleplan.energy.statistics.pareto import Point as Choice
    from jouleplan.energy.statistics.pareto import pareto_front

    known = [
        line
        for line in block.lines
        if line.per_episode.value is not None and line.judged == line.n
    ]
    if not known:
        return None
    joules = {line.label: line.per_episode.value or 0.0 for line in known}
    rates = {line.label: line.rate or 0.0 for line in known}
    quality = block.basis.quality
    best = pareto_front([Choice(x, rates[x], joules[x], quality) for x in joules])
    log = min(joules.values()) > 0 and max(joules.values()) > 30 * min(joules.values())
    series = [
        Series(
            line.label,
            (
                Point(
                    joules[line.label],
                    100 * rates[line.label],
                    *ends(line.per_episode),
                    *(100 * (end or 0.0) for end in line.success),
                ),
            ),
            line.series,
        )
        for line in known
    ]
    front: list[tuple[float, float]] = []
    for label in best:  # a staircase: nothing between two methods is offered
        if front:
            front.append((joules[label], front[-1][1]))
        front.append((joules[label], 100 * rates[label]))
    drawing = curves(
        series,
        Axis("joules an episode", log=log),
        Axis("success [%]", high=103.0, ticks=(0, 20, 40, 60, 80, 100)),
        f"{block.domain}: success rate against joules an episode. On the Pareto "
        f"front: {', '.join(best)}.",
        front if len(front) > 1 else (),
    )
    rows = tuple(
        (
            line.label,
            figure(line.per_episode.value),
            ends_words(line.per_episode),
            percent(line.rate),
            span(*line.success, rate=True),
            "yes" if line.label in best else "no",
        )
        for line in known
    )
    return Chart(
        "success-joules",
        "Success against joules",
        caption(block, known, "Up and left is better. " + _WHISKERS)
        + " Success: Wilson intervals.",
        drawing,
        ("method", "J an episode", "interval", "success", "interval", "on the front"),
        rows,
    )


def per_episode(block: Block) -> Chart | None:
    """Draw joules an episode with intervals."""
    items = [_bar(line, line.per_episode) for line in block.lines]
    return _bars(block, "per-episode", "Joules an episode", items)


def per_success(block: Block) -> Chart | None:
    """Draw joules a success, those of failures included, with intervals."""
    items = [
        _bar(line, line.per_success, NO_SUCCESS if line.never_succeeded else UNKNOWN)
        for line in block.lines
    ]
    return _bars(block, "per-success", "Joules a success, failures included", items)


def phases(block: Block) -> Chart | None:
    """Draw mean joules an episode by phase, stacked; one quality only."""
    frame = block.phases
    if frame.empty or frame["phase_quality"].nunique() != 1:
        return None  # its table has them apart
    counts = {line.label: line.n for line in block.lines}
    grouped = frame.groupby(["label", "phase"])
    sums, unknown = grouped["energy_j"].sum(), grouped["unknown"].sum()
    cells: dict[tuple[str, str], float | None] = {
        key: None if unknown[key] else sums[key] / counts[key[0]] for key in sums.index
    }
    totals = sums.groupby(level="phase").sum().sort_values(ascending=False)
    names = [str(name) for name in totals.index]
    shown = names if len(names) <= COLOURS else names[: COLOURS - 1]
    rest = [name for name in names if name not in shown]
    items = []
    for line in block.lines:
        parts = [cells.get((line.label, name), 0.0) for name in shown]
        if rest:
            others = [cells.get((line.label, name), 0.0) for name in rest]
            known = [part for part in others if part is not None]
            parts.append(math.fsum(known) if len(known) == len(others) else None)
        items.append(Stack(line.label, tuple(parts)))
    legend = [*shown, "other phases"] if rest else shown
    if all(part is None for item in items for part in item.parts):
        return None
    quality = frame["phase_quality"].iloc[0]
    return Chart(
        "phases",
        f"Joules an episode by phase, {quality}",
        caption(block, block.lines, "Means. The simulator is nobody's cost; shown."),
        stacks(
            items,
            legend,
            "joules an episode",
            f"{block.domain}: joules an episode by phase.",
        ),
        ("phase", *(line.label for line in block.lines)),
        tuple(
            (
                name,
                *(figure(cells.get((line.label, name), 0.0)) for line in block.lines),
            )
            for name in names
        ),
    )


def by_size(block: Block) -> Chart | None:
    """Draw joules an episode over the number in the problems' names."""
    sized = [(size(line.problem), line) for line in block.by_problem]
    known = [
        (number, line)
        for number, line in sized
        if number is not None and line.per_episode.value is not None
    ]
    if len({number for number, _ in known}) < 2:
        return None
    groups: dict[str, list[tuple[int, Line]]] = {}
    for number, line in sorted(known, key=lambda one: one[0]):
        groups.setdefault(line.label, []).append((number, line))
    series = [
        Series(
            label,
            tuple(
                Point(n, x.per_episode.value or 0.0, None, None, *ends(x.per_episode))
                for n, x in mine
            ),
            mine[0][1].series,
            joined=True,
        )
        for label, mine in groups.items()
    ]
    sizes = tuple(sorted({float(number) for number, _ in known}))
    return Chart(
        "by-size",
        "Joules an episode by size",
        caption(
            block,
            block.by_problem,
            "Size is the number in the problem's name, the disks of hanoi p03 being "
            "3. Bands: 95 % intervals.",
        ),
        curves(
            series,
            Axis(
                "size",
                ticks=sizes if len(sizes) <= 12 else None,
                high=sizes[-1] + 0.5,
                low=sizes[0] - 0.5,
            ),
            Axis("joules an episode", log=True),
            f"{block.domain}: joules an episode by size.",
        ),
        ("method", "size", "J an episode", "interval", "n", "success"),
        tuple(
            (
                line.label,
                str(number),
                figure(line.per_episode.value),
                ends_words(line.per_episode),
                str(line.n),
                percent(line.rate),
            )
            for number, line in known
        ),
    )


Figure = Callable[[Block], Chart | None]
"""Draws one chart of a block; None where the block has nothing for it."""

FIGURES: dict[str, Figure] = {
    "success-joules": success_against_joules,
    "per-episode": per_episode,
    "per-success": per_success,
    "phases": phases,
    "by-size": by_size,
    "by-watts": by_watts,
    "by-boundary": by_boundary,
    "by-country": by_country,
}
"""Name -> figure, in the order of the report; ``break-even`` also needs training."""


def size(problem: str) -> int | None:
    """Return the number in a problem's name, e.g. 3 of ``p03``; None without one."""
    found = re.fullmatch(r"\D*(\d{1,6})\D*", problem)
    return None if found is None else int(found[1])


def _bar(line: Line, estimate: Estimate, missing: str = UNKNOWN) -> Bar:
    return Bar(line.label, estimate.value, *ends(estimate), line.series, missing)


def _bars(block: Block, name: str, title: str, items: Sequence[Bar]) -> Chart | None:
    if all(item.value is None for item in items):
        return None
    unit = title.split(",")[0].lower()
    said = "; ".join(f"{item.label} {item.words}" for item in items)
    return Chart(
        name,
        f"{title}, {block.basis.quality}",
        caption(block, block.lines, _WHISKERS),
        bars(items, unit, f"{block.domain}: {unit}. {said}."),
        ("method", unit, "95 % interval"),
        interval_rows(items),
    )
