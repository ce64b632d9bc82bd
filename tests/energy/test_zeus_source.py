"""Zeus's own RAPL reader on a tree of files with known joules."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from jouleplan.energy.errors import SensorError
from jouleplan.energy.meter import Meter
from jouleplan.energy.sources import zeus as source
from jouleplan.energy.sources.choice import best_source
from jouleplan.energy.sources.cpu_model import CpuTimeModel

RANGE_J = 50.0
"""Under 100 J Zeus looks for wrap-around every 0.1 s."""

Write = Callable[[float], None]


@pytest.fixture
def rapl(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Write]:
    """A RAPL tree of one package with memory; returns a setter of its joules."""
    from zeus.device import cpu
    from zeus.device.cpu import rapl as zeus_rapl

    package = tmp_path / "intel-rapl:0"
    memory = package / "intel-rapl:0:0"
    memory.mkdir(parents=True)
    for folder, name in ((package, "package-0"), (memory, "dram")):
        (folder / "name").write_text(name)
        (folder / "energy_uj").write_text("1000000")
        (folder / "max_energy_range_uj").write_text(str(int(RANGE_J * 1e6)))

    def write(joules: float) -> None:
        # Renamed into place: a half-written counter does not exist in sysfs.
        fresh = package / "fresh"
        fresh.write_text(str(int(joules * 1e6)))
        fresh.replace(package / "energy_uj")

    monkeypatch.setattr(zeus_rapl, "RAPL_DIR", str(tmp_path))
    monkeypatch.setattr(cpu, "_cpus", None)
    monkeypatch.setattr(source, "TRACES", {"RAPL": (str(tmp_path / "intel-rapl:*"),)})
    zeus_rapl.rapl_is_available.cache_clear()
    yield write
    zeus_rapl.rapl_is_available.cache_clear()
    found: Any = cpu._cpus
    for one in found.cpus if found else ():
        one.rapl_file.wraparound_tracker._stop()
        one.dram.wraparound_tracker._stop()


def test_known_joules_are_read_exactly_across_a_wrap_around(rapl: Write) -> None:
    sensor = source.find_zeus(source.TRACES).sensor
    assert sensor is not None
    _wait_for_zeus(sensor, rapl)
    rapl(48.0)
    before = sensor.read(wait=True)
    rapl(1.5)  # below whatever Zeus saw last, which may still be 2 J
    after = sensor.read(wait=True)
    assert before is not None
    assert after is not None
    assert after["cpu"] - before["cpu"] == pytest.approx(RANGE_J - 48.0 + 1.5, abs=1e-9)
    assert after["ram"] == before["ram"] == 1.0


def _wait_for_zeus(sensor: source.ZeusSensor, rapl: Write) -> None:
    """Wrap the counter until Zeus's own process, which starts slowly, sees it."""
    tracker = sensor._cpus.cpus[0].rapl_file.wraparound_tracker
    deadline = time.monotonic() + 60
    while not tracker.get_num_wraparounds() and time.monotonic() < deadline:
        rapl(20.0)
        time.sleep(0.15)
        rapl(2.0)
        time.sleep(0.15)
    assert tracker.get_num_wraparounds()


def test_meter_takes_the_sensor_and_measures_its_joules(rapl: Write) -> None:
    rapl(10.0)
    meter = Meter(best_source())
    with meter.phase("episode"), meter.phase("policy"):
        rapl(17.0)
    total = meter.total()
    assert total.energy_j == pytest.approx(7.0, abs=1e-9)
    assert total.components == {"cpu": pytest.approx(7.0), "ram": 0.0}
    assert (total.quality, total.source) == ("measured", "Zeus (RAPL x 1)")
    assert meter.components == ("cpu", "ram")


def test_counter_that_runs_backwards_is_not_believed(
    rapl: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(source, "CARRY_LIMIT_S", 0.05)

    class Backwards:
        values = iter([5.0, 3.0, 3.0, 3.0, 3.0, 3.0, 3.0, 3.0, 3.0])

        def __len__(self) -> int:
            return 1

        def get_total_energy_consumption(self, index: int) -> float:
            return next(self.values) * 1e3

    sensor = source.ZeusSensor(gpus=Backwards())
    assert sensor.read() == {"gpu": 5.0}
    assert sensor.read() is None
    with pytest.raises(SensorError, match="ran backwards"):
        sensor.read(wait=True)


def test_unreadable_counters_give_a_reason(
    tmp_path: Path, rapl: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "intel-rapl:0" / "energy_uj").unlink()
    found = source.find_zeus(source.TRACES)
    assert found.sensor is None
    assert "RAPL" in found.reasons[0]


def test_override_of_watts_beats_the_sensor(rapl: Write) -> None:
    assert best_source(3.0) == CpuTimeModel(3.0, "given by the user")


def test_without_a_trace_of_a_sensor_zeus_is_not_imported(tmp_path: Path) -> None:
    code = (
        "import sys; from jouleplan.energy.sources.zeus import find_zeus\n"
        f"found = find_zeus({{'RAPL': ({str(tmp_path / 'none*')!r},)}})\n"
        "assert found.sensor is None and 'RAPL' in found.reasons[0]\n"
        "assert 'zeus' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
