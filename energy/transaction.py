"""Transactions on the ledger's file, and SQLite's errors about it in our words."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from jouleplan.energy.errors import LedgerBusyError, LedgerError


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
                f"{path} is being written by another process that does not let go of "
                "it: wait for it, or give another file"
            ) from error
        raise LedgerError(f"{path} cannot be used: {error}") from error
    except sqlite3.DatabaseError as error:
        raise LedgerError(
            f"{path} is not a ledger or is damaged ({error}): give another file; what "
            f"a damaged one still holds is shown by `sqlite3 {path.name} .recover`"
        ) from error


def pragma(db: sqlite3.Connection, name: str) -> int:
    """Return the value of a pragma that is a number."""
    return int(db.execute(f"PRAGMA {name}").fetchone()[0])
