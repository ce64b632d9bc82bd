"""Cluster: jobs on the machines of a Ray cluster; what `workers.share` is on one.

Joules are metered where a job runs, in Ray's worker process, and come back with its
result. Every machine needs the same jouleplan, and named files at the same paths.
"""

from __future__ import annotations

import contextlib
import os
import socket
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final, TypeVar

from jouleplan.planner.errors import PlannerError
from jouleplan.planner.workers import THREADS, Done, Report, WorkerBugError

Job = TypeVar("Job")
Result = TypeVar("Result")

LOCAL: Final = "local"
"""Address of a cluster that is started on this machine, and ended with the run."""


_PATIENCE_S: Final = 10.0


class ClusterError(PlannerError, ConnectionError):
    """A Ray cluster cannot be reached."""


class MissingRayError(PlannerError, ImportError):
    """Ray is not installed."""


def spread(
    function: Callable[[Job, Report], Result],
    jobs: Sequence[Job],
    address: str,
    cpus: int | None = None,
) -> Iterator[Done[Job, Result]]:
    """Yield every job as it ends, each carried out on one CPU of a Ray cluster.

    Args:
        function: Of a module that every machine has.
        jobs: In the order in which they are begun.
        address: ``local``, ``auto`` or ``ray://host:port``; see ``ray.init``.
        cpus: Of a local cluster; None takes those there are.

    Raises:
        MissingRayError: Ray is not installed.
        ClusterError: The cluster cannot be reached.
        WorkerBugError: ``function`` raised an exception.
    """
    ray = _ray()
    _connect(ray, address, cpus)
    try:
        task = ray.remote(num_cpus=1, max_retries=0)(_call)
        slots = max(1, int(ray.cluster_resources().get("CPU", 1)))
        waiting = list(reversed(jobs))
        running: dict[Any, Job] = {}
        while waiting or running:
            # no more than there is room for: order is kept, and turns are what they say
            while waiting and len(running) < slots:
                job = waiting.pop()
                running[task.remote(function, job)] = job
            (ended,), _ = ray.wait(list(running), num_returns=1)
            yield _done(ray, running.pop(ended), ended)
    finally:
        ray.shutdown()


def _call(function: Callable[[Any, Report], Any], job: Any) -> Any:
    """Carry out one job; runs in Ray's worker."""
    return function(job, _ignore)


def _ignore(_: Any) -> None:
    """Take a report that nobody waits for."""


def _done(ray: Any, job: Job, ended: Any) -> Done[Job, Any]:
    try:
        return Done(job, ray.get(ended))
    except ray.exceptions.RayTaskError as error:
        raise WorkerBugError(f"in a Ray worker:\n{error}") from error
    except ray.exceptions.RayError as error:
        reason = str(error).strip().splitlines() or [""]
        return Done(job, None, f"{type(error).__name__}: {reason[0]}")


def _ray() -> Any:
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    try:
        import ray
        import ray.exceptions
    except ImportError as error:
        raise MissingRayError(
            "--cluster needs Ray, which is not installed: "
            "pip install 'jouleplan[cluster]'"
        ) from error
    return ray


def _knock(address: str) -> None:
    """Raise where nobody answers at HOST:PORT: Ray itself would try for minutes."""
    host, colon, port = address.removeprefix("ray://").rpartition(":")
    if colon:
        socket.create_connection((host, int(port)), _PATIENCE_S).close()


def _connect(ray: Any, address: str, cpus: int | None) -> None:
    # read once, when a worker imports numpy
    threads = {"env_vars": dict.fromkeys(THREADS, "1")}
    settings: dict[str, Any] = {"runtime_env": threads, "log_to_driver": False}
    if address == LOCAL:
        settings |= {"num_cpus": cpus, "include_dashboard": False}
        settings |= {"_node_ip_address": "127.0.0.1"}
    try:
        _knock(address)
        with contextlib.redirect_stdout(None):  # Ray tells there what it does
            ray.init(address=address, logging_level="ERROR", **settings)
    except (ConnectionError, RuntimeError, ValueError, OSError) as error:
        raise ClusterError(
            f"no Ray cluster at {address!r} ({error}): start one by "
            "`ray start --head`, or give --cluster local"
        ) from error
