"""The CPU-time model and its table."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from jouleplan.energy.errors import WattsError
from jouleplan.energy.sources.cpu_model import (
    DEFAULT_WATTS_PER_CORE,
    cpu_name,
    cpu_time_model,
    plain_name,
)
from jouleplan.energy.sources.cpu_table import TDP_AND_THREADS


@pytest.mark.parametrize(
    ("name", "watts"),
    [
        ("AMD EPYC 7763 64-Core Processor", 280 / 128),
        ("Intel(R) Xeon(R) Platinum 8380 CPU @ 2.30GHz", 270 / 80),
        ("Intel(R) Core(TM) i7-9750H CPU @ 2.60GHz", 45 / 12),
        ("12th Gen Intel(R) Core(TM) i7-12700K", 125 / 20),
        ("AMD Ryzen 9 5950X 16-Core Processor", 105 / 32),
    ],
)
def test_known_cpu_takes_its_power_from_the_table(name: str, watts: float) -> None:
    model = cpu_time_model(name=name)
    assert model.watts_per_core == watts
    assert "vendor TDP" in model.name


@pytest.mark.parametrize("name", ["AMD EPYC", "QEMU Virtual CPU version 2.5+", ""])
def test_unknown_cpu_takes_the_default_and_says_so(name: str) -> None:
    model = cpu_time_model(name=name)
    assert (model.watts_per_core, model.basis) == (DEFAULT_WATTS_PER_CORE, "default")


def test_power_given_by_the_user_wins() -> None:
    model = cpu_time_model(8.0, name="AMD EPYC 7763 64-Core Processor")
    assert (model.watts_per_core, model.basis) == (8.0, "given by the user")


@pytest.mark.parametrize("watts", [0.0, -1.0, float("nan"), float("inf")])
def test_impossible_power_is_refused(watts: float) -> None:
    with pytest.raises(WattsError, match="positive"):
        cpu_time_model(watts)


def test_this_machines_cpu_has_a_name() -> None:
    assert cpu_name()


def test_table_agrees_with_codecarbons_list_of_tdps() -> None:
    import codecarbon

    path = Path(codecarbon.__file__).parent / "data" / "hardware" / "cpu_power.csv"
    with path.open(encoding="utf-8") as file:
        listed = {plain_name(row["Name"]): row["TDP"] for row in csv.DictReader(file)}
    # CodeCarbon lists this one's turbo power, we every CPU's base power.
    shared = set(listed) & set(TDP_AND_THREADS) - {"intel core i7-12700k"}
    assert len(shared) >= len(TDP_AND_THREADS) // 2
    assert {n: float(listed[n]) for n in shared} == {
        n: TDP_AND_THREADS[n][0] for n in shared
    }
