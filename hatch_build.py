"""Build hook: lay out ``jouleplan/<folder>`` links for an editable install."""

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

FOLDERS = ("planner", "skills", "domains", "energy")


class EditableLinks(BuildHookInterface[Any]):
    """Link build/editable/jouleplan/<folder> to the folder at the root."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Make the links where ``version`` is "editable"."""
        if version != "editable":
            return
        package = Path(self.root) / "build" / "editable" / "jouleplan"
        package.mkdir(parents=True, exist_ok=True)
        for folder in FOLDERS:
            link = package / folder
            # A relative link still holds after the repository has moved.
            if not link.is_symlink():
                link.symlink_to(Path("..", "..", "..", folder))
