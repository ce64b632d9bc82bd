"""The ledger: one SQLite file that a killed writer cannot spoil.

One episode is one transaction, with its operators and phases. WAL with
``synchronous=FULL``: what :meth:`Ledger.record_episode` returned from is on the disk.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from jouleplan.energy.database import named_errors, open_database, transaction
from jouleplan.energy.errors import LedgerError
from jouleplan.energy.reading import Reading
from jouleplan.energy.records import (
    EpisodeKey,
    EpisodeRecord,
    TrainingRecord,
    settings_text,
)
from jouleplan.energy.schema import TABLES

if TYPE_CHECKING:
    import pandas

_ENERGY_COLUMNS = "cpu_s, wall_s, energy_j, source, quality, components, calls"


class Ledger:
    """Records of runs, episodes, operators, phases and trainings.

    Args:
        path: The SQLite file.
        create: Make the file where there is none.

    Raises:
        LedgerError: The file is missing, no ledger, broken, or of another version.
    """

    def __init__(self, path: Path | str, *, create: bool = True) -> None:
        self.path = Path(path)
        self._db = open_database(self.path, create=create)

    def __enter__(self) -> Self:
        """Return the open ledger."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the file."""
        self.close()

    def close(self) -> None:
        """Close the file; records are already on the disk."""
        self._db.close()

    def start_run(
        self,
        command: str,
        *,
        method: str,
        seed: int,
        settings: Mapping[str, object] | None = None,
        versions: Mapping[str, str] | None = None,
        hardware: Mapping[str, object] | None = None,
    ) -> str:
        """Record the start of a run and return its id.

        Args:
            command: The command line or call that repeats it.
            method: What acts in it.
            seed: Its first seed.
            settings: Whatever else makes its episodes comparable; not the seed, the
                number of episodes or of processes.
            versions: Package -> version.
            hardware: CPU, memory, GPU, sensor.
        """
        run_id = uuid.uuid4().hex
        created = datetime.now(UTC).isoformat(timespec="seconds")
        values = (
            run_id,
            command,
            created,
            method,
            seed,
            settings_text(settings or {}),
            json.dumps(dict(versions or {}), sort_keys=True),
            json.dumps(dict(hardware or {}), sort_keys=True),
        )
        with transaction(self._db, self.path):
            self._db.execute("INSERT INTO runs VALUES (?,?,?,?,?,?,?,?)", values)
        return run_id

    def record_episode(self, run_id: str, record: EpisodeRecord) -> bool:
        """Write one episode; return False where its seed was recorded before.

        Raises:
            LedgerError: There is no such run.
        """
        with transaction(self._db, self.path):
            settings = self._settings(run_id)
            cursor = self._db.execute(
                "INSERT INTO episodes (run_id, domain, problem, method, settings, seed,"
                " success, cause, mechanical_work_j, simulated_s, replans,"
                f" {_ENERGY_COLUMNS})"
                " VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"
                " ON CONFLICT (domain, problem, method, settings, seed) DO NOTHING",
                (
                    run_id,
                    record.domain,
                    record.problem,
                    record.method,
                    settings,
                    record.seed,
                    int(record.success),
                    record.cause,
                    record.mechanical_work_j,
                    record.simulated_s,
                    record.replans,
                    *_energy_values(record.energy),
                ),
            )
            if cursor.rowcount == 0:
                return False
            self._write_details(cursor.lastrowid, record)
        return True

    def record_training(self, run_id: str, record: TrainingRecord) -> None:
        """Write one training run.

        Raises:
            LedgerError: There is no such run.
        """
        with transaction(self._db, self.path):
            self._settings(run_id)
            self._db.execute(
                "INSERT INTO trainings (run_id, skill, seed, algorithm, steps,"
                f" {_ENERGY_COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?,?,?,?)",
                (
                    run_id,
                    record.skill,
                    record.seed,
                    record.algorithm,
                    record.steps,
                    *_energy_values(record.energy),
                ),
            )

    def completed(self, key: EpisodeKey) -> set[int]:
        """Return the seeds of ``key`` that need not be run again."""
        with named_errors(self.path):
            rows = self._db.execute(
                "SELECT seed FROM episodes"
                " WHERE domain=? AND problem=? AND method=? AND settings=?",
                (key.domain, key.problem, key.method, key.settings),
            )
            return {int(row[0]) for row in rows}

    def frame(self, table: str) -> pandas.DataFrame:
        """Return a whole table.

        Args:
            table: "runs", "episodes", "operators", "phases" or "trainings".

        Raises:
            LedgerError: There is no such table.
        """
        if table not in TABLES:
            raise LedgerError(f"no table {table!r}; tables: {', '.join(TABLES)}")
        import pandas

        with named_errors(self.path):
            cursor = self._db.execute(f"SELECT * FROM {table}")
            columns = [column[0] for column in cursor.description]
            return pandas.DataFrame(cursor.fetchall(), columns=columns)

    def _settings(self, run_id: str) -> str:
        row = self._db.execute(
            "SELECT settings FROM runs WHERE id=?", (run_id,)
        ).fetchone()
        if row is None:
            raise LedgerError(f"no run {run_id!r} in {self.path}: call start_run first")
        return str(row[0])

    def _write_details(self, episode: int | None, record: EpisodeRecord) -> None:
        self._db.executemany(
            "INSERT INTO operators VALUES (?,?,?,?,?,?,?)",
            [
                (episode, i, o.name, o.outcome, o.control_steps, o.retries, o.seconds)
                for i, o in enumerate(record.operators)
            ],
        )
        self._db.executemany(
            f"INSERT INTO phases (episode, phase, {_ENERGY_COLUMNS})"
            " VALUES (?,?,?,?,?,?,?,?,?)",
            [
                (episode, phase, *_energy_values(reading))
                for phase, reading in record.phases.items()
            ],
        )


def _energy_values(reading: Reading) -> tuple[object, ...]:
    return (
        reading.cpu_s,
        reading.wall_s,
        reading.energy_j,
        reading.source,
        reading.quality,
        json.dumps(dict(reading.components), sort_keys=True),
        reading.calls,
    )
