"""Folders of domains that tests may spoil."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from jouleplan.domains.catalogue import find_domain


@pytest.fixture
def domain(tmp_path: Path) -> Path:
    """A copy of the hanoi folder, to be spoilt."""
    return Path(
        shutil.copytree(find_domain("hanoi").domain_pddl.parent, tmp_path / "towers")
    )
