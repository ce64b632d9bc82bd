"""What a meter says: joules with their source and quality, never a bare number."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from jouleplan.energy.errors import MixedReadingsError

J_PER_KWH = 3.6e6
"""Joules in a kilowatt-hour, exactly."""

Quality = Literal["measured", "attributed", "estimated", "published", "unavailable"]
"""How a figure came about.

measured: a sensor's own difference. attributed: a sensor's figure, shared out.
estimated: a model. published: stated by others, not metered here. unavailable: nothing
is known, and the energy is None.
"""

QUALITIES: tuple[Quality, ...] = get_args(Quality)


@dataclass(frozen=True, slots=True)
class Reading:
    """Energy and time of one phase, or of several together.

    Attributes:
        energy_j: Energy [J]; None where nothing was measured, never a silent zero.
        cpu_s: CPU time of the process, its threads and its reaped children [s].
        wall_s: Elapsed time [s]; of several threads, the sum over the threads.
        calls: How often the phase was entered.
        source: What the joules rest on, in words.
        quality: How they came about.
        components: Joules by component ("cpu", "gpu", "ram", or "wall" for the whole
            machine); a component that is absent was not measured. Their sum is
            ``energy_j``.
    """

    energy_j: float | None
    cpu_s: float
    wall_s: float
    calls: int
    source: str
    quality: Quality
    components: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Check that an energy is given exactly where it is available."""
        if self.quality not in QUALITIES:
            raise ValueError(
                f"quality {self.quality!r}; allowed: {', '.join(QUALITIES)}"
            )
        if (self.energy_j is None) != (self.quality == "unavailable"):
            raise ValueError(
                f"energy_j={self.energy_j} with quality {self.quality!r}: "
                "energy_j is None exactly where the quality is 'unavailable'"
            )

    def as_dict(self) -> dict[str, Any]:
        """Return the reading as plain values, ready for JSON."""
        return {
            "energy_j": self.energy_j,
            "cpu_s": self.cpu_s,
            "wall_s": self.wall_s,
            "calls": self.calls,
            "source": self.source,
            "quality": self.quality,
            "components": dict(self.components),
        }

    def _repr_html_(self) -> str:
        return readings_html({"": self})


def unavailable(
    source: str, *, cpu_s: float = 0.0, wall_s: float = 0.0, calls: int = 0
) -> Reading:
    """Return a reading that holds times but no energy."""
    return Reading(None, cpu_s, wall_s, calls, source, "unavailable")


def readings_html(readings: Mapping[str, Reading]) -> str:
    """Return readings as a table for a notebook: a row each, joules by quality.

    Args:
        readings: Phase -> reading; the heading of a lone one may be empty.
    """
    from jouleplan.energy.html_table import html_table

    # measured and estimated joules never share a column
    qualities = list(dict.fromkeys(reading.quality for reading in readings.values()))
    head = ["phase", *(f"J, {quality}" for quality in qualities), "CPU s", "wall s"]
    rows = [
        [name, *(r.energy_j if r.quality == q else "" for q in qualities)]
        + [r.cpu_s, r.wall_s, r.source]
        for name, r in readings.items()
    ]
    return html_table([*head, "source"], rows)


def add_readings(readings: Iterable[Reading]) -> Reading:
    """Return the sum of ``readings``; the energy is None if one of them is unknown.

    Raises:
        MixedReadingsError: Two of them differ in quality (unavailable apart).
    """
    parts = list(readings)
    times = {
        "cpu_s": math.fsum(part.cpu_s for part in parts),
        "wall_s": math.fsum(part.wall_s for part in parts),
        "calls": sum(part.calls for part in parts),
    }
    source = (
        "; ".join(dict.fromkeys(part.source for part in parts)) or "nothing metered"
    )
    qualities = dict.fromkeys(part.quality for part in parts)
    if not qualities or "unavailable" in qualities:
        return Reading(None, source=source, quality="unavailable", **times)  # type: ignore[arg-type]
    if len(qualities) > 1:
        raise MixedReadingsError(
            f"cannot add {' and '.join(qualities)} energy ({source}): only readings of "
            "one quality may be summed; report them apart"
        )
    components: dict[str, float] = {}
    for part in parts:
        for component, joules in part.components.items():
            components[component] = components.get(component, 0.0) + joules
    return Reading(
        math.fsum(part.energy_j or 0.0 for part in parts),
        source=source,
        quality=parts[0].quality,
        components=components,
        **times,  # type: ignore[arg-type]
    )
