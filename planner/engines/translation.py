"""Fast Downward's translator at work: from PDDL to the variables that searches read.

GPL-3: it is never imported here, it runs in a process of its own.
"""

from __future__ import annotations

import importlib.util
import math
import re
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from jouleplan.planner.engines import process
from jouleplan.planner.engines.engine import Limits, Request
from jouleplan.planner.engines.process import Finished
from jouleplan.planner.errors import MissingEngineError

_PROGRAM = """
import gc, os, runpy, sys
gc.disable()
sys.path.insert(0, sys.argv.pop(1))
code = 0
try:
    runpy.run_module("fast_downward.translate", run_name="__main__", alter_sys=True)
except SystemExit as exit:
    code = exit.code
if code is not None and not isinstance(code, int):
    print(code, file=sys.stderr)
    code = 1
sys.stdout.flush()
sys.stderr.flush()
os._exit(code or 0)
"""
"""Calls the translator without garbage collection, which takes up to half of its time
and finds next to nothing, and ends without taking its data apart."""

_UNSOLVABLE = "Generating unsolvable task"
_AXIOMS = re.compile(r"^Translator axioms: (\d+)", re.MULTILINE)


class Translation:
    """A translation, started at once; searches in several threads may wait for it.

    Attributes:
        sas: The translated task, once it has ended with exit code 0.
    """

    def __init__(
        self, domain_pddl: Path, problem_pddl: Path, limits: Limits, folder: Path
    ) -> None:
        """Start the translator.

        Args:
            domain_pddl: The domain.
            problem_pddl: The problem.
            limits: Wall time from now, and memory.
            folder: A folder of its own, made if need be.

        Raises:
            MissingEngineError: Fast Downward is not installed.
        """
        programs = bin_folder()
        folder.mkdir(parents=True, exist_ok=True)
        for name, file in (("d", domain_pddl), ("p", problem_pddl)):
            text = file.read_bytes().removeprefix(b"\xef\xbb\xbf")
            (folder / f"{name}.pddl").write_bytes(text)
        self.sas = folder / "output.sas"
        self._running = process.start(
            [
                *(sys.executable, "-P", "-S", "-c", _PROGRAM, str(programs)),
                *("d.pddl", "p.pddl"),
            ],
            limits,
            folder,
            # Sets of strings order what it writes: fixed hashes make it repeatable.
            variables={"PYTHONHASHSEED": "0", "PYTHONPATH": ""},
        )

    def wait(
        self, deadline: float = math.inf, stop: threading.Event | None = None
    ) -> Finished:
        """Return how it ended; at the deadline or the stop, that it has not.

        It goes on for others that wait: only its own limits and ``kill`` end it.

        Args:
            deadline: On the clock of ``time.perf_counter``.
            stop: Ends the wait when set.
        """
        finished = self._running.watch(deadline, stop)
        if finished is not None:
            return finished
        stopped = stop is not None and stop.is_set()
        return Finished(0, not stopped, 0.0, "", stopped=stopped)

    def poll(self) -> Finished | None:
        """Return how it ended; None while it runs."""
        return self._running.poll()

    def kill(self) -> None:
        """End it if it still runs."""
        self._running.kill()

    @property
    def cpu_s(self) -> float:
        """CPU seconds, once it has ended."""
        finished = self._running.poll()
        return finished.cpu_s if finished else 0.0

    @property
    def unsolvable(self) -> bool:
        """Whether it has proved that the goal cannot be reached."""
        finished = self._running.poll()
        return finished is not None and _UNSOLVABLE in finished.output

    @property
    def axioms(self) -> int:
        """How many axioms it wrote: of derived predicates, quantifiers and ``or``."""
        finished = self._running.poll()
        found = _AXIOMS.search(finished.output) if finished else None
        return int(found[1]) if found else 0


@contextmanager
def translation_for(request: Request) -> Iterator[Translation]:
    """Yield the translation of a request, or else one that is ended with the block."""
    if request.translation is not None:
        yield request.translation
        return
    own = Translation(
        request.domain_pddl,
        request.problem_pddl,
        request.limits,
        request.folder / "translation",
    )
    try:
        yield own
    finally:
        own.kill()


def bin_folder() -> Path:
    """Return the folder of Fast Downward's search and of its translator's package."""
    # Finding the package, not importing it: the import takes seconds.
    found = importlib.util.find_spec("up_fast_downward")
    if found is None or found.origin is None:
        raise MissingEngineError(
            "Fast Downward is not installed; run: pip install up-fast-downward"
        )
    return Path(found.origin).parent / "downward" / "builds" / "release" / "bin"
