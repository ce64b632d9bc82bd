"""Joules in, comparison and report out.

The public names are loaded when they are first used, so that importing a part of
this package costs nothing of the others.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jouleplan.energy.codecarbon_ledger import CarbonLedger as CarbonLedger
    from jouleplan.energy.codecarbon_ledger import CarbonReport as CarbonReport
    from jouleplan.energy.ledger import Ledger as Ledger
    from jouleplan.energy.meter import Meter as Meter
    from jouleplan.energy.power_file import PowerFile as PowerFile
    from jouleplan.energy.reading import Reading as Reading
    from jouleplan.energy.records import EpisodeRecord as EpisodeRecord
    from jouleplan.energy.records import MethodRecord as MethodRecord
    from jouleplan.energy.records import OperatorRecord as OperatorRecord
    from jouleplan.energy.records import TrainingRecord as TrainingRecord
    from jouleplan.energy.records import TrainingShare as TrainingShare
    from jouleplan.energy.sources.ram_model import RamModel as RamModel
    from jouleplan.energy.statistics import per_success as per_success
    from jouleplan.energy.statistics import wilson_interval as wilson_interval

_HOMES = {
    "CarbonLedger": "codecarbon_ledger",
    "CarbonReport": "codecarbon_ledger",
    "EpisodeRecord": "records",
    "Ledger": "ledger",
    "Meter": "meter",
    "MethodRecord": "records",
    "OperatorRecord": "records",
    "PowerFile": "power_file",
    "RamModel": "sources.ram_model",
    "Reading": "reading",
    "TrainingRecord": "records",
    "TrainingShare": "records",
    "per_success": "statistics",
    "wilson_interval": "statistics",
}


def __getattr__(name: str) -> Any:
    """Load a public name on first use."""
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{home}"), name)


def __dir__() -> list[str]:
    """List the public names."""
    return sorted(_HOMES)
