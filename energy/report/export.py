"""The report's figures for programs: JSON and CSV."""

from __future__ import annotations

import csv
import io
import json
import math
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from jouleplan.energy.report.blocks import Block, Line
from jouleplan.energy.report.hardware import boundary
from jouleplan.energy.report.payback import verdict
from jouleplan.energy.report.published import EPISODES, SOURCE, TRAININGS
from jouleplan.energy.report.text import ranges, runs_of, spreadsheet
from jouleplan.energy.statistics.estimate import Estimate

if TYPE_CHECKING:
    from jouleplan.energy.report.document import Report, Section

FORMAT_VERSION = 1
"""Of the JSON document."""

_ESTIMATES = (
    "progress",
    "per_episode",
    "per_success",
    "cpu_s",
    "wall_s",
    "simulated_s",
    "work",
    "flops",
    "flops_per_action",
)
_COLUMNS = {
    "progress": "progress",
    "per_episode": "energy_j_per_episode",
    "per_success": "energy_j_per_success",
    "cpu_s": "cpu_s",
    "wall_s": "wall_s",
    "simulated_s": "simulated_s",
    "work": "mechanical_work_j",
    "flops": "flops",
    "flops_per_action": "flops_per_action",
}


def document(report: Report) -> dict[str, Any]:
    """Return every figure as plain values; what is unknown is None."""
    inner, outer = boundary()
    return {
        "report_version": FORMAT_VERSION,
        "ledger": report.data.name,
        "seed": report.seed,
        "episodes": len(report.data.episodes),
        "machines": [asdict(machine) for machine in report.machines],
        "boundary": {"in": inner, "not_in": outer},
        "versions": report.versions,
        "blocks": [_block(section) for section in report.sections],
        "trainings": [
            {
                **asdict(one),
                "energy_j": one.energy_j,
                "cpu_s": one.cpu_s,
                "seconds": one.seconds,
            }
            for one in report.trainings
        ],
        "metered_trainings": [
            {"hardware_id": hardware, **asdict(share)}
            for hardware, share in report.metered
        ],
        "published": {
            "quality": "published",
            "source": SOURCE,
            "episodes": [asdict(row) for row in EPISODES],
            "trainings": [asdict(row) for row in TRAININGS],
        },
        "commands": [asdict(one) for one in report.commands.every],
    }


def as_json(report: Report) -> str:
    """Return the document as text."""
    return json.dumps(finite(document(report)), indent=2, allow_nan=False) + "\n"


def as_csv(report: Report) -> str:
    """Return a row a method and problem; no cell is a formula, what is unknown empty.

    Quality, source and hardware stand in every row: rows of two of them must not be
    added.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(_head())
    for section in report.sections:
        for line in section.block.by_problem or section.block.lines:
            problems = section.block.problems
            whole = problems[0] if len(problems) == 1 else "all"
            problem = line.problem or whole
            writer.writerow(_row(section.block, line, problem))
    return out.getvalue()


def finite(value: Any) -> Any:
    """Return ``value`` with numbers that JSON cannot hold as None."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: finite(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [finite(each) for each in value]
    return value


def _block(section: Section) -> dict[str, Any]:
    block, paid = section.block, section.payback
    return {
        "domain": block.domain,
        **asdict(block.basis),
        "problems": block.problems,
        "same_scenes": block.same_scenes,
        "commands": block.commands,
        "methods": [_line(line) for line in block.lines],
        "by_problem": [_line(line) for line in block.by_problem],
        "tests": [test.as_dict() for test in section.duels.tests],
        "ranking": [one.as_dict() for one in section.duels.ranking],
        "break_even": {
            "training_j": paid.training_j,
            "no_line": paid.reasons,
            "note": paid.note,
            "pairs": [{**c.as_dict(), "verdict": verdict(c)} for c in paid.crossings],
        },
        "charts": {
            name: {
                "title": c.title,
                "caption": c.caption,
                "head": c.head,
                "rows": c.rows,
            }
            for name, c in section.charts.items()
        },
    }


def _line(line: Line) -> dict[str, Any]:
    return {
        "method": line.method,
        "label": line.label,
        "problem": line.problem or None,
        "n": line.n,
        "judged": line.judged,
        "seeds": runs_of(line.seeds),
        "runs": line.runs,
        "successes": line.successes,
        "success_rate": line.rate,
        "wilson_95": line.success,
        "horizons": line.horizons,
        "causes": line.causes,
        **{_COLUMNS[name]: getattr(line, name).as_dict() for name in _ESTIMATES},
    }


def _head() -> list[str]:
    head = ["domain", "problem", "method", "label", "quality", "source", "hardware_id"]
    head += ["n", "judged", "successes", "success_rate", "success_low", "success_high"]
    for column in _COLUMNS.values():
        head += [column, f"{column}_low", f"{column}_high"]
    return [*head, "seeds"]


def _row(block: Block, line: Line, problem: str) -> list[object]:
    names = [block.domain, problem, line.method, line.label]
    names += [block.basis.quality, block.basis.source, block.basis.hardware_id]
    row: list[object] = [spreadsheet(name) for name in names]
    row += [line.n, line.judged, line.successes]
    row += [_plain(x) for x in (line.rate, *line.success)]
    for name in _ESTIMATES:
        estimate: Estimate = getattr(line, name)
        row += [_plain(x) for x in (estimate.value, estimate.low, estimate.high)]
    return [*row, ranges(line.seeds, 20)]


def _plain(value: float | None) -> object:
    return "" if value is None else value
