"""Exports hold what the ledger holds, NULL told from zero."""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from jouleplan.energy.errors import LedgerError, MissingExtraError
from jouleplan.energy.ledger import Ledger
from jouleplan.energy.ledger_export import FORMATS, export
from jouleplan.energy.reading import unavailable
from jouleplan.energy.records import EpisodeKey, EpisodeRecord
from jouleplan.energy.schema import TABLES

PNG = b"\x89PNG\r\n\x1a\n"
NAME = 'a,"b"\n<script>'


@pytest.fixture
def ledger(tmp_path: Path) -> Any:
    with Ledger(tmp_path / "l.sqlite") as opened:
        run = opened.start_run("x", method="m", seed=0)
        record = EpisodeRecord(
            NAME, "p", 1, "m", False, NAME, unavailable("none"), None, 1.5, 0
        )
        opened.record_episode(run, record)
        opened.add_pictures(EpisodeKey(NAME, "p", "m"), 1, [PNG])
        yield opened


def test_csv_is_a_file_a_table(ledger: Ledger, tmp_path: Path) -> None:
    written = export(ledger, tmp_path / "out", "csv")
    assert [path.stem for path in written] == list(TABLES)
    with (tmp_path / "out" / "episodes.csv").open(newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["domain"], row["energy_j"], row["replans"]) == (NAME, "", "0")


def test_json_is_one_document(ledger: Ledger, tmp_path: Path) -> None:
    export(ledger, tmp_path / "out.json", "json")
    document = json.loads((tmp_path / "out.json").read_text())
    assert document["schema_version"] == 3
    assert set(TABLES) <= document.keys()
    (row,) = document["episodes"]
    assert (row["domain"], row["energy_j"], row["replans"]) == (NAME, None, 0)
    assert document["pictures"][0]["png"] == "iVBORw0KGgo="


def test_parquet_keeps_types(ledger: Ledger, tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    export(ledger, tmp_path / "out", "parquet")
    (row,) = parquet.read_table(tmp_path / "out" / "episodes.parquet").to_pylist()
    assert (row["domain"], row["energy_j"], row["simulated_s"]) == (NAME, None, 1.5)
    pictures = parquet.read_table(tmp_path / "out" / "pictures.parquet").to_pylist()
    assert pictures[0]["png"] == PNG


def test_missing_extra_is_named(
    ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(MissingExtraError, match=r"jouleplan\[parquet\]"):
        export(ledger, tmp_path / "out", "parquet")
    assert not (tmp_path / "out").exists()


def test_what_is_in_the_way_and_unknown_formats_are_named(
    ledger: Ledger, tmp_path: Path
) -> None:
    with pytest.raises(LedgerError, match="json is written to a file"):
        export(ledger, tmp_path, "json")
    with pytest.raises(LedgerError, match="csv is written to a folder"):
        export(ledger, tmp_path / "l.sqlite", "csv")
    with pytest.raises(LedgerError, match="csv, parquet, json"):
        export(ledger, tmp_path / "out", "xml")
    assert set(FORMATS) == {"csv", "parquet", "json"}
