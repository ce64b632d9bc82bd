"""Earlier ledgers: read as they are, brought up to date when written to."""

from __future__ import annotations

import json
import re
import sqlite3
from pathlib import Path

import pytest

from jouleplan.energy.errors import LedgerError
from jouleplan.energy.hardware import hardware_id
from jouleplan.energy.ledger import Ledger
from jouleplan.energy.ledger_export import export
from jouleplan.energy.ledger_summary import summary
from jouleplan.energy.merge import merge
from jouleplan.energy.reading import Reading
from jouleplan.energy.records import EpisodeRecord, OperatorRecord
from jouleplan.energy.schema import APPLICATION_ID, TABLES, VERSION

HARDWARE = {"cpu": "x", "logical_cpus": 2}

# As the first version of the ledger wrote it.
ENERGY = """cpu_s REAL NOT NULL, wall_s REAL NOT NULL, energy_j REAL,
 source TEXT NOT NULL, quality TEXT NOT NULL
 CHECK (quality IN ('measured', 'attributed', 'estimated', 'unavailable')),
 components TEXT NOT NULL, calls INTEGER NOT NULL,
 CHECK ((energy_j IS NULL) = (quality = 'unavailable'))"""
VERSION_1 = f"""
PRAGMA journal_mode=WAL;
CREATE TABLE runs (id TEXT PRIMARY KEY, command TEXT NOT NULL, created TEXT NOT NULL,
 method TEXT NOT NULL, seed INTEGER NOT NULL, settings TEXT NOT NULL,
 versions TEXT NOT NULL, hardware TEXT NOT NULL);
CREATE TABLE episodes (id INTEGER PRIMARY KEY,
 run_id TEXT NOT NULL REFERENCES runs (id),
 domain TEXT NOT NULL, problem TEXT NOT NULL, method TEXT NOT NULL,
 settings TEXT NOT NULL, seed INTEGER NOT NULL, success INTEGER NOT NULL,
 cause TEXT NOT NULL, mechanical_work_j REAL, simulated_s REAL NOT NULL,
 replans INTEGER NOT NULL, {ENERGY},
 UNIQUE (domain, problem, method, settings, seed));
CREATE TABLE operators (episode INTEGER NOT NULL REFERENCES episodes (id),
 position INTEGER NOT NULL, name TEXT NOT NULL, outcome TEXT NOT NULL,
 control_steps INTEGER NOT NULL, retries INTEGER NOT NULL, seconds REAL NOT NULL,
 PRIMARY KEY (episode, position));
CREATE TABLE phases (episode INTEGER NOT NULL REFERENCES episodes (id),
 phase TEXT NOT NULL, {ENERGY}, PRIMARY KEY (episode, phase));
CREATE TABLE trainings (id INTEGER PRIMARY KEY,
 run_id TEXT NOT NULL REFERENCES runs (id), skill TEXT NOT NULL, seed INTEGER NOT NULL,
 algorithm TEXT NOT NULL, steps INTEGER NOT NULL, {ENERGY});
PRAGMA application_id={APPLICATION_ID};
PRAGMA user_version=1;
INSERT INTO runs VALUES ('r', 'jouleplan evaluate', '2026-01-01', 'm', 0, '{{}}',
 '{{}}', '{{"cpu": "x", "logical_cpus": 2}}');
INSERT INTO episodes VALUES (7, 'r', 'hanoi', 'p03', 'm', '{{}}', 5, 1, '', 2.0, 3.0, 0,
 0.5, 0.6, 2.0, 'model', 'estimated', '{{"cpu": 2.0}}', 1);
INSERT INTO operators VALUES (7, 0, 'pick(d1, peg1)', 'done', 31, 0, 1.2);
INSERT INTO operators VALUES (7, 1, 'place(d1, peg3)', 'done', 44, 1, 1.8);
INSERT INTO phases VALUES (7, 'policy', 0.5, 0.6, 2.0, 'model', 'estimated', '{{}}', 1);
INSERT INTO trainings VALUES (1, 'r', 'pick', 3, 'SAC', 9, 0.5, 0.6, 2.0, 'model',
 'estimated', '{{}}', 1);
"""


@pytest.fixture
def old(tmp_path: Path) -> Path:
    path = tmp_path / "old.sqlite"
    db = sqlite3.connect(path)
    db.executescript(VERSION_1)
    db.close()
    return path


def _version(path: Path) -> int:
    db = sqlite3.connect(path)
    version: int = db.execute("PRAGMA user_version").fetchone()[0]
    db.close()
    return version


def _shape(path: Path) -> list[tuple[object, ...]]:
    db = sqlite3.connect(path)
    shape = [
        row
        for table in TABLES
        for row in db.execute(f"PRAGMA table_info({table})").fetchall()
    ]
    shape += [r for t in TABLES for r in db.execute(f"PRAGMA foreign_key_list({t})")]
    db.close()
    return shape


def _check_contents(ledger: Ledger) -> None:
    episode = ledger.frame("episodes").iloc[0]
    assert (episode.id, episode.seed, episode.energy_j) == (7, 5, 2.0)
    assert episode.control_steps == 31 + 44
    assert (episode.horizon, episode.turn, episode.init) == (0, 0, "")
    assert episode.progress is None
    assert episode.idle_j is None
    assert list(ledger.frame("operators").types) == ["[]", "[]"]
    assert list(ledger.frame("operators").retries) == [0, 1]
    assert ledger.frame("runs").hardware_id[0] == hardware_id(HARDWARE)
    assert ledger.frame("trainings").card[0] == ""
    assert len(ledger.frame("phases")) == 1
    assert ledger.frame("methods").empty
    assert list(ledger.frame("pictures").columns) == ["episode", "position", "png"]


