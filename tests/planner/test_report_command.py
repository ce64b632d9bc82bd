"""`jouleplan report`: files, formats and exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from jouleplan.energy.ledger import Ledger
from jouleplan.energy.reading import Reading
from jouleplan.energy.records import EpisodeRecord
from jouleplan.planner.cli.app import run


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    path = tmp_path / "l.sqlite"
    reading = Reading(4.0, 1.0, 1.2, 1, "model", "estimated", {"cpu": 4.0})
    with Ledger(path) as opened:
        run_id = opened.start_run("compare", method="a", seed=1)
        opened.record_episode(
            run_id,
            EpisodeRecord("hanoi", "p03", 1, "a", True, "", reading, 5.0, 9.0, 0),
        )
    return path


def test_report_writes_one_file_and_says_what(
    ledger: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "r.html"
    assert run(["report", str(ledger), "-o", str(out), "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["bytes"] == out.stat().st_size
    assert document["format"] == "html"
    assert out.read_text(encoding="utf-8").startswith("<!doctype html>")


@pytest.mark.parametrize(("suffix", "start"), [("md", "# "), ("csv", "domain,")])
def test_format_follows_the_suffix(
    ledger: Path, tmp_path: Path, suffix: str, start: str
) -> None:
    out = tmp_path / f"r.{suffix}"
    assert run(["report", str(ledger), "-o", str(out)]) == 0
    assert out.read_text(encoding="utf-8").startswith(start)


def test_json_goes_to_stdout_where_no_file_is_given(
    ledger: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["report", str(ledger), "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["episodes"] == 1


def test_report_is_never_written_over_the_ledger(ledger: Path) -> None:
    before = ledger.read_bytes()
    given = ["report", str(ledger), "--format", "html", "-o", str(ledger)]
    assert run(given) == 2
    assert ledger.read_bytes() == before


@pytest.mark.parametrize("output", ["r.pdf", "missing/r.html"])
def test_output_that_cannot_be_is_bad_input(
    ledger: Path, tmp_path: Path, output: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["report", str(ledger), "-o", str(tmp_path / output)]) == 2
    assert "give" in capsys.readouterr().err


def test_missing_ledger_is_bad_input(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "r.html"
    assert run(["report", str(tmp_path / "none"), "-o", str(out), "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["kind"] == "LedgerError"
    assert not out.exists()
