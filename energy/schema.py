"""The tables of the ledger. A change here is a new VERSION, with its migration.

The comments after ``--`` are the documentation: ``docs/ledger.md`` is made of them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

VERSION = 3
"""Written to `PRAGMA user_version`."""

APPLICATION_ID = 0x4A4F554C
"""Written to `PRAGMA application_id`: "JOUL"."""

ENERGY_COLUMNS = (
    "cpu_s",
    "wall_s",
    "energy_j",
    "source",
    "quality",
    "components",
    "calls",
)
"""The columns of a reading, wherever one is kept."""

_ENERGY = """
    cpu_s REAL NOT NULL,      -- CPU time, children included [s]
    wall_s REAL NOT NULL,     -- elapsed time [s]
    energy_j REAL,            -- [J]; NULL exactly where quality is 'unavailable'
    source TEXT NOT NULL,     -- what the joules rest on
    quality TEXT NOT NULL     -- measured, attributed, estimated, published, unavailable
        CHECK (quality IN
            ('measured', 'attributed', 'estimated', 'published', 'unavailable')),
    components TEXT NOT NULL, -- JSON: joules by component (cpu, gpu, ram, wall)
    calls INTEGER NOT NULL,   -- how often the phase was entered
    CHECK ((energy_j IS NULL) = (quality = 'unavailable'))
