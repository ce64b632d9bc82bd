"""Ledgers for the tests of reports."""

from __future__ import annotations

from pathlib import Path

import pytest

from jouleplan.energy.ledger import Ledger
from tests.energy.report.episodes import Build, Episodes


@pytest.fixture
def build(tmp_path: Path) -> Build:
    """Return what writes episodes to a ledger and returns its path."""

    def write(*groups: Episodes, name: str = "l.sqlite") -> Path:
        with Ledger(tmp_path / name) as ledger:
            for group in groups:
                group.write(ledger)
        return tmp_path / name

    return write
