"""Spent: a sum over runs stays honest about what it rests on."""

from __future__ import annotations

from dataclasses import asdict

from jouleplan.energy.reading import Reading, unavailable
from jouleplan.energy.spent import Spent


def _reading(energy_j: float, quality: str = "estimated") -> Reading:
    return Reading(energy_j, 2.0, 3.0, 1, f"a {quality} source", quality)  # type: ignore[arg-type]


def test_runs_add_up() -> None:
    spent = Spent()
    spent.add(_reading(8.0))
    spent = Spent(**asdict(spent))  # as from a file
    spent.add(_reading(4.0))
    assert (spent.cpu_s, spent.wall_s, spent.energy_j) == (4.0, 6.0, 12.0)
    assert (spent.source, spent.quality) == ("a estimated source", "estimated")


def test_an_unknown_part_makes_the_energy_unknown_for_good() -> None:
    spent = Spent()
    spent.add(_reading(8.0))
    spent.add(unavailable("a server", cpu_s=1.0))
    spent.add(_reading(8.0))
    assert spent.energy_j is None
    assert spent.quality == "unavailable"
    assert spent.cpu_s == 5.0


def test_joules_of_two_qualities_are_not_added() -> None:
    spent = Spent()
    spent.add(_reading(8.0))
    spent.add(_reading(4.0, "measured"))
    assert spent.energy_j is None
    assert "estimated" in spent.source
    assert "measured" in spent.source
