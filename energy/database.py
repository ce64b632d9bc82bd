"""The SQLite file below the ledger: made, checked, and its errors named."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from jouleplan.energy.errors import LedgerBusyError, LedgerError
from jouleplan.energy.schema import APPLICATION_ID, TABLES, VERSION

_BUSY_TIMEOUT_S = 30.0


def open_database(path: Path, *, create: bool) -> sqlite3.Connection:
    """Return a connection to a sound ledger of our version.

    Args:
        path: The SQLite file.
        create: Make the file where there is none.

    Raises:
        LedgerError: The file is missing, no ledger, broken, or of another version.
        LedgerBusyError: Another process does not let go of it.
    """
    if not create and not path.is_file():
        raise LedgerError(f"no ledger at {path}: give the path of a ledger")
    try:
        # Transactions are opened by hand: one an episode.
        db = sqlite3.connect(path, timeout=_BUSY_TIMEOUT_S, isolation_level=None)
    except sqlite3.OperationalError as error:
        raise LedgerError(
            f"cannot open {path} ({error}): give a file in a folder that exists and "
            "may be written"
        ) from error
    try:
        with named_errors(path):
            _check_or_create(db, path)
    except BaseException:
        db.close()
        raise
    return db


@contextlib.contextmanager
def transaction(db: sqlite3.Connection, path: Path) -> Iterator[None]:
    """Write all of the block or nothing of it."""
    with named_errors(path):
        db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            db.execute("ROLLBACK")
            raise
        db.execute("COMMIT")


@contextlib.contextmanager
def named_errors(path: Path) -> Iterator[None]:
    """Turn SQLite's errors about the file into ours."""
    try:
        yield
    except sqlite3.IntegrityError:
        raise  # our own bug: a record that breaks the schema
    except sqlite3.OperationalError as error:
        if "locked" in str(error) or "busy" in str(error):
            raise LedgerBusyError(
                f"{path} is being written by another process for more than "
                f"{_BUSY_TIMEOUT_S:g} s: wait for it, or give another file"
            ) from error
        raise LedgerError(f"{path} cannot be used: {error}") from error
    except sqlite3.DatabaseError as error:
        raise LedgerError(
            f"{path} is not a ledger or is damaged ({error}): give another file; what "
            f"a damaged one still holds is shown by `sqlite3 {path.name} .recover`"
        ) from error


def _check_or_create(db: sqlite3.Connection, path: Path) -> None:
    version = _pragma(db, "user_version")
    objects = db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    if version == 0 and objects == 0:
        _create(db, path)
    if _pragma(db, "application_id") != APPLICATION_ID:
        raise LedgerError(
            f"{path} is another program's database, not a jouleplan ledger: give "
            "another file"
        )
    version = _pragma(db, "user_version")
    if version != VERSION:
        raise LedgerError(
            f"{path} has schema version {version}; this jouleplan reads version "
            f"{VERSION}: use the jouleplan that wrote it, or give another file"
        )
    db.execute("PRAGMA synchronous=FULL")
    db.execute("PRAGMA foreign_keys=ON")
    verdict = db.execute("PRAGMA quick_check(1)").fetchone()[0]
    if verdict != "ok":
        raise sqlite3.DatabaseError(verdict)


def _create(db: sqlite3.Connection, path: Path) -> None:
    db.execute("PRAGMA journal_mode=WAL")
    with transaction(db, path):
        if _pragma(db, "user_version"):
            return  # another process was faster
        for table, columns in TABLES.items():
            db.execute(f"CREATE TABLE {table} ({columns})")
        db.execute(f"PRAGMA application_id={APPLICATION_ID}")
        db.execute(f"PRAGMA user_version={VERSION}")


def _pragma(db: sqlite3.Connection, name: str) -> int:
    return int(db.execute(f"PRAGMA {name}").fetchone()[0])
