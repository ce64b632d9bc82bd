"""Build hook: lay out ``jouleplan/<folder>`` links for an editable install."""

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

FOLDERS = ("planner", "skills", "domains", "energy")
TOP = "top"
"""Holds the files of the package ``jouleplan`` itself."""


class EditableLinks(BuildHookInterface[Any]):
    """Link build/editable/jouleplan/<folder> to the folder, and the files of top/."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Make the links where ``version`` is "editable"."""
        if version != "editable":
            return
        package = Path(self.root) / "build" / "editable" / "jouleplan"
        package.mkdir(parents=True, exist_ok=True)
        own = [file.name for file in Path(self.root, TOP).iterdir() if file.is_file()]
        targets = [Path(folder) for folder in FOLDERS]
        targets += [Path(TOP, name) for name in own]
        for target in targets:
            link = package / target.name
            # A relative link still holds after the repository has moved.
            if not link.is_symlink():
                link.symlink_to(Path("..", "..", "..", target))
