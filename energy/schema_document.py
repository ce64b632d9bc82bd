"""Writes docs/ledger.md: ``python -m jouleplan.energy.schema_document > FILE``."""

from __future__ import annotations

import re
from collections.abc import Iterator

from jouleplan.energy.schema import TABLES, TRAINING_KEYS, VERSION, column_types

_REST = re.compile(r"\s*(\w+) (?:TEXT|INTEGER|REAL|BLOB)\b([^-\n]*)(?:-- (.*))?")
_HEAD = f"""# The ledger

One SQLite file (WAL), schema version {VERSION} (`PRAGMA user_version`). An episode,
with its operators and phases, is one transaction: a writer that is killed loses at most
the episode it was writing. A ledger of an earlier version is brought up to date when
opened for writing, and can be read as it is.

```python
from jouleplan.energy import Ledger

with Ledger("ledger.sqlite") as ledger:  # read_only=True writes nothing
    print(ledger.frame("episodes"))  # any of the tables below, for pandas
```

Joules of unlike quality share no sum: group by `quality` before adding up. NULL means
that something is not known, never zero. This file is made by
`python -m jouleplan.energy.schema_document`.
"""
_TRAINING = ", ".join(f"`{key}`" for key in TRAINING_KEYS)
_NOTES = {
    "episodes": "A seed of a domain, problem, method and settings is recorded once: a "
    "second run with the same ones goes on where the first one ended.",
    "operators": "What is no operator of a plan has an outcome with a colon (`restore: "
    "done`), or `outside hand` or `rule broken`.",
    "methods": f"`training` is a list of objects with {_TRAINING}.",
}


def columns(table: str) -> Iterator[tuple[str, str, bool, str]]:
    """Yield (name, type, whether it may be NULL, meaning) of a table's columns."""
    kinds = column_types(table)
    for line in TABLES[table].splitlines():
        found = _REST.match(line)
        if found is not None:
            name, rest, meaning = found.groups()
            required = "NOT NULL" in rest or "PRIMARY KEY" in rest
            yield name, kinds[name], not required, meaning or ""


def document() -> str:
    """Return the whole of docs/ledger.md."""
    parts = [_HEAD]
    for table in TABLES:
        rows = [
            f"| `{name}` | {kind}{', NULL' if null else ''} | {meaning} |"
            for name, kind, null, meaning in columns(table)
        ]
        parts.append(f"## {table}\n")
        if table in _NOTES:
            parts.append(f"{_NOTES[table]}\n")
        parts.append("\n".join(("| column | type | holds |", "|---|---|---|", *rows)))
        parts.append("")
    return "\n".join(parts)


if __name__ == "__main__":
    print(document(), end="")
