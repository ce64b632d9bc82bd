"""Reported: the report of a ledger."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from jouleplan.energy.ledger import Ledger
from jouleplan.energy.report.document import Report
from jouleplan.planner.api.compared import Compared

if TYPE_CHECKING:
    import pandas


def report(
    source: Compared | Ledger | Path | str | pandas.DataFrame, *, seed: int = 0
) -> Report:
    """Return the report of a comparison, a ledger or a frame of episodes.

    Args:
        source: What ``compare`` returned, an open ledger, the path of one, or a frame
            such as ``Ledger.frame("episodes")``.
        seed: Of the bootstraps; the same one gives the same report.

    Raises:
        LedgerError: The file is missing, no ledger, broken, or of another version.
        EmptyLedgerError: It holds nothing yet.
        ReportError: A frame lacks a column that is needed.
    """
    return Report.of(source.path if isinstance(source, Compared) else source, seed=seed)
