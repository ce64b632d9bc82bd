"""Scene: bodies and an arm in a simulator, built from the facts of a problem."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import TracebackType
from typing import Final

import numpy as np
import numpy.typing as npt

from jouleplan.domains.arrangement import Layout, has_zones
from jouleplan.domains.articulation import Array, Vector
from jouleplan.domains.body import Body
from jouleplan.domains.facts import TABLE, Facts
from jouleplan.domains.layout import free_slots, lay_out
from jouleplan.domains.placement import Placement
from jouleplan.domains.robot import (
    CONTROL_STEP_S,
    GRASP_ABOVE_CENTRE_M,
    Robot,
)
from jouleplan.domains.robots.model import RobotModel
from jouleplan.domains.robots.panda import PANDA
from jouleplan.domains.shapes import in_world
from jouleplan.domains.simulator import Simulator, Visuals
from jouleplan.domains.spots import Spot, Taken, is_free, spots, table_spots
from jouleplan.domains.standing import Standing, standing

STILL_M_S: Final = 0.004
SETTLE_STEPS: Final = (4, 15)
"""Least and most control steps that the arm waits for things to come to rest."""


class Scene:
    """The physical side of a problem.

    Args:
        bodies: By name, in the problem's order.
        layout: Fixed body -> how it is laid out.
        facts: What rests on what at first.
        rng: Decides places and shifts.
        gui: Open PyBullet's window.
        visuals: What pictures show of the arm.
        robot: Which arm.

    Attributes:
        simulator: The world.
        robot: The arm in it.
        bodies: As given.
        initial: Where every body was put.
        axes: Fixed body -> its (x, y) [m].

    Raises:
        LayoutError: Something does not fit on the table.
    """

    def __init__(
        self,
        bodies: Mapping[str, Body],
        layout: Mapping[str, Layout],
        facts: Facts,
        rng: np.random.Generator,
        gui: bool = False,
        visuals: Visuals = "none",
        robot: RobotModel = PANDA,
    ) -> None:
        """Build the scene and let it settle."""
        self.bodies = dict(bodies)
        self.initial: dict[str, Placement] = lay_out(bodies, layout, facts, rng)
        self.simulator = Simulator(gui, visuals)
        self.robot = Robot(self.simulator, robot)
        self._zones = has_zones(bodies, layout)
        for body in self.bodies.values():
            if body.name in self.initial:
                on = facts.switches.get(body.name, False)
                self._add(body, self.initial[body.name], on)
        if facts.over is not None:
            x, y, _ = self.initial[facts.over].position
            self.robot.teleport(np.array((x, y, self.robot.model.home[2])))
        if facts.held is not None:
            self._put_in_hand(self.bodies[facts.held])
        self.axes = {
            b.name: np.array(self.initial[b.name].position[:2])
            for b in self.bodies.values()
            if not b.movable
        }
        self.robot.hold(15)

    def _add(self, body: Body, at: Placement, on: bool = False) -> None:
        mass = body.mass if body.movable else 0.0
        if body.shape == "button":
            self.simulator.add_button(
                body.name, body.size, at.position, yaw=at.yaw, color=body.color, on=on
            )
            return
        if body.form is not None:
            self.simulator.add_compound(
                body.name,
                body.size,
                body.form.parts,
                at.position,
                yaw=at.yaw,
                mass=mass,
                color=body.color,
            )
            return
        self.simulator.add_box(
            body.name,
            body.size,
            at.position,
            yaw=at.yaw,
            mass=mass,
            color=body.color,
        )

    def _put_in_hand(self, body: Body) -> None:
        x, y, z = map(float, self.robot.command)
        self.robot.teleport(np.array((x, y, z)), opening=body.width)
        self._add(body, Placement((x, y, z - GRASP_ABOVE_CENTRE_M), 0.0))

    @property
    def movables(self) -> tuple[str, ...]:
        """Names of the movable bodies."""
        return tuple(b.name for b in self.bodies.values() if b.movable)

    @property
    def heights(self) -> dict[str, float]:
        """Movable body -> height of its centre [m]."""
        return {name: float(self.simulator.pose(name)[0][2]) for name in self.movables}

    @property
    def simulated_s(self) -> float:
        """Simulated time since the scene was built [s]."""
        return self.simulator.time_s

    def standing(self, name: str) -> Standing:
        """Return how the body ``name`` stands now."""
        return standing(self.simulator.size(name), self.simulator.pose(name))

    def free_places(
        self, on: str, name: str, beside: Iterable[Vector] = ()
    ) -> list[Spot]:
        """Return where body ``name`` may be put on a zone or the table, (x, y) [m].

        Args:
            on: The zone, or ``TABLE``.
            name: The body; where it is now is no obstacle.
            beside: Further places (x, y) that are kept free, on the table [m].
        """
        if not self._zones:
            taken = [self.middle(n) for n in self.bodies if n != name]
            return list(free_slots([*taken, *beside]))
        top = 0.0
        if on == TABLE:
            places = table_spots(
                (self.bodies[n].size, at) for n, at in self.axes.items()
            )
        else:
            places = spots(self.bodies[on].size, self.axes[on])
            top = self.standing(on).top
        around = [(float(x), float(y), top + 1.0) for x, y, *_ in beside]
        around += self.around(name)
        return [spot for spot in places if is_free(spot, around, top)]

    def around(self, name: str) -> list[Taken]:
        """Return (x, y, top) of every movable body but ``name`` [m]."""
        seen = [self.standing(n) for n in self.movables if n != name]
        return [(float(s.position[0]), float(s.position[1]), s.top) for s in seen]

    def outline(self, name: str) -> tuple[Standing, ...]:
        """Return the boxes that the body ``name`` lies in now: one, if it is one."""
        form, pose = self.bodies[name].form, self.simulator.pose(name)
        if form is None:
            return (self.standing(name),)
        return tuple(
            standing(np.array(part.size), (in_world(part.at, pose), pose[1]))
            for part in form.outline
        )

    def axis(self, name: str) -> Array:
        """Return a point (3,) [m] of the axis of the hole or post of ``name``, world.

        That of a box goes through its centre.
        """
        form, pose = self.bodies[name].form, self.simulator.pose(name)
        return pose[0] if form is None else in_world(form.axis, pose)

    def middle(self, name: str) -> Array:
        """Return the middle (3,) [m] of what the body ``name`` covers, world frame."""
        form, pose = self.bodies[name].form, self.simulator.pose(name)
        return pose[0] if form is None else in_world((*form.middle, 0.0), pose)

    def settle(self, least: int = SETTLE_STEPS[0], most: int = SETTLE_STEPS[1]) -> None:
        """Hold the arm still until nothing moves, for at most ``most`` steps."""
        for step in range(most):
            if step >= least and self.still():
                return
            self.robot.hold()

    def still(self) -> bool:
        """Return whether every movable body is slower than ``STILL_M_S``."""
        return all(self.simulator.speed(n)[0] < STILL_M_S for n in self.movables)

    def wait(self, duration_s: float) -> None:
        """Hold the arm still for ``duration_s`` simulated seconds."""
        self.robot.hold(round(duration_s / CONTROL_STEP_S))

    def picture(self, width: int = 480, height: int = 360) -> npt.NDArray[np.uint8]:
        """Return an image (height, width, 3) of the table from the front."""
        return self.simulator.render(
            width, height, (1.3, 0.4, 0.65), (0.43, -0.02, 0.12)
        )

    def close(self) -> None:
        """Close the simulator."""
        self.simulator.close()

    def __enter__(self) -> Scene:
        """Return itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the simulator."""
        self.close()
