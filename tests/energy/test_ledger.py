"""The ledger: records, resumption, and files that are no ledgers."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from jouleplan.energy import database
from jouleplan.energy.errors import LedgerBusyError, LedgerError
from jouleplan.energy.hardware import hardware_id
from jouleplan.energy.ledger import Ledger
from jouleplan.energy.reading import Reading, unavailable
from jouleplan.energy.records import (
    EpisodeKey,
    EpisodeRecord,
    MethodRecord,
    OperatorRecord,
    TrainingRecord,
    TrainingShare,
    settings_text,
)
from jouleplan.energy.schema import TABLES, TRAINING_KEYS

READING = Reading(2.0, 0.5, 0.6, 3, "model", "estimated", {"cpu": 2.0})


def _episode(seed: int, energy: Reading = READING) -> EpisodeRecord:
    return EpisodeRecord(
        domain="hanoi",
        problem="p03",
        seed=seed,
        method="neurosymbolic",
        success=seed != 2,
        cause="" if seed != 2 else "timeout",
        energy=energy,
        mechanical_work_j=12.5,
        simulated_s=40.0,
        replans=1,
        operators=(
            OperatorRecord("pick(d1, peg1)", "done", 31, 0, 1.2),
            OperatorRecord("place(d1, peg3)", "done", 44, 1, 1.8),
        ),
        phases={"episode/policy": READING, "episode (other)": unavailable("none")},
    )


def _start(ledger: Ledger, **settings: object) -> str:
    return ledger.start_run(
        "jouleplan evaluate", method="neurosymbolic", seed=0, settings=settings
    )


def test_episode_is_read_back_with_its_operators_and_phases(tmp_path: Path) -> None:
    with Ledger(tmp_path / "l.sqlite") as ledger:
        run = _start(ledger)
        assert ledger.record_episode(run, _episode(1))
    with Ledger(tmp_path / "l.sqlite", create=False) as ledger:
        episodes = ledger.frame("episodes")
        assert episodes.loc[0, "energy_j"] == 2.0
        assert episodes.loc[0, "mechanical_work_j"] == 12.5
        assert list(ledger.frame("operators")["name"]) == [
            "pick(d1, peg1)",
            "place(d1, peg3)",
        ]
        phases = ledger.frame("phases").set_index("phase")
        assert phases.loc["episode (other)", "quality"] == "unavailable"
        assert phases["energy_j"].isna().sum() == 1
        assert json.loads(phases.loc["episode/policy", "components"]) == {"cpu": 2.0}
        assert ledger.frame("runs").loc[0, "id"] == run


def test_second_run_with_the_same_settings_repeats_nothing(tmp_path: Path) -> None:
    key = EpisodeKey("hanoi", "p03", "neurosymbolic", settings_text({"a": 1, "b": 2}))
    with Ledger(tmp_path / "l.sqlite") as ledger:
        first = _start(ledger, a=1, b=2)
        ledger.record_episode(first, _episode(1))
        ledger.record_episode(first, _episode(2))
        again = _start(ledger, b=2, a=1)
        assert ledger.completed(key) == {1, 2}
        assert not ledger.record_episode(again, _episode(1))
        assert ledger.record_episode(again, _episode(3))
        assert ledger.completed(key) == {1, 2, 3}
        assert len(ledger.frame("operators")) == 6


def test_other_settings_are_other_episodes(tmp_path: Path) -> None:
    with Ledger(tmp_path / "l.sqlite") as ledger:
        ledger.record_episode(_start(ledger, engine="a"), _episode(1))
        assert ledger.record_episode(_start(ledger, engine="b"), _episode(1))
        assert ledger.completed(EpisodeKey("hanoi", "p03", "neurosymbolic")) == set()


def test_training_is_recorded(tmp_path: Path) -> None:
    with Ledger(tmp_path / "l.sqlite") as ledger:
        run = _start(ledger)
        ledger.record_training(run, TrainingRecord("pick", 3, "SAC", 20_000, READING))
        assert ledger.frame("trainings").loc[0, "steps"] == 20_000


def test_failed_record_leaves_nothing_behind(tmp_path: Path) -> None:
    operator = OperatorRecord(None, "done", 1, 0, 1.0)  # type: ignore[arg-type]
    episode = EpisodeRecord(
        "hanoi", "p03", 1, "m", True, "", READING, None, 1.0, 0, (operator,)
    )
    with Ledger(tmp_path / "l.sqlite") as ledger:
        run = _start(ledger)
        with pytest.raises(sqlite3.IntegrityError):
            ledger.record_episode(run, episode)
        assert ledger.frame("episodes").empty
        assert ledger.record_episode(run, _episode(1))


def test_unknown_run_and_unknown_table_are_refused(tmp_path: Path) -> None:
    with Ledger(tmp_path / "l.sqlite") as ledger:
        with pytest.raises(LedgerError, match="start_run"):
            ledger.record_episode("none", _episode(1))
        with pytest.raises(LedgerError, match="Tables: runs"):
            ledger.frame("runs; DROP TABLE runs")
        assert set(TABLES) == {t for t in TABLES if ledger.frame(t) is not None}


def test_hostile_names_are_only_text(tmp_path: Path) -> None:
    name = "'); DROP TABLE runs; --<script>"
    with Ledger(tmp_path / "l.sqlite") as ledger:
        run = ledger.start_run(name, method=name, seed=0, hardware={name: name})
        assert ledger.frame("runs").loc[0, "command"] == name
        assert ledger.completed(EpisodeKey(name, name, name)) == set()
        assert ledger.frame("runs").loc[0, "id"] == run


def test_second_writer_that_waits_too_long_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "l.sqlite"
    monkeypatch.setattr(database, "_BUSY_TIMEOUT_S", 0.01)
    with Ledger(path) as ledger, Ledger(path) as other:
        ledger._db.execute("BEGIN IMMEDIATE")
        with pytest.raises(LedgerBusyError, match="another process"):
            _start(other)
        ledger._db.execute("ROLLBACK")
        assert _start(other)


def test_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match="no ledger at"):
        Ledger(tmp_path / "l.sqlite", create=False)
    with pytest.raises(LedgerError, match="folder that exists"):
        Ledger(tmp_path / "none" / "l.sqlite")


def test_file_that_is_not_a_database_is_named(tmp_path: Path) -> None:
    path = tmp_path / "l.sqlite"
    path.write_text("domain,problem\n" * 100)
    with pytest.raises(LedgerError, match="not a ledger or is damaged"):
        Ledger(path)
    assert path.read_text().startswith("domain,problem")


def test_database_of_another_program_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "l.sqlite"
    db = sqlite3.connect(path)
    db.execute("CREATE TABLE mail (id)")
    db.commit()
    db.close()
    with pytest.raises(LedgerError, match="another program"):
        Ledger(path)


def test_other_schema_version_is_named(tmp_path: Path) -> None:
    path = tmp_path / "l.sqlite"
    Ledger(path).close()
    db = sqlite3.connect(path)
    db.execute("PRAGMA user_version=99")
    db.close()
    with pytest.raises(
        LedgerError, match="schema version 99; this jouleplan reads versions 1, 2"
    ):
        Ledger(path)


@pytest.mark.parametrize("part", [0.3, 0.5, 0.9])
def test_half_a_file_is_named(tmp_path: Path, part: float) -> None:
    path = tmp_path / "l.sqlite"
    with Ledger(path) as ledger:
        run = _start(ledger)
        for seed in range(200):
            ledger.record_episode(run, _episode(seed))
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * part)])
    with pytest.raises(LedgerError, match="damaged"):
        Ledger(path)


def test_fields_of_an_episode_are_read_back(tmp_path: Path) -> None:
    operator = OperatorRecord(
        "pick(d1, peg1)",
        "done",
        31,
        0,
        1.2,
        skill="pick",
        types=("disk", "peg"),
        cpu_s=0.1,
        energy_j=0.4,
        mechanical_work_j=3.0,
        added=(("grasped", "d1"),),
        removed=(("on", "d1", "peg1"), ("clear", "d1")),
    )
    record = replace(
        _episode(1),
        operators=(operator,),
        progress=0.5,
        horizon=900,
        control_steps=31,
        idle_j=0.7,
        load_before=0.1,
        load_after=0.2,
        flops=1e9,
        turn=3,
        init=(("on", "d1", "peg1"),),
        signature="{}",
    )
    with Ledger(tmp_path / "l.sqlite") as ledger:
        run = ledger.start_run("x", method="m", seed=0, hardware={"cpu": "y"})
        assert ledger.record_episode(run, record)
        episode = ledger.frame("episodes").iloc[0]
        done = ledger.frame("operators").iloc[0]
        assert ledger.frame("runs").hardware_id[0] == hardware_id({"cpu": "y"})
    for name in ("progress", "horizon", "control_steps", "idle_j", "flops", "turn"):
        assert episode[name] == getattr(record, name)
    assert (episode.load_before, episode.load_after) == (0.1, 0.2)
    assert json.loads(episode.init) == [["on", "d1", "peg1"]]
    assert (done.skill, json.loads(done.types)) == ("pick", ["disk", "peg"])
    assert (done.cpu_s, done.energy_j, done.mechanical_work_j) == (0.1, 0.4, 3.0)
    assert json.loads(done.added) == [["grasped", "d1"]]
    assert json.loads(done.removed) == [["clear", "d1"], ["on", "d1", "peg1"]]


def test_method_is_recorded_with_its_training_and_replaced(tmp_path: Path) -> None:
    share = TrainingShare("pick", "SAC", 100, 2.0, 8.0, "estimated", "model", 3.0)
    with Ledger(tmp_path / "l.sqlite") as ledger:
        run = _start(ledger)
        ledger.record_method(run, MethodRecord("m", "first"))
        ledger.record_method(run, MethodRecord("m", "Ours", "Plans.", (share,)))
        methods = ledger.frame("methods")
        assert list(methods.label) == ["Ours"]
        (training,) = json.loads(methods.training[0])
        assert tuple(training) == TRAINING_KEYS
        assert training["energy_j"] == 8.0
        with pytest.raises(LedgerError, match="start_run"):
            ledger.record_method("none", MethodRecord("m", "Ours"))


def test_pictures_belong_to_a_recorded_episode_and_are_png(tmp_path: Path) -> None:
    png = b"\x89PNG\r\n\x1a\n rest"
    key = EpisodeKey("hanoi", "p03", "neurosymbolic")
    with Ledger(tmp_path / "l.sqlite") as ledger:
        ledger.record_episode(_start(ledger), _episode(1))
        ledger.add_pictures(key, 1, [png, png + b"2"])
        ledger.add_pictures(key, 1, [png + b"3", png])
        pictures = ledger.frame("pictures")
        assert list(pictures.png) == [png + b"3", png]
        assert list(pictures.position) == [0, 1]
        with pytest.raises(LedgerError, match="no episode"):
            ledger.add_pictures(key, 2, [png])
        with pytest.raises(LedgerError, match="no PNG"):
            ledger.add_pictures(key, 1, [b"<script>"])
