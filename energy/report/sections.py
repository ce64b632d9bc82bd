"""The report's sections as tables and words, for HTML and Markdown alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from jouleplan.energy.report.charts.chart import Chart
from jouleplan.energy.report.duels import MOST as MOST_DUELS
from jouleplan.energy.report.duels import MOST_METHODS
from jouleplan.energy.report.payback import MOST as MOST_PAYBACK
from jouleplan.energy.report.payback import verdict
from jouleplan.energy.report.pictures import Strip
from jouleplan.energy.report.tables import (
    Table,
    causes_table,
    methods_table,
    phases_table,
    published_tables,
    ranking_table,
    tests_table,
)
from jouleplan.energy.report.training_tables import metered_table, training_table

if TYPE_CHECKING:
    from jouleplan.energy.report.document import Report, Section

MOST_OPEN = 40
"""Rows beyond which a table by problem is folded away."""

SCALED = ", scaled"
"""Ends the name of a phase whose joules stand for work that was not done."""

MOST_COMMANDS = 40
"""Commands that are listed."""


@dataclass(frozen=True, slots=True)
class SectionView:
    """A block as it is shown.

    Attributes:
        anchor: Id of its heading.
        title: Its heading.
        basis: What its joules rest on.
        notes: What to know before one reads it.
        tables: Figures of the methods, first over all problems.
        against: Tables of the methods against each other, phases and failures.
        folded: Heading and table of what is folded away.
        charts: In order.
        verdicts: Break-even in words.
        strips: Pictures.
    """

    anchor: str
    title: str
    basis: str
    notes: list[str]
    tables: list[Table]
    against: list[Table]
    folded: list[tuple[str, Table]]
    charts: list[Chart]
    verdicts: list[str]
    strips: list[Strip]


@dataclass(frozen=True, slots=True)
class View:
    """The report as it is shown.

    Attributes:
        title: Of the page.
        methods: Name, label and description, each once.
        sections: One a block.
        trainings: Tables of every method's training.
        metered: Tables of trainings in the ledger.
        published: Tables of the reference paper.
        commands: Name, line and how often.
        commands_left: How many more commands there are.
        intervals: How the intervals were made.
    """

    title: str
    methods: list[tuple[str, str, str]]
    sections: list[SectionView]
    trainings: list[Table]
    metered: list[Table]
    published: tuple[Table, Table]
    commands: list[tuple[str, str, str]]
    commands_left: int
    intervals: list[str]


def view(report: Report) -> View:
    """Return what a report shows, in its order."""
    shown_strips: set[tuple[str, str]] = set()
    sections, titles = [], _titles(report)
    for number, section in enumerate(report.sections):
        mine = []
        for strip in report.strips:
            key = (strip.domain, strip.method)
            methods = {line.method for line in section.block.lines}
            here = strip.domain == section.block.domain and strip.method in methods
            if here and key not in shown_strips:
                shown_strips.add(key)
                mine.append(strip)
        sections.append(_section(section, titles[number], number, mine))
    kinds = dict.fromkeys(share.quality for _, share in report.metered)
    commands = report.commands.every
    return View(
        f"Energy report: {report.data.name}",
        _methods(report),
        sections,
        [training_table(one) for one in report.trainings],
        [metered_table(report.metered, kind) for kind in kinds],
        published_tables(),
        [
            (
                one.name,
                one.line,
                f"{one.runs} run{'s' if one.runs > 1 else ''}, {one.first}"
                + (f" to {one.last}" if one.last != one.first else ""),
            )
            for one in commands[:MOST_COMMANDS]
        ],
        max(0, len(commands) - MOST_COMMANDS),
        _intervals(report),
    )


def _methods(report: Report) -> list[tuple[str, str, str]]:
    rows = report.data.methods[["method", "label", "description"]].itertuples()
    found = dict.fromkeys(
        (str(row.method), str(row.label), str(row.description)) for row in rows
    )
    return list(found)


def _titles(report: Report) -> list[str]:
    """Return the sections' headings; blocks of one domain and quality say the basis."""
    blocks = [section.block for section in report.sections]
    plain = [block.title for block in blocks]
    return [
        f"{block.title}, {block.basis.source}, hardware {block.basis.hardware_id}"
        if plain.count(block.title) > 1
        else block.title
        for block in blocks
    ]


