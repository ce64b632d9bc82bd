"""CodeCarbon as ledger: our joules, no network, no foreign settings."""

from __future__ import annotations

import csv
import inspect
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from jouleplan.energy import codecarbon_ledger
from jouleplan.energy.codecarbon_ledger import CarbonLedger
from jouleplan.energy.errors import CarbonError, SensorError
from jouleplan.energy.meter import Meter
from jouleplan.energy.reading import J_PER_KWH
from jouleplan.energy.sources.cpu_model import CpuTimeModel

DEPRECATED = {
    "co2_signal_api_token",
    "save_to_api",
    "save_to_file",
    "save_to_logfire",
    "save_to_logger",
    "save_to_prometheus",
}
"""Not read by CodeCarbon once their successors are given, and noisy when given."""


def _run(folder: Path, country_iso: str = "USA", loops: int = 300_000) -> Any:
    meter = Meter(CpuTimeModel(4.0, "test"))
    with meter.phase("before"):
        sum(range(loops))
    mark = meter.mark()
    with CarbonLedger(meter, folder, country_iso=country_iso) as carbon:
        for _ in range(3):
            with meter.phase("policy"):
                sum(range(loops))
    return carbon.report, meter.total(mark)


def test_energy_is_our_meters(tmp_path: Path) -> None:
    report, total = _run(tmp_path)
    assert report.energy_kwh * J_PER_KWH == pytest.approx(total.energy_j, rel=0.005)
    assert (report.quality, report.source) == ("estimated", total.source)


def test_file_holds_one_line_a_run_with_the_same_figures(tmp_path: Path) -> None:
    first, _ = _run(tmp_path)
    second, _ = _run(tmp_path)
    assert first.path == tmp_path / "emissions.csv"
    with first.path.open() as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 2
    for row, report in zip(rows, (first, second), strict=True):
        assert float(row["energy_consumed"]) == pytest.approx(report.energy_kwh)
        assert float(row["cpu_energy"]) == pytest.approx(report.energy_kwh)
        assert float(row["emissions"]) == pytest.approx(report.emissions_kg)
        assert (row["ram_energy"], row["country_iso_code"]) == ("0.0", "USA")


@pytest.mark.parametrize(("country", "g_per_kwh"), [("USA", 369.5), ("fra", 56.0)])
def test_emissions_follow_the_country(
    tmp_path: Path, country: str, g_per_kwh: float
) -> None:
    report, _ = _run(tmp_path, country)
    assert report.emissions_kg / report.energy_kwh == pytest.approx(
        g_per_kwh / 1e3, rel=0.01
    )


def test_settings_of_the_user_change_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".codecarbon.config").write_text("[codecarbon]\npue = 3\nnot a line")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CODECARBON_PUE", "5")
    monkeypatch.setenv("CODECARBON_FORCE_CARBON_INTENSITY_G_CO2E_KWH", "9999")
    monkeypatch.setenv("CODECARBON_OUTPUT_FILE", "elsewhere.csv")
    report, total = _run(tmp_path / "out")
    assert report.energy_kwh * J_PER_KWH == pytest.approx(total.energy_j, rel=0.005)
    assert report.emissions_kg / report.energy_kwh == pytest.approx(0.3695, rel=0.01)
    assert report.path.is_file()


def test_every_setting_of_codecarbon_is_given(tmp_path: Path) -> None:
    from codecarbon.emissions_tracker import (
        BaseEmissionsTracker,
        OfflineEmissionsTracker,
    )

    known: set[str] = set()
    for tracker in (BaseEmissionsTracker, OfflineEmissionsTracker):
        known |= set(inspect.signature(tracker.__init__).parameters)
    known -= {"self", "args", "kwargs"}
    given = codecarbon_ledger._settings(tmp_path, "USA", "test")
    assert set(given) == known - DEPRECATED


