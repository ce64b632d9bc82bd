"""Calibration: what V says in steps, and the steps that rollouts took.

V speaks of steps by its reward of -1 each, and is optimistic as learned. Two numbers
correct it, fitted on rollouts that no training has seen: the logarithm of the steps is
linear in the logarithm of what V says. Half of the rollouts are fitted, the other half
tell the error.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np

from jouleplan.skills.errors import PolicyFileError

DISCOUNT: Final = 0.99
MARGIN: Final = 1.1
"""An option declines where V is so much lower than at any start that went well."""
LEAST_ROLLOUTS: Final = 20


def steps_left(value: float, discount: float = DISCOUNT) -> float:
    """Return the control steps that V speaks of: ln(1 + (1 - gamma) V) / ln gamma.

    Exact for a reward of -1 a step and a value that is; optimistic as learned.
    """
    share = min(1.0, max(1e-9, 1.0 + (1.0 - discount) * value))
    return math.log(share) / math.log(discount)


@dataclass(frozen=True, slots=True)
class Rollout:
    """One run of an option.

    Attributes:
        skill: What it carried out.
        value: V at its start.
        steps: Control steps it took.
        right: Whether its effects were sensed.
    """

    skill: str
    value: float
    steps: int
    right: bool


@dataclass(frozen=True, slots=True)
class Calibration:
    """What V at a start is worth; as an option's card keeps it.

    Attributes:
        intercept: Of ln steps on ln of what V says.
        slope: The same line's.
        bound: V below which the option declines.
        error: Median |ln(steps foretold / taken)| of rollouts that were not fitted.
        error_raw: The same of V uncorrected.
        rollouts: How many the errors are of.
        fitted: How many the line is of.
        declined: Rollouts that would have been declined, of all that were not fitted.
        missed: Of these, those that went well.
    """

    intercept: float
    slope: float
    bound: float
    error: float
    error_raw: float
    rollouts: int
    fitted: int
    declined: int
    missed: int

    def steps(self, value: float) -> float:
        """Return the control steps that are expected from a V of ``value``."""
        told = max(1.0, steps_left(value))
        return math.exp(self.intercept + self.slope * math.log(told))

    def as_dict(self) -> dict[str, Any]:
        """Return it as a card's table ``value``."""
        rounded = {
            name: round(entry, 5) if isinstance(entry, float) else entry
            for name, entry in asdict(self).items()
        }
        return {"discount": DISCOUNT, **rounded}


def calibrate(rollouts: Sequence[Rollout]) -> Calibration | None:
    """Return the calibration; None where too few rollouts went well.

    Args:
        rollouts: In the order they were made; every second one is fitted.
    """
    halves = rollouts[::2], rollouts[1::2]
    fitted, kept = ([r for r in half if r.right] for half in halves)
    if min(len(fitted), len(kept)) < LEAST_ROLLOUTS // 2:
        return None
    told, taken = _logs(fitted)
    intercept, slope = _line(told, taken)
    bound = MARGIN * min(r.value for r in fitted)
    told, taken = _logs(kept)
    low = [r for r in halves[1] if r.value < bound]
    return Calibration(
        intercept,
        slope,
        bound,
        float(np.median(np.abs(intercept + slope * told - taken))),
        float(np.median(np.abs(told - taken))),
        len(kept),
        len(fitted),
        len(low),
        sum(r.right for r in low),
    )


def _line(x: Any, y: Any) -> tuple[float, float]:
    """Return intercept and slope of the line of least absolute deviations.

    A few rollouts go wrong and are mended at length; least squares would follow them.
    """
    slope, intercept = 1.0, float(np.median(y - x))
    if np.ptp(x) > 0:
        for _ in range(50):
            weights = 1 / np.sqrt(np.maximum(np.abs(intercept + slope * x - y), 1e-3))
            slope, intercept = map(float, np.polyfit(x, y, 1, w=weights))
    return intercept, slope


def _logs(rollouts: Sequence[Rollout]) -> tuple[Any, Any]:
    told = np.log([max(1.0, steps_left(r.value)) for r in rollouts])
    return told, np.log([max(1, r.steps) for r in rollouts])


def read_calibration(card: Mapping[str, Any] | None) -> Calibration | None:
    """Return what an option's card says of its value; None where it says nothing.

    Raises:
        PolicyFileError: The table ``value`` lacks a number.
    """
    table = None if card is None else card.get("value")
    if table is None:
        return None
    try:
        known = {
            name: kind(table[name])
            for name, kind in (
                *((n, float) for n in ("intercept", "slope", "bound")),
                *((n, float) for n in ("error", "error_raw")),
                *((n, int) for n in ("rollouts", "fitted", "declined", "missed")),
            )
        }
    except (KeyError, TypeError, ValueError) as error:
        raise PolicyFileError(
            f"the card's table value is damaged ({error!r}): train the option again, "
            "or remove the table"
        ) from error
    return Calibration(**known)
