"""Display: whether a window can be opened; PyBullet ends the process where not."""

from __future__ import annotations

import os
import re
import socket
import sys
from pathlib import Path

from jouleplan.planner.cli.errors import DisplayError


def check_display() -> None:
    """Raise unless a window can be opened.

    Raises:
        DisplayError: There is no display, or nothing answers there.
    """
    fault = display_fault()
    if fault:
        raise DisplayError(
            f"{fault}: the window needs a display; run without --gui, and use "
            "--gif FILE to see the motion"
        )


def spare_stdout() -> None:
    """Keep stdout for the answer: the window's own threads print on descriptor 1."""
    answer = os.dup(1)
    os.dup2(2, 1)
    sys.stdout = os.fdopen(answer, "w")


def display_fault() -> str:
    """Return why no window can be opened; empty where one can."""
    if sys.platform != "linux":
        return ""
    name = os.environ.get("DISPLAY", "")
    if not name:
        return "no display found (DISPLAY is not set)"
    found = re.fullmatch(r"(?:unix)?(?P<host>[^:/]*):(?P<number>\d+)(?:\.\d+)?", name)
    if found is None:
        return f"DISPLAY={name!r} names no display"
    number = int(found["number"])
    if found["host"]:
        return _refusal(socket.AF_INET, (found["host"], 6000 + number), name)
    path = str(Path("/tmp/.X11-unix") / f"X{number}")
    refusals = [_refusal(socket.AF_UNIX, at, name) for at in (path, f"\0{path}")]
    return refusals[0] if all(refusals) else ""


def _refusal(family: int, address: str | tuple[str, int], name: str) -> str:
    try:
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.settimeout(2.0)
            probe.connect(address)
    except OSError as error:
        return f"display {name!r} does not answer ({error.strerror or error})"
    return ""
