"""Break-even of methods: training and n successes, where the two may be added."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from jouleplan.energy.report.blocks import Block, Line
from jouleplan.energy.report.charts.chart import Chart
from jouleplan.energy.report.charts.curves import Axis, Point, Series, curves
from jouleplan.energy.report.duels import MOST_METHODS
from jouleplan.energy.report.text import figure, span
from jouleplan.energy.report.training import NOTHING, Training

if TYPE_CHECKING:
    from jouleplan.energy.statistics.payback import BreakEven

MOST = 4000
"""Episodes of a method that its band is drawn from at most."""


@dataclass(frozen=True, slots=True)
class Payback:
    """The lines of a block and where they cross.

    Attributes:
        training_j: Label -> joules of training, of the block's quality and source.
        reasons: Label -> why it has no line.
        crossings: One a pair of methods that have a line.
        note: What was done to make the figures comparable; empty for nothing.
    """

    training_j: dict[str, float]
    reasons: dict[str, str]
    crossings: tuple[BreakEven, ...]
    note: str


def payback(block: Block, trainings: Sequence[Training], seed: int = 0) -> Payback:
    """Return when the training of each of a block's methods has paid.

    Training is added only to joules of its own quality. Estimates with another power
    of a core are recomputed from CPU-seconds with the power of the block.

    Args:
        block: The episodes.
        trainings: Of every method of the ledger.
        seed: Of the bootstraps.
    """
    from jouleplan.energy.statistics.payback import Costing, break_even

    joules, reasons, notes = {}, {}, dict[str, None]()
    for line in block.lines:
        found = _training_j(block, line, trainings, notes)
        if isinstance(found, str):
            reasons[line.label] = found
        elif line.judged < line.n:
            reasons[line.label] = "the success of its episodes is unknown"
        elif line.per_episode.value is None:
            reasons[line.label] = "the joules of its episodes are unknown"
        else:
            joules[line.label] = found
    costings = []
    for line in block.lines:
        if line.label in joules:
            frame = block.frame[block.frame["label"] == line.label]
            if len(frame) > MOST:
                frame = frame.sample(MOST, random_state=seed)
            costings.append(
                Costing(
                    line.label,
                    joules[line.label],
                    frame["energy_j"].to_numpy(dtype=float),
                    frame["success"].to_numpy(dtype=bool),
                    block.basis.quality,
                )
            )
    rng = np.random.default_rng(seed)
    pairs = itertools.combinations(costings[:MOST_METHODS], 2)
    crossings = tuple(break_even(a, b, rng) for a, b in pairs)
    return Payback(joules, reasons, crossings, " ".join(notes))


def verdict(found: BreakEven) -> str:
    """Return in words which of two methods uses less, and from when on."""
    a, b = found.a, found.b
    if found.kind == "dominates":
        return f"{a} dominates {b}: less from the first success on"
    if found.kind == "never":
        return f"{b} dominates {a}: less from the first success on"
    if found.kind == "equal":
        return f"{a} and {b} use the same"
    if found.successes is None:
        return f"{a} and {b}: unknown, neither had a success"
    less, other = (a, b) if found.kind == "from" else (b, a)
    band = span(found.low, found.high)
    sure = f" (95 % band {band})" if band else ""
    never = ""
    if found.never_share:
        never = f"; no crossing in {100 * found.never_share:.0f} % of the resamples"
    at = figure(math.ceil(found.successes))
    return f"{less} uses less than {other} from success {at} on{sure}{never}"


def break_even_chart(block: Block, found: Payback) -> Chart | None:
    """Draw training plus n successes for every method that has both.

    Args:
        block: The episodes.
        found: As :func:`payback` returns it for that block.
    """
    lines = [
        line
        for line in block.lines
        if line.label in found.training_j and line.per_success.value is not None
    ]
    if not lines:
        return None
    crossed = [c.successes for c in found.crossings if c.successes]
    most = max([1000.0, *(10 * n for n in crossed)])
    steps = [10 ** (k / 12) for k in range(math.ceil(12 * math.log10(most)) + 1)]
    series = []
    for line in lines:
        base, each = found.training_j[line.label], line.per_success
        low, high = each.low, each.high
        bounded = low is not None and high is not None and math.isfinite(high)
        points = tuple(
            Point(
                n,
                base + n * (each.value or 0.0),
                None,
                None,
                base + n * (low or 0.0) if bounded else None,
                base + n * (high or 0.0) if bounded else None,
            )
            for n in steps
        )
        series.append(Series(line.label, points, line.series, joined=True, marks=False))
    notes = [verdict(crossing) for crossing in found.crossings]
    notes += [f"{label} has no line: {why}" for label, why in found.reasons.items()]
    ends = [steps[0], most]
    return Chart(
        "break-even",
        f"Break-even: training plus n successes, {block.basis.quality}",
        ". ".join([*notes, f"Bands: 95 % intervals. {found.note}"]).strip()
        + f" Joules are {block.basis.words}; made by {block.commands}.",
        curves(
            series,
            Axis("successes n", log=True),
            Axis("joules in all", log=True),
            f"{block.domain}: joules of training and n successes. {'. '.join(notes)}.",
        ),
        ("method", "training J", *(f"J at n = {figure(n)}" for n in ends)),
        tuple(
            (
                line.label,
                figure(found.training_j[line.label]),
                *(
                    figure(found.training_j[line.label] + n * line.per_success.value)
                    for n in ends
                    if line.per_success.value is not None
                ),
            )
            for line in lines
        ),
    )


def _training_j(
    block: Block, line: Line, trainings: Sequence[Training], notes: dict[str, None]
) -> float | str:
    """Return joules of training, or why they cannot be added."""
    mine = [one for one in trainings if one.method == line.method]
    if not mine:
        return "the ledger does not say what its training took"
    if len(mine) > 1:
        return "its training is stated in several ways: " + "; ".join(
            dict.fromkeys(f"{one.quality}, {one.source}" for one in mine)
        )
    training = mine[0]
    if training.quality == NOTHING:
        return 0.0
    if training.quality != block.basis.quality:
        return f"its training is {training.quality}, its episodes {block.basis.quality}"
    if training.source == block.basis.source and training.energy_j is not None:
        return training.energy_j
    cpu_s, episodes = training.cpu_s, line.cpu_s.value
    per_episode = line.per_episode.value
    if block.basis.quality != "estimated" or cpu_s is None or not episodes:
        return f"its training rests on another source: {training.source}"
    power_w = (per_episode or 0.0) / episodes
    notes[
        "Training was estimated with another power of a core and is recomputed from "
        f"its CPU-seconds at the {figure(power_w)} W of these episodes."
    ] = None
    return cpu_s * power_w
