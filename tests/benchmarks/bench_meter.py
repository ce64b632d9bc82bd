"""Accuracy, spread and cost of the meter: ``python -m tests.benchmarks.bench_meter``.

Prints each figure with what it is to be held against; exits with 1 where one is missed.
``pytest tests/benchmarks/bench_meter.py`` times a phase with pytest-benchmark.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from importlib import import_module
from typing import Any

from jouleplan.energy.meter import Meter
from jouleplan.energy.sources.cpu_model import CpuTimeModel

WATTS = 4.0
_LOOPS_OF_JOB = 160_000_000  # about 5 s of CPU
_CHILD = "x = 0\nfor i in range(6_000_000): x += i * i"


def main() -> None:
    """Print every figure."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--repeats", type=int, default=10)
    parser.add_argument("--loops", type=int, default=_LOOPS_OF_JOB)
    parser.add_argument("--no-job", action="store_true", help="leave out the 5 s job")
    given = parser.parse_args()
    print(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} CPUs")
    phase_us = _cost_of_a_phase()
    right = [
        _told("a phase, CPU", phase_us, 20, "us"),
        *_accuracy(given.repeats),
        _leaves(),
        _share_of_an_episode(phase_us),
    ]
    if not given.no_job:
        right.append(_spread(given.repeats, given.loops))
    print(f"load average {os.getloadavg()[0]:.1f} at the end")
    raise SystemExit(0 if all(right) else 1)


def _told(what: str, value: float, most: float, unit: str) -> bool:
    verdict = "ok" if value <= most else "MISSED"
    print(f"{what}: {value:.3g} {unit} (at most {most:g}): {verdict}", flush=True)
    return value <= most


def _meter() -> Meter:
    return Meter(CpuTimeModel(WATTS, "bench"))


def _cost_of_a_phase() -> float:
    """Return the CPU time of entering and leaving a phase, median of 9 x 5,000 [us]."""
    meter = _meter()
    costs = []
    with meter.phase("episode"):
        for _ in range(9):
            began = time.thread_time()
            for _ in range(5000):
                with meter.phase("policy"):
                    pass
            costs.append((time.thread_time() - began) / 5000)
    return 1e6 * statistics.median(costs)


