"""Progress: a bar on a terminal and in a notebook, nothing in a pipe."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any, Final

from jouleplan.energy.report.text import escaped

Advance = Callable[[float, str], None]
"""Called with how much is done by now and what to say about it."""

EVERY_S: Final = 0.2
"""Least time from one picture of a notebook's bar to the next [s]."""


@contextlib.contextmanager
def progress(what: str, total: float, *, quiet: bool = False) -> Iterator[Advance]:
    """Show how far ``what`` has come of ``total``, on stderr or in the notebook."""
    if quiet:
        yield _say_nothing
    elif _in_notebook():
        bar = _NotebookBar(what, total)
        try:
            yield bar
        finally:
            bar.end()
    elif sys.stderr.isatty():
        with _terminal_bar(what, total) as advance:
            yield advance
    else:
        yield _say_nothing


def _say_nothing(done: float, said: str) -> None:
    """Take what a bar would show."""


@contextlib.contextmanager
def _terminal_bar(what: str, total: float) -> Iterator[Advance]:
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TaskProgressColumn,
        TextColumn,
        TimeRemainingColumn,
    )

    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        # a share has no parts to count
        TaskProgressColumn() if total == 1 else MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[said]}", markup=False),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=total, said="")
        yield lambda done, said: bar.update(task, completed=done, said=said)


def _in_notebook() -> bool:
    """Return whether a Jupyter kernel runs us; IPython is loaded only by itself."""
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    return hasattr(shell, "kernel")


class _NotebookBar:
    """An HTML bar that is drawn over; when it ends, one line of it stays."""

    def __init__(self, what: str, total: float) -> None:
        import IPython.display

        front: Any = IPython.display
        self._html = front.HTML
        self._what, self._total = what, total
        self._done = 0.0
        self._began = self._drawn = time.perf_counter()
        self._handle: Any = front.display(self._picture(""), display_id=True)

    def __call__(self, done: float, said: str) -> None:
        self._done = done
        if time.perf_counter() - self._drawn >= EVERY_S:
            self._drawn = time.perf_counter()
            self._handle.update(self._picture(said))

    def end(self) -> None:
        """Leave how much was done, and how long it took."""
        took = f"{self._share()} in {time.perf_counter() - self._began:.1f} s"
        self._handle.update(self._html(f"<small>{escaped(self._what)}: {took}</small>"))

    def _picture(self, said: str) -> Any:
        return self._html(
            f"<small>{escaped(self._what)} <progress value={self._done} "
            f"max={self._total}></progress> {self._share()} {escaped(said)}</small>"
        )

    def _share(self) -> str:
        if self._total == 1:
            return f"{self._done:.0%}"
        return f"{self._done:g} of {self._total:g}"
