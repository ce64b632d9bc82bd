"""The figures of a report: right, apart by quality, and unknown where unknown."""

from __future__ import annotations

import csv
import io
import json
import re
import sqlite3
from typing import Any

import pytest

from jouleplan.energy.records import TrainingShare
from jouleplan.energy.report.document import Report, chart
from jouleplan.energy.report.published import counterpart
from jouleplan.energy.report.tables import PUBLISHED, methods_table
from tests.energy.report.episodes import (
    MODEL,
    Build,
    Episodes,
    attributed,
    measured,
    only,
)


def _share(cpu_s: float, quality: str = "estimated", source: str = MODEL) -> Any:
    joules = None if quality == "unavailable" else 4 * cpu_s
    return TrainingShare("pick", "TD3", 10, cpu_s, joules, quality, source, cpu_s)  # type: ignore[arg-type]


def test_joules_of_failures_are_in_joules_a_success(build: Build) -> None:
    path = build(Episodes("a", [3.0, 5.0, 4.0], [True, False, True]))
    line = only(Report.of(path)).block.lines[0]
    assert line.per_episode.value == pytest.approx(4.0)
    assert line.per_success.value == pytest.approx(6.0)


def test_method_without_success_has_no_joules_a_success(build: Build) -> None:
    path = build(Episodes("a", [3.0, 5.0], [False, False]))
    report = Report.of(path)
    block = only(report).block
    cells = {c.main for row in methods_table(block, block.lines, "").rows for c in row}
    assert "no success" in cells
    assert "no success" in report.markdown()
    assert "per-success" not in only(report).charts


def test_bar_of_a_method_without_success_says_so(build: Build) -> None:
    path = build(
        Episodes("a", [3.0, 5.0], [False, False]),
        Episodes("b", [3.0, 5.0], [True, True]),
    )
    drawn = chart("per-success", path).svg
    assert ">no success<" in drawn
    assert ">unknown<" not in drawn


def test_one_episode_has_figures_without_intervals(build: Build) -> None:
    line = only(Report.of(build(Episodes("a", [3.0], [True])))).block.lines[0]
    assert line.per_success.value == 3.0
    assert line.per_success.low is None


def test_qualities_and_machines_have_blocks_of_their_own(build: Build) -> None:
    path = build(
        Episodes("a", [3.0, 5.0], [True, True]),
        Episodes("a", [30.0], [True], first=20, reading=measured, part=attributed),
        Episodes("a", [None], [True], first=30),
        Episodes("a", [7.0], [True], first=40, hardware={"cpu": "another"}),
    )
    report = Report.of(path)
    found = {
        (s.block.basis.quality, s.block.lines[0].per_episode.value, s.block.lines[0].n)
        for s in report.sections
    }
    assert found == {
        ("estimated", 4.0, 2),
        ("estimated", 7.0, 1),
        ("measured", 30.0, 1),
        ("unavailable", None, 1),
    }
    assert len(report.machines) == 2
    headings = re.findall("^## hanoi.*$", report.markdown(), re.MULTILINE)
    assert len(set(headings)) == 4


def test_unknown_is_written_as_unknown_never_as_zero(build: Build) -> None:
    report = Report.of(build(Episodes("a", [None, None], [True, True])))
    block = only(report).block
    table = methods_table(block, block.lines, "")
    row = dict(zip(table.head, table.rows[0], strict=True))
    assert row["J an episode, unavailable"].main == "unknown"
    assert row["mechanical work J"].main == "unknown"
    assert row["FLOPs an episode"].main == "unknown"
    written = next(csv.DictReader(io.StringIO(report.csv())))
    assert written["energy_j_per_episode"] == ""


def test_one_unknown_episode_makes_progress_unknown(build: Build) -> None:
    path = build(Episodes("a", [3.0, 5.0], [True, False], progress=None))
    assert only(Report.of(path)).block.lines[0].progress.value is None