def _used_s() -> float:
    """Return CPU-seconds of this process and its reaped children, by getrusage."""
    both = (
        resource.getrusage(who)
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return sum(usage.ru_utime + usage.ru_stime for usage in both)


def _burn(cpu_s: float) -> None:
    end = time.thread_time() + cpu_s
    while time.thread_time() < end:
        pass


def _in_threads() -> None:
    threads = [threading.Thread(target=_burn, args=(0.2,)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _in_a_child() -> None:
    subprocess.run([sys.executable, "-c", _CHILD], check=True)


def _in_an_engine() -> None:
    from jouleplan.domains.catalogue import find_domain, find_problem
    from jouleplan.planner.options import Options
    from jouleplan.planner.planning import plan_files

    files = find_domain("hanoi")
    options = Options(engine="fast-downward-optimal")
    plan_files(files.domain_pddl, find_problem(files, "p05"), options)


def _accuracy(repeats: int) -> list[bool]:
    tasks: dict[str, Callable[[], None]] = {
        "10 ms": lambda: _burn(0.01),
        "100 ms": lambda: _burn(0.1),
        "1 s": lambda: _burn(1.0),
        "three threads": _in_threads,
        "child process": _in_a_child,
        "engine in a child": _in_an_engine,
    }
    right = []
    for name, task in tasks.items():
        task()  # warm-up: imports
        errors = []
        for _ in range(repeats):
            meter = _meter()
            before = _used_s()
            with meter.phase("task"):
                task()
            truth = WATTS * (_used_s() - before)
            errors.append(abs((meter.total().energy_j or 0.0) / truth - 1))
        largest, middle = 100 * max(errors), 100 * statistics.median(errors)
        what = f"error of {repeats} x {name}, median {middle:.2g} %, largest"
        right.append(_told(what, largest, 2, "%"))
    return right


def _leaves() -> bool:
    meter = _meter()
    before = time.process_time()
    with meter.phase("episode"):
        for _ in range(200):
            with meter.phase("policy"), meter.phase("inference"):
                _burn(0.0005)
            with meter.phase("sensing"):
                _burn(0.0005)
    spent = time.process_time() - before
    leaves = sum(reading.cpu_s for reading in meter.readings().values())
    return _told("leaves against the process", 100 * abs(leaves / spent - 1), 0.5, "%")


def _share_of_an_episode(phase_us: float) -> bool:
    """Print what metering takes of an episode of three disks, by its parts."""
    from jouleplan.planner.run import run

    meter = _meter()
    run("hanoi", "p03", 5, meter=meter)
    meter.reset()
    episode = run("hanoi", "p03", 5, meter=meter).episode
    assert episode.total is not None
    calls, marks = episode.total.calls, len(episode.executed) + 2
    began = time.thread_time()
    for _ in range(100):
        meter.since(meter.mark())
    mark_s = (time.thread_time() - began) / 100
    share = (1e-6 * phase_us * calls + mark_s * marks) / episode.total.cpu_s
    what = f"metering of an episode ({calls} phases, {marks} marks)"
    return _told(what, 100 * share, 1, "% of its CPU")


def _job(loops: int) -> int:
    total = 0
    for i in range(loops):
        total += i & 7
    return total


def _spread(repeats: int, loops: int) -> bool:
    """Compare the spread of our joules and of CodeCarbon's process mode, one job.

    On a busy machine the job itself takes more or fewer CPU-seconds each time, which
    both show. The second figure divides each by the CPU-seconds that the system
    counted, so that only what the meters add is left.
    """
    emissions: Any = import_module("codecarbon.emissions_tracker")
    ours, theirs, used = [], [], []
    for _ in range(repeats):
        tracker = emissions.OfflineEmissionsTracker(
            country_iso_code="USA",
            tracking_mode="process",
            save_to_file=False,
            log_level="error",
            allow_multiple_runs=True,
        )
        meter = _meter()
        tracker.start()
        before = _used_s()
        with meter.phase("job"):
            _job(loops)
        used.append(_used_s() - before)
        tracker.stop()
        ours.append(meter.total().energy_j or 0.0)
        theirs.append(3.6e6 * tracker.final_emissions_data.cpu_energy)
    for name, joules in (("ours", ours), ("CodeCarbon, process mode", theirs)):
        print(
            f"{name}: {statistics.mean(joules):.1f} J, {min(joules):.1f} to "
            f"{max(joules):.1f}, coefficient of variation {_cv(joules):.4f}"
        )
    own, other = (
        _cv([j / s for j, s in zip(joules, used, strict=True)])
        for joules in (ours, theirs)
    )
    print(
        f"of the CPU-seconds, {min(used):.2f} to {max(used):.2f}: variation of ours "
        f"{own:.6f}, theirs {other:.6f}, by each other {own / other:.4f}"
    )
    ratio = _cv(ours) / _cv(theirs)
    return _told(f"variation of ours by theirs, {repeats} repeats", ratio, 0.2, "")


def _cv(values: list[float]) -> float:
    return statistics.stdev(values) / statistics.mean(values)


def test_cost_of_a_phase(benchmark: Any) -> None:
    """Enter and leave one phase inside another: at most 20 us."""
    meter = _meter()

    def one() -> None:
        with meter.phase("policy"):
            pass

    with meter.phase("episode"):
        benchmark(one)


def test_cost_of_readings_of_an_episode(benchmark: Any) -> None:
    """Read ten phases since a mark."""
    meter = _meter()
    mark = meter.mark()
    with meter.phase("episode"):
        for index in range(10):
            with meter.phase(f"phase {index}"):
                pass
    benchmark(meter.since, mark)


if __name__ == "__main__":
    main()
