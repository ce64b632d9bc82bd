"""docs/ledger.md says what the schema is."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from jouleplan.energy.ledger import Ledger
from jouleplan.energy.schema import TABLES
from jouleplan.energy.schema_document import columns, document

DOCUMENT = Path(__file__).parents[2] / "docs" / "ledger.md"


def test_document_is_up_to_date() -> None:
    made = "python -m jouleplan.energy.schema_document > docs/ledger.md"
    assert DOCUMENT.read_text(encoding="utf-8") == document(), made


@pytest.mark.parametrize("table", TABLES)
def test_every_column_is_documented(table: str, tmp_path: Path) -> None:
    path = tmp_path / "l.sqlite"
    Ledger(path).close()
    db = sqlite3.connect(path)
    true = [
        (name, kind, not (required or (key == 1 and kind != "INTEGER")))
        for _, name, kind, required, _, key in db.execute(f"PRAGMA table_info({table})")
    ]
    db.close()
    told = list(columns(table))
    assert [name for name, *_ in told] == [name for name, *_ in true]
    assert [kind for _, kind, *_ in told] == [kind for _, kind, _ in true]
    nullable = [name for name, _, null in true if null and name != "id"]
    assert [name for name, _, null, _ in told if null] == nullable
    assert all(meaning for name, *_, meaning in told if name not in _KEYS)


_KEYS = ("id", "run_id", "episode")
