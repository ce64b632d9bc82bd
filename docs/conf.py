"""Sphinx: how the documents are built (`make docs`).

Pages are Markdown. Some are partly made while they are read (``<!-- made: ... -->``),
so that they cannot disagree with what they tell of: the command line is made from its
parsers, results from their files.
"""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path
from typing import Any

DOCS = Path(__file__).parent
PROJECT = tomllib.loads((DOCS.parent / "pyproject.toml").read_text())["project"]
sys.path.insert(0, str(DOCS))

from made import make  # noqa: E402

project = "jouleplan"
release = version = PROJECT["version"]
copyright = "the jouleplan authors, Apache-2.0"
extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx.ext.viewcode",
]
exclude_patterns = ["domains", "rotation", "results"]
nitpicky = True
# Types of signatures need no page; errors, functions and methods that are named do.
nitpick_ignore_regex = [("py:(class|data|obj|attr)", ".*")]

html_theme = "furo"
html_title = f"jouleplan {release}"
html_static_path = ["_static"]
html_css_files = ["own.css"]
html_copy_source = False
html_show_sphinx = False
html_theme_options = {
    "light_css_variables": {
        "color-brand-primary": "#0a5f8a",
        "color-brand-content": "#0a5f8a",
    },
    "dark_css_variables": {
        "color-brand-primary": "#6cc3ee",
        "color-brand-content": "#6cc3ee",
    },
}

myst_heading_anchors = 3

autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_typehints_format = "short"
autodoc_preserve_defaults = True
autodoc_default_options = {"members": True}
add_module_names = False  # the heading says it
napoleon_google_docstring = True
napoleon_numpy_docstring = False
napoleon_use_ivar = True
napoleon_custom_sections = [("Source", "returns_style")]

COLON = "\ue000"
MARK = re.compile(r"<!-- made: (\w+)(?: (.+?))? -->")


def fill(app: Any, page: str, source: list[str]) -> None:
    """Put what is made where the page asks for it."""
    source[0] = MARK.sub(lambda mark: make(mark[1], mark[2] or ""), source[0])


def prepare(
    app: Any, kind: str, name: str, obj: Any, options: Any, lines: list[str]
) -> None:
    """Make plain docstrings fit for reStructuredText; before napoleon reads them."""
    if any(line.startswith("|--") for line in lines):
        first = next(n for n, line in enumerate(lines) if line.startswith("|"))
        table = [f"    {line}" if line.startswith("|") else line for line in lines]
        lines[:] = [*table[:first], "::", "", *table[first:]]
    else:
        lines[:] = [line.replace("|", "\\|") for line in lines]
    if kind in ("attribute", "data", "property"):
        # napoleon takes what stands before a colon for the type
        lines[:] = [line.replace(": ", COLON) for line in lines]


def restore(
    app: Any, kind: str, name: str, obj: Any, options: Any, lines: list[str]
) -> None:
    """Bring back what ``prepare`` hid."""
    lines[:] = [line.replace(COLON, ": ") for line in lines]


def setup(app: Any) -> None:
    """Have pages filled as they are read, and docstrings prepared."""
    app.connect("source-read", fill)
    app.connect("autodoc-process-docstring", prepare, priority=400)
    app.connect("autodoc-process-docstring", restore, priority=600)
