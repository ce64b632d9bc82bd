"""The meter over a whole-machine sensor of known joules."""

from __future__ import annotations

import time
from collections.abc import Mapping

import pytest

from jouleplan.energy.errors import SensorError
from jouleplan.energy.meter import Meter


class ClockSensor:
    """Counts 10 W of CPU and 3 W of memory by CPU time: joules known exactly."""

    name = "clock"
    components = ("cpu", "ram")

    def __init__(self) -> None:
        self.broken = False
        self.carrying = False
        self.reads = 0

    def read(self, *, wait: bool = False) -> Mapping[str, float] | None:
        self.reads += 1
        if self.broken:
            raise SensorError("gone")
        if self.carrying and not wait:
            return None
        now = time.process_time()
        return {"cpu": 10 * now, "ram": 3 * now}


def _burn(cpu_s: float) -> None:
    end = time.thread_time() + cpu_s
    while time.thread_time() < end:
        pass


def test_phases_are_attributed_and_the_total_is_measured() -> None:
    meter = Meter(ClockSensor())
    with meter.phase("episode"):
        with meter.phase("policy"):
            _burn(0.15)
        with meter.phase("sensing"):
            _burn(0.05)
    leaves = meter.readings()
    total = meter.total()
    assert {leaf.quality for leaf in leaves.values()} == {"attributed"}
    assert total.quality == "measured"
    assert total.energy_j == pytest.approx(13 * total.cpu_s, rel=0.01)
    assert total.components["ram"] == pytest.approx(3 * total.cpu_s, rel=0.01)
    assert leaves["episode/policy"].energy_j == pytest.approx(13 * 0.15, rel=0.05)
    assert sum(leaf.energy_j or 0 for leaf in leaves.values()) == pytest.approx(
        total.energy_j
    )


def test_short_phases_do_not_read_the_sensor() -> None:
    sensor = ClockSensor()
    meter = Meter(sensor)
    with meter.phase("episode"):
        for _ in range(50):
            with meter.phase("policy"):
                pass
    assert sensor.reads < 10


def test_sensor_that_stops_gives_no_figure_rather_than_zero() -> None:
    sensor = ClockSensor()
    meter = Meter(sensor)
    with meter.phase("good"):
        pass
    mark = meter.mark()
    with meter.phase("bad"):
        sensor.broken = True
    assert meter.total().quality == "unavailable"
    assert meter.readings()["bad"].energy_j is None
    assert meter.readings()["bad"].cpu_s > 0
    assert meter.readings()["good"].energy_j is not None
    assert meter.total(mark).energy_j is None


def test_window_is_carried_over_while_the_counter_wraps() -> None:
    sensor = ClockSensor()
    meter = Meter(sensor)
    with meter.phase("episode"):
        sensor.carrying = True
        for _ in range(3):
            with meter.phase("policy"):
                _burn(0.11)
        sensor.carrying = False
    total = meter.total()
    assert total.energy_j == pytest.approx(13 * total.cpu_s, rel=0.02)
