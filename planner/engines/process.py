"""Runs an engine's command in a process group of its own, within limits.

Whatever happens, nothing of the group is left when :func:`run` returns, and the CPU
time of the command counts as this process's children's (``RUSAGE_CHILDREN``).
"""

from __future__ import annotations

import math
import os
import resource
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from jouleplan.planner.engines.engine import Limits

_TAIL_BYTES = 65536
_POLL_S = (0.001, 0.02)


@dataclass(frozen=True, slots=True)
class Finished:
    """A command that has ended.

    Attributes:
        code: Exit code; negative is the number of the signal that ended it.
        timed_out: Whether the wall time limit ended it.
        cpu_s: CPU seconds, its own and those of its children that it waited for.
        output: The end of what it wrote to both of its outputs.
    """

    code: int
    timed_out: bool
    cpu_s: float
    output: str

    @property
    def ending(self) -> str:
        """How it ended, in words, with the last line that it wrote."""
        if self.code < 0:
            with suppress(ValueError):
                return (
                    f"killed by signal {-self.code} ({signal.Signals(-self.code).name})"
                )
        lines = self.output.strip().splitlines()
        return f"exit code {self.code}" + (f": {lines[-1].strip()}" if lines else "")


def run(
    command: Sequence[str],
    limits: Limits,
    folder: Path,
    *,
    stdin: Path | None = None,
    variables: Mapping[str, str] | None = None,
) -> Finished:
    """Run ``command`` in ``folder`` until it ends or its time is over.

    Args:
        command: Program and arguments.
        limits: Wall time, and address space of each process (where the system can
            limit it: Linux). CPU time is capped a little above the wall time, so that
            the command ends even if this process is killed.
        folder: Working directory; the output goes to a file there.
        stdin: File for its standard input; nothing by default.
        variables: Environment variables added to ours.

    Returns:
        How it ended. A command that cannot be started has exit code 127.
    """
    output = folder / "output.txt"
    with (
        open(stdin or os.devnull, "rb") as source,
        open(output, "wb") as sink,
    ):
        try:
            process = subprocess.Popen(
                command,
                cwd=folder,
                stdin=source,
                stdout=sink,
                stderr=subprocess.STDOUT,
                env={**os.environ, **(variables or {})},
                start_new_session=True,
            )
        except OSError as error:
            return Finished(127, False, 0.0, str(error))
    timed_out = False
    try:
        _limit(process.pid, limits)
        cpu_s = _wait(process, time.perf_counter() + limits.time_s)
        if cpu_s is None:
            timed_out = True
    finally:
        _kill_group(process.pid)
        if process.returncode is None:
            rest_s = _wait(process, math.inf)
    return Finished(
        process.returncode,
        timed_out,
        (rest_s if cpu_s is None else cpu_s) or 0.0,
        _tail(output),
    )


def _limit(pid: int, limits: Limits) -> None:
    """Limit a process that has just been started."""
    if not hasattr(resource, "prlimit"):
        return
    address_space = limits.memory_mb * 2**20
    cpu_s = math.ceil(limits.time_s) + 2
    with suppress(OSError):  # it may have ended already
        resource.prlimit(pid, resource.RLIMIT_AS, (address_space, address_space))
        resource.prlimit(pid, resource.RLIMIT_CPU, (cpu_s, cpu_s + 1))


def _wait(process: subprocess.Popen[bytes], deadline: float) -> float | None:
    """Return the CPU seconds of a process once it ends; None at the deadline."""
    pause_s, longest_s = _POLL_S
    while True:
        pid, status, usage = os.wait4(process.pid, os.WNOHANG)
        if pid:
            process.returncode = os.waitstatus_to_exitcode(status)
            return usage.ru_utime + usage.ru_stime
        left_s = deadline - time.perf_counter()
        if left_s <= 0:
            return None
        time.sleep(min(pause_s, left_s))
        pause_s = min(2 * pause_s, longest_s)


def _kill_group(pid: int) -> None:
    """End every process of the group that ``pid`` leads or led."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


def _tail(file: Path) -> str:
    """Return the end of a file as text."""
    with open(file, "rb") as stream:
        stream.seek(0, os.SEEK_END)
        stream.seek(max(0, stream.tell() - _TAIL_BYTES))
        return stream.read().decode("utf-8", "replace")
