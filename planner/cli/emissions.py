"""Emissions: CodeCarbon's file beside a run, where one is asked for."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jouleplan.energy.meter import Meter

Report = Callable[[], dict[str, Any] | None]


@contextlib.contextmanager
def emissions(meter: Meter, folder: Path | None) -> Iterator[Report]:
    """Keep CodeCarbon's ledger of what ``meter`` reads inside; nothing for no folder.

    Yields what returns the report, once the block has ended.
    """
    if folder is None:
        yield lambda: None
        return
    from jouleplan.energy.codecarbon_ledger import CarbonLedger

    ledger = CarbonLedger(meter, folder)

    def report() -> dict[str, Any]:
        values = asdict(ledger.report)
        return {**values, "path": values["path"] and str(values["path"])}

    with ledger:
        yield report
