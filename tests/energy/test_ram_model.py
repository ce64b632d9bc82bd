"""The memory model is a figure of its own."""

from __future__ import annotations

import pytest

from jouleplan.energy.sources.cpu_model import CpuTimeModel
from jouleplan.energy.sources.ram_model import WATTS_PER_GB, RamModel


def test_memory_has_its_own_reading_with_its_own_source() -> None:
    reading = RamModel(16.0).reading(10.0)
    assert reading.energy_j == pytest.approx(WATTS_PER_GB * 16 * 10)
    assert list(reading.components) == ["ram"]
    assert reading.quality == "estimated"
    assert reading.source.startswith("RAM model, 0.375 W/GB x 16 GB")
    assert CpuTimeModel(4.0, "test").components == ("cpu",)
