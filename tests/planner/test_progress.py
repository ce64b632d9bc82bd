"""Bars of progress: in colour on a terminal, plain on demand, nothing in a pipe."""

import os
import pty
import subprocess
import sys

import pytest

CODE = """
from jouleplan.planner.cli.progress import progress
with progress("episodes", 4) as advance:
    advance(2, "half")
"""
COLOUR = b"\x1b[3"
"""How a change of the ink begins."""


def shown(**environment: str) -> bytes:
    """Return what a terminal gets."""
    ours, theirs = pty.openpty()
    plain = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "TERM")}
    subprocess.run(
        [sys.executable, "-c", CODE],
        stderr=theirs,
        check=True,
        env={**plain, "TERM": "xterm-256color", **environment},
    )
    os.close(theirs)
    found = b""
    try:
        while part := os.read(ours, 4096):
            found += part
    except OSError:  # the other end has gone
        pass
    os.close(ours)
    return found


def test_terminal_gets_a_bar_in_colour() -> None:
    said = shown()
    assert b"2/4" in said
    assert COLOUR in said


def test_no_color_is_honoured() -> None:
    said = shown(NO_COLOR="1")
    assert b"2/4" in said
    assert COLOUR not in said


def test_pipe_gets_nothing() -> None:
    done = subprocess.run([sys.executable, "-c", CODE], capture_output=True, check=True)
    assert done.stdout + done.stderr == b""


@pytest.mark.parametrize(("total", "share"), [(4.0, "2 of 4"), (1.0, "50%")])
def test_notebook_gets_a_bar_and_keeps_one_line(
    total: float, share: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    display = pytest.importorskip("IPython.display")
    from jouleplan.planner.cli import progress

    drawn: list[str] = []

    class Handle:
        def update(self, html: object) -> None:
            drawn.append(html.data)  # type: ignore[attr-defined]

    def show(html: object, display_id: bool) -> Handle:
        assert display_id
        drawn.append(html.data)  # type: ignore[attr-defined]
        return Handle()

    monkeypatch.setattr(display, "display", show)
    monkeypatch.setattr(progress, "_in_notebook", lambda: True)
    monkeypatch.setattr(progress, "EVERY_S", 0.0)
    with progress.progress("<b>", total) as advance:
        advance(total / 2, "a & b")
    assert "<progress" in drawn[0]
    assert f"{share} a &amp; b" in drawn[1]
    assert drawn[-1].startswith(f"<small>&lt;b&gt;: {share} in ")
    assert "<progress" not in drawn[-1]
