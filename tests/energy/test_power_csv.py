"""The meter over a power meter's file that grows while it runs."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from jouleplan.energy.codecarbon_ledger import CarbonLedger
from jouleplan.energy.errors import PowerFileError
from jouleplan.energy.meter import Meter
from jouleplan.energy.sources.power_csv import PowerCsv

POWER_W = 40.0
INTERVAL_S = 0.05


class Plug:
    """Writes a sample of 40 W every 50 ms, as a power meter does."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.silent = threading.Event()
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._write, daemon=True)
        path.write_text(f"time,W\n{time.time()},{POWER_W}\n")
        self._thread.start()

    def _write(self) -> None:
        while not self._end.wait(INTERVAL_S):
            if not self.silent.is_set():
                with self._path.open("a") as file:
                    file.write(f"{time.time()},{POWER_W}\n")

    def stop(self) -> None:
        self._end.set()
        self._thread.join()


@pytest.fixture
def plug(tmp_path: Path) -> Iterator[Plug]:
    plug = Plug(tmp_path / "plug.csv")
    yield plug
    plug.stop()


def test_joules_are_those_of_the_wall_between_the_phases_bounds(
    plug: Plug, tmp_path: Path
) -> None:
    meter = Meter(PowerCsv(tmp_path / "plug.csv"))
    with meter.phase("episode"):
        with meter.phase("planning"):
            sum(range(200_000))
        time.sleep(0.2)
    time.sleep(0.2)  # between phases: nobody's
    with meter.phase("episode"):
        time.sleep(0.1)
    total = meter.total()
    assert total.quality == "measured"
    assert total.source == "power meter, plug.csv"
    assert list(total.components) == ["wall"]
    # what waiting for the file takes is not charged, so joules and seconds agree
    assert total.energy_j == pytest.approx(POWER_W * total.wall_s, rel=0.02)
    leaves = meter.readings()
    assert {leaf.quality for leaf in leaves.values()} == {"attributed"}
    assert sum(leaf.energy_j or 0 for leaf in leaves.values()) == pytest.approx(
        total.energy_j
    )


def test_mark_inside_a_phase_does_not_charge_the_wait(
    plug: Plug, tmp_path: Path
) -> None:
    meter = Meter(PowerCsv(tmp_path / "plug.csv"))
    with meter.phase("episode"):
        time.sleep(0.1)
        mark = meter.mark()
        time.sleep(0.1)
    since = meter.total(mark)
    assert since.energy_j == pytest.approx(POWER_W * since.wall_s, rel=0.02)


def test_silent_power_meter_makes_the_energy_unknown_and_says_why(
    plug: Plug, tmp_path: Path
) -> None:
    meter = Meter(PowerCsv(tmp_path / "plug.csv", wait_s=0.2))
    plug.silent.set()
    time.sleep(2 * INTERVAL_S)
    with meter.phase("episode"):
        time.sleep(0.01)
    total = meter.total()
    assert total.energy_j is None
    assert "is the power meter still writing" in total.source


def test_gap_makes_the_energy_unknown_and_is_flagged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "plug.csv"
    path.write_text("".join(f"{t},10\n" for t in (0, 1, 2, 3, 4, 5, 30, 31, 32)))
    moments = iter((2.5, 31.5, 31.5))
    monkeypatch.setattr(time, "time", lambda: next(moments))
    meter = Meter(PowerCsv(path))
    with meter.phase("episode"):
        pass
    total = meter.total()
    assert total.energy_j is None
    assert "1 gap(s) without samples, the longest 25.0 s" in total.source


def test_carbon_counts_the_joules_of_the_wall(plug: Plug, tmp_path: Path) -> None:
    meter = Meter(PowerCsv(tmp_path / "plug.csv"))
    with CarbonLedger(meter, tmp_path / "carbon") as ledger, meter.phase("episode"):
        time.sleep(0.1)
    used = meter.total().energy_j
    assert used is not None
    assert ledger.report.energy_kwh == pytest.approx(used / 3.6e6, rel=1e-6)


def test_file_without_a_sample_is_named(tmp_path: Path) -> None:
    path = tmp_path / "plug.csv"
    path.write_text("time,W\n")
    with pytest.raises(PowerFileError, match="start the power meter before"):
        PowerCsv(path)
