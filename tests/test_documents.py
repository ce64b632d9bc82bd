"""What pages of the documents are made of, while they are built."""

import importlib.util
import re
import tomllib
from pathlib import Path
from types import ModuleType

import pytest

from jouleplan.planner.cli.app import COMMANDS

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"


@pytest.fixture(scope="module")
def made() -> ModuleType:
    spec = importlib.util.spec_from_file_location("made", DOCS / "made.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_command_has_a_section_with_its_options(made: ModuleType) -> None:
    text = made.commands()
    for name in COMMANDS:
        assert f"## jouleplan {name}\n\n```text\nusage: jouleplan {name}" in text


def test_commands_below_a_command_have_sections_of_their_own(made: ModuleType) -> None:
    assert "### jouleplan ledger merge\n" in made.commands()


def test_every_row_of_results_names_its_command(made: ModuleType) -> None:
    rows = made.results().partition("## The command of each row")[2]
    linked = set(re.findall(r"`jouleplan .+?` \| \[JSON\]\(results/(.+?)\)", rows))
    files = {file.name for file in (DOCS / "results").glob("*.json")}
    assert linked == files - set(
        re.findall(r"^\| \[.+?\]\(results/(.+?)\)", rows, re.M)
    )
    assert "hanoi-3.json" in linked


def test_extras_that_the_page_on_installing_names_are_those_there_are() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    page = (DOCS / "guides" / "install.md").read_text()
    named = set(re.findall(r"^\| `([\w-]+)` \|", page, re.M))
    assert named == set(project["optional-dependencies"])
