"""Gauge: what one operator used, from the meter, the robot and the clock."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from jouleplan.domains.robot import Robot
from jouleplan.energy.meter import Mark, Meter
from jouleplan.energy.reading import add_readings
from jouleplan.planner.phases import by_phase

NOBODYS: Final = frozenset(("simulation", "rendering"))
"""Phases that stand for the world and the audience: no method is charged for them."""


@dataclass(frozen=True, slots=True)
class Start:
    """Where everything stood when an operator began."""

    mark: Mark
    control_steps: int
    mechanical_work_j: float


@dataclass(frozen=True, slots=True)
class Used:
    """What an operator used.

    Attributes:
        control_steps: Control steps, settling included.
        cpu_s: CPU time but for simulation and rendering [s]; None where a sensor lags:
            reading it around each operator would hold up the robot.
        energy_j: Energy of the same [J]; None where it is not known.
        mechanical_work_j: Integral of |torque x joint velocity| [J].
    """

    control_steps: int
    cpu_s: float | None
    energy_j: float | None
    mechanical_work_j: float


class Gauge:
    """Reads meter and robot around an operator.

    Args:
        meter: Whose phases the operator is charged to.
        robot: Who carries it out.
    """

    def __init__(self, meter: Meter, robot: Robot) -> None:
        self._meter, self._robot = meter, robot

    def start(self) -> Start:
        """Return where everything stands."""
        mark = {} if self._meter.lags else self._meter.mark()
        robot = self._robot
        return Start(mark, robot.control_steps, robot.mechanical_work_j)

    def used(self, start: Start) -> Used:
        """Return what was used since ``start``."""
        cpu_s = energy_j = None
        if not self._meter.lags:
            phases = by_phase(self._meter.since(start.mark))
            own = add_readings(r for name, r in phases.items() if name not in NOBODYS)
            cpu_s, energy_j = own.cpu_s, own.energy_j
        return Used(
            self._robot.control_steps - start.control_steps,
            cpu_s,
            energy_j,
            self._robot.mechanical_work_j - start.mechanical_work_j,
        )
