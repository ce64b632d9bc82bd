"""Laws of the statistics: what holds whatever the figures are."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jouleplan.energy.errors import CarbonError, MixedReadingsError, WattsError
from jouleplan.energy.statistics import (
    Costing,
    Duel,
    Point,
    bradley_terry,
    break_even,
    by_watts,
    carbon_kg,
    energy_per_success,
    holm,
    intensities,
    intervals,
    mean,
    paired,
    pareto_front,
    ratio,
    success_rate,
)
from jouleplan.energy.statistics.payback import crossing
from jouleplan.energy.statistics.ranking import duel_score

FEW = settings(max_examples=25, deadline=None)
JOULES = st.floats(0.1, 1e4, allow_subnormal=False)
EPISODES = st.lists(st.tuples(JOULES, st.booleans()), min_size=2, max_size=30)


def rng() -> np.random.Generator:
    return np.random.default_rng(1)


@given(st.integers(1, 3000), st.floats(0, 1))
def test_wilson_interval_contains_the_rate(n: int, share: float) -> None:
    found = success_rate(round(n * share), n)
    assert found.low is not None
    assert found.value is not None
    assert found.high is not None
    assert 0 <= found.low <= found.value <= found.high <= 1


@given(JOULES, st.integers(2, 600))
def test_bootstrap_of_a_constant_is_that_constant(joules: float, n: int) -> None:
    found = mean([joules] * n, rng())
    assert (found.value, found.low, found.high) == (joules, joules, joules)


@FEW
@given(st.lists(JOULES, min_size=2, max_size=30))
def test_bootstrap_stays_within_the_values(values: list[float]) -> None:
    found = mean(values, rng())
    assert found.low is not None
    assert found.high is not None
    slack = 1e-9 * max(values)
    assert min(values) - slack <= found.low <= found.high <= max(values) + slack


@FEW
@given(EPISODES)
def test_joules_per_success_count_the_failures(
    episodes: list[tuple[float, bool]],
) -> None:
    joules, success = [e[0] for e in episodes], [e[1] for e in episodes]
    found = energy_per_success(joules, success, rng())
    if not any(success):
        assert (found.value, found.high) == (None, math.inf)
        assert found.as_dict()["unbounded"]
        return
    assert found.value is not None
    assert found.value == pytest.approx(sum(joules) / sum(success))
    assert found.low is not None
    assert found.high is not None
    assert found.low <= found.value * (1 + 1e-9)
    assert found.high >= found.value * (1 - 1e-9) or found.n < 4


def test_one_episode_has_a_figure_and_no_interval() -> None:
    for found in (mean([3.0], rng()), energy_per_success([3.0], [True], rng())):
        assert (found.value, found.low, found.high, found.n) == (3.0, None, None, 1)


def test_ratio_interval_covers_the_truth_as_often_as_it_says() -> None:
    source, hits, trials = np.random.default_rng(7), 0, 200
    for _ in range(trials):
        joules = source.gamma(4.0, 2.5, 40)
        success = source.random(40) < 0.7
        found = energy_per_success(joules.tolist(), success.tolist(), source)
        assert found.low is not None
        assert found.high is not None
        hits += found.low <= 10 / 0.7 <= found.high
    assert 0.88 <= hits / trials <= 0.99


def test_normal_interval_is_what_the_bootstrap_has_become(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    source = np.random.default_rng(7)
    joules = source.gamma(4.0, 2.5, 2001).tolist()
    success = (source.random(2001) < 0.7).tolist()
    normal = mean(joules, rng()), energy_per_success(joules, success, rng())
    monkeypatch.setattr(intervals, "BOOTSTRAP_UP_TO", 3000)
    monkeypatch.setattr(ratio, "BOOTSTRAP_UP_TO", 3000)
    drawn = mean(joules, rng()), energy_per_success(joules, success, rng())
    for one, two in zip(normal, drawn, strict=True):
        assert one.interval == "normal, large n"
        assert two.interval.startswith("bootstrap")
        assert one.low is not None
        assert one.high is not None
        width = one.high - one.low
        assert one.low == pytest.approx(two.low, abs=0.15 * width)
        assert one.high == pytest.approx(two.high, abs=0.15 * width)


# --- pairs ---


@FEW
@given(st.lists(st.tuples(st.booleans(), JOULES, st.booleans(), JOULES), max_size=25))
def test_swapped_methods_give_the_opposite_difference(
    rows: list[tuple[bool, float, bool, float]],
) -> None:
    one = paired("a", "b", [((s, j), (t, k)) for s, j, t, k in rows], rng())
    two = paired("b", "a", [((t, k), (s, j)) for s, j, t, k in rows], rng())
    assert (one.only_a, one.only_b) == (two.only_b, two.only_a)
    assert one.both + one.only_a + one.only_b + one.neither == len(rows)
    assert one.mcnemar_p == two.mcnemar_p
    assert one.wilcoxon_p == pytest.approx(two.wilcoxon_p)
    if one.rank_biserial is not None and two.rank_biserial is not None:
        assert one.rank_biserial == pytest.approx(-two.rank_biserial)
    if rows:
        difference, other = one.success_difference, two.success_difference
        assert difference.value == pytest.approx(-(other.value or 0.0))
        assert difference.low == pytest.approx(-(other.high or 0.0))


def test_equal_methods_are_not_told_apart() -> None:
    found = paired("a", "b", [((True, 2.0), (True, 2.0))] * 20, rng())
    assert (found.mcnemar_p, found.wilcoxon_p, found.rank_biserial) == (1.0, 1.0, 0.0)
    low, high = found.success_difference.low, found.success_difference.high
    assert low is not None
    assert high is not None
    assert low < -0.1 < 0.1 < high, "20 pairs that agree do not prove equality"


def test_interval_of_a_paired_difference_covers_as_often_as_it_says() -> None:
    source, hits, trials = np.random.default_rng(7), 0, 300
    for _ in range(trials):
        scene, own = source.random(30) < 0.5, source.random((2, 30))
        a, b = scene | (own[0] < 0.6), scene | (own[1] < 0.2)  # 0.8 and 0.6
        pairs = [((bool(x), None), (bool(y), None)) for x, y in zip(a, b, strict=True)]
        found = paired("a", "b", pairs, source).success_difference
        assert found.low is not None
        assert found.high is not None
        hits += found.low <= 0.2 <= found.high
    assert 0.91 <= hits / trials <= 0.99


def test_mcnemar_is_the_exact_binomial_test() -> None:
    pairs = [((True, None), (False, None))] * 9 + [((False, None), (True, None))]
    found = paired("a", "b", pairs, rng())
    assert found.mcnemar_p == pytest.approx(2 * 11 / 2**10)
    assert found.odds_ratio == 9
    assert found.joules_n == 0
    assert found.wilcoxon_p is None


def test_method_that_always_uses_less_has_the_full_effect() -> None:
    pairs = [((True, 1.0 + i), (True, 3.0 + 2 * i)) for i in range(10)]
    found = paired("a", "b", pairs, rng())
    assert found.rank_biserial == -1.0
    assert found.wilcoxon_p == pytest.approx(2 / 2**10)
    assert found.joules_difference.high is not None
    assert found.joules_difference.high < 0


@given(st.lists(st.floats(0, 1), max_size=8))
def test_holm_never_lowers_a_p_value_and_keeps_their_order(ps: list[float]) -> None:
    adjusted = [p for p in holm(ps) if p is not None]
    assert all(p <= q <= 1 for p, q in zip(ps, adjusted, strict=True))
    order = sorted(range(len(ps)), key=lambda i: ps[i])
    assert [adjusted[i] for i in order] == sorted(adjusted)
    assert holm([*ps, None])[:-1] == adjusted


def test_holm_of_a_worked_example() -> None:
    assert holm([0.01, 0.04, None, 0.03]) == pytest.approx([0.03, 0.06, None, 0.06])


# --- break-even ---


@given(JOULES, JOULES, JOULES, JOULES)
def test_lines_that_cross_are_equal_there(
    train_a: float, each_a: float, train_b: float, each_b: float
) -> None:
    kind, at = crossing(train_a, each_a, train_b, each_b)
    other = {"dominates": "never", "never": "dominates", "from": "until"}
    assert crossing(train_b, each_b, train_a, each_a)[0] == other.get(
        kind, "from" if kind == "until" else kind
    )
    if at is not None:
        assert at >= 1
        assert train_a + at * each_a == pytest.approx(train_b + at * each_b, rel=1e-6)


def costing(name: str, training: float, joules: float, wins: int = 10) -> Costing:
    success = [i < wins for i in range(10)]
    return Costing(name, training, [joules] * 10, success, "estimated")


@pytest.mark.parametrize(
    ("a", "b", "kind"),
    [
        (costing("a", 0, 1), costing("b", 100, 2), "dominates"),
        (costing("a", 100, 2), costing("b", 0, 1), "never"),
        (costing("a", 100, 1), costing("b", 0, 2), "from"),
        (costing("a", 0, 2), costing("b", 100, 1), "until"),
        (costing("a", 5, 2), costing("b", 5, 2), "equal"),
        (costing("a", 100, 9), costing("b", 0, 1, wins=0), "dominates"),
        (costing("a", 0, 1, wins=0), costing("b", 0, 1, wins=0), "unknown"),
        (costing("a", 1, 1), costing("b", 0, 5), "dominates"),  # at the first success
    ],
)
def test_who_pays_back_and_when(a: Costing, b: Costing, kind: str) -> None:
    assert break_even(a, b, rng()).kind == kind


def test_lines_that_never_cross_say_in_how_many_resamples() -> None:
    found = break_even(costing("a", 0, 1), costing("b", 100, 2), rng())
    assert (found.successes, found.never_share) == (None, 1.0)
    close = Costing("b", 0, [0.5, 1.6] * 5, [True] * 10, "estimated")
    share = break_even(costing("a", 1, 1.0), close, rng()).never_share
    assert share is not None
    assert 0 < share < 1


def test_band_holds_the_crossing() -> None:
    source = np.random.default_rng(3)
    a = Costing("a", 1000, source.gamma(9, 1, 60).tolist(), [True] * 60, "estimated")
    b = Costing("b", 0, source.gamma(9, 2, 60).tolist(), [True] * 60, "estimated")
    found = break_even(a, b, source)
    assert found.successes is not None
    assert found.low is not None
    assert found.high is not None
    assert found.low < found.successes < found.high < math.inf
    assert found.never_share == 0


def test_qualities_never_meet() -> None:
    measured = Costing("b", 0, [1.0], [True], "measured")
    with pytest.raises(MixedReadingsError, match="measured"):
        break_even(costing("a", 0, 1), measured, rng())
    points = [Point("a", 1, 1, "estimated"), Point("b", 1, 1, "measured")]
    with pytest.raises(MixedReadingsError, match="measured"):
        pareto_front(points)


# --- fronts and rankings ---


@given(st.lists(st.tuples(st.floats(0, 1), JOULES), min_size=1, max_size=8))
def test_front_holds_exactly_what_nothing_dominates(
    rows: list[tuple[float, float]],
) -> None:
    points = [Point(str(i), s, j, "estimated") for i, (s, j) in enumerate(rows)]
    front = pareto_front(points)
    assert front
    best = max(points, key=lambda p: (p.success, -p.energy_j))
    assert best.method in front
    for name in front:
        mine = points[int(name)]
        assert not any(
            (p.success > mine.success and p.energy_j <= mine.energy_j)
            or (p.success >= mine.success and p.energy_j < mine.energy_j)
            for p in points
        )


def test_ranking_follows_the_wins_and_stays_finite() -> None:
    duels = [Duel("a", "b", 1.0, (i,)) for i in range(20)]
    duels += [Duel("b", "c", 1.0 if i % 4 else 0.5, (i,)) for i in range(20)]
    found = bradley_terry(duels, rng())
    assert [s.method for s in found] == ["a", "b", "c"]
    assert all(s.low <= s.strength <= s.high for s in found)
    assert sum(s.strength for s in found) == pytest.approx(0, abs=1e-6)
    assert (found[1].wins, found[1].losses, found[1].ties) == (15, 20, 5)
    assert bradley_terry([], rng()) == ()


def test_equal_methods_rank_equal() -> None:
    found = bradley_terry([Duel("a", "b", 0.5, (i,)) for i in range(9)], rng())
    assert found[0].strength == pytest.approx(found[1].strength, abs=1e-6)


def test_success_beats_failure_then_fewer_joules_win() -> None:
    assert duel_score(True, 9.0, False, 1.0) == 1.0
    assert duel_score(True, 9.0, True, 1.0) == 0.0
    assert duel_score(False, 1.0, False, 9.0) == 0.5
    assert duel_score(True, None, True, 1.0) is None


# --- sensitivity ---


@FEW
@given(EPISODES, st.floats(0.5, 20))
def test_joules_are_proportional_to_watts(
    episodes: list[tuple[float, bool]], factor: float
) -> None:
    cpu_s, success = [e[0] for e in episodes], [e[1] for e in episodes]
    one, two = by_watts(cpu_s, success, rng(), (1.0, factor))
    for mine, base in (
        (two.per_episode, one.per_episode),
        (two.per_success, one.per_success),
    ):
        if base.value is None:
            assert mine.value is None
        else:
            assert mine.value == pytest.approx(base.value * factor)
            assert mine.low == pytest.approx((base.low or 0.0) * factor)


def test_no_power_is_refused() -> None:
    with pytest.raises(WattsError, match="positive"):
        by_watts([1.0], [True], rng(), (0.0,))


def test_carbon_is_what_codecarbon_bundles() -> None:
    from codecarbon.input import DataSource

    theirs = DataSource().get_global_energy_mix_data()  # type: ignore[no-untyped-call]
    assert intensities()["FRA"] == theirs["FRA"]["carbon_intensity"]
    kwh = 3.6e6
    assert carbon_kg(kwh, ["pol"])["POL"] == pytest.approx(
        theirs["POL"]["carbon_intensity"] / 1000
    )
    with pytest.raises(CarbonError, match="three-letter"):
        carbon_kg(1.0, ["Atlantis"])
