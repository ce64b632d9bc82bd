"""Library: where the policies from pixels and their cards are found."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from jouleplan.skills.errors import PolicyFileError
from jouleplan.skills.library import SHIPPED, card, check_card, check_file
from jouleplan.skills.vla.policy import words_file

NAME: Final = "vla"
GUIDED: Final = "planner-guided"
END_TO_END: Final = "end-to-end"


def vla_file(folder: Path | None = None, mode: str = GUIDED) -> Path:
    """Return the policy's file: in ``folder``, else the one shipped for a mode.

    Args:
        folder: A policy of one's own.
        mode: ``GUIDED`` or ``END_TO_END``: what the shipped one is told.

    Raises:
        PolicyFileError: There is none, that of its words is missing, or one is not
            the file that the card speaks of.
    """
    place = SHIPPED / NAME / mode if folder is None else folder
    path = place / f"{NAME}.onnx"
    missing = [one.name for one in (path, words_file(path)) if not one.is_file()]
    if missing:
        raise PolicyFileError(
            f"{place} lacks {' and '.join(missing)}; `jouleplan train vla --data DIR "
            f"--out POLICY` makes them, vla-{mode}?policy=POLICY uses them"
        )
    check_card(path)
    check_file(words_file(path), path.with_suffix(".toml"), "words_sha256")
    return path


def vla_card(path: Path) -> dict[str, Any] | None:
    """Return the model card beside a policy, or None where there is none.

    Raises:
        PolicyFileError: The card is no valid TOML.
    """
    return card(path.stem, path.parent)
