"""Watts: what estimated joules would be, did a busy core take another power."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from jouleplan.energy.errors import WattsError
from jouleplan.energy.statistics.estimate import Estimate
from jouleplan.energy.statistics.intervals import mean
from jouleplan.energy.statistics.ratio import energy_per_success
from jouleplan.energy.statistics.verdicts import Verdict

if TYPE_CHECKING:
    import numpy as np

WATTS: Final = (2.0, 4.0, 8.0)
"""Powers of one busy core that are tried [W]."""


@dataclass(frozen=True, slots=True)
class AtWatts:
    """Estimated joules at one power.

    Attributes:
        watts_per_core: The power [W].
        per_episode: Joules an episode [J].
        per_success: Joules a success, failures included [J].
    """

    watts_per_core: float
    per_episode: Estimate
    per_success: Estimate

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return {
            "watts_per_core": self.watts_per_core,
            "per_episode": self.per_episode.as_dict(),
            "per_success": self.per_success.as_dict(),
        }


def by_watts(
    cpu_s: Sequence[float],
    success: Sequence[Verdict],
    rng: np.random.Generator,
    watts: Sequence[float] = WATTS,
) -> tuple[AtWatts, ...]:
    """Return the CPU's joules by the power of a core; they are proportional to it.

    Only for energy that was estimated from CPU time: a sensor's does not scale. Memory
    and GPU are not in it.

    Args:
        cpu_s: CPU time of every episode, shape (n,) [s].
        success: Whether each reached its goal, shape (n,); None if unknown.
        rng: Source of the resampling.
        watts: Powers of one busy core [W].

    Raises:
        WattsError: A power is not a positive number.
    """
    bad = [w for w in watts if not 0 < w < float("inf")]
    if bad:
        raise WattsError(f"{bad[0]} W per core: give positive powers, such as 2, 4, 8")
    each = mean(cpu_s, rng)
    ratio = energy_per_success(cpu_s, success, rng)
    return tuple(AtWatts(w, each.scaled(w), ratio.scaled(w)) for w in watts)
