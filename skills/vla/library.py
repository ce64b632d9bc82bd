"""Library: where the policies from pixels and their cards are found."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any, Final

from jouleplan.skills.errors import PolicyFileError
from jouleplan.skills.library import SHIPPED
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
        PolicyFileError: There is none, or that of its words is missing.
    """
    place = SHIPPED / NAME / mode if folder is None else folder
    path = place / f"{NAME}.onnx"
    missing = [one.name for one in (path, words_file(path)) if not one.is_file()]
    if missing:
        raise PolicyFileError(
            f"{place} lacks {' and '.join(missing)}; `jouleplan train vla --data DIR "
            f"--out POLICY` makes them, vla-{mode}?policy=POLICY uses them"
        )
    return path


def vla_card(path: Path) -> dict[str, Any] | None:
    """Return the model card beside a policy, or None where there is none.

    Raises:
        PolicyFileError: The card is no valid TOML.
    """
    card = path.with_suffix(".toml")
    if not card.is_file():
        return None
    try:
        return tomllib.loads(card.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise PolicyFileError(
            f"{card} is no model card ({error}); train again or remove it"
        ) from error
