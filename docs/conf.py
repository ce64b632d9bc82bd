"""Sphinx: how the documents are built (`make docs`).

Pages are Markdown. Two are partly made while they are read, so that they cannot
disagree with the code: the command line from its parsers, the results from their files.
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

DOCS = Path(__file__).parent
PROJECT = tomllib.loads((DOCS.parent / "pyproject.toml").read_text())["project"]
sys.path.insert(0, str(DOCS))

from made import commands, results  # noqa: E402

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
# Ours that no page describes, and aliases and classes of others, which have no pages.
nitpick_ignore_regex = [
    ("py:.*", r"(np|npt|numpy|pandas|threading|argparse|pathlib|networkx)\..*"),
    ("py:.*", r"(Any|Path|Callable|Iterable|Iterator|Sequence|Mapping|Self|Array)"),
    ("py:.*", r"(collections|contextlib|types|typing|fractions|datetime)\..*"),
    ("py:.*", r"jouleplan\..*"),
]

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
myst_enable_extensions = ["colon_fence", "deflist"]

autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_default_options = {"members": True, "show-inheritance": False}
napoleon_google_docstring = True
napoleon_numpy_docstring = False
napoleon_use_ivar = True
napoleon_custom_sections = [("Source", "returns_style")]

MADE: dict[str, tuple[str, Callable[[], str]]] = {
    "reference/cli": ("<!-- made: commands -->", commands),
    "results": ("<!-- made: results -->", results),
}


def fill(app: Any, page: str, source: list[str]) -> None:
    """Put what is made into the page that asks for it."""
    if page in MADE:
        mark, make = MADE[page]
        assert mark in source[0], f"{page}: {mark} is missing"
        source[0] = source[0].replace(mark, make())


def setup(app: Any) -> None:
    """Have pages filled as they are read."""
    app.connect("source-read", fill)
