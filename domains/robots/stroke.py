"""Stroke: the two ways in which grippers turn the motion of their joints into a gap."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Slides:
    """Two prismatic joints, each as far out as its finger is from the middle."""

    def opening(self, positions: Sequence[float]) -> float:
        """Return the gap [m] of the two fingers' positions [m]."""
        return sum(positions)

    def position(self, opening: float) -> float:
        """Return each finger's position [m] for a gap [m]."""
        return opening / 2


@dataclass(frozen=True, slots=True)
class FourBar:
    """Two parallelograms: a pad is carried round on a circle and keeps its direction.

    Attributes:
        pivot_m: From the middle to the pad's inner face, the bar upright [m].
        radius_m: Of the circle [m].
        phase: Angle of the bar to the line through both pivots, at joint position 0.
        closed: Position at which the pads meet, or the joints' limit [rad].
    """

    pivot_m: float
    radius_m: float
    phase: float
    closed: float

    def opening(self, positions: Sequence[float]) -> float:
        """Return the gap [m] between the pads at the joints' positions [rad]."""
        left, right = (math.cos(self.phase + q) for q in positions)
        return 2 * self.pivot_m + self.radius_m * (left + right)

    def position(self, opening: float) -> float:
        """Return the joints' position [rad] for a gap [m]."""
        across = (opening / 2 - self.pivot_m) / self.radius_m
        angle = math.acos(min(1.0, max(-1.0, across))) - self.phase
        return min(self.closed, max(0.0, angle))
