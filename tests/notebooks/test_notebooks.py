import re
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

NOTEBOOKS = sorted((Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))
MOST_BYTES = 1_500_000
"""Of a notebook with its pictures."""

each = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def test_there_are_notebooks() -> None:
    assert NOTEBOOKS


@pytest.mark.slow
@each
def test_notebook_runs_from_top_to_bottom(path: Path, tmp_path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    folder = tmp_path / path.parent.name  # leaves nothing beside the notebook
    folder.mkdir()
    (tmp_path / "docs").symlink_to(path.parents[1] / "docs")
    client = NotebookClient(
        notebook,
        timeout=600,
        kernel_name="python3",
        resources={"metadata": {"path": str(folder)}},
    )
    client.execute()


@each
def test_notebook_says_what_it_shows_and_what_to_try(path: Path) -> None:
    texts = [c["source"] for c in _cells(path) if c["cell_type"] == "markdown"]
    assert texts[0].startswith(f"# {path.stem[:2]} ")
    assert "**What this shows:**" in texts[0]
    assert "## What to try" in texts[-1]


@each
def test_notebook_is_stored_as_it_ran(path: Path) -> None:
    code = [c for c in _cells(path) if c["cell_type"] == "code"]
    counts = [c["execution_count"] for c in code]
    assert counts == list(range(1, len(code) + 1))  # once, from top to bottom
    outputs = [output for c in code for output in c["outputs"]]
    assert not [o for o in outputs if o["output_type"] == "error"]
    assert any(_has_picture(output) for output in outputs)
    assert path.stat().st_size < MOST_BYTES


@each
def test_links_between_notebooks_hold(path: Path) -> None:
    text = "".join(cell["source"] for cell in _cells(path))
    links = re.findall(r"\]\((?!https?:)([^)]+)\)", text)
    assert [link for link in links if not (path.parent / link).exists()] == []


def _cells(path: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = nbformat.read(path, as_version=4).cells
    return found


def _has_picture(output: dict[str, Any]) -> bool:
    data = output.get("data", {})
    html = "".join(data.get("text/html", ""))
    return "image/png" in data or "<svg" in html or "data:image/" in html
