"""Comparisons: balanced, resumed, the same in one process, in two and on a cluster."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jouleplan.energy.ledger import Ledger
from jouleplan.planner import compare as compare_module
from jouleplan.planner.balance import balanced
from jouleplan.planner.cli.app import run as cli
from jouleplan.planner.cluster import ClusterError, spread
from jouleplan.planner.compare import Outcome, Plan, compare, turns
from jouleplan.planner.evaluate import Series
from jouleplan.planner.turn import Played, Turn
from jouleplan.planner.workers import Report, WorkerBugError
from jouleplan.skills.stages import STAGES

NO_RAY = "Ray is not installed: pip install '.[cluster]'"
P03 = Series("hanoi", "p03")
TWO = Plan(("neurosymbolic", "scripted"), (P03,), (5, 6), horizon=120)
TIMINGS = {
    "id", "run_id", "cpu_s", "wall_s", "energy_j", "components", "calls", "source",
    "load_before", "load_after", "idle_j", "created", "episode",
}  # fmt: skip


def run(plan: Plan, path: Path) -> tuple[Outcome, dict[str, Any]]:
    """Return how a comparison went and its records, but for timings."""
    with Ledger(path) as ledger:
        outcome = compare(plan, ledger)
        frames = {t: ledger.frame(t) for t in ("episodes", "operators", "phases")}
        pictures = len(ledger.frame("pictures"))
    episodes = frames["episodes"]
    seats = {row["id"]: row["turn"] for row in episodes.to_dict("records")}
    records: dict[str, Any] = {"pictures": pictures}
    for name, frame in frames.items():
        rows = frame.to_dict("records")
        records[name] = sorted(
            json.dumps(
                {
                    **{k: v for k, v in row.items() if k not in TIMINGS},
                    "of": seats[row["episode"]] if "episode" in row else None,
                },
                default=str,
            )
            for row in rows
        )
    return outcome, records


@given(st.integers(1, 7))
def test_every_method_stands_everywhere_and_follows_every_other_alike(n: int) -> None:
    rows = balanced(list(range(n)))
    places = Counter((row[i], i) for row in rows for i in range(n))
    follows = Counter(pair for row in rows for pair in pairwise(row))
    assert len(places) == n * n
    assert len(set(places.values())) == 1
    if n > 1:
        assert len(follows) == n * (n - 1)
        assert len(set(follows.values())) == 1


def test_turns_are_interleaved_and_the_first_of_each_method_is_pictured() -> None:
    found = turns(TWO)
    assert [(t.seed, t.method[0]) for t in found] == [
        (5, "n"), (5, "s"), (6, "s"), (6, "n"),
    ]  # fmt: skip
    assert [t.number for t in found] == [0, 1, 2, 3]
    assert [t.pictured for t in found] == [True, True, False, False]


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    path = tmp_path_factory.mktemp("compare") / "ledger.db"
    outcome, records = run(TWO, path)
    assert (outcome.ran, outcome.known, outcome.failed) == (4, 0, ())
    return path, records


def test_second_run_repeats_nothing_and_more_seeds_go_on(
    alone: tuple[Path, dict[str, Any]], tmp_path: Path
) -> None:
    path, records = alone
    copy = tmp_path / "ledger.db"
    copy.write_bytes(path.read_bytes())
    outcome, again = run(TWO, copy)
    assert (outcome.ran, outcome.known) == (0, 4)
    assert again == records
    outcome, _ = run(replace(TWO, seeds=(5, 6, 7)), copy)
    assert (outcome.ran, outcome.known) == (2, 4)


def test_every_method_is_on_record_with_label_training_and_pictures(
    alone: tuple[Path, dict[str, Any]],
) -> None:
    with Ledger(alone[0], create=False) as ledger:
        methods = ledger.frame("methods").set_index("method")
        pictures = ledger.frame("pictures")
    assert len(json.loads(methods.training["neurosymbolic"])) == len(STAGES)
    assert json.loads(methods.training["scripted"]) == []
    assert pictures.groupby("episode").size().between(4, 6).all()
    assert pictures.episode.nunique() == 2


def test_other_horizon_is_another_comparison(
    alone: tuple[Path, dict[str, Any]],
) -> None:
    keys = [compare_module.keys_of(replace(TWO, horizon=h)) for h in (1, 2)]
    assert not set(keys[0].values()) & set(keys[1].values())


@pytest.mark.slow
def test_two_processes_give_the_records_of_one(
    alone: tuple[Path, dict[str, Any]], tmp_path: Path
) -> None:
    _, there = run(replace(TWO, jobs=2), tmp_path / "two.db")
    assert there == alone[1]


@pytest.mark.slow
def test_cluster_gives_the_records_of_one_process(
    alone: tuple[Path, dict[str, Any]], tmp_path: Path
) -> None:
    pytest.importorskip("ray", reason=NO_RAY)
    _, there = run(replace(TWO, cluster="local"), tmp_path / "cluster.db")
    assert there == alone[1]


def doubled(job: int, _: Report) -> int:
    if job == 13:
        raise ZeroDivisionError("a bug of ours")
    return 2 * job


@pytest.mark.slow
def test_bug_on_a_cluster_shows_its_traceback() -> None:
    pytest.importorskip("ray", reason=NO_RAY)
    with pytest.raises(WorkerBugError, match="ZeroDivisionError: a bug of ours"):
        list(spread(doubled, [1, 13], "local", cpus=1))


@pytest.mark.parametrize("address", ["127.0.0.1:1", "ray://127.0.0.1:1", "host:port"])
def test_cluster_that_does_not_answer_is_named(address: str) -> None:
    pytest.importorskip("ray", reason=NO_RAY)
    with pytest.raises(ClusterError, match=f"no Ray cluster at '{address}'"):
        list(spread(doubled, [1], address))


def test_episode_that_cannot_run_is_named_and_harms_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def play(turn: Turn, _: Report | None = None) -> Played | str:
        return "LayoutError: d9 does not fit"

    monkeypatch.setattr(compare_module, "play", play)
    outcome, records = run(TWO, tmp_path / "l.db")
    assert [f.reason for f in outcome.failed] == ["LayoutError: d9 does not fit"] * 4
    assert records["episodes"] == []


def command(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "jouleplan.planner.cli", "compare", *arguments],
        capture_output=True,
        text=True,
        check=False,
    )


def test_summary_comes_from_the_ledger(
    alone: tuple[Path, dict[str, Any]], capsys: pytest.CaptureFixture[str]
) -> None:
    given = ["--problem", "p03", "--episodes", "2", "--seed", "5", "--horizon", "120"]
    done = command(*given, "--ledger", str(alone[0]), "--json")
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert answer["episodes_from_ledger"] == 4
    assert [s["method"] for s in answer["summaries"]] == ["neurosymbolic", "scripted"]
    for one in answer["summaries"]:
        (energy,) = one["energies"]
        assert (one["n"], one["successes"], one["horizons"]) == (2, 0, [120])
        assert energy["per_success"]["value"] is None
        assert energy["per_success"]["unbounded"]
        assert 0 < one["progress"]["value"] < 1
    (even,) = answer["domains"][0]["break_evens"]
    assert even["kind"] == "unknown"
    assert answer["domains"][0]["pairs"][0]["neither"] == 2
    assert cli(["compare", *given, "--ledger", str(alone[0])]) == 0
    text = capsys.readouterr().out
    assert "0/2 (0.0 to 65.8 %)" in text
    assert "no break-even" in text


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--methods", "nope"], "unknown method 'nope'"),
        (["--methods", "scripted,scripted"], "each once"),
        (["--domains", "atlantis"], "atlantis"),
        (["--seeds", "1,1"], "each seed once"),
        (["--seeds", "7,5-3"], "'5-3': give the lower seed first"),
        (["--seeds", "1-99999999999"], "at most 1,000,000"),
        (["--seeds", f"{10**20}"], "none above 1000000000000000"),
        (["--episodes", "99999999999"], "at most 1000000"),
        (["--horizon", f"{10**20}"], "at most 1000000000000000"),
        (["--seeds", "1,2", "--episodes", "3"], "leave out --seed and --episodes"),
        (["--problem", "p03", "--generate", "3-4"], "not both"),
        (["--resume"], "give --ledger"),
        (["--resume", "--ledger", "missing.db"], "no ledger at"),
        (["--cluster", "local", "--jobs", "2"], "leave out --jobs"),
        (["--cluster", "local", "--power-csv", "w.csv"], "leave one of them out"),
        (["--ledger", __file__], "not a ledger"),
    ],
)
def test_wrong_input_is_named(
    arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli(["compare", *arguments]) == 2
    assert told in capsys.readouterr().err


def test_ledger_that_is_damaged_or_of_another_version_or_program_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Ledger(tmp_path / "new.db").close()
    for file, version in (("new.db", 99), ("theirs.db", 1)):
        with sqlite3.connect(tmp_path / file) as db:
            db.execute(f"PRAGMA user_version={version}")
            db.execute("CREATE TABLE IF NOT EXISTS other (x)")
        db.close()
        assert cli(["compare", "--ledger", str(tmp_path / file)]) == 2
    whole = (tmp_path / "new.db").read_bytes()
    (tmp_path / "half.db").write_bytes(whole[: len(whole) // 2])
    assert cli(["compare", "--ledger", str(tmp_path / "half.db")]) == 2
    told = capsys.readouterr().err
    assert "half.db is not a ledger or is damaged" in told
    assert "schema version 99" in told
    assert "another program's database" in told
