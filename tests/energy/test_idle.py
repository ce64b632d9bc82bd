"""The idle baseline: measured or modelled, kept by machine, held against its kind."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from jouleplan.energy.errors import IdleError
from jouleplan.energy.hardware import hardware, hardware_id
from jouleplan.energy.idle import (
    IDLE_SHARE,
    idle_joules,
    measure_idle,
    state_file,
    store,
    stored,
)
from jouleplan.energy.reading import Reading, unavailable
from jouleplan.energy.sources.cpu_model import CpuTimeModel

ESTIMATED = Reading(9.0, 1.0, 10.0, 1, "model", "estimated", {"cpu": 9.0})
MEASURED = Reading(9.0, 1.0, 10.0, 1, "RAPL", "measured", {"cpu": 9.0})
MODEL = CpuTimeModel(4.0, "test")


class Steady:
    """A machine that draws 30 W, two thirds of it in the CPU."""

    name = "steady"
    components = ("cpu", "ram")

    def read(self, *, wait: bool = False) -> Mapping[str, float]:
        now = time.perf_counter()
        return {"cpu": 20 * now, "ram": 10 * now}


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    return tmp_path


def test_sensor_is_read_while_idle() -> None:
    baseline = measure_idle(0.05, Steady())
    assert baseline.power_w == pytest.approx(30, rel=0.01)
    assert (baseline.quality, baseline.source) == ("measured", "steady")
    assert baseline.hardware_id == hardware_id(hardware())
    assert 0 <= baseline.busy <= 1


def test_model_takes_a_share_of_each_core() -> None:
    baseline = measure_idle(0.01, MODEL)
    assert baseline.power_w == pytest.approx(4 * IDLE_SHARE * (os.cpu_count() or 1))
    assert baseline.quality == "estimated"


def test_baseline_counts_for_readings_of_its_own_kind(state: Path) -> None:
    assert idle_joules(ESTIMATED) is None
    path = store(measure_idle(0.01, MODEL))
    assert path == state / "jouleplan" / "idle.json" == state_file()
    modelled = stored()[0].power_w
    assert idle_joules(ESTIMATED) == pytest.approx(modelled * 10)
    assert idle_joules(MEASURED) is None
    store(replace(measure_idle(0.01, Steady()), power_w=30.0))
    assert idle_joules(MEASURED) == pytest.approx(300)
    assert idle_joules(replace(MEASURED, quality="attributed")) == pytest.approx(300)
    assert idle_joules(ESTIMATED) == pytest.approx(modelled * 10)
    assert idle_joules(unavailable("none", wall_s=10)) is None


def test_later_baseline_replaces_that_of_the_same_machine_only() -> None:
    first = measure_idle(0.01, MODEL)
    store(replace(first, hardware_id="other", power_w=1.0))
    store(replace(first, power_w=2.0))
    store(replace(first, power_w=3.0))
    assert sorted(b.power_w for b in stored()) == [1.0, 3.0]
    assert idle_joules(ESTIMATED) == pytest.approx(30)


@pytest.mark.parametrize(
    "text", ["", "[]", '{"version": 9, "baselines": []}', '{"version": 1}', "{"]
)
def test_damaged_file_is_named_with_what_to_do(text: str) -> None:
    state_file().parent.mkdir(parents=True)
    state_file().write_text(text)
    with pytest.raises(IdleError, match="doctor --idle 60"):
        stored()


def test_file_is_plain_json() -> None:
    path = store(measure_idle(0.01, MODEL))
    assert json.loads(path.read_text())["version"] == 1
