"""Tables of training: policy by policy, of a method or of the whole ledger."""

from __future__ import annotations

from collections.abc import Sequence

from jouleplan.energy.report.tables import Cell, Table
from jouleplan.energy.report.text import UNKNOWN, figure
from jouleplan.energy.report.training import NOTHING, Share, Training


def training_table(training: Training) -> Table:
    """Return what training a method took, policy by policy."""
    part = "" if training.whole else " (a part of its training; not added to the rest)"
    rows = [_share(share) for share in training.shares]
    if len(training.shares) > 1:
        rows.append(
            (
                Cell("together"),
                Cell(""),
                Cell(_steps([share.steps for share in training.shares])),
                Cell(figure(training.cpu_s)),
                Cell(figure(training.energy_j)),
                Cell(figure(training.seconds)),
                Cell(""),
            )
        )
    if training.quality == NOTHING:
        rows.append((Cell("nothing trained"), *(Cell("none") for _ in range(6))))
    return Table(f"{training.label}{part}", _head(training.quality), tuple(rows))


def metered_table(found: Sequence[tuple[str, Share]], quality: str) -> Table:
    """Return the training runs metered into this ledger, of one quality."""
    rows = tuple(
        (*_share(share)[:-1], Cell(share.source, f"hardware {hardware}"))
        for hardware, share in found
        if share.quality == quality
    )
    return Table("Training runs in this ledger", _head(quality), rows)


def _head(quality: str) -> tuple[str, ...]:
    energy = "J" if quality == NOTHING else f"J, {quality}"
    return ("policy", "algorithm", "steps", "CPU s", energy, "elapsed s", "source")


def _share(share: Share) -> tuple[Cell, ...]:
    return (
        Cell(share.skill),
        Cell(share.algorithm),
        Cell(_steps([share.steps])),
        Cell(figure(share.cpu_s)),
        Cell(figure(share.energy_j)),
        Cell(figure(share.seconds)),
        Cell(share.source),
    )


def _steps(steps: list[int | None]) -> str:
    known = [each for each in steps if each is not None]
    return f"{sum(known):,}" if len(known) == len(steps) else UNKNOWN
