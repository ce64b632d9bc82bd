"""Comparisons of ledgers: right figures, nothing mixed, odd ledgers told apart."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from jouleplan.energy.ledger import Ledger
from jouleplan.energy.records import EpisodeKey
from jouleplan.energy.statistics import Comparison, compare_frames, compare_ledger
from tests.energy.statistics.ledgers import episode, share, write


def comparison(path: Path) -> Comparison:
    with Ledger(path, create=False) as ledger:
        found = compare_ledger(ledger)
    json.dumps(found.as_dict(), allow_nan=False)  # one document, whatever it holds
    return found


def test_figures_of_two_methods(tmp_path: Path) -> None:
    rows = [episode("a", s, s != 3, 4.0 + s) for s in range(10)]
    rows += [episode("b", s, True, 2.0 + s) for s in range(10)]
    training = {"a": (share("reach", 300.0, "estimated"),)}
    found = comparison(write(tmp_path / "l.db", rows, training))
    a, b = found.summaries
    assert (a.n, a.successes, a.seeds, a.label) == (10, 9, (0, 9), "A")
    assert a.energies[0].per_success.value == pytest.approx(85 / 9)
    assert b.energies[0].per_episode.value == pytest.approx(6.5)
    assert a.progress.value == pytest.approx(0.95)
    (pair,) = found.domains[0].pairs
    assert (pair.n, pair.only_b, pair.joules_n) == (10, 1, 10)
    assert pair.joules_difference.value == pytest.approx(2.0)
    (even,) = found.domains[0].break_evens
    assert even.kind == "never"
    assert found.domains[0].fronts[("estimated", a.energies[0].hardware_id)] == ("b",)
    assert found.domains[0].ranking[0].method == "b"
    (trained,) = found.trainings
    assert (trained.method, trained.energy_j) == ("a", 300.0)


def test_boundaries_and_watts_follow_the_phases(tmp_path: Path) -> None:
    rows = [episode("a", s, True, 8.0) for s in range(5)]
    (one,) = comparison(write(tmp_path / "l.db", rows)).summaries
    within = {w.boundary: w.per_episode.value for w in one.energies[0].within}
    assert within["everything"] == pytest.approx(8.0)
    assert within["without simulation"] == pytest.approx(4.0)
    assert within["without sensing"] == pytest.approx(7.2)
    assert within["without RAM"] == pytest.approx(8.0)
    assert within["above an idle machine"] is None, "the ledger does not tell"
    watts = {w.watts_per_core: w.per_success.value for w in one.energies[0].at_watts}
    assert watts == pytest.approx({2: 4.0, 4: 8.0, 8: 16.0})


def test_method_without_a_success_has_no_joules_per_success(tmp_path: Path) -> None:
    rows = [episode("a", s, False, 4.0) for s in range(5)]
    rows += [episode("b", s, True, 9.0) for s in range(5)]
    found = comparison(write(tmp_path / "l.db", rows))
    assert found.summaries[0].energies[0].per_success.value is None
    assert found.domains[0].break_evens[0].kind == "never"
    assert found.domains[0].ranking[0].method == "b"


def test_one_episode_gives_figures_without_intervals(tmp_path: Path) -> None:
    found = comparison(write(tmp_path / "l.db", [episode("a", 0, True, 4.0)]))
    (one,) = found.summaries
    assert (one.energies[0].per_episode.value, one.wall_s.low) == (4.0, None)
    assert found.domains[0].pairs == ()


def test_qualities_and_machines_are_kept_apart(tmp_path: Path) -> None:
    rows = [episode("a", s, True, 4.0) for s in range(4)]
    rows += [episode("b", s, True, 50.0, quality="measured") for s in range(4)]
    rows += [episode("b", s, True, 2.0) for s in range(4, 8)]
    training = {
        "a": (share("x", 10.0, "estimated"), share("y", 7.0, "measured")),
    }
    found = comparison(write(tmp_path / "l.db", rows, training))
    b = found.summaries[1]
    assert [(e.quality, e.n, e.per_episode.value) for e in b.energies] == [
        ("estimated", 4, 2.0),
        ("measured", 4, 50.0),
    ]
    assert (b.n, b.successes) == (8, 8)
    (pair,) = found.domains[0].pairs
    assert (pair.n, pair.joules_n) == (4, 0)
    assert {t.quality: t.energy_j for t in found.trainings} == {
        "estimated": 10.0,
        "measured": 7.0,
    }
    assert found.domains[0].break_evens == ()
    assert any("more than one quality" in note for note in found.notes)


def test_unknown_energy_is_no_zero(tmp_path: Path) -> None:
    rows = [episode("a", s, True, None) for s in range(3)]
    rows += [episode("b", s, True, 3.0) for s in range(3)]
    found = comparison(write(tmp_path / "l.db", rows))
    assert found.summaries[0].energies == ()
    assert found.domains[0].pairs[0].joules_n == 0


def test_busy_machine_is_flagged(tmp_path: Path) -> None:
    rows = [episode("a", s, True, 3.0, load=2.5 if s else 1.5) for s in range(3)]
    found = comparison(write(tmp_path / "l.db", rows))
    assert found.summaries[0].loaded == 2
    assert any("load average" in note for note in found.notes)


def test_hostile_names_are_only_names(tmp_path: Path) -> None:
    name = "<script>alert('x')</script>\"; DROP TABLE episodes; --"
    rows = [episode(m, s, True, 3.0, domain=name) for m in "ab" for s in range(3)]
    found = comparison(write(tmp_path / "l.db", rows))
    assert found.domains[0].domain == name
    assert found.summaries[0].n == 3


def test_scene_run_again_counts_once(tmp_path: Path) -> None:
    path = write(tmp_path / "l.db", [episode("a", 1, False, 9.0)])
    with Ledger(path) as ledger:
        run = ledger.start_run("again", method="a", seed=1, settings={"other": 1})
        ledger.record_episode(run, episode("a", 1, True, 3.0))
        frames = compare_frames(ledger)
    assert frames.superseded == 1
    assert list(frames.episodes["success"]) == [1]


def test_empty_ledger_compares_nothing(tmp_path: Path) -> None:
    Ledger(tmp_path / "l.db").close()
    found = comparison(tmp_path / "l.db")
    assert (found.summaries, found.domains, found.trainings) == ((), (), ())


def test_keys_that_an_empty_ledger_lacks_compare_nothing(tmp_path: Path) -> None:
    key = EpisodeKey("hanoi", "p03", "scripted", "{}")
    with Ledger(tmp_path / "ledger.db") as ledger:
        assert compare_frames(ledger, [key], [1]).episodes.empty


def test_unknown_success_is_in_no_rate_front_ranking_or_break_even(
    tmp_path: Path,
) -> None:
    episodes = [episode("a", seed, True, 4.0) for seed in range(3)]
    episodes += [episode("random", seed, None, 900.0) for seed in range(3)]
    found = comparison(write(tmp_path / "l.db", episodes))
    random = next(s for s in found.summaries if s.method == "random")
    assert (random.n, random.judged, random.successes) == (3, 0, 0)
    assert (random.success.value, random.success.low) == (None, None)
    (energy,) = random.energies
    assert energy.per_episode.value == 900.0
    assert (energy.per_success.value, energy.per_success.high) == (None, None)
    assert all(one.per_success.value is None for one in energy.within)
    assert all(one.per_success.value is None for one in energy.at_watts)
    (domain,) = found.domains
    assert list(domain.fronts.values()) == [("a",)]
    assert (domain.ranking, domain.break_evens) == ((), ())
    (pair,) = domain.pairs
    assert (pair.n, pair.both, pair.neither, pair.mcnemar_p) == (3, 0, 0, None)
    assert pair.joules_difference.value == -896.0
    assert any("unknown, which is not zero: random" in note for note in found.notes)
