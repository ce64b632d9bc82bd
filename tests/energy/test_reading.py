"""Readings: a figure never comes without its source and quality."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jouleplan.energy.errors import MixedReadingsError
from jouleplan.energy.reading import Reading, add_readings, unavailable


def _reading(joules: float, quality: str = "estimated") -> Reading:
    return Reading(joules, 1.0, 2.0, 1, "model", quality, {"cpu": joules})  # type: ignore[arg-type]


def test_energy_without_quality_is_refused() -> None:
    with pytest.raises(ValueError, match="unavailable"):
        Reading(None, 0.0, 0.0, 0, "x", "estimated")
    with pytest.raises(ValueError, match="unavailable"):
        Reading(0.0, 0.0, 0.0, 0, "x", "unavailable")
    with pytest.raises(ValueError, match="allowed: measured"):
        _reading(1.0, "guessed")


def test_different_qualities_are_never_summed() -> None:
    with pytest.raises(MixedReadingsError, match="report them apart"):
        add_readings([_reading(1.0), _reading(1.0, "measured")])


def test_sum_with_an_unknown_is_unknown_but_keeps_the_time() -> None:
    total = add_readings([_reading(1.0), unavailable("no sensor", cpu_s=3.0)])
    assert (total.energy_j, total.quality, total.cpu_s) == (None, "unavailable", 4.0)
    assert total.source == "model; no sensor"


def test_sum_of_nothing_is_unknown_rather_than_zero() -> None:
    assert add_readings([]).energy_j is None


@given(st.lists(st.floats(0, 1e6), min_size=1))
def test_components_sum_to_the_energy(joules: list[float]) -> None:
    total = add_readings([_reading(j) for j in joules])
    assert sum(total.components.values()) == pytest.approx(total.energy_j)


def test_reading_goes_to_json_and_back() -> None:
    reading = _reading(2.5)
    assert Reading(**json.loads(json.dumps(reading.as_dict()))) == reading
