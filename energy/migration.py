"""Migration: ledgers of an earlier version, read as they are or brought up to date."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from jouleplan.energy.hardware import hardware_id_of_text
from jouleplan.energy.schema import EARLIER, TABLES, VERSION
from jouleplan.energy.transaction import pragma, transaction

MIGRATED = tuple(EARLIER)
"""Versions that can be read and brought up to date."""


def present_as_current(db: sqlite3.Connection) -> None:
    """Let queries see an earlier ledger as one of ours; the file stays as it is."""
    _add_functions(db)
    for table, query in EARLIER[pragma(db, "user_version")].items():
        # a temporary view hides the table of the same name
        db.execute(f"CREATE TEMP VIEW {table} AS {query}")


def migrate(db: sqlite3.Connection, path: Path) -> None:
    """Bring a ledger of an earlier version up to date, all of it or nothing.

    Every table is made anew under another name, filled, and put in the old one's place,
    so that a migrated ledger has the very schema of a fresh one.

    Raises:
        LedgerError: The file cannot be written, or its records contradict each other.

    Source: sqlite.org/lang_altertable.html, "Making Other Kinds Of Table Schema
    Changes".
    """
    _add_functions(db)
    db.execute("PRAGMA foreign_keys=OFF")  # without effect inside a transaction
    with transaction(db, path):
        version = pragma(db, "user_version")
        if version not in MIGRATED:
            return  # another process was faster
        for table, columns in TABLES.items():
            db.execute(f"CREATE TABLE fresh_{table} ({columns})")
            query = EARLIER[version][table]
            cursor = db.execute(f"SELECT * FROM ({query}) LIMIT 0")
            names = ", ".join(column[0] for column in cursor.description)
            db.execute(f"INSERT INTO fresh_{table} ({names}) {query}")
        for table in TABLES:
            db.execute(f"DROP TABLE IF EXISTS main.{table}")
            db.execute(f"ALTER TABLE fresh_{table} RENAME TO {table}")
        orphans = db.execute("PRAGMA foreign_key_check").fetchall()
        if orphans:
            raise sqlite3.DatabaseError(f"{len(orphans)} records without their parent")
        db.execute(f"PRAGMA user_version={VERSION}")


def _add_functions(db: sqlite3.Connection) -> None:
    db.create_function("hardware_id", 1, hardware_id_of_text, deterministic=True)
