"""Export: a ledger's tables as CSV, Parquet or JSON."""

from __future__ import annotations

import base64
import csv
import json
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from jouleplan.energy.errors import LedgerError, MissingExtraError
from jouleplan.energy.ledger import Ledger
from jouleplan.energy.schema import TABLES, VERSION


def export(ledger: Ledger, out: Path, format_name: str) -> list[Path]:
    """Write all tables; return the files that were written.

    Args:
        ledger: What is written.
        out: For CSV and Parquet a folder, which gets a file a table; for JSON a file.
        format_name: One of ``FORMATS``.

    Raises:
        LedgerError: There is no such format, or ``out`` is a file where a folder is
            needed, or the other way round.
        MissingExtraError: Parquet without pyarrow.
    """
    if format_name not in FORMATS:
        raise LedgerError(
            f"no format {format_name!r}; formats are {', '.join(FORMATS)}"
        )
    if (format_name == "json" and out.is_dir()) or (
        format_name != "json" and out.exists() and not out.is_dir()
    ):
        kind = "file" if format_name == "json" else "folder"
        raise LedgerError(f"{out} is in the way: {format_name} is written to a {kind}")
    return FORMATS[format_name](ledger, out)


def _csv(ledger: Ledger, out: Path) -> list[Path]:
    """Write CSV; NULL is an empty field, a picture is base64."""
    out.mkdir(parents=True, exist_ok=True)
    written = []
    for table in TABLES:
        path = out / f"{table}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(ledger.columns(table))
            for row in ledger.rows(table):
                writer.writerow(_plain(value) for value in row.values())
        written.append(path)
    return written


def _parquet(ledger: Ledger, out: Path) -> list[Path]:
    try:
        pyarrow: Any = import_module("pyarrow")
        parquet: Any = import_module("pyarrow.parquet")
    except ImportError as error:
        raise MissingExtraError(
            "Parquet needs pyarrow: `pip install 'jouleplan[parquet]'`, or export as "
            "csv or json"
        ) from error
    out.mkdir(parents=True, exist_ok=True)
    kinds = {
        "TEXT": pyarrow.string(),
        "INTEGER": pyarrow.int64(),
        "REAL": pyarrow.float64(),
        "BLOB": pyarrow.binary(),
    }
    written = []
    for table in TABLES:
        schema = pyarrow.schema(
            (name, kinds[kind]) for name, kind in ledger.columns(table).items()
        )
        rows = pyarrow.Table.from_pylist(list(ledger.rows(table)), schema=schema)
        path = out / f"{table}.parquet"
        parquet.write_table(rows, path)
        written.append(path)
    return written


def _json(ledger: Ledger, out: Path) -> list[Path]:
    """Write one document, a record a line; a picture is base64."""
    with out.open("w", encoding="utf-8") as file:
        file.write(f'{{"schema_version": {VERSION}')
        for table in TABLES:
            file.write(f',\n"{table}": [')
            for number, row in enumerate(ledger.rows(table)):
                record = {name: _plain(value) for name, value in row.items()}
                file.write(",\n" if number else "\n")
                file.write(json.dumps(record, allow_nan=False))
            file.write("]")
        file.write("}\n")
    return [out]


FORMATS: dict[str, Callable[[Ledger, Path], list[Path]]] = {
    "csv": _csv,
    "parquet": _parquet,
    "json": _json,
}
"""Name -> what writes it."""


def _plain(value: Any) -> Any:
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value