def _section(
    section: Section, title: str, number: int, strips: list[Strip]
) -> SectionView:
    block = section.block
    one = len(block.problems) == 1
    what = block.problems[0] if one else f"all {len(block.problems)} problems"
    caption = f"{block.domain}, {what}: methods"
    tables = [methods_table(block, block.lines, caption)]
    against = [
        tests_table(section.duels),
        ranking_table(section.duels),
        phases_table(block),
        causes_table(block),
    ]
    folded = []
    if block.by_problem:
        caption = f"{block.domain}, by problem: methods"
        table = methods_table(block, block.by_problem, caption)
        if len(block.by_problem) > MOST_OPEN:
            folded.append(("By problem", table))
        else:
            tables.append(table)
    paid = section.payback
    verdicts = [verdict(one) for one in paid.crossings]
    verdicts += [f"{label} has no line: {why}" for label, why in paid.reasons.items()]
    if paid.note:
        verdicts.append(paid.note)
    return SectionView(
        f"block-{number + 1}",
        title,
        f"Joules are {block.basis.words}. Made by {block.commands}.",
        _notes(section),
        tables,
        [table for table in against if table is not None],
        folded,
        list(section.charts.values()),
        verdicts,
        strips,
    )


def _notes(section: Section) -> list[str]:
    block, notes = section.block, []
    if block.basis.quality == "unavailable":
        notes.append("The joules are unknown: nothing metered them.")
    if len(block.lines) > 1 and not block.same_scenes:
        notes.append(
            "The methods did not run the same problems and seeds: compare them by "
            "problem, or in the paired tests, which take the shared scenes alone."
        )
    horizons = block.frame.groupby("problem")["horizon"].unique()
    for problem, given in horizons[horizons.map(len) > 1].items():
        steps = ", ".join("no limit" if h == 0 else str(h) for h in sorted(given))
        notes.append(f"{problem}: not all were given the same control steps: {steps}")
    if section.duels.sampled:
        notes.append(
            f"Paired tests and ranking rest on a random sample of {MOST_DUELS} of "
            f"{section.duels.sampled} shared scenes."
        )
    if len(block.problems) > 1 and not block.by_problem:
        notes.append(
            f"{len(block.problems)} problems: too many to be shown one by one."
        )
    if len(block.lines) > MOST_METHODS:
        notes.append(
            f"Paired tests, ranking and break-even are of the first {MOST_METHODS} of "
            f"{len(block.lines)} methods."
        )
    unjudged = [line.label for line in block.lines if line.judged < line.n]
    if unjudged:
        notes.append(
            f"Success unknown, which is not zero: {', '.join(unjudged)}. Not in the "
            "chart of success, the Pareto front, the ranking or the break-even; no "
            "joules a success."
        )
    phases = block.phases
    scaled = phases[phases["phase"].str.endswith(SCALED)]["label"].unique()
    if len(scaled):
        notes.append(
            f"Extrapolated in part: {', '.join(scaled)}. What its phase '...{SCALED}' "
            "holds was not run but scaled from what was."
        )
    few = [line.label for line in block.lines if line.n < 10]
    if few:
        notes.append(f"Fewer than 10 episodes: {', '.join(few)}. Intervals are rough.")
    return notes


def _intervals(report: Report) -> list[str]:
    from jouleplan.energy.statistics.intervals import (
        BCA_UP_TO,
        BOOTSTRAP_UP_TO,
        resamples,
    )

    most = max(
        (line.n for section in report.sections for line in section.block.lines),
        default=0,
    )
    return [
        "Success: Wilson score interval, 95 %.",
        f"Means: 95 %, bias-corrected and accelerated bootstrap up to {BCA_UP_TO} "
        f"episodes, percentile bootstrap up to {BOOTSTRAP_UP_TO}, normal beyond; "
        f"{resamples(min(max(most, 1), BOOTSTRAP_UP_TO))} resamples or more. The "
        f"largest n here is {most}.",
        "Joules a success: all joules divided by the successes, failures included; "
        "episodes are resampled whole. An upper end is unbounded where a resample "
        "may hold no success.",
        "Paired tests: McNemar's exact test of success, Wilcoxon's signed-rank test of "
        "joules, each adjusted by Holm; effect sizes beside them.",
        "FLOPs: matrix products, convolutions and attention of networks, two a "
        "multiplication with its sum. A planner's own arithmetic is not counted.",
        "Ranking: Bradley-Terry on shared scenes, scenes resampled.",
        f"Break-even: training plus n times joules a success; bands from at most "
        f"{MOST_PAYBACK} episodes of a method.",
        f"Random numbers begin at seed {report.seed}: the same ledger gives the same "
        "report.",
    ]
