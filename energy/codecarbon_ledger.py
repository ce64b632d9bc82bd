"""CodeCarbon as ledger and carbon arithmetic over our own meter, offline.

CodeCarbon's own estimators are not used: our readings are injected as its hardware.
That interface is private, so the version is pinned and :data:`PRIVATE` is tested.
"""

from __future__ import annotations

import contextlib
import difflib
import io
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from jouleplan.energy.errors import CarbonError
from jouleplan.energy.meter import Meter
from jouleplan.energy.reading import Quality, Reading
from jouleplan.energy.sources.cpu_model import cpu_name

CSV_NAME = "emissions.csv"
"""The file that CodeCarbon appends one line a run to."""

PRIVATE = (
    "_conf",
    "_hardware",
    "_hardware_initialized",
    "_measure_power_and_energy",
    "_output_handlers",
    "_populate_system_metadata",
    "_start_time",
)
"""What this module uses of a tracker beyond its public interface."""

_NEVER_S = 1e9


@dataclass(frozen=True, slots=True)
class CarbonReport:
    """What a run emitted.

    Attributes:
        energy_kwh: Energy of the run [kWh]; None where it is unavailable.
        emissions_kg: CO2-equivalent [kg]; None where the energy is unavailable.
        country_iso: The country whose grid was assumed.
        path: CodeCarbon's file, or None where nothing was written.
        source: What the energy rests on.
        quality: How it came about.
    """

    energy_kwh: float | None
    emissions_kg: float | None
    country_iso: str
    path: Path | None
    source: str
    quality: Quality


class CarbonLedger:
    """One CodeCarbon tracker for one run.

    Args:
        meter: Its readings between start and end are what the run used.
        folder: Where ``emissions.csv`` is written; made where missing.
        country_iso: Three-letter code of the country whose grid is assumed.
        project: Name of the run in the file.

    Raises:
        CarbonError: The country is unknown, the folder cannot be made, or CodeCarbon
            does not fit.
    """

    def __init__(
        self,
        meter: Meter,
        folder: Path | str,
        *,
        country_iso: str = "USA",
        project: str = "jouleplan",
    ) -> None:
        self._meter = meter
        self._folder = Path(folder)
        self._country_iso = country_iso.upper()
        self._report: CarbonReport | None = None
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise CarbonError(
                f"emissions cannot be kept in {self._folder} ({error.strerror}): give "
                "a folder, or the name of one that can be made"
            ) from error
        with _quietly():
            _import_silently()
            _check_country(self._country_iso)
            self._tracker = _make_tracker(
                _settings(self._folder, self._country_iso, project)
            )
        self._mark = meter.mark()

    def __enter__(self) -> Self:
        """Start counting."""
        from jouleplan.energy.codecarbon_hardware import injected

        self._mark = self._meter.mark()
        tracker = self._tracker
        with _quietly():
            # Skips CodeCarbon's probe of the hardware: it takes a second, and what
            # it finds would be replaced here.
            tracker._populate_system_metadata()
            tracker._conf["cpu_model"] = cpu_name()
            tracker._hardware = injected(
                self._used, self._meter.components, str(self._folder)
            )
            tracker._hardware_initialized = True
            tracker.start()
        if tracker._start_time is None:
            raise CarbonError("CodeCarbon did not start; its log says why")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop counting and write the file."""
        used = self._used()
        tracker = self._tracker
        with _quietly():
            if used.energy_j is None:
                # CodeCarbon knows no "unknown"; it would write zero.
                tracker._output_handlers.clear()
            # stop() leaves out what came within 50 ms of its last measurement.
            tracker._measure_power_and_energy()
            emissions_kg = tracker.stop()
        if emissions_kg is None:
            raise CarbonError("CodeCarbon did not report; its log says why")
        known = used.energy_j is not None
        data = tracker.final_emissions_data
        self._report = CarbonReport(
            float(data.energy_consumed) if known else None,
            float(emissions_kg) if known else None,
            self._country_iso,
            self._folder / CSV_NAME if known else None,
            used.source,
            used.quality,
        )

    @property
    def report(self) -> CarbonReport:
        """The figures of the run, once it has ended.

        Raises:
            CarbonError: The run has not ended.
        """
        if self._report is None:
            raise CarbonError(
                "no report yet: leave the `with CarbonLedger` block first"
            )
        return self._report

    def _used(self) -> Reading:
        return self._meter.total(self._mark)


def _settings(folder: Path, country_iso: str, project: str) -> dict[str, Any]:
    """Return every setting of the tracker, so that none comes from elsewhere."""
    from codecarbon.output_methods.base_output import OutputMethod

    return {
        "allow_multiple_runs": True,
        "api_call_interval": -1,
        "api_endpoint": "",
        "api_key": "",
        "cloud_provider": None,
        "cloud_region": None,
        "country_2letter_iso_code": None,
        "country_iso_code": country_iso,
        "electricitymaps_api_token": "",
        "emissions_endpoint": None,
        "experiment_id": project,
        "experiment_name": project,
        "force_carbon_intensity_g_co2e_kwh": None,
        "force_cpu_power": None,
        "force_mode_cpu_load": False,
        "force_ram_power": None,
        "gpu_ids": None,
        "log_level": "error",
        "logger_preamble": "",
        "logging_logger": None,
        "measure_power_secs": _NEVER_S,
        "metadata": None,
        "on_csv_write": "append",
        "output_dir": str(folder),
        "output_file": CSV_NAME,
        "output_handlers": [],
        "output_methods": [OutputMethod.CSV],
        "project_name": project,
        "prometheus_url": "",
        "pue": 1.0,
        "rapl_include_dram": False,
        "rapl_prefer_psys": False,
        "region": None,
        "tracking_mode": "process",
        "wue": 0.0,
    }


def _make_tracker(settings: dict[str, Any]) -> Any:
    # Untyped on purpose: what is patched below is private.
    emissions_tracker: Any = import_module("codecarbon.emissions_tracker")
    # Configuration files and CODECARBON_* variables are not read at all.
    read = emissions_tracker.get_hierarchical_config
    emissions_tracker.get_hierarchical_config = dict
    try:
        tracker = emissions_tracker.OfflineEmissionsTracker(**settings)
    finally:
        emissions_tracker.get_hierarchical_config = read
    missing = [name for name in PRIVATE if not hasattr(tracker, name)]
    if missing:
        raise CarbonError(
            f"CodeCarbon {version('codecarbon')} lacks {', '.join(missing)}: install "
            "the version that jouleplan pins, `pip install --upgrade jouleplan`"
        )
    return tracker


def _check_country(country_iso: str) -> None:
    sources: Any = import_module("codecarbon.input")
    known = sources.DataSource().get_global_energy_mix_data()
    if country_iso not in known:
        near = difflib.get_close_matches(country_iso, known, n=5, cutoff=0.5)
        raise CarbonError(
            f"country {country_iso!r} is unknown to CodeCarbon: give a three-letter "
            f"ISO 3166 code such as {', '.join(near) or 'USA, DEU, FRA'}"
        )


def _import_silently() -> None:
    # A library below CodeCarbon prints to stdout when it finds no AMD driver.
    with contextlib.redirect_stdout(io.StringIO()):
        import_module("codecarbon.emissions_tracker")


@contextlib.contextmanager
def _quietly() -> Iterator[None]:
    """Keep CodeCarbon's notices out of our output; its errors still show."""

    def keep(record: logging.LogRecord) -> bool:
        return record.levelno >= logging.ERROR

    log = logging.getLogger("codecarbon")
    log.addFilter(keep)
    try:
        yield
    finally:
        log.removeFilter(keep)
