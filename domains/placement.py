"""Placement: where a body of a scene stands at first."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Placement:
    """Position of a body's centre (3,) [m] and its yaw [rad], world frame."""

    position: tuple[float, float, float]
    yaw: float
