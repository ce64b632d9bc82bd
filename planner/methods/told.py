"""Told: the joules that a policy server says its answers took.

Ours say it (``jouleplan serve``); others do not, and their joules stay unknown. What is
told has a source of its own, so that a report keeps it apart from what is metered here.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final

from jouleplan.energy.reading import QUALITIES, Reading, unavailable

ENERGY_SOURCE: Final = "energy_source"
"""Key of a server's metadata: what its joules rest on."""
ENERGY_QUALITY: Final = "energy_quality"
"""Key of a server's metadata: how they came about."""
UNMETERED: Final = "a policy server, to be metered where it runs"
_LONGEST: Final = 120


class Told:
    """Sums what a server says of its answers in one episode."""

    def __init__(self) -> None:
        """Begin with nothing asked."""
        self.asked = self._told = 0
        self._cpu_s = self._energy_j = 0.0
        self._source, self._quality = "", ""

    def add(self, timing: Mapping[str, float], metadata: Mapping[str, Any]) -> None:
        """Take what stands beside one answer."""
        said = [timing.get(name, math.nan) for name in ("cpu_s", "energy_j")]
        if all(math.isfinite(value) and value >= 0 for value in said):
            self._told += 1
            self._cpu_s += said[0]
            self._energy_j += said[1]
        self._source = str(metadata.get(ENERGY_SOURCE, ""))[:_LONGEST]
        self._quality = str(metadata.get(ENERGY_QUALITY, ""))

    def reading(self, accepted: str) -> Reading:
        """Return the sum, or that it is unknown.

        Args:
            accepted: Quality that the meter here can take; others are not added.
        """
        known = self._told == self.asked > 0 and self._quality in QUALITIES
        if not known or self._quality != accepted or not self._source:
            return unavailable(UNMETERED, calls=max(1, self.asked))
        return Reading(
            self._energy_j,
            self._cpu_s,
            0.0,  # the wait for it is counted here
            self.asked,
            f"told by the policy server: {self._source}",
            "estimated" if accepted == "estimated" else "attributed",
            {"cpu": self._energy_j},
        )