def test_version_1_is_read_without_being_touched(old: Path) -> None:
    before = old.read_bytes()
    with Ledger(old, read_only=True) as ledger:
        _check_contents(ledger)
    assert old.read_bytes() == before


def test_version_1_is_brought_up_to_date_when_opened_for_writing(
    old: Path, tmp_path: Path
) -> None:
    with Ledger(old) as ledger:
        _check_contents(ledger)
        reading = Reading(2.0, 0.5, 0.6, 3, "paper", "published", {"cpu": 2.0})
        operators = (OperatorRecord("pick(d1)", "done", 1, 0, 1.0, "pick", ("disk",)),)
        record = EpisodeRecord(
            "hanoi", "p03", 6, "m", True, "", reading, 1.0, 1.0, 0, operators
        )
        assert ledger.record_episode("r", record)
    assert _version(old) == VERSION
    Ledger(tmp_path / "fresh.sqlite").close()
    assert _shape(old) == _shape(tmp_path / "fresh.sqlite")


def test_migration_that_fails_leaves_version_1_whole(old: Path) -> None:
    db = sqlite3.connect(old)
    db.execute("INSERT INTO operators VALUES (99, 0, 'orphan', 'done', 1, 0, 1.0)")
    db.commit()
    db.close()
    with pytest.raises(LedgerError, match="without their parent"):
        Ledger(old)
    assert _version(old) == 1
    with Ledger(old, read_only=True) as ledger:
        assert len(ledger.frame("operators")) == 3


def test_read_only_ledger_is_not_written_to(tmp_path: Path) -> None:
    path = tmp_path / "l.sqlite"
    Ledger(path).close()
    ledger = Ledger(path, read_only=True)
    with ledger, pytest.raises(LedgerError, match="readonly"):
        ledger.start_run("x", method="m", seed=0)
    with pytest.raises(LedgerError, match="no ledger at"):
        Ledger(tmp_path / "none.sqlite", read_only=True)


def test_version_1_is_merged_and_exported(old: Path, tmp_path: Path) -> None:
    report = merge([old, old], tmp_path / "merged.sqlite")
    assert report.conflicts == []
    assert report.written["operators"] == 2
    assert report.duplicates == {"runs": 1, "episodes": 1, "trainings": 1}
    with Ledger(old, read_only=True) as ledger:
        export(ledger, tmp_path / "old.json", "json")
    document = json.loads((tmp_path / "old.json").read_text())
    assert document["episodes"][0]["control_steps"] == 31 + 44


@pytest.fixture
def second(tmp_path: Path) -> Path:
    """A ledger of version 2, in which an episode without a success has no place."""
    path = tmp_path / "second.sqlite"
    db = sqlite3.connect(path)
    for table, columns in TABLES.items():
        strict = re.sub(r"success INTEGER,", "success INTEGER NOT NULL,", columns)
        db.execute(f"CREATE TABLE {table} ({strict})")
    db.execute(f"PRAGMA application_id={APPLICATION_ID}")
    db.execute("PRAGMA user_version=2")
    db.executescript(
        """INSERT INTO runs VALUES ('r', 'c', '2026-01-01', 'm', 0, '{}', '{}', '{}',
         'h');
        INSERT INTO episodes VALUES (7, 'r', 'hanoi', 'p03', 'm', '{}', 5, 1, '', 2.0,
         3.0, 0, 0.5, 300, 200, NULL, NULL, NULL, 1e9, 4, '', '', 0.5, 0.6, 2.0,
         'model', 'estimated', '{}', 1);
        INSERT INTO pictures VALUES (7, 0, x'89');"""
    )
    db.close()
    return path


def _unjudged(seed: int) -> EpisodeRecord:
    reading = Reading(2.0, 0.5, 0.6, 3, "model", "estimated", {"cpu": 2.0})
    return EpisodeRecord("hanoi", "p03", seed, "m", None, "", reading, None, 1.0, 0)


def test_version_2_is_read_without_being_touched(second: Path) -> None:
    before = second.read_bytes()
    with Ledger(second, read_only=True) as ledger:
        episode = ledger.frame("episodes").iloc[0]
        assert (episode.id, episode.success, episode.flops) == (7, 1, 1e9)
    assert second.read_bytes() == before


def test_version_2_is_brought_up_to_date_and_takes_an_unknown_success(
    second: Path, tmp_path: Path
) -> None:
    with Ledger(second) as ledger:
        assert ledger.record_episode("r", _unjudged(6))
        assert [row["success"] for row in ledger.rows("episodes")] == [1, None]
        assert [row["episode"] for row in ledger.rows("pictures")] == [7]
    assert _version(second) == VERSION
    Ledger(tmp_path / "fresh.sqlite").close()
    assert _shape(second) == _shape(tmp_path / "fresh.sqlite")


def test_an_unknown_success_survives_export_and_merge(tmp_path: Path) -> None:
    path = tmp_path / "l.sqlite"
    with Ledger(path) as ledger:
        run = ledger.start_run("c", method="m", seed=0)
        ledger.record_episode(run, _unjudged(1))
        (written,) = export(ledger, tmp_path / "l.json", "json")
    assert json.loads(written.read_text())["episodes"][0]["success"] is None
    merge([path], tmp_path / "both.sqlite")
    with Ledger(tmp_path / "both.sqlite", read_only=True) as ledger:
        assert [row["success"] for row in ledger.rows("episodes")] == [None]
    (group,) = summary(path).groups
    assert (group.episodes, group.successes) == (1, None)
