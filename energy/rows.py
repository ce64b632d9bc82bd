"""Rows: records as the values of a table's columns."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from typing import Any

from jouleplan.energy.reading import Reading
from jouleplan.energy.records import (
    Atoms,
    EpisodeRecord,
    MethodRecord,
    TrainingRecord,
)
from jouleplan.energy.schema import column_types

Row = dict[str, object]
"""Column -> value."""

_AS_THEY_ARE = (
    "domain",
    "problem",
    "method",
    "seed",
    "cause",
    "mechanical_work_j",
    "simulated_s",
    "replans",
    "progress",
    "horizon",
    "control_steps",
    "idle_j",
    "load_before",
    "load_after",
    "flops",
    "turn",
    "signature",
)


def insert(
    db: sqlite3.Connection,
    table: str,
    row: Mapping[str, object],
    *,
    once: bool = False,
) -> int | None:
    """Write one row; return its number.

    Args:
        db: The ledger, in a transaction.
        table: One of ours.
        row: Column -> value.
        once: Return None, and write nothing, where its key is taken.
    """
    marks = ", ".join("?" * len(row))
    done = db.execute(
        f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})"
        + (" ON CONFLICT DO NOTHING" if once else ""),
        tuple(row.values()),
    )
    return done.lastrowid if done.rowcount else None


def insert_all(
    db: sqlite3.Connection, table: str, rows: Iterable[Mapping[str, object]]
) -> None:
    """Write rows that all have the same columns; see :func:`insert`."""
    rows = list(rows)
    if rows:
        names = list(rows[0])
        db.executemany(
            f"INSERT INTO {table} ({', '.join(names)})"
            f" VALUES ({', '.join('?' * len(names))})",
            [[row[name] for name in names] for row in rows],
        )


def select(
    db: sqlite3.Connection, table: str, where: Mapping[str, object]
) -> Iterator[dict[str, Any]]:
    """Yield the rows of a table in which every column of ``where`` has its value."""
    names = list(column_types(table))
    # IS finds NULL too
    condition = " AND ".join(f"{name} IS ?" for name in where) or "1"
    found = db.execute(
        f"SELECT {', '.join(names)} FROM {table} WHERE {condition}",
        tuple(where.values()),
    )
    for row in found:
        yield dict(zip(names, row, strict=True))


def episode_row(record: EpisodeRecord) -> Row:
    """Return an episode's own columns, but for those of its run."""
    row: Row = {name: getattr(record, name) for name in _AS_THEY_ARE}
    row["success"] = None if record.success is None else int(record.success)
    row["init"] = _atoms(record.init)
    return row | _energy(record.energy)


def operator_rows(record: EpisodeRecord) -> Iterator[Row]:
    """Yield a row for every operator, in their order."""
    for position, operator in enumerate(record.operators):
        yield {
            "position": position,
            "name": operator.name,
            "outcome": operator.outcome,
            "control_steps": operator.control_steps,
            "retries": operator.retries,
            "seconds": operator.seconds,
            "skill": operator.skill,
            "types": json.dumps(operator.types),
            "cpu_s": operator.cpu_s,
            "energy_j": operator.energy_j,
            "mechanical_work_j": operator.mechanical_work_j,
            "added": _atoms(operator.added),
            "removed": _atoms(operator.removed),
        }


def phase_rows(record: EpisodeRecord) -> Iterator[Row]:
    """Yield a row for every phase."""
    for phase, reading in record.phases.items():
        yield {"phase": phase, **_energy(reading)}


def training_row(record: TrainingRecord) -> Row:
    """Return a training's own columns."""
    return {
        "skill": record.skill,
        "seed": record.seed,
        "algorithm": record.algorithm,
        "steps": record.steps,
        "card": record.card,
        **_energy(record.energy),
    }


def method_row(record: MethodRecord) -> Row:
    """Return a method's own columns."""
    return {
        "method": record.method,
        "label": record.label,
        "description": record.description,
        "training": json.dumps([asdict(share) for share in record.training]),
    }


def _atoms(atoms: Atoms | None) -> str:
    return "" if atoms is None else json.dumps(sorted(atoms))


def _energy(reading: Reading) -> Row:
    return {
        "cpu_s": reading.cpu_s,
        "wall_s": reading.wall_s,
        "energy_j": reading.energy_j,
        "source": reading.source,
        "quality": reading.quality,
        "components": json.dumps(dict(reading.components), sort_keys=True),
        "calls": reading.calls,
    }
