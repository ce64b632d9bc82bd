"""The ledger: one SQLite file that a killed writer cannot spoil.

One episode is one transaction, with its operators and phases. WAL with
``synchronous=FULL``: what :meth:`Ledger.record_episode` returned from is on the disk.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from difflib import get_close_matches
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from jouleplan.energy.database import open_database
from jouleplan.energy.errors import LedgerError
from jouleplan.energy.hardware import hardware_id, hardware_text
from jouleplan.energy.records import (
    EpisodeKey,
    EpisodeRecord,
    MethodRecord,
    TrainingRecord,
    settings_text,
)
from jouleplan.energy.rows import (
    episode_row,
    insert,
    insert_all,
    method_row,
    operator_rows,
    phase_rows,
    select,
    training_row,
)
from jouleplan.energy.schema import TABLES, column_types
from jouleplan.energy.transaction import named_errors, transaction

if TYPE_CHECKING:
    import pandas

_PNG = b"\x89PNG\r\n\x1a\n"


class Ledger:
    """Records of runs, episodes, operators, phases, trainings, methods and pictures.

    Args:
        path: The SQLite file.
        create: Make the file where there is none.
        read_only: Write nothing, not even to bring an earlier version up to date: what
            such a one lacks is shown as unknown.

    Raises:
        LedgerError: The file is missing, no ledger, broken, or of a later version.
    """

    def __init__(
        self, path: Path | str, *, create: bool = True, read_only: bool = False
    ) -> None:
        self.path = Path(path)
        self._db = open_database(self.path, create=create, read_only=read_only)

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
        row = {
            "id": run_id,
            "command": command,
            "created": datetime.now(UTC).isoformat(timespec="seconds"),
            "method": method,
            "seed": seed,
            "settings": settings_text(settings or {}),
            "versions": json.dumps(dict(versions or {}), sort_keys=True),
            "hardware": hardware_text(hardware or {}),
            "hardware_id": hardware_id(hardware or {}),
        }
        with transaction(self._db, self.path):
            insert(self._db, "runs", row)
        return run_id

    def record_episode(self, run_id: str, record: EpisodeRecord) -> bool:
        """Write one episode; return False where its seed was recorded before.

        Raises:
            LedgerError: There is no such run.
        """
        with transaction(self._db, self.path):
            settings = self._settings(run_id)
            row = episode_row(record)
            row |= {"run_id": run_id, "settings": settings}
            episode = insert(self._db, "episodes", row, once=True)
            if episode is None:
                return False
            for table, rows in (
                ("operators", operator_rows(record)),
                ("phases", phase_rows(record)),
            ):
                insert_all(
                    self._db, table, ({"episode": episode, **row} for row in rows)
                )
        return True

    def record_training(self, run_id: str, record: TrainingRecord) -> None:
        """Write one training run.

        Raises:
            LedgerError: There is no such run.
        """
        with transaction(self._db, self.path):
            self._settings(run_id)
            insert(self._db, "trainings", {"run_id": run_id, **training_row(record)})

    def record_method(self, run_id: str, record: MethodRecord) -> None:
        """Write what a method of a run is; a second time, instead of the first.

        Raises:
            LedgerError: There is no such run.
        """
        with transaction(self._db, self.path):
            self._settings(run_id)
            self._db.execute(
                "DELETE FROM methods WHERE run_id=? AND method=?",
                (run_id, record.method),
            )
            insert(self._db, "methods", {"run_id": run_id, **method_row(record)})

    def add_pictures(
        self, key: EpisodeKey, seed: int, pictures: Sequence[bytes]
    ) -> None:
        """Write the pictures of a recorded episode, instead of those it had.

        Args:
            key: The episode but for its seed.
            seed: Its seed.
            pictures: PNG files, in order of time.

        Raises:
            LedgerError: There is no such episode, or a picture is no PNG.
        """
        if not all(png.startswith(_PNG) for png in pictures):
            raise LedgerError("a picture is no PNG file: give the bytes of PNG files")
        with transaction(self._db, self.path):
            row = self._db.execute(
                "SELECT id FROM episodes WHERE domain=? AND problem=? AND method=?"
                " AND settings=? AND seed=?",
                (key.domain, key.problem, key.method, key.settings, seed),
            ).fetchone()
            if row is None:
                raise LedgerError(
                    f"no episode {key} with seed {seed} in {self.path}: record it first"
                )
            self._db.execute("DELETE FROM pictures WHERE episode=?", row)
            for position, png in enumerate(pictures):
                values = {"episode": row[0], "position": position, "png": png}
                insert(self._db, "pictures", values)

    def completed(self, key: EpisodeKey) -> set[int]:
        """Return the seeds of ``key`` that need not be run again."""
        with named_errors(self.path):
            rows = self._db.execute(
                "SELECT seed FROM episodes"
                " WHERE domain=? AND problem=? AND method=? AND settings=?",
                (key.domain, key.problem, key.method, key.settings),
            )
            return {int(row[0]) for row in rows}

    def columns(self, table: str) -> Mapping[str, str]:
        """Return column -> SQLite type of a table, in the schema's order.

        Raises:
            LedgerError: There is no such table.
        """
        _known(table)
        return column_types(table)

    def counts(self) -> dict[str, int]:
        """Return table -> number of its records."""
        with named_errors(self.path):
            return {
                table: int(
                    self._db.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
                )
                for table in TABLES
            }

    def rows(
        self, table: str, where: Mapping[str, object] | None = None
    ) -> Iterator[dict[str, Any]]:
        """Yield a table's records as plain values; NULL is None.

        Args:
            table: See :meth:`frame`.
            where: Column -> value of the records wanted; None for all.

        Raises:
            LedgerError: There is no such table or column.
        """
        names = self.columns(table)
        unknown = [name for name in where or {} if name not in names]
        if unknown:
            raise LedgerError(f"no column {unknown[0]!r}; columns: {', '.join(names)}")
        with named_errors(self.path):
            yield from select(self._db, table, where or {})

    def frame(self, table: str) -> pandas.DataFrame:
        """Return a whole table.

        Args:
            table: "runs", "episodes", "operators", "phases", "trainings", "methods" or
                "pictures".

        Raises:
            LedgerError: There is no such table.
        """
        _known(table)
        import pandas

        with named_errors(self.path):
            cursor = self._db.execute(f"SELECT * FROM {table}")
            columns = [column[0] for column in cursor.description]
            return pandas.DataFrame(cursor.fetchall(), columns=columns)

    def _repr_html_(self) -> str:
        from jouleplan.energy.html_table import html_table

        rows = [(table, count) for table, count in self.counts().items()]
        return html_table(("table", "records"), rows, str(self.path))

    def _settings(self, run_id: str) -> str:
        row = self._db.execute(
            "SELECT settings FROM runs WHERE id=?", (run_id,)
        ).fetchone()
        if row is None:
            raise LedgerError(f"no run {run_id!r} in {self.path}: call start_run first")
        return str(row[0])


def _known(table: str) -> None:
    if table not in TABLES:
        near = get_close_matches(table, TABLES, n=1)
        hint = f"did you mean {near[0]}? " if near else ""
        raise LedgerError(f"no table {table!r}; {hint}Tables: {', '.join(TABLES)}")
