"""Phases of an episode: the meter's leaves under their own names."""

from __future__ import annotations

from collections.abc import Mapping

from jouleplan.energy.account import OTHER
from jouleplan.energy.reading import Reading, add_readings


def by_phase(readings: Mapping[str, Reading]) -> dict[str, Reading]:
    """Sum the leaves by their own names, whatever they were nested in."""
    grouped: dict[str, list[Reading]] = {}
    for path, reading in readings.items():
        name = path.rsplit("/", 1)[-1].removesuffix(OTHER)
        grouped.setdefault(name, []).append(reading)
    return {name: add_readings(group) for name, group in sorted(grouped.items())}