def test_private_interface_of_codecarbon_is_where_it_was(tmp_path: Path) -> None:
    from codecarbon.core.units import Energy, Power
    from codecarbon.external import hardware, ram

    emissions_tracker: Any = import_module("codecarbon.emissions_tracker")
    tracker = codecarbon_ledger._make_tracker(
        codecarbon_ledger._settings(tmp_path, "USA", "test")
    )
    for name in codecarbon_ledger.PRIVATE:
        assert hasattr(tracker, name), name
    assert callable(emissions_tracker.get_hierarchical_config)
    assert Energy.from_energy(kWh=1.0).kWh == 1.0
    assert Power.from_watts(1.0).W == 1.0
    for method in ("start", "monitor_power", "measure_power_and_energy"):
        assert callable(getattr(hardware.CPU, method))
        assert callable(getattr(hardware.GPU, method))
    assert callable(ram.RAM.measure_power_and_energy)
    source = inspect.getsource(emissions_tracker.BaseEmissionsTracker._do_measurements)
    assert "hardware.measure_power_and_energy(last_duration=last_duration)" in source


def test_moved_interface_is_an_error_that_names_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(codecarbon_ledger, "PRIVATE", ("_moved_away",))
    with pytest.raises(CarbonError, match="lacks _moved_away"):
        CarbonLedger(Meter(CpuTimeModel(4.0, "test")), tmp_path)


def test_unknown_country_is_refused_with_near_ones(tmp_path: Path) -> None:
    with pytest.raises(CarbonError, match=r"'DEUT'.*DEU"):
        CarbonLedger(Meter(CpuTimeModel(4.0, "test")), tmp_path, country_iso="DEUT")


def test_file_where_a_folder_is_wanted_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "emissions"
    file.write_text("")
    with pytest.raises(CarbonError, match="give a folder"):
        CarbonLedger(Meter(CpuTimeModel(4.0, "test")), file)


def test_unfinished_run_has_no_report(tmp_path: Path) -> None:
    carbon = CarbonLedger(Meter(CpuTimeModel(4.0, "test")), tmp_path)
    with pytest.raises(CarbonError, match="leave the `with"):
        _ = carbon.report


class _Known:
    """A sensor of three components and known joules."""

    name = "known"
    components = ("cpu", "ram", "gpu")

    def __init__(self) -> None:
        self.joules = 0.0
        self.broken = False

    def read(self, *, wait: bool = False) -> dict[str, float]:
        if self.broken:
            raise SensorError("gone")
        return {"cpu": self.joules, "ram": 2 * self.joules, "gpu": 3 * self.joules}


def test_components_of_a_sensor_are_kept_apart(tmp_path: Path) -> None:
    sensor = _Known()
    meter = Meter(sensor)
    with CarbonLedger(meter, tmp_path) as carbon, meter.phase("policy"):
        sensor.joules = 36.0
    assert carbon.report.energy_kwh == pytest.approx(6 * 36.0 / J_PER_KWH)
    assert carbon.report.quality == "measured"
    with (tmp_path / "emissions.csv").open() as file:
        row = next(csv.DictReader(file))
    assert float(row["ram_energy"]) == pytest.approx(2 * 36.0 / J_PER_KWH)
    assert float(row["gpu_energy"]) == pytest.approx(3 * 36.0 / J_PER_KWH)


def test_unknown_energy_is_not_written_as_zero(tmp_path: Path) -> None:
    sensor = _Known()
    meter = Meter(sensor)
    with CarbonLedger(meter, tmp_path) as carbon, meter.phase("policy"):
        sensor.broken = True
    assert carbon.report.energy_kwh is None
    assert carbon.report.emissions_kg is None
    assert carbon.report.quality == "unavailable"
    assert not (tmp_path / "emissions.csv").exists()


def test_no_socket_is_opened_and_nothing_is_printed(tmp_path: Path) -> None:
    code = f"""
import sys
import urllib3  # asks its own machine for IPv6 once, when it is imported
def watch(event, args):
    if event.startswith("socket."):
        sys.stderr.write(f"{{event}} {{args}}")
        raise SystemExit(3)
sys.addaudithook(watch)
from jouleplan.energy import CarbonLedger, Meter
meter = Meter()
with CarbonLedger(meter, {str(tmp_path)!r}), meter.phase("policy"):
    sum(range(100_000))
"""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
