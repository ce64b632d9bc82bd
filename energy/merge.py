"""Merge: several ledgers as one, every record counted once."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jouleplan.energy.database import open_database
from jouleplan.energy.errors import LedgerError
from jouleplan.energy.ledger import Ledger
from jouleplan.energy.rows import insert, insert_all, select
from jouleplan.energy.transaction import transaction

KEYS = {
    "runs": ("id",),
    "episodes": ("domain", "problem", "method", "settings", "seed"),
    "methods": ("run_id", "method"),
}
"""Table -> what makes two of its records the same one."""

_DETAILS = ("operators", "phases", "pictures")
_NAMED = ("domain", "problem", "method", "seed", "id", "run_id")


@dataclass(slots=True)
class MergeReport:
    """What a merge did.

    Attributes:
        written: Table -> how many records the merged ledger holds.
        duplicates: Table -> how many were there twice, all alike, and counted once.
        conflicts: Records with the key of an earlier one and other contents, in words;
            the earlier one is kept.
    """

    written: dict[str, int] = field(default_factory=dict)
    duplicates: dict[str, int] = field(default_factory=dict)
    conflicts: list[str] = field(default_factory=list)


def merge(sources: Sequence[Path], out: Path) -> MergeReport:
    """Write the records of several ledgers into one that is not there yet.

    Args:
        sources: The ledgers; of conflicting records that of the first one is kept.
        out: The merged ledger; it appears when it is whole.

    Raises:
        LedgerError: ``out`` exists, or a source cannot be read.
    """
    if out.exists():
        raise LedgerError(f"{out} exists: give a file that does not, or remove it")
    partial = out.with_name(f"{out.name}.{os.getpid()}.part")
    report = MergeReport()
    try:
        with contextlib.closing(open_database(partial, create=True)) as merged:
            for source in sources:
                with Ledger(source, read_only=True) as ledger:
                    _Merge(merged, partial, report).take(ledger)
        with Ledger(partial, read_only=True) as whole:
            report.written = whole.counts()
        partial.replace(out)
    finally:
        for suffix in ("", "-wal", "-shm"):
            Path(f"{partial}{suffix}").unlink(missing_ok=True)
    return report


class _Merge:
    """Takes one ledger into the merged one, in one transaction."""

    def __init__(
        self, merged: sqlite3.Connection, path: Path, report: MergeReport
    ) -> None:
        self._merged, self._path, self._report = merged, path, report
        self._source = path

    def take(self, ledger: Ledger) -> None:
        self._source = ledger.path
        with transaction(self._merged, self._path):
            for table in ("runs", "methods"):
                for row in ledger.rows(table):
                    self._insert(table, row)
            for row in ledger.rows("episodes"):
                episode = row.pop("id")
                number = self._insert("episodes", row)
                if number is not None:
                    self._take_details(ledger, episode, number)
            for row in ledger.rows("trainings"):
                del row["id"]
                if any(select(self._merged, "trainings", row)):
                    self._count_duplicate("trainings")
                else:
                    insert(self._merged, "trainings", row)

    def _take_details(self, ledger: Ledger, episode: int, number: int) -> None:
        for table in _DETAILS:
            rows = ledger.rows(table, {"episode": episode})
            insert_all(self._merged, table, ({**r, "episode": number} for r in rows))

    def _insert(self, table: str, row: dict[str, Any]) -> int | None:
        """Write a record; return its number, or None where its key is taken."""
        number = insert(self._merged, table, row, once=True)
        if number is not None:
            return number
        (kept,) = select(self._merged, table, {k: row[k] for k in KEYS[table]})
        if any(kept[column] != value for column, value in row.items()):
            name = ", ".join(f"{k} {row[k]}" for k in _NAMED if k in row)
            self._report.conflicts.append(f"{table}: {name} in {self._source}")
        else:
            self._count_duplicate(table)
        return None

    def _count_duplicate(self, table: str) -> None:
        found = self._report.duplicates
        found[table] = found.get(table, 0) + 1