def test_training_of_another_quality_is_not_added(build: Build) -> None:
    path = build(
        Episodes("a", [3.0], [True], training=(_share(100.0, "measured", "RAPL"),))
    )
    paid = only(Report.of(path)).payback
    assert paid.training_j == {}
    assert paid.reasons["a"] == "its training is measured, its episodes estimated"


def test_training_with_another_power_is_recomputed_and_said(build: Build) -> None:
    other = _share(100.0, source="CPU-time model, 2 W per core")
    path = build(Episodes("a", [3.0, 5.0], [True, True], training=(other,)))
    paid = only(Report.of(path)).payback
    assert paid.training_j == {"a": pytest.approx(400.0)}
    assert "recomputed" in paid.note


def test_break_even_says_who_pays_back_and_when(build: Build) -> None:
    path = build(
        Episodes("trained", [1.0] * 4, [True] * 4, training=(_share(100.0),)),
        Episodes("untrained", [5.0] * 4, [True] * 4, training=()),
    )
    section = only(Report.of(path))
    assert section.payback.crossings[0].successes == pytest.approx(100.0)
    assert "trained uses less than untrained from success 100 on" in (
        section.charts["break-even"].caption
    )


def test_published_figures_have_a_column_of_their_own(build: Build) -> None:
    path = build(
        Episodes("neurosymbolic", [3.0], [True]), Episodes("scripted", [2.0], [True])
    )
    block = only(Report.of(path)).block
    table = methods_table(block, block.lines, "")
    assert table.head[-1] == PUBLISHED
    assert [row[-1].main for row in table.rows] == ["95.0 %, 830 J an episode", "none"]
    assert [cell.foreign for cell in table.rows[0]].count(True) == 1


@pytest.mark.parametrize(
    ("method", "joules"),
    [("vla-end-to-end", 7960), ("vla-planner-guided?replan=3", 6940), ("x", None)],
)
def test_a_baseline_stands_beside_its_own_kind_in_the_paper(
    method: str, joules: float | None
) -> None:
    row = counterpart("hanoi", "p03", method)
    assert (None if row is None else row.energy_j) == joules


def test_joules_that_were_scaled_are_said_to_be(build: Build) -> None:
    path = build(Episodes("a", [3.0], [None]))
    with sqlite3.connect(path) as db:
        db.execute("UPDATE phases SET phase='policy, scaled' WHERE phase='planning'")
    assert "Extrapolated in part: a." in Report.of(path).markdown()
    other = build(Episodes("b", [3.0], [True]), name="b.sqlite")
    assert "Extrapolated" not in Report.of(other).markdown()


def test_published_figures_stand_beside_no_other_domain(build: Build) -> None:
    path = build(Episodes("neurosymbolic", [3.0], [True], domain="blocksworld"))
    block = only(Report.of(path)).block
    assert PUBLISHED not in methods_table(block, block.lines, "").head


def test_boundary_without_simulation_leaves_the_other_phases(build: Build) -> None:
    path = build(Episodes("a", [4.0, 8.0], [True, True], idle_j=10.0))
    rows = {row[0]: row[1] for row in only(Report.of(path)).charts["by-boundary"].rows}
    assert rows["as metered"] == "6.00"
    assert rows["without simulation"] == "1.50"
    assert rows["with the idle machine"] == "16.0"


def test_idle_is_taken_off_what_a_sensor_measured(build: Build) -> None:
    path = build(Episodes("a", [40.0], [True], idle_j=10.0, reading=measured))
    rows = {row[0]: row[1] for row in only(Report.of(path)).charts["by-boundary"].rows}
    assert rows["above idle"] == "30.0"


def test_methods_on_other_scenes_are_said_to_be(build: Build) -> None:
    path = build(
        Episodes("a", [3.0, 4.0], [True, True]),
        Episodes("b", [3.0, 4.0], [True, True], first=6),
    )
    report = Report.of(path)
    assert "did not run the same problems and seeds" in report.html()
    assert only(report).duels.tests[0].n == 1


