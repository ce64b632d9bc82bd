"""The report's tables as Markdown, names escaped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jouleplan.energy.report.hardware import QUALITIES, boundary
from jouleplan.energy.report.published import CAVEATS
from jouleplan.energy.report.sections import SectionView, view
from jouleplan.energy.report.text import markdown as plain

if TYPE_CHECKING:
    from jouleplan.energy.report.document import Report
    from jouleplan.energy.report.hardware import Machine
    from jouleplan.energy.report.tables import Table


def markdown(report: Report) -> str:
    """Return the report without its charts, whose figures the tables hold."""
    found = view(report)
    lines = [f"# {plain(found.title)}", "", "## Hardware and quality", ""]
    for machine in report.machines:
        lines += _machine(machine)
    inner, outer = boundary()
    lines += [
        *("- In a joule: " + plain(words) for words in inner),
        *("- Not in a joule: " + plain(words) for words in outer),
        *(f"- {name}: {plain(words)}" for name, words in QUALITIES.items()),
        "",
        "Versions: "
        + plain(", ".join(f"{name} {v}" for name, v in report.versions.items())),
        "",
    ]
    if found.methods:
        lines += ["## Methods", ""]
        for name, label, words in found.methods:
            said = f"{plain(name)}, {plain(label)}"
            lines.append(f"- {said}: {plain(words)}" if words else f"- {said}")
        lines.append("")
    for section in found.sections:
        lines += _section(section)
    tables = [*found.trainings, *found.metered]
    if tables:
        lines += ["## Training", "", *(line for t in tables for line in _table(t))]
    lines += ["## Published elsewhere, not measured here", ""]
    lines += [*("- " + plain(words) for words in CAVEATS), ""]
    lines += [line for table in found.published for line in _table(table)]
    lines += ["## How this was made", ""]
    lines += [*("- " + plain(words) for words in found.intervals), ""]
    for name, command, when in found.commands:
        lines += [f"- {name}: {plain(command)} ({plain(when)})"]
    if found.commands_left:
        lines.append(f"- and {found.commands_left} more, in the ledger's table of runs")
    return "\n".join(lines).rstrip() + "\n"


def _machine(machine: Machine) -> list[str]:
    facts = "; ".join(f"{name}: {value}" for name, value in machine.facts.items())
    lines = [
        f"### Machine {plain(machine.hardware_id)}",
        "",
        f"- {plain(facts)}",
        f"- load average: {plain(machine.load)}",
        f"- idle baseline: {plain(machine.idle)}",
    ]
    if machine.busy:
        lines.append(
            f"- **high load**: in {machine.busy} of {machine.episodes} episodes it "
            "was above the number of CPUs: seconds and joules are inflated"
        )
    for source in machine.sources:
        missing = (
            f"; no figure for {', '.join(source.missing)}" if source.missing else ""
        )
        lines.append(
            f"- {source.quality}: {plain(source.name)}, {source.episodes} episodes; in "
            f"its joules: {', '.join(source.components) or 'unknown'}{missing}"
        )
    return [*lines, ""]


def _section(section: SectionView) -> list[str]:
    lines = [f"## {plain(section.title)}", "", plain(section.basis), ""]
    for note in section.notes:
        lines += [plain(note), ""]
    folded = [table for _, table in section.folded]
    for table in (*section.tables, *folded, *section.against):
        lines += _table(table)
    lines += [*("- " + plain(words) for words in section.verdicts), ""]
    for chart in section.charts:
        if chart.name in ("phases", "by-watts", "by-boundary", "by-country"):
            lines += [f"**{plain(chart.title)}**", ""]
            lines += _rows(chart.head, chart.rows)
            lines += ["", plain(chart.caption), ""]
    return lines


def _table(table: Table) -> list[str]:
    rows = tuple(tuple(cell.line for cell in row) for row in table.rows)
    return [f"**{plain(table.caption)}**", "", *_rows(table.head, rows), ""]


def _rows(head: tuple[str, ...], rows: tuple[tuple[str, ...], ...]) -> list[str]:
    lines = [_row(head), "|" + "---|" * len(head)]
    return [*lines, *map(_row, rows)]


def _row(cells: tuple[str, ...]) -> str:
    return "| " + " | ".join(map(plain, cells)) + " |"
