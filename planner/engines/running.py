"""A command at work, watched until it ends or its limits end it."""

from __future__ import annotations

import math
import os
import resource
import select
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Self

from jouleplan.planner.engines.engine import Limits
from jouleplan.planner.engines.process_tree import ProcessTree, end_tree

MOST_PROCESSES = 256
"""How many processes a command may have at once: more can hardly be ended."""

_TAIL_BYTES = 65536
_TICK_S = 0.02
_LOOK_S = 0.05


@dataclass(frozen=True, slots=True)
class Finished:
    """A command that has ended.

    Attributes:
        code: Exit code; negative is the number of the signal that ended it.
        timed_out: Whether the wall time limit ended it.
        cpu_s: CPU seconds, its own and those of its children that it waited for, and
            of what it left behind.
        output: The end of what it wrote to both of its outputs.
        memory_exceeded: Whether it was ended above the memory limit.
        crowded: Whether it was ended for its number of processes.
        stopped: Whether it was ended because its caller asked.
        peak_mb: The most resident memory that was seen [MiB]; 0 if it ended at once.
    """

    code: int
    timed_out: bool
    cpu_s: float
    output: str
    memory_exceeded: bool = False
    crowded: bool = False
    stopped: bool = False
    peak_mb: float = 0.0

    @property
    def ended(self) -> bool:
        """Whether a limit or its caller ended it."""
        return self.timed_out or self.memory_exceeded or self.crowded or self.stopped

    @property
    def ending(self) -> str:
        """How it ended, in words, with the last line that it wrote."""
        if self.timed_out:
            return "the time limit"
        if self.memory_exceeded:
            return "the memory limit"
        if self.crowded:
            return f"more than {MOST_PROCESSES} processes"
        if self.stopped:
            return "a stop from outside"
        if self.code < 0:
            with suppress(ValueError):
                return (
                    f"killed by signal {-self.code} ({signal.Signals(-self.code).name})"
                )
        lines = self.output.strip().splitlines()
        return f"exit code {self.code}" + (f": {lines[-1].strip()}" if lines else "")


class Running:
    """A command at work; from any thread.

    Its limits are kept while somebody polls or waits; leaving its ``with`` block ends
    it.
    """

    def __init__(
        self,
        process: subprocess.Popen[bytes] | str,
        tree: ProcessTree,
        limits: Limits,
        log: Path,
    ) -> None:
        """Watch a process that has been started, or the reason why it was not."""
        self._lock = threading.RLock()
        self._tree, self._limits, self._log = tree, limits, log
        self._deadline = time.perf_counter() + limits.time_s
        self._next_look = time.perf_counter() + _LOOK_S
        self._peak_bytes = 0
        self._pidfd: int | None = None
        self._finished: Finished | None = None
        if isinstance(process, str):
            self._finished = Finished(127, False, 0.0, process)
            return
        self._process = process
        if hasattr(os, "pidfd_open"):
            with suppress(OSError):
                self._pidfd = os.pidfd_open(process.pid)

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End it."""
        self.kill()

    def poll(self) -> Finished | None:
        """Return how it ended, or None while it runs; end it at its limits."""
        with self._lock:
            if self._finished is not None:
                return self._finished
            pid, status, usage = os.wait4(self._process.pid, os.WNOHANG)
            now = time.perf_counter()
            if pid:
                self._close(status, usage)
            elif now >= self._deadline:
                self._end(timed_out=True)
            elif now >= self._next_look:
                self._next_look = now + _LOOK_S
                members = self._tree.look()
                resident = sum(member.memory_bytes for member in members)
                self._peak_bytes = max(self._peak_bytes, resident)
                if resident > self._limits.memory_mb * 2**20:
                    self._end(memory_exceeded=True)
                elif len(members) > MOST_PROCESSES:
                    self._end(crowded=True)
            return self._finished

    def watch(
        self,
        deadline: float = math.inf,
        stop: threading.Event | None = None,
        on_tick: Callable[[], bool] = lambda: False,
    ) -> Finished | None:
        """Return how it ended; None if it still runs at the deadline or the stop.

        Args:
            deadline: On the clock of ``time.perf_counter``.
            stop: Ends the watch when set.
            on_tick: Called a few times a second or more; True is a stop.
        """
        while True:
            finished = self.poll()
            stopped = on_tick() or (stop is not None and stop.is_set())
            left_s = deadline - time.perf_counter()
            if finished or stopped or left_s <= 0:
                return finished
            self._sleep(min(_TICK_S, left_s, self._deadline - time.perf_counter()))

    def wait(
        self,
        deadline: float = math.inf,
        stop: threading.Event | None = None,
        on_tick: Callable[[], bool] = lambda: False,
    ) -> Finished:
        """Return how it ended, or end it at the deadline or the stop; as ``watch``."""
        finished = self.watch(deadline, stop, on_tick)
        if finished is not None:
            return finished
        with self._lock:
            late = time.perf_counter() >= deadline
            return self._end(timed_out=late, stopped=not late)

    def kill(self) -> Finished:
        """End it if it still runs; return how it ended."""
        return self._end(stopped=True)

    def _sleep(self, longest_s: float) -> None:
        """Sleep until the process ends, or for a time."""
        pidfd = self._pidfd
        if pidfd is None:
            time.sleep(max(0.0, min(longest_s, _TICK_S / 4)))
            return
        poller = select.poll()
        poller.register(pidfd, select.POLLIN)
        poller.poll(max(0, math.ceil(1000 * longest_s)))

    def _end(
        self,
        *,
        timed_out: bool = False,
        memory_exceeded: bool = False,
        crowded: bool = False,
        stopped: bool = False,
    ) -> Finished:
        """Kill it; return how it ended."""
        with self._lock:
            if self._finished is not None:
                return self._finished
            # The root first: what it cannot wait for any more is counted below.
            os.kill(self._process.pid, signal.SIGKILL)
            _, status, usage = os.wait4(self._process.pid, 0)
            finished = self._close(status, usage)
            self._finished = replace(
                finished,
                timed_out=timed_out,
                memory_exceeded=memory_exceeded,
                crowded=crowded,
                stopped=stopped,
            )
            return self._finished

    def _close(self, status: int, usage: resource.struct_rusage) -> Finished:
        """End what a dead process has left; return how it ended."""
        self._process.returncode = os.waitstatus_to_exitcode(status)
        left_s = end_tree(self._tree)
        if self._pidfd is not None:
            os.close(self._pidfd)
            self._pidfd = None
        self._finished = Finished(
            self._process.returncode,
            False,
            usage.ru_utime + usage.ru_stime + left_s,
            _tail(self._log),
            peak_mb=self._peak_bytes / 2**20,
        )
        return self._finished


def _tail(file: Path) -> str:
    """Return the end of a file as text; nothing if the command took it away."""
    with suppress(OSError), open(file, "rb") as stream:
        stream.seek(0, os.SEEK_END)
        stream.seek(max(0, stream.tell() - _TAIL_BYTES))
        return stream.read().decode("utf-8", "replace")
    return ""
