"""What training took: of each method by its policies' cards, and metered here."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import Any

from jouleplan.energy.report.read import Data


@dataclass(frozen=True, slots=True)
class Share:
    """Training of one policy, as the ledger has it; None is unknown.

    Attributes:
        skill: Name of the skill.
        algorithm: e.g. ``TD3``.
        steps: Environment steps.
        cpu_s: CPU time [s].
        energy_j: Energy [J].
        seconds: Elapsed time [s].
        quality: How the energy came about.
        source: What it rests on.
    """

    skill: str
    algorithm: str
    steps: int | None
    cpu_s: float | None
    energy_j: float | None
    seconds: float | None
    quality: str
    source: str


@dataclass(frozen=True, slots=True)
class Training:
    """What training a method took, the shares of one quality and source together.

    Attributes:
        method: As in the ledger.
        label: For people.
        quality: How the energy came about; "nothing trained" where there is none.
        source: What it rests on.
        shares: One a policy.
        whole: Whether this is all the method's training.
    """

    method: str
    label: str
    quality: str
    source: str
    shares: tuple[Share, ...]
    whole: bool

    @property
    def energy_j(self) -> float | None:
        """Joules together; None where one of them is unknown."""
        return _sum([share.energy_j for share in self.shares])

    @property
    def cpu_s(self) -> float | None:
        """CPU-seconds together; None where one of them is unknown."""
        return _sum([share.cpu_s for share in self.shares])

    @property
    def seconds(self) -> float | None:
        """Elapsed seconds together; None where one of them is unknown."""
        return _sum([share.seconds for share in self.shares])


NOTHING = "nothing trained"
"""The quality of a training that there was none of."""


def trainings(data: Data) -> list[Training]:
    """Return the training of every method that says what it took.

    Two runs of one method with the same policies count once.
    """
    found: dict[tuple[str, str, tuple[Share, ...]], None] = {}
    for row in data.methods.itertuples():
        shares = _shares(row.training)
        if shares is not None:
            found[str(row.method), str(row.label) or str(row.method), shares] = None
    made = []
    for method, label, shares in found:
        groups: dict[tuple[str, str], list[Share]] = {}
        for share in shares:
            groups.setdefault((share.quality, share.source), []).append(share)
        if not groups:
            made.append(Training(method, label, NOTHING, "", (), True))
        for (quality, source), mine in groups.items():
            whole = len(groups) == 1
            made.append(Training(method, label, quality, source, tuple(mine), whole))
    return made


def metered(data: Data) -> list[tuple[str, Share]]:
    """Return the training runs that were metered into this ledger, by hardware id."""
    return [
        (
            str(row.hardware_id),
            Share(
                f"{row.skill} (seed {row.seed})",
                str(row.algorithm),
                int(row.steps),
                _number(row.cpu_s),
                _number(row.energy_j),
                _number(row.wall_s),
                str(row.quality),
                str(row.source),
            ),
        )
        for row in data.trainings.itertuples()
    ]


def _shares(text: str) -> tuple[Share, ...] | None:
    """Return the cards' figures, or None where they cannot be read."""
    try:
        given = json.loads(text)
    except (TypeError, ValueError):
        return None
    if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
        return None
    return tuple(_share(one) for one in given)


def _share(one: dict[str, Any]) -> Share:
    steps = _number(one.get("steps"))
    return Share(
        str(one.get("skill", "unknown")),
        str(one.get("algorithm", "unknown")),
        None if steps is None else int(steps),
        _number(one.get("cpu_s")),
        _number(one.get("energy_j")),
        _number(one.get("seconds")),
        str(one.get("quality", "unavailable")),
        str(one.get("source", "unknown")),
    )


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if math.isfinite(value) else None


def _sum(values: list[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return math.fsum(known) if len(known) == len(values) else None
