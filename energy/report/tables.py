"""The report's tables as text, before HTML or Markdown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from jouleplan.energy.report.blocks import Block, Line
from jouleplan.energy.report.duels import Duels
from jouleplan.energy.report.published import EPISODES, SOURCE, TRAININGS, counterpart
from jouleplan.energy.report.text import (
    NO_SUCCESS,
    UNKNOWN,
    figure,
    percent,
    prefixed,
    ranges,
    span,
)
from jouleplan.energy.statistics.estimate import Estimate

PUBLISHED = "published elsewhere, not measured here"
"""Head of the column of the reference paper's figures."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: its figure, and its interval or remark below.

    Attributes:
        main: What it says.
        small: Interval or remark; empty for none.
        foreign: Whether it was not measured here.
    """

    main: str
    small: str = ""
    foreign: bool = False

    @property
    def line(self) -> str:
        """The cell on one line."""
        return f"{self.main} ({self.small})" if self.small else self.main


@dataclass(frozen=True, slots=True)
class Table:
    """A table: the first cell of each row is its head."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def methods_table(block: Block, lines: Sequence[Line], caption: str) -> Table:
    """Return a row for each of ``lines``; published figures have their own column."""
    quality = block.basis.quality
    problems = block.problems
    # A line over several problems stands beside no single row of the paper.
    published = [
        counterpart(
            block.domain,
            x.problem or (problems[0] if len(problems) == 1 else ""),
            x.method,
        )
        for x in lines
    ]
    head = [
        "method",
        *(["problem"] if len(problems) > 1 else []),
        "n",
        "success",
        "progress",
        f"J an episode, {quality}",
        f"J a success, {quality}",
        "CPU s",
        "wall s",
        "simulated s",
        "mechanical work J",
        "FLOPs an episode",
        "FLOPs an action",
    ]
    if any(published):
        head.append(PUBLISHED)
    rows = []
    for line, row in zip(lines, published, strict=True):
        cells = [
            Cell(line.label, "" if line.label == line.method else line.method),
            Cell(str(line.n), "seeds " + ranges(line.seeds, 3)),
            Cell(percent(line.rate), span(*line.success, rate=True)),
            _percent(line.progress),
            _cell(line.per_episode),
            _per_success(line),
            _cell(line.cpu_s),
            _cell(line.wall_s),
            _cell(line.simulated_s),
            _cell(line.work),
            _flops(line.flops),
            _flops(line.flops_per_action),
        ]
        if len(problems) > 1:
            cells.insert(1, Cell(line.problem or f"all {len(problems)}"))
        if any(published):
            words = ("none", "") if row is None else (row.words, SOURCE)
            cells.append(Cell(*words, foreign=True))
        rows.append(tuple(cells))
    return Table(caption, tuple(head), tuple(rows))


def causes_table(block: Block) -> Table | None:
    """Return why episodes failed; None where none did."""
    rows = tuple(
        (Cell(line.label), Cell(cause or UNKNOWN), Cell(str(count)))
        for line in block.lines
        for cause, count in list(line.causes.items())[:8]
    )
    if not rows:
        return None
    return Table("Why episodes failed", ("method", "cause", "episodes"), rows)


def phases_table(block: Block) -> Table | None:
    """Return joules by phase where qualities differ, each in a column of its own."""
    frame = block.phases
    kinds = sorted(frame["phase_quality"].unique())
    if len(kinds) < 2:
        return None
    counts = {line.label: line.n for line in block.lines}
    rows = []
    for (label, phase), mine in frame.groupby(["label", "phase"]):
        cells = [Cell(f"{label}: {phase}")]
        for kind in kinds:
            of = mine[mine["phase_quality"] == kind]
            if of.empty:
                cells.append(Cell("none"))
            elif of["unknown"].sum():
                cells.append(Cell(UNKNOWN))
            else:
                cells.append(Cell(figure(float(of["energy_j"].sum()) / counts[label])))
        rows.append(tuple(cells))
    head = ("method: phase", *(f"J an episode, {kind}" for kind in kinds))
    return Table("Joules by phase; the qualities are not added", head, tuple(rows))


def tests_table(found: Duels) -> Table | None:
    """Return the paired tests; None where no two methods share a scene."""
    rows = tuple(
        (
            Cell(f"{t.a} against {t.b}"),
            Cell(str(t.n), f"{t.both} both, {t.only_a} first only, {t.only_b} second"),
            _percent(t.success_difference),
            Cell(figure(t.mcnemar_p_holm), f"unadjusted {figure(t.mcnemar_p)}"),
            _cell(t.joules_difference),
            Cell(figure(t.wilcoxon_p_holm), f"unadjusted {figure(t.wilcoxon_p)}"),
            Cell(figure(t.rank_biserial), f"{t.joules_n} pairs"),
        )
        for t in found.tests
    )
    if not rows:
        return None
    return Table(
        "Paired tests on shared scenes: first minus second",
        (
            "methods",
            "scenes",
            "success difference",
            "p, McNemar, Holm",
            "J difference",
            "p, Wilcoxon, Holm",
            "rank-biserial",
        ),
        rows,
    )


def ranking_table(found: Duels) -> Table | None:
    """Return the Bradley-Terry ranking; None where no two methods share a scene."""
    rows = tuple(
        (
            Cell(one.method),
            Cell(figure(one.strength), span(one.low, one.high)),
            Cell(f"{one.wins} / {one.losses} / {one.ties}"),
        )
        for one in found.ranking
    )
    if not rows:
        return None
    return Table(
        "Ranking (Bradley-Terry): a success beats a failure, then fewer joules win",
        ("method", "strength (log)", "won / lost / tied"),
        rows,
    )


def published_tables() -> tuple[Table, Table]:
    """Return the reference paper's figures: episodes, and training."""
    episodes = Table(
        f"Episodes, published: {SOURCE}",
        ("system", "task", "success", "progress", "J an episode, published"),
        tuple(
            (
                Cell(row.system),
                Cell(row.task, foreign=True),
                Cell(percent(row.success), foreign=True),
                Cell(percent(row.progress), foreign=True),
                Cell(f"{row.energy_j:,.0f}", foreign=True),
            )
            for row in EPISODES
        ),
    )
    trainings = Table(
        f"Training and power, published: {SOURCE}",
        ("system", "training MJ, published", "training time", "W while executing"),
        tuple(
            (
                Cell(row.system),
                Cell(figure(row.training_j / 1e6), foreign=True),
                Cell(row.training_time, foreign=True),
                Cell(figure(row.execution_w), foreign=True),
            )
            for row in TRAININGS
        ),
    )
    return episodes, trainings


def _cell(estimate: Estimate) -> Cell:
    return Cell(figure(estimate.value), span(estimate.low, estimate.high))


def _flops(estimate: Estimate) -> Cell:
    if estimate.low is None or estimate.high is None:
        return Cell(prefixed(estimate.value))
    ends = f"{prefixed(estimate.low)} to {prefixed(estimate.high)}"
    return Cell(prefixed(estimate.value), ends)


def _percent(estimate: Estimate) -> Cell:
    return Cell(percent(estimate.value), span(estimate.low, estimate.high, rate=True))


def _per_success(line: Line) -> Cell:
    if line.never_succeeded:
        return Cell(NO_SUCCESS)
    return _cell(line.per_success)
