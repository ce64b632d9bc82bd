"""Runs an engine's command in a process group of its own, within limits.

Whatever happens, nothing of the command is left when :func:`run` returns, and its CPU
time counts as this process's children's (``RUSAGE_CHILDREN``).
"""

from __future__ import annotations

import errno
import math
import os
import shutil
import subprocess
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from jouleplan.planner.engines.engine import Limits
from jouleplan.planner.engines.process_tree import process_tree
from jouleplan.planner.engines.running import Finished, Running

__all__ = ["FILE_MB", "Finished", "Running", "run", "start"]

FILE_MB = 1024
"""How large a file that a command writes may grow [MiB]."""


def start(
    command: Sequence[str],
    limits: Limits,
    folder: Path,
    *,
    stdin: Path | None = None,
    variables: Mapping[str, str] | None = None,
    address_space: bool = True,
    log: str = "output.txt",
    file_mb: int = FILE_MB,
) -> Running:
    """Start ``command`` in ``folder``.

    Args:
        command: Program and arguments.
        limits: Wall time, and resident memory of all processes together. CPU time is
            capped above the wall time, so that the command ends even if this process
            is killed.
        folder: Working directory.
        stdin: File for its standard input; nothing by default.
        variables: Environment variables added to ours.
        address_space: Whether each process may not even reserve more than the memory
            limit (where the system can limit it: Linux). A Java machine needs False.
        log: File in ``folder`` that gets its output.
        file_mb: How large a file that it writes may grow [MiB].

    Returns:
        The command at work. One that cannot be started has ended with exit code 127.
    """
    tree = process_tree()
    process: subprocess.Popen[bytes] | str
    with (
        open(stdin or os.devnull, "rb") as source,
        open(folder / log, "wb") as sink,
    ):
        try:
            if shutil.which(command[0]) is None:
                raise FileNotFoundError(
                    errno.ENOENT, os.strerror(errno.ENOENT), command[0]
                )
            process = subprocess.Popen(
                _limited(command, limits, file_mb, address_space),
                cwd=folder,
                stdin=source,
                stdout=sink,
                stderr=subprocess.STDOUT,
                env={**os.environ, **(variables or {}), tree.mark: "1"},
                start_new_session=True,
            )
        except OSError as error:
            process = str(error)
    if not isinstance(process, str):
        tree.root(process.pid)
    return Running(process, tree, limits, folder / log)


def run(
    command: Sequence[str],
    limits: Limits,
    folder: Path,
    *,
    stdin: Path | None = None,
    variables: Mapping[str, str] | None = None,
    address_space: bool = True,
    log: str = "output.txt",
    file_mb: int = FILE_MB,
    stop: threading.Event | None = None,
    on_tick: Callable[[], bool] = lambda: False,
) -> Finished:
    """Run ``command`` until it ends, its limits are reached or ``stop`` is set.

    See :func:`start` for the arguments, and :meth:`Running.watch` for ``on_tick``.
    """
    with start(
        command,
        limits,
        folder,
        stdin=stdin,
        variables=variables,
        address_space=address_space,
        log=log,
        file_mb=file_mb,
    ) as running:
        return running.wait(stop=stop, on_tick=on_tick)


def _limited(
    command: Sequence[str], limits: Limits, file_mb: int, address_space: bool
) -> list[str]:
    """Return a command that limits itself before it becomes ``command``.

    The shell does it: set from outside, limits come late, and running Python between
    fork and exec is not safe beside other threads.
    """
    cpu_s = math.ceil(min(limits.time_s * (os.cpu_count() or 1), 1e9)) + 2
    kinds = ["-c 0", f"-f {file_mb * 2048}", f"-H -t {cpu_s + 1}", f"-S -t {cpu_s}"]
    if address_space:
        kinds.append(f"-v {limits.memory_mb * 1024}")
    # A limit that the system lacks, or has lower already, is passed over.
    lines = [f"ulimit {kind} 2>/dev/null || :" for kind in kinds]
    return ["/bin/sh", "-c", "; ".join([*lines, 'exec "$@"']), "sh", *command]
