"""What a report needs of a ledger, added up in SQL where that can be."""

from __future__ import annotations

import math
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from jouleplan.energy.database import open_database
from jouleplan.energy.errors import EmptyLedgerError, LedgerError
from jouleplan.energy.ledger import Ledger
from jouleplan.energy.transaction import named_errors

if TYPE_CHECKING:
    import pandas

BASIS = ("hardware_id", "quality", "source")
"""What must be equal where joules are added or compared."""

_EPISODES = """
SELECT e.id, e.run_id, e.domain, e.problem, e.method, e.settings, e.seed, e.success,
    e.cause, e.progress, e.horizon, e.control_steps, e.mechanical_work_j,
    e.simulated_s, e.replans, e.cpu_s, e.wall_s, e.energy_j, e.idle_j, e.load_before,
    e.load_after, e.flops, e.source, e.quality, r.hardware_id,
    json_extract(e.components, '$.cpu') AS cpu_j,
    json_extract(e.components, '$.ram') AS ram_j,
    json_extract(e.components, '$.gpu') AS gpu_j,
    json_extract(e.components, '$.wall') AS wall_j
FROM episodes AS e JOIN runs AS r ON r.id = e.run_id ORDER BY e.id
"""
_PHASES = """
SELECT e.domain, r.hardware_id, e.quality, e.source, e.method, e.settings, e.problem,
    p.phase, p.quality AS phase_quality, p.source AS phase_source,
    count(*) AS episodes, sum(p.cpu_s) AS cpu_s, sum(p.wall_s) AS wall_s,
    sum(p.energy_j) AS energy_j, sum(p.energy_j IS NULL) AS unknown
FROM phases AS p JOIN episodes AS e ON e.id = p.episode
JOIN runs AS r ON r.id = e.run_id
GROUP BY e.run_id, e.domain, e.quality, e.source, e.method, e.problem, p.phase,
    p.quality, p.source
"""
_TRAININGS = """
SELECT t.skill, t.algorithm, t.seed, t.steps, t.card, t.cpu_s, t.wall_s, t.energy_j,
    t.source, t.quality, t.run_id, r.hardware_id
FROM trainings AS t JOIN runs AS r ON r.id = t.run_id ORDER BY t.id
"""
_STRIP = """
SELECT e.domain, e.method, e.problem, e.seed, e.success, e.settings, p.png
FROM pictures AS p JOIN episodes AS e ON e.id = p.episode
WHERE p.episode IN (SELECT min(a.id) FROM episodes AS a
    WHERE a.id IN (SELECT episode FROM pictures) GROUP BY a.domain, a.method)
ORDER BY p.episode, p.position
"""


_FOREIGN: Final = (
    "the ledger's {}: another program has written to it; give another file"
)


@dataclass(frozen=True, slots=True)
class Data:
    """The records of a ledger as frames.

    Attributes:
        name: Name of the file.
        episodes: One row an episode, with its run's ``hardware_id``.
        phases: Sums over the episodes of a run, domain, problem and method.
        runs: One row a run.
        methods: One row a run and method.
        trainings: One row a metered training.
        pictures: PNG files of one episode of each domain and method.
    """

    name: str
    episodes: pandas.DataFrame
    phases: pandas.DataFrame
    runs: pandas.DataFrame
    methods: pandas.DataFrame
    trainings: pandas.DataFrame
    pictures: pandas.DataFrame


def read(source: Ledger | Path | str) -> Data:
    """Return what a report needs of ``source``, which stays as it is.

    Raises:
        LedgerError: The file is missing, no ledger, broken, or of another version.
        EmptyLedgerError: It holds neither episodes nor trainings.
    """
    path = source.path if isinstance(source, Ledger) else Path(source)
    db = open_database(path, read_only=True)
    try:
        with named_errors(path):
            db.execute("BEGIN")  # one state, though another process may write
            data = Data(
                path.name,
                *(
                    _frame(db, query)
                    for query in (
                        _EPISODES,
                        _PHASES,
                        "SELECT * FROM runs ORDER BY created, id",
                        "SELECT * FROM methods",
                        _TRAININGS,
                        _STRIP,
                    )
                ),
            )
    finally:
        db.close()
    if data.episodes.empty and data.trainings.empty and data.methods.empty:
        raise EmptyLedgerError(
            f"{path} holds no episode and no training yet: run `jouleplan compare` or "
            f"`jouleplan evaluate` with --ledger {path.name} first"
        )
    return data


def is_number(column: str) -> bool:
    """Return whether a column of the ledger holds numbers that may be unknown."""
    named = ("progress", "load_before", "load_after", "flops")
    return column.endswith(("_j", "_s")) or column in named


def _frame(db: sqlite3.Connection, query: str) -> pandas.DataFrame:
    import pandas

    try:
        cursor = db.execute(query)
        rows = cursor.fetchall()
    except sqlite3.OperationalError as error:
        if "malformed JSON" in str(error):
            raise LedgerError(_FOREIGN.format("`components` are not JSON")) from error
        raise
    frame = pandas.DataFrame(rows, columns=[c[0] for c in cursor.description])
    for column in frame.columns:
        if is_number(column):
            try:
                frame[column] = pandas.to_numeric(frame[column]).astype(float)
            except (ValueError, TypeError) as error:
                fault = f"`{column}` are not all numbers"
                raise LedgerError(_FOREIGN.format(fault)) from error
            if (frame[column] < 0).any() or (frame[column] == math.inf).any():
                fault = f"`{column}` are not all finite and from 0"
                raise LedgerError(_FOREIGN.format(fault))
    return frame
