"""The tables of the ledger. A change here is a new VERSION."""

from __future__ import annotations

VERSION = 1
"""Written to `PRAGMA user_version`."""

APPLICATION_ID = 0x4A4F554C
"""Written to `PRAGMA application_id`: "JOUL"."""

_ENERGY = """
    cpu_s REAL NOT NULL,      -- CPU time, children included [s]
    wall_s REAL NOT NULL,     -- elapsed time [s]
    energy_j REAL,            -- [J]; NULL exactly where quality is 'unavailable'
    source TEXT NOT NULL,     -- what the joules rest on
    quality TEXT NOT NULL
        CHECK (quality IN ('measured', 'attributed', 'estimated', 'unavailable')),
    components TEXT NOT NULL, -- JSON: joules by component
    calls INTEGER NOT NULL,
    CHECK ((energy_j IS NULL) = (quality = 'unavailable'))
"""

TABLES = {
    "runs": """
        id TEXT PRIMARY KEY,
        command TEXT NOT NULL,
        created TEXT NOT NULL,    -- ISO 8601, UTC
        method TEXT NOT NULL,
        seed INTEGER NOT NULL,
        settings TEXT NOT NULL,   -- JSON: what makes episodes comparable
        versions TEXT NOT NULL,   -- JSON: package -> version
        hardware TEXT NOT NULL    -- JSON
    """,
    "episodes": f"""
        id INTEGER PRIMARY KEY,
        run_id TEXT NOT NULL REFERENCES runs (id),
        domain TEXT NOT NULL,
        problem TEXT NOT NULL,
        method TEXT NOT NULL,
        settings TEXT NOT NULL,   -- the run's
        seed INTEGER NOT NULL,
        success INTEGER NOT NULL, -- 0 or 1
        cause TEXT NOT NULL,      -- of a failure, else empty
        mechanical_work_j REAL,   -- integral of |torque x velocity| [J]
        simulated_s REAL NOT NULL,
        replans INTEGER NOT NULL,
        {_ENERGY},
        UNIQUE (domain, problem, method, settings, seed)
    """,
    "operators": """
        episode INTEGER NOT NULL REFERENCES episodes (id),
        position INTEGER NOT NULL, -- from 0, in order of execution
        name TEXT NOT NULL,        -- e.g. pick(d1, peg1)
        outcome TEXT NOT NULL,
        control_steps INTEGER NOT NULL,
        retries INTEGER NOT NULL,
        seconds REAL NOT NULL,     -- simulated [s]
        PRIMARY KEY (episode, position)
    """,
    "phases": f"""
        episode INTEGER NOT NULL REFERENCES episodes (id),
        phase TEXT NOT NULL,       -- leaf path
        {_ENERGY},
        PRIMARY KEY (episode, phase)
    """,
    "trainings": f"""
        id INTEGER PRIMARY KEY,
        run_id TEXT NOT NULL REFERENCES runs (id),
        skill TEXT NOT NULL,
        seed INTEGER NOT NULL,
        algorithm TEXT NOT NULL,
        steps INTEGER NOT NULL,
        {_ENERGY}
    """,
}
"""Table name -> its columns."""
