"""What stands below a chart: quality, source, n, seeds and commands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from jouleplan.energy.report.blocks import Block, Line
from jouleplan.energy.report.hardware import seeds_words
from jouleplan.energy.report.text import UNKNOWN, span

if TYPE_CHECKING:
    from jouleplan.energy.statistics.estimate import Estimate


def caption(block: Block, lines: Sequence[Line], note: str) -> str:
    """Return what a chart rests on, and which methods are not in it.

    Args:
        block: The episodes.
        lines: The lines that are drawn.
        note: What else to say; comes first.
    """
    groups: dict[tuple[int, str], list[str]] = {}
    for line in block.lines:
        groups.setdefault((line.n, seeds_words(line.seeds)), []).append(line.label)
    if len(groups) == 1:
        n, seeds = next(iter(groups))
        rests = f"Each method: n = {n}, {seeds}"
    else:
        rests = "; ".join(
            f"{', '.join(labels)}: n = {n}, {seeds}"
            for (n, seeds), labels in groups.items()
        )
    made = {line.label for line in lines}
    left = [line.label for line in block.lines if line.label not in made]
    apart = f" Unknown and not drawn: {', '.join(left)}." if left else ""
    return (
        f"{note}{apart} Joules are {block.basis.words}. {rests}. Made by "
        f"{block.commands}."
    )


def ends(estimate: Estimate, factor: float = 1.0) -> tuple[float | None, float | None]:
    """Return the ends of an interval times ``factor``; None without one."""
    if estimate.low is None or estimate.high is None:
        return None, None
    return estimate.low * factor, estimate.high * factor


def ends_words(estimate: Estimate) -> str:
    """Return an interval in words, or that it is unknown."""
    return span(estimate.low, estimate.high) or UNKNOWN
