"""The README states what the committed result files say."""

import importlib.util
from pathlib import Path

ROOT = Path(__file__).parent.parent
RESULTS = ROOT / "docs" / "results"


def test_table_of_the_readme_is_made_from_the_result_files() -> None:
    spec = importlib.util.spec_from_file_location("table", RESULTS / "table.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    made = module.table(RESULTS, module.README_ROWS)
    assert made.count("\n") >= 2
    assert made in (ROOT / "README.md").read_text(encoding="utf-8")


def test_every_result_names_its_command_and_no_absolute_path() -> None:
    for file in RESULTS.glob("*.json"):
        text = file.read_text(encoding="utf-8")
        commands = ("jouleplan ", "python tests/", "python -m tests.")
        assert any(f'"command": "{command}' in text for command in commands)
        assert "/tmp/" not in text
        assert "/home/" not in text
