"""Merging ledgers: every record once, conflicts named."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from jouleplan.energy.errors import LedgerError
from jouleplan.energy.ledger import Ledger
from jouleplan.energy.merge import merge
from jouleplan.energy.reading import Reading
from jouleplan.energy.records import (
    EpisodeKey,
    EpisodeRecord,
    MethodRecord,
    OperatorRecord,
    TrainingRecord,
)

READING = Reading(2.0, 0.5, 0.6, 3, "model", "estimated", {"cpu": 2.0})
OPERATORS = (OperatorRecord("pick(d1)", "done", 3, 0, 1.0),)
RECORD = EpisodeRecord(
    "hanoi", "p03", 0, "m", True, "", READING, 1.0, 1.0, 0, OPERATORS, {"a": READING}
)
PNG = b"\x89PNG\r\n\x1a\n"


def _write(path: Path, seeds: range, joules: float = 2.0) -> None:
    energy = replace(READING, energy_j=joules)
    with Ledger(path) as ledger:
        run = ledger.start_run("x", method="m", seed=seeds[0])
        ledger.record_method(run, MethodRecord("m", "M"))
        ledger.record_training(run, TrainingRecord("pick", 1, "SAC", 5, READING))
        for seed in seeds:
            ledger.record_episode(run, replace(RECORD, seed=seed, energy=energy))
        ledger.add_pictures(EpisodeKey("hanoi", "p03", "m"), seeds[0], [PNG])


def test_merged_ledger_holds_the_records_of_both_with_their_details(
    tmp_path: Path,
) -> None:
    a, b, out = (tmp_path / name for name in "abc")
    _write(a, range(3))
    _write(b, range(3, 5))
    report = merge([a, b], out)
    assert report.conflicts == []
    assert report.duplicates == {}
    with Ledger(out, read_only=True) as merged:
        episodes = merged.frame("episodes").set_index("id")
        assert sorted(episodes.seed) == [0, 1, 2, 3, 4]
        assert len(merged.frame("operators")) == len(merged.frame("phases")) == 5
        assert len(merged.frame("runs")) == len(merged.frame("methods")) == 2
        assert len(merged.frame("trainings")) == 2
        shown = merged.frame("pictures").episode
        assert sorted(episodes.loc[shown].seed) == [0, 3]


def test_duplicates_are_counted_once(tmp_path: Path) -> None:
    a, out, again = (tmp_path / name for name in "abc")
    _write(a, range(3))
    report = merge([a, a], out)
    assert report.written["episodes"] == 3
    assert report.written["operators"] == 3
    assert report.duplicates == {
        "runs": 1,
        "methods": 1,
        "episodes": 3,
        "trainings": 1,
    }
    assert report.conflicts == []
    assert merge([out, a], again).written == report.written


def test_conflicting_episode_is_named_and_the_first_one_kept(tmp_path: Path) -> None:
    a, b, out = (tmp_path / name for name in "abc")
    _write(a, range(2))
    _write(b, range(1, 3), joules=9.0)
    report = merge([a, b], out)
    (conflict,) = report.conflicts
    assert "domain hanoi, problem p03, method m, seed 1" in conflict
    assert str(b) in conflict
    with Ledger(out, read_only=True) as merged:
        joules = dict(merged.frame("episodes")[["seed", "energy_j"]].to_numpy())
    assert joules == {0: 2.0, 1: 2.0, 2: 9.0}


def test_file_in_the_way_is_left_alone_and_nothing_half_written(tmp_path: Path) -> None:
    a, bad, out = (tmp_path / name for name in "abc")
    _write(a, range(1))
    bad.write_text("no ledger at all" * 100)
    with pytest.raises(LedgerError, match="not a ledger"):
        merge([a, bad], out)
    assert {path.name for path in tmp_path.iterdir()} == {"a", "b"}
    with pytest.raises(LedgerError, match="exists"):
        merge([a], bad)