def test_size_is_read_from_the_names_of_problems(build: Build) -> None:
    path = build(
        Episodes("a", [3.0], [True], problem="p03"),
        Episodes("a", [9.0], [True], problem="p04"),
    )
    rows = only(Report.of(path)).charts["by-size"].rows
    assert [row[1:3] for row in rows] == [("3", "3.00"), ("4", "9.00")]


def test_high_load_is_flagged(build: Build) -> None:
    path = build(Episodes("a", [3.0, 3.0, 3.0], [True] * 3, load=(1.5, 2.5)))
    report = Report.of(path)
    assert report.machines[0].busy == 3
    assert "high load" in report.markdown()
    assert "High load" in report.html()


def test_load_that_nobody_noted_is_unknown(build: Build) -> None:
    machine = Report.of(build(Episodes("a", [3.0], [True]))).machines[0]
    assert (machine.load, machine.busy) == ("unknown", 0)


def test_json_holds_every_section_and_no_infinity(build: Build) -> None:
    path = build(
        Episodes("a", [3.0, 4.0, 5.0], [True, False, False], training=(_share(9.0),)),
        Episodes("b", [2.0] * 3, [False] * 3, training=()),
    )
    document = json.loads(Report.of(path).json())
    block = document["blocks"][0]
    assert block["methods"][0]["energy_j_per_success"]["unbounded"] is True
    assert block["break_even"]["pairs"][0]["kind"] == "dominates"
    assert document["published"]["quality"] == "published"


def test_csv_cells_are_no_formulas(build: Build) -> None:
    path = build(Episodes("=HYPERLINK(1)", [3.0], [True], domain="@x"))
    row = next(csv.DictReader(io.StringIO(Report.of(path).csv())))
    assert row["method"] == "'=HYPERLINK(1)"
    assert row["domain"] == "'@x"


def test_markdown_names_make_no_columns_and_no_tags(build: Build) -> None:
    path = build(Episodes("a|b<i>`c`", [3.0], [True]))
    text = Report.of(path).markdown()
    assert "a\\|b&lt;i&gt;\\`c\\`" in text
    assert "<i>" not in text


def test_unknown_success_is_no_zero_anywhere(build: Build) -> None:
    path = build(
        Episodes("a", [3.0, 5.0], [True, True]),
        Episodes("random", [900.0, 950.0], [None, None], training=()),
    )
    report = Report.of(path)
    section = only(report)
    line = section.block.lines[1]
    assert (line.judged, line.rate, line.success) == (0, None, (None, None))
    assert line.per_episode.value == 925.0
    assert (line.per_success.value, line.per_success.high) == (None, None)
    assert (line.progress.value, line.causes) == (None, {})
    rows = methods_table(section.block, section.block.lines, "")
    row = dict(zip(rows.head, rows.rows[1], strict=True))
    assert row["success"].main == "unknown"
    assert row["J a success, estimated"].main == "unknown"
    assert [one.method for one in section.duels.ranking] == []
    assert section.duels.tests[0].joules_n == 2
    assert section.duels.tests[0].success_difference.value is None
    assert "success of its episodes is unknown" in section.payback.reasons["random"]
    assert [row[0] for row in section.charts["success-joules"].rows] == ["a"]
    assert "Unknown and not drawn: random." in section.charts["success-joules"].caption
    assert ("random", "unknown", "none") in section.charts["per-success"].rows
    assert "Success unknown, which is not zero: random." in report.html()
    assert "Success unknown, which is not zero: random." in report.markdown()
    written = list(csv.DictReader(io.StringIO(report.csv())))[1]
    assert (written["success_rate"], written["judged"], written["n"]) == ("", "0", "2")
    assert json.loads(report.json())["blocks"][0]["methods"][1]["success_rate"] is None


def test_a_ledger_of_unknown_successes_alone_has_a_report(build: Build) -> None:
    section = only(Report.of(build(Episodes("random", [9.0, 8.0], [None, None]))))
    assert "success-joules" not in section.charts
    assert "per-success" not in section.charts
    assert "per-episode" in section.charts
