"""What an episode's joules would be, were the boundary drawn elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jouleplan.energy.report.blocks import Block, Line
from jouleplan.energy.statistics.boundary import SIMULATOR

if TYPE_CHECKING:
    import pandas

_SENSING = frozenset(("sensing",))


@dataclass(frozen=True, slots=True)
class Variant:
    """One boundary.

    Attributes:
        label: What is counted.
        values: Label of a method -> mean joules an episode; None is unknown.
        reason: What to know about it; empty for nothing.
    """

    label: str
    values: dict[str, float | None]
    reason: str = ""


def variants(block: Block) -> list[Variant]:
    """Return the boundaries of a block for which something is known.

    Phases of another quality than the whole are shares of it and leave it by
    subtraction, so a variant is then attributed, as its label says.
    """
    total = {line.label: line.per_episode.value for line in block.lines}
    if all(value is None for value in total.values()):
        return []
    found = [Variant("as metered", total)]
    for label, words in (
        ("without simulation", SIMULATOR),
        ("without sensing", _SENSING),
        ("without simulation and sensing", SIMULATOR | _SENSING),
    ):
        parts = {line.label: _phases(block, line, words) for line in block.lines}
        if any(part is not None for part in parts.values()):
            found.append(Variant(label + _attributed(block), _less(total, parts)))
    ram = _means(block, lambda frame: frame["ram_j"])
    if any(value is not None for value in ram.values()):
        found.append(Variant("without memory (RAM)", _less(total, ram)))
    idle = _means(block, lambda frame: frame["idle_j"])
    if any(value is not None for value in idle.values()):
        found.append(_idle(block, total, idle))
    return found


def _idle(
    block: Block, total: dict[str, float | None], idle: dict[str, float | None]
) -> Variant:
    if block.basis.quality == "estimated":
        # A model of busy cores holds nothing of the idle machine.
        both = {k: _sum(v, idle[k]) for k, v in total.items()}
        return Variant(
            "with the idle machine",
            both,
            "The idle machine's joules, over the episode's wall time, are added.",
        )
    return Variant(
        "above idle",
        _less(total, idle),
        "Above idle: what the machine would have used anyhow is taken off.",
    )


def _phases(block: Block, line: Line, words: frozenset[str]) -> float | None:
    frame: pandas.DataFrame = block.phases
    mine = frame[frame["label"] == line.label]
    leaf = mine["phase"].str.replace(" (other)", "").str.rsplit("/").str[-1]
    mine = mine[leaf.isin(words)]
    if mine.empty or mine["unknown"].sum():
        return None
    return float(mine["energy_j"].sum()) / line.n


def _means(
    block: Block, column: Callable[[pandas.DataFrame], pandas.Series]
) -> dict[str, float | None]:
    found: dict[str, float | None] = {}
    for line in block.lines:
        values = column(block.frame[block.frame["label"] == line.label])
        found[line.label] = float(values.mean()) if values.notna().all() else None
    return found


def _less(
    total: dict[str, float | None], parts: dict[str, float | None]
) -> dict[str, float | None]:
    return {k: None if p is None else _sum(total[k], -p) for k, p in parts.items()}


def _sum(a: float | None, b: float | None) -> float | None:
    return None if a is None or b is None else max(a + b, 0.0)


def _attributed(block: Block) -> str:
    kinds = set(block.phases["phase_quality"])
    other = kinds - {block.basis.quality}
    return f" ({', '.join(sorted(other))})" if other else ""