"""

TABLES = {
    "runs": """
        id TEXT PRIMARY KEY,
        command TEXT NOT NULL,     -- what repeats it
        created TEXT NOT NULL,     -- ISO 8601, UTC
        method TEXT NOT NULL,      -- what acts in it
        seed INTEGER NOT NULL,     -- its first seed
        settings TEXT NOT NULL,    -- JSON: what makes episodes comparable
        versions TEXT NOT NULL,    -- JSON: package -> version
        hardware TEXT NOT NULL,    -- JSON: CPU, memory, system
        hardware_id TEXT NOT NULL  -- short hash of hardware
    """,
    "episodes": f"""
        id INTEGER PRIMARY KEY,
        run_id TEXT NOT NULL REFERENCES runs (id),
        domain TEXT NOT NULL,     -- name of the domain
        problem TEXT NOT NULL,    -- name of the problem
        method TEXT NOT NULL,     -- what acted
        settings TEXT NOT NULL,   -- the run's
        seed INTEGER NOT NULL,    -- of the scene
        success INTEGER,          -- 0 or 1, judged by physics; NULL unknown
        cause TEXT NOT NULL,      -- of a failure, else empty
        mechanical_work_j REAL,   -- integral of abs(torque x velocity) [J]
        simulated_s REAL NOT NULL, -- simulated time [s]
        replans INTEGER NOT NULL, -- how often the plan was made anew
        progress REAL             -- share of the goal's operators done; NULL unknown
            CHECK (progress BETWEEN 0 AND 1),
        horizon INTEGER NOT NULL, -- control steps every method is given; 0 none
        control_steps INTEGER NOT NULL, -- control steps taken
        idle_j REAL,              -- of an idle machine over wall_s [J]; NULL unknown
        load_before REAL,         -- 1-minute load average at the start; NULL unknown
        load_after REAL,          -- 1-minute load average at the end; NULL unknown
        flops REAL,               -- floating point operations; NULL unknown
        turn INTEGER NOT NULL,    -- order of execution within the run
        init TEXT NOT NULL,       -- JSON: atoms sensed at the start; '' unless kept
        signature TEXT NOT NULL,  -- JSON: names of the domain; '' unless init is kept
        {_ENERGY},
        UNIQUE (domain, problem, method, settings, seed)
    """,
    "operators": """
        episode INTEGER NOT NULL REFERENCES episodes (id),
        position INTEGER NOT NULL, -- from 0, in order of execution
        name TEXT NOT NULL,        -- e.g. pick(d1, peg1)
        outcome TEXT NOT NULL,     -- done, or what went wrong; 'restore: done'
        control_steps INTEGER NOT NULL, -- control steps it took
        retries INTEGER NOT NULL,  -- tries before this one
        seconds REAL NOT NULL,     -- simulated [s]
        skill TEXT NOT NULL,       -- e.g. pick, or pick+place; '' unknown
        types TEXT NOT NULL,       -- JSON: PDDL types of the arguments
        cpu_s REAL,                -- CPU time, no simulation [s]; NULL unknown
        energy_j REAL,             -- of computing, no simulation [J]; NULL unknown
        mechanical_work_j REAL,    -- of the robot [J]; NULL unknown
        added TEXT NOT NULL,       -- JSON: atoms sensed only after it; '' unless kept
        removed TEXT NOT NULL,     -- JSON: atoms sensed only before it; '' unless kept
        PRIMARY KEY (episode, position)
    """,
    "phases": f"""
        episode INTEGER NOT NULL REFERENCES episodes (id),
        phase TEXT NOT NULL,       -- leaf of the meter
        {_ENERGY},
        PRIMARY KEY (episode, phase)
    """,
    "trainings": f"""
        id INTEGER PRIMARY KEY,
        run_id TEXT NOT NULL REFERENCES runs (id),
        skill TEXT NOT NULL,       -- name of the skill
        seed INTEGER NOT NULL,     -- of the training
        algorithm TEXT NOT NULL,   -- e.g. SAC
        steps INTEGER NOT NULL,    -- environment steps
        card TEXT NOT NULL,        -- name of the policy's card; '' none
        {_ENERGY}
    """,
    "methods": """
        run_id TEXT NOT NULL REFERENCES runs (id),
        method TEXT NOT NULL,      -- as in episodes
        label TEXT NOT NULL,       -- for people
        description TEXT NOT NULL, -- what it is, in a sentence
        training TEXT NOT NULL,    -- JSON: one object a policy, from its card
        PRIMARY KEY (run_id, method)
    """,
    "pictures": """
        episode INTEGER NOT NULL REFERENCES episodes (id),
        position INTEGER NOT NULL, -- from 0, in order of time
        png BLOB NOT NULL,         -- a PNG file
        PRIMARY KEY (episode, position)
    """,
}
"""Table name -> its columns."""

_COLUMN = re.compile(r"\s*(\w+) (TEXT|INTEGER|REAL|BLOB)\b")


@cache
def column_types(table: str) -> Mapping[str, str]:
    """Return column -> SQLite type of one of ``TABLES``."""
    found = (_COLUMN.match(line) for line in TABLES[table].splitlines())
    return MappingProxyType({m[1]: m[2] for m in found if m is not None})


TRAINING_KEYS = (
    "skill",
    "algorithm",
    "steps",
    "cpu_s",
    "energy_j",
    "quality",
    "source",
    "seconds",
)
"""What an object of ``methods.training`` holds."""

_KEPT_1 = {
    "runs": "id, command, created, method, seed, settings, versions, hardware",
    "episodes": "id, run_id, domain, problem, method, settings, seed, success, cause,"
    " mechanical_work_j, simulated_s, replans, " + ", ".join(ENERGY_COLUMNS),
    "operators": "episode, position, name, outcome, control_steps, retries, seconds",
    "phases": "episode, phase, " + ", ".join(ENERGY_COLUMNS),
    "trainings": "id, run_id, skill, seed, algorithm, steps, "
    + ", ".join(ENERGY_COLUMNS),
}

_ADDED_2 = {
    "runs": "hardware_id(hardware) AS hardware_id",
    "episodes": "NULL AS progress, 0 AS horizon, coalesce((SELECT sum(control_steps)"
    " FROM main.operators AS o WHERE o.episode = e.id), 0) AS control_steps,"
    " NULL AS idle_j, NULL AS load_before, NULL AS load_after, NULL AS flops,"
    " 0 AS turn, '' AS init, '' AS signature",
    "operators": "'' AS skill, '[]' AS types, NULL AS cpu_s, NULL AS energy_j,"
    " NULL AS mechanical_work_j, '' AS added, '' AS removed",
    "trainings": "'' AS card",
}


def _from_1() -> dict[str, str]:
    found = {}
    for table, kept in _KEPT_1.items():
        added = f", {_ADDED_2[table]}" if table in _ADDED_2 else ""
        found[table] = f"SELECT {kept}{added} FROM main.{table} AS e"
    found["methods"] = (
        "SELECT '' AS run_id, '' AS method, '' AS label, '' AS description,"
        " '' AS training WHERE 0"
    )
    found["pictures"] = "SELECT 0 AS episode, 0 AS position, x'' AS png WHERE 0"
    return found


def _from_2() -> dict[str, str]:
    """Version 3 lets an episode's success be unknown; the columns are the same."""
    return {
        table: f"SELECT {', '.join(column_types(table))} FROM main.{table}"
        for table in TABLES
    }


EARLIER = MappingProxyType({1: _from_1(), 2: _from_2()})
"""Earlier version -> table of this version -> the query that reads it from there."""
