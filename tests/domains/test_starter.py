from pathlib import Path

import pytest

from jouleplan.domains.errors import DomainNameError, FolderExistsError
from jouleplan.domains.starter import lay_out_folder


@pytest.mark.parametrize("name", ["Two", "2pads", "a b", "pads;rm", ".."])
def test_a_name_that_pddl_cannot_bear_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(DomainNameError, match="lower-case"):
        lay_out_folder(tmp_path / name)
    assert not list(tmp_path.iterdir())


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    lay_out_folder(tmp_path / "mine")
    before = (tmp_path / "mine" / "domain.toml").read_text()
    with pytest.raises(FolderExistsError, match="not overwritten"):
        lay_out_folder(tmp_path / "mine")
    assert (tmp_path / "mine" / "domain.toml").read_text() == before
