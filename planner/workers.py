"""Workers: processes that take one job after the other; one that dies harms no other.

`multiprocessing.Pool` waits for ever for a job whose worker was killed, and
`concurrent.futures` then gives up all the others.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any, Generic, TypeVar

Job = TypeVar("Job")
Result = TypeVar("Result")

THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
_SPAWN = multiprocessing.get_context("spawn")

Report = Callable[[Any], None]
"""Sends a message, e.g. progress, from a worker to whom it works for."""


class WorkerBugError(RuntimeError):
    """A job raised an exception; holds its traceback as text."""


@dataclass(frozen=True, slots=True)
class Done(Generic[Job, Result]):
    """A job that ended.

    Attributes:
        job: As given.
        result: What it returned; None where its worker died.
        died: How the worker died; empty where it did not.
    """

    job: Job
    result: Result | None
    died: str = ""


@dataclass(slots=True)
class _Worker:
    process: BaseProcess
    pipe: Connection
    job: int | None = None


def share(
    function: Callable[[Job, Report], Result],
    jobs: Sequence[Job],
    processes: int,
    on_message: Callable[[Job, Any], None] | None = None,
) -> Iterator[Done[Job, Result]]:
    """Yield every job as it ends, each carried out in one of several processes.

    Each process has one thread for arithmetic. A free one takes the next job.

    Args:
        function: Of a module, so that a new process finds it.
        jobs: In the order in which they are begun.
        processes: How many at once.
        on_message: Called with a job and what its worker reports.

    Raises:
        WorkerBugError: ``function`` raised an exception.
    """
    waiting = list(reversed(range(len(jobs))))
    workers: list[_Worker] = []
    try:
        while waiting or any(w.job is not None for w in workers):
            workers = [w for w in workers if w.job is not None or _alive(w)]
            while waiting and len(workers) < processes:
                workers.append(_start(function))
            for worker in workers:
                if worker.job is None and waiting:
                    worker.job = waiting.pop()
                    _send(worker, jobs[worker.job])
            busy = {w.pipe: w for w in workers if w.job is not None}
            for pipe in wait(list(busy)):
                worker = busy[pipe]  # type: ignore[index]
                assert worker.job is not None
                job = jobs[worker.job]
                kind, value = _receive(worker)
                if kind == "message":
                    if on_message is not None:
                        on_message(job, value)
                    continue
                worker.job = None
                if kind == "bug":
                    raise WorkerBugError(f"in a worker process:\n{value}")
                if kind == "died":
                    workers.remove(worker)
                    yield Done(job, None, value)
                else:
                    yield Done(job, value)
    finally:
        for worker in workers:
            _end(worker)


def _start(function: Callable[[Any, Report], Any]) -> _Worker:
    ours, theirs = _SPAWN.Pipe()
    process = _SPAWN.Process(target=_serve, args=(function, theirs), daemon=False)
    before = {name: os.environ.get(name) for name in THREADS}
    # read once, when the new process imports numpy
    os.environ.update(dict.fromkeys(THREADS, "1"))
    # The terminal sends Ctrl-C to all of us: only the parent shall act on it.
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        process.start()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
    theirs.close()
    return _Worker(process, ours)


def _serve(function: Callable[[Any, Report], Any], pipe: Connection) -> None:
    """Carry out jobs until there are no more; runs in the worker."""
    # so that what the job opened, e.g. an engine's process, is closed
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))

    def report(value: Any) -> None:
        pipe.send(("message", value))

    while True:
        try:
            job = pipe.recv()
        except EOFError:
            return
        try:
            answer = ("result", function(job, report))
        except Exception:
            answer = ("bug", traceback.format_exc())
        try:
            pipe.send(answer)
        except BrokenPipeError:
            return


def _send(worker: _Worker, job: object) -> None:
    # one that has died: its end of the pipe says so to the next wait
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        worker.pipe.send(job)


def _receive(worker: _Worker) -> tuple[str, Any]:
    try:
        kind, value = worker.pipe.recv()
        return str(kind), value
    except (EOFError, ConnectionResetError):
        return "died", _cause(worker)


def _cause(worker: _Worker) -> str:
    worker.pipe.close()
    worker.process.join(10)
    code = worker.process.exitcode
    if code is not None and code < 0:
        return f"worker process ended by {signal.Signals(-code).name}"
    return f"worker process ended with exit code {code}"


def _alive(worker: _Worker) -> bool:
    return worker.process.is_alive()


def _end(worker: _Worker) -> None:
    """End a worker: at once if it is busy, else by closing its pipe."""
    worker.pipe.close()
    if worker.job is not None:
        worker.process.terminate()
    worker.process.join(5)
    if worker.process.is_alive():
        worker.process.kill()
        worker.process.join()
