"""Cost of a phase. Run: ``pytest tests/benchmarks/bench_meter.py``."""

from __future__ import annotations

from typing import Any

from jouleplan.energy.meter import Meter
from jouleplan.energy.sources.cpu_model import CpuTimeModel


def test_cost_of_a_phase(benchmark: Any) -> None:
    """Enter and leave one phase inside another: at most 20 us."""
    meter = Meter(CpuTimeModel(4.0, "test"))

    def one() -> None:
        with meter.phase("policy"):
            pass

    with meter.phase("episode"):
        benchmark(one)


def test_cost_of_readings_of_an_episode(benchmark: Any) -> None:
    """Read ten phases since a mark."""
    meter = Meter(CpuTimeModel(4.0, "test"))
    mark = meter.mark()
    with meter.phase("episode"):
        for index in range(10):
            with meter.phase(f"phase {index}"):
                pass
    benchmark(meter.since, mark)
