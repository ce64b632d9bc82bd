"""Reports of ledgers that are odd, empty, broken or none."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from jouleplan.energy.errors import EmptyLedgerError, LedgerError, ReportError
from jouleplan.energy.ledger import Ledger
from jouleplan.energy.records import TrainingRecord
from jouleplan.energy.report import Report, chart
from tests.energy.report.episodes import Build, Episodes, estimated

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c"
    "4944415408d763f8cfc000000301010018dd8db00000000049454e44ae426082"
)


def test_ledger_without_records_is_said_to_be_empty(tmp_path: Path) -> None:
    path = tmp_path / "l.sqlite"
    Ledger(path).close()
    with pytest.raises(EmptyLedgerError, match="run `jouleplan compare`"):
        Report.of(path)


def test_run_that_was_killed_before_its_first_episode_is_no_episode(
    build: Build,
) -> None:
    path = build(Episodes("a", [3.0], [True]), Episodes("b", [], []))
    assert [x.label for x in Report.of(path).sections[0].block.lines] == ["a"]


def test_trainings_alone_make_a_report(tmp_path: Path) -> None:
    with Ledger(tmp_path / "l.sqlite") as ledger:
        run = ledger.start_run("train", method="train", seed=0)
        ledger.record_training(run, TrainingRecord("pick", 0, "TD3", 9, estimated(8.0)))
    assert "Training runs in this ledger" in Report.of(tmp_path / "l.sqlite").html()


@pytest.mark.parametrize("content", [b"no database at all" * 100, b""])
def test_file_that_is_no_ledger_is_named(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "l.sqlite"
    path.write_bytes(content)
    with pytest.raises(LedgerError, match=r"l\.sqlite"):
        Report.of(path)


def test_ledger_cut_off_in_the_middle_is_named_as_damaged(build: Build) -> None:
    path = build(Episodes("a", [3.0] * 40, [True] * 40))
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(LedgerError, match="damaged"):
        Report.of(path)


@pytest.mark.parametrize("value", ["-5", "9e999", "'joules'"])
def test_figures_that_cannot_be_are_refused_by_the_column(
    build: Build, value: str
) -> None:
    path = build(Episodes("a", [3.0], [True]))
    with sqlite3.connect(path) as db:
        db.execute(f"UPDATE episodes SET energy_j={value}")
    db.close()
    with pytest.raises(LedgerError, match="`energy_j` are not all"):
        Report.of(path)


def test_ledger_of_a_later_version_is_refused(build: Build) -> None:
    path = build(Episodes("a", [3.0], [True]))
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA user_version=99")
    db.close()
    with pytest.raises(LedgerError, match="version 99"):
        Report.of(path)


def test_components_that_are_no_json_are_named(build: Build) -> None:
    path = build(Episodes("a", [3.0], [True]))
    with sqlite3.connect(path) as db:
        db.execute("UPDATE episodes SET components='{'")
    db.close()
    with pytest.raises(LedgerError, match="components"):
        Report.of(path)


def test_settings_and_hardware_that_are_no_json_are_shown_as_they_are(
    build: Build,
) -> None:
    path = build(Episodes("a", [3.0], [True], training=()))
    with sqlite3.connect(path) as db:
        db.execute("UPDATE runs SET hardware='{', versions='[1]'")
        db.execute("UPDATE episodes SET settings='nonsense'")
        db.execute("UPDATE methods SET training='17'")
    db.close()
    report = Report.of(path)
    assert report.trainings == ()
    assert "nonsense" not in report.markdown()
    assert report.machines[0].facts == {"as recorded": "{"}


def test_report_leaves_the_ledger_as_it_is(build: Build) -> None:
    path = build(Episodes("a", [3.0], [True]))
    before = path.read_bytes()
    Report.of(path).html()
    assert path.read_bytes() == before


def test_pictures_become_a_strip_and_broken_ones_are_counted(build: Build) -> None:
    path = build(Episodes("a", [3.0], [True]))
    with sqlite3.connect(path) as db:
        for position, png in enumerate([PNG, PNG[:40], b"<svg onload=x>"]):
            db.execute("INSERT INTO pictures VALUES (1, ?, ?)", (position, png))
    db.close()
    report = Report.of(path)
    assert (len(report.strips[0].uris), report.strips[0].broken) == (1, 2)
    text = report.html()
    assert 'alt="a on hanoi p03, seed 5: goal reached: picture 1 of 3"' in text
    assert "2 could not be read as PNG files" in text


def test_chart_is_drawn_by_its_name(build: Build) -> None:
    path = build(Episodes("a", [3.0, 5.0], [True, True]))
    with Ledger(path) as ledger:
        found = chart("per-episode", ledger, "hanoi")
    assert found.rows[0][:2] == ("a", "4.00")
    assert "<svg" in found._repr_html_()


def test_chart_is_drawn_from_a_frame(build: Build) -> None:
    with Ledger(build(Episodes("a", [3.0, 5.0], [True, False]))) as ledger:
        frame = ledger.frame("episodes")
    assert chart("per-success", frame).rows[0][:2] == ("a", "8.00")


def test_frame_without_energy_is_told_what_it_lacks(build: Build) -> None:
    with Ledger(build(Episodes("a", [3.0], [True]))) as ledger:
        frame = ledger.frame("episodes").drop(columns=["energy_j"])
    with pytest.raises(ReportError, match="without energy_j"):
        Report.of(frame)


def test_many_problems_and_methods_are_not_shown_one_by_one(build: Build) -> None:
    path = build(
        *(
            Episodes(f"m{i}", [3.0], [True], problem=f"q{i % 7}", training=())
            for i in range(14)
        )
    )
    text = Report.of(path).html()
    assert "7 problems: too many to be shown one by one." in text
    assert "of the first 12 of 14 methods" in text


def test_unknown_chart_lists_those_there_are(build: Build) -> None:
    path = build(Episodes("a", [3.0], [True]))
    with pytest.raises(ReportError, match="per-episode of hanoi"):
        chart("nonsense", path)
