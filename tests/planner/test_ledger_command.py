"""`jouleplan ledger` as users run it."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from jouleplan.energy.ledger import Ledger
from jouleplan.energy.reading import Reading
from jouleplan.energy.records import EpisodeRecord
from jouleplan.energy.schema import VERSION
from jouleplan.planner.cli.app import run
from jouleplan.planner.cli.output import ExitCode

READING = Reading(2.0, 0.5, 0.6, 3, "model", "estimated", {"cpu": 2.0})


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    path = tmp_path / "l.sqlite"
    with Ledger(path) as opened:
        started = opened.start_run("x", method="m", seed=0, hardware={"cpu": "z"})
        for seed in range(3):
            record = EpisodeRecord(
                "hanoi", "p03", seed, "m", seed > 0, "", READING, 1.0, 1.0, 0
            )
            opened.record_episode(started, record)
    return path


def test_ledger_is_shown(ledger: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["ledger", "show", str(ledger), "--json"]) == ExitCode.DONE
    shown = json.loads(capsys.readouterr().out)
    assert shown["version"] == VERSION
    assert shown["records"]["episodes"] == 3
    (group,) = shown["groups"]
    assert (group["episodes"], group["successes"]) == (3, 2)
    assert group["energy_j_per_episode"] == 2.0
    assert list(shown["hardware"].values()) == ['{"cpu": "z"}']


def test_a_name_in_a_ledger_does_not_drive_the_terminal(
    ledger: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with sqlite3.connect(ledger) as db:
        db.execute("UPDATE episodes SET domain = ?", ("\x1b[2J\x9b1mhanoi",))
    db.close()
    assert run(["ledger", "show", str(ledger)]) == ExitCode.DONE
    assert r"\x1b[2J\x9b1mhanoi" in capsys.readouterr().out


def test_ledgers_are_merged_and_exported(
    ledger: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "merged.sqlite"
    merge = ["ledger", "merge", str(ledger), str(ledger), "-o", str(out), "--json"]
    assert run(merge) == ExitCode.DONE
    assert json.loads(capsys.readouterr().out)["duplicates"]["episodes"] == 3
    assert run(["ledger", "export", str(out), "-o", str(tmp_path / "csv")]) == 0
    assert "episodes.csv" in capsys.readouterr().out


def test_wrong_input_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["ledger", "show", str(tmp_path / "none")]) == ExitCode.BAD_INPUT
    assert "no ledger at" in capsys.readouterr().err
    (tmp_path / "empty.db").touch()
    assert run(["ledger", "show", str(tmp_path / "empty.db")]) == ExitCode.BAD_INPUT
    assert "empty.db is empty" in capsys.readouterr().err
    assert run(["ledger"]) == ExitCode.BAD_INPUT
    assert "ACTION" in capsys.readouterr().err
