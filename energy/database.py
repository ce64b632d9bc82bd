"""The SQLite file below the ledger: made, opened and checked."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from pathlib import Path

from jouleplan.energy.errors import LedgerError
from jouleplan.energy.migration import MIGRATED, migrate, present_as_current
from jouleplan.energy.schema import APPLICATION_ID, TABLES, VERSION
from jouleplan.energy.transaction import named_errors, pragma, transaction

_BUSY_TIMEOUT_S = 30.0


def open_database(
    path: Path, *, create: bool = False, read_only: bool = False
) -> sqlite3.Connection:
    """Return a connection to a sound ledger, seen as one of our version.

    Args:
        path: The SQLite file.
        create: Make the file where there is none.
        read_only: Leave the file as it is. Otherwise one of an earlier version is
            brought up to date.

    Raises:
        LedgerError: The file is missing, no ledger, broken, or of a later version.
        LedgerBusyError: Another process does not let go of it.
    """
    if (read_only or not create) and not path.is_file():
        raise LedgerError(f"no ledger at {path}: give the path of a ledger")
    try:
        db = _connect(path, read_only)
    except sqlite3.OperationalError as error:
        raise LedgerError(
            f"cannot open {path} ({error}): give a file in a folder that exists and "
            "may be written"
        ) from error
    try:
        with named_errors(path):
            _check(db, path, read_only)
    except BaseException:
        db.close()
        raise
    return db


def stored_version(path: Path) -> int:
    """Return the schema version of a sound ledger, as it is in the file.

    Raises:
        LedgerError: As for :func:`open_database`.
    """
    with contextlib.closing(open_database(path, read_only=True)) as db:
        return pragma(db, "user_version")


def _connect(path: Path, read_only: bool) -> sqlite3.Connection:
    address = path.absolute().as_uri()
    if read_only and not (os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)):
        # WAL wants to write files beside the ledger; where it may not, and there are
        # none, no process has it open and it cannot change while it is read.
        alone = not Path(f"{path}-wal").exists()
        address += "?mode=ro" + ("&immutable=1" if alone else "")
    # Transactions are opened by hand: one an episode.
    return sqlite3.connect(
        address, uri=True, timeout=_BUSY_TIMEOUT_S, isolation_level=None
    )


def _check(db: sqlite3.Connection, path: Path, read_only: bool) -> None:
    version = pragma(db, "user_version")
    objects = db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    if version == 0 and objects == 0:
        if read_only:
            raise LedgerError(f"{path} is empty: give a ledger with something in it")
        _create(db, path)
    if pragma(db, "application_id") != APPLICATION_ID:
        raise LedgerError(
            f"{path} is another program's database, not a jouleplan ledger: give "
            "another file"
        )
    version = pragma(db, "user_version")
    if version != VERSION and version not in MIGRATED:
        known = ", ".join(str(one) for one in (*MIGRATED, VERSION))
        raise LedgerError(
            f"{path} has schema version {version}; this jouleplan reads versions "
            f"{known}: use the newer jouleplan that wrote it, or give another file"
        )
    verdict = db.execute("PRAGMA quick_check(1)").fetchone()[0]
    if verdict != "ok":
        raise sqlite3.DatabaseError(verdict)
    if version in MIGRATED:
        if read_only:
            present_as_current(db)
        else:
            migrate(db, path)
    db.execute("PRAGMA synchronous=FULL")
    db.execute("PRAGMA foreign_keys=ON")
    if read_only:
        db.execute("PRAGMA query_only=ON")


def _create(db: sqlite3.Connection, path: Path) -> None:
    db.execute("PRAGMA journal_mode=WAL")
    with transaction(db, path):
        if pragma(db, "user_version"):
            return  # another process was faster
        for table, columns in TABLES.items():
            db.execute(f"CREATE TABLE {table} ({columns})")
        db.execute(f"PRAGMA application_id={APPLICATION_ID}")
        db.execute(f"PRAGMA user_version={VERSION}")
