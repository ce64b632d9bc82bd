"""The report of a ledger: its figures once, written in any format."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from jouleplan.energy.errors import ReportError
from jouleplan.energy.ledger import Ledger
from jouleplan.energy.report.blocks import Block, blocks
from jouleplan.energy.report.charts.bars import Bar, bars
from jouleplan.energy.report.charts.chart import Chart
from jouleplan.energy.report.commands import Commands, commands
from jouleplan.energy.report.duels import Duels, duels
from jouleplan.energy.report.figures import FIGURES
from jouleplan.energy.report.frame import of_frame
from jouleplan.energy.report.hardware import Machine, machines, versions
from jouleplan.energy.report.payback import Payback, break_even_chart, payback
from jouleplan.energy.report.pictures import Strip, strips
from jouleplan.energy.report.read import Data, read
from jouleplan.energy.report.text import figure
from jouleplan.energy.report.training import (
    NOTHING,
    Share,
    Training,
    metered,
    trainings,
)

if TYPE_CHECKING:
    import pandas

    Source: TypeAlias = Ledger | Path | str | pandas.DataFrame


@dataclass(frozen=True, slots=True)
class Section:
    """A block with what is computed of it.

    Attributes:
        block: The episodes.
        duels: Paired tests and ranking.
        payback: When training has paid.
        charts: Name -> chart, in the order of the report.
    """

    block: Block
    duels: Duels
    payback: Payback
    charts: dict[str, Chart]


@dataclass(frozen=True, slots=True, repr=False)
class Report:
    """Everything a report says. A notebook shows it as HTML.

    Attributes:
        data: The records.
        sections: One a domain and basis.
        machines: The hardware.
        versions: Package -> version.
        commands: What made the figures.
        trainings: Training of every method, by its cards.
        metered: Trainings metered into this ledger, each with its hardware id.
        training_charts: One a quality and source.
        strips: Pictures.
        seed: Of the bootstraps.
    """

    data: Data
    sections: tuple[Section, ...]
    machines: tuple[Machine, ...]
    versions: dict[str, str]
    commands: Commands
    trainings: tuple[Training, ...]
    metered: tuple[tuple[str, Share], ...]
    training_charts: tuple[Chart, ...]
    strips: tuple[Strip, ...]
    seed: int

    @classmethod
    def of(cls, source: Source, *, seed: int = 0) -> Report:
        """Return the report of a ledger.

        Args:
            source: An open ledger, the path of one, or a frame of episodes such as
                ``Ledger.frame("episodes")``; it stays as it is.
            seed: Of the bootstraps; the same one gives the same report.

        Raises:
            LedgerError: The file is missing, no ledger, broken, or of another version.
            EmptyLedgerError: It holds nothing yet.
            ReportError: A frame lacks a column that is needed.
        """
        if isinstance(source, Ledger | Path | str):
            return cls.of_data(read(source), seed=seed)
        return cls.of_data(of_frame(source), seed=seed)

    @classmethod
    def of_data(cls, data: Data, *, seed: int = 0) -> Report:
        """Return the report of records that are read already."""
        trained = trainings(data)
        return cls(
            data,
            tuple(_section(one, trained, seed) for one in blocks(data, seed)),
            tuple(machines(data)),
            versions(data),
            commands(data.runs),
            tuple(trained),
            tuple(metered(data)),
            tuple(_training_charts(trained)),
            tuple(strips(data.pictures)),
            seed,
        )

    def html(self) -> str:
        """Return one HTML file that needs nothing beside it."""
        from jouleplan.energy.report.html import html

        return html(self)

    def markdown(self) -> str:
        """Return the tables as Markdown."""
        from jouleplan.energy.report.markdown import markdown

        return markdown(self)

    def json(self) -> str:
        """Return every figure as one JSON document."""
        from jouleplan.energy.report.export import as_json

        return as_json(self)

    def csv(self) -> str:
        """Return a row a method and problem."""
        from jouleplan.energy.report.export import as_csv

        return as_csv(self)

    def __repr__(self) -> str:
        """Return what it is of."""
        domains = dict.fromkeys(one.block.domain for one in self.sections)
        return f"Report({self.data.name!r}, {', '.join(domains)})"

    def _repr_html_(self) -> str:
        from jouleplan.energy.report.html import inside

        return inside(self)


FORMATS: dict[str, Callable[[Report], str]] = {
    "html": Report.html,
    "md": Report.markdown,
    "json": Report.json,
    "csv": Report.csv,
}
"""Format, which is also the file's suffix -> what writes it."""


def chart(name: str, source: Source, domain: str = "") -> Chart:
    """Return one chart of a ledger, e.g. for a notebook.

    Args:
        name: One of ``FIGURES``, ``break-even`` or ``training``.
        source: An open ledger, the path of one, or a frame of episodes.
        domain: Which domain's; may be left out where there is one.

    Raises:
        ReportError: There is no such chart, or more than one.
    """
    report = Report.of(source)
    found = [
        section.charts[name]
        for section in report.sections
        if name in section.charts and domain in ("", section.block.domain)
    ]
    if name == "training":
        found = list(report.training_charts)
    if len(found) == 1:
        return found[0]
    there = [
        f"{chart} of {section.block.domain} ({section.block.basis.words})"
        for section in report.sections
        for chart in section.charts
    ]
    raise ReportError(
        f"{len(found)} charts {name!r} of {domain or 'any domain'}: give one of "
        f"{', '.join(there) or 'no chart at all'}; Report.of(...).sections has them all"
    )


def _section(block: Block, trained: list[Training], seed: int) -> Section:
    paid = payback(block, trained, seed)
    charts = {name: draw(block) for name, draw in FIGURES.items()}
    # Where training is paid back stands beside joules a success.
    order = list(charts)
    order.insert(order.index("per-success") + 1, "break-even")
    charts["break-even"] = break_even_chart(block, paid)
    kept = {name: found for name in order if (found := charts[name]) is not None}
    return Section(block, duels(block, seed), paid, kept)


def _training_charts(trained: list[Training]) -> list[Chart]:
    groups: dict[tuple[str, str], list[Training]] = {}
    for one in trained:
        if one.quality != NOTHING and one.energy_j is not None:
            groups.setdefault((one.quality, one.source), []).append(one)
    found = []
    for (quality, source), mine in groups.items():
        items = [Bar(one.label, one.energy_j, series=i) for i, one in enumerate(mine)]
        rows = tuple(
            (one.label, figure(one.energy_j), figure(one.cpu_s)) for one in mine
        )
        found.append(
            Chart(
                "training",
                f"Training, {quality}",
                f"Joules of all policies of a method, by their cards: {quality}, "
                f"{source}. n = 1 training a policy, so no interval.",
                bars(items, "joules of training", "Joules of training by method."),
                ("method", "J", "CPU s"),
                rows,
            )
        )
    return found
