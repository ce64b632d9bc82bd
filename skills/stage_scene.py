"""Stage scene: the random scenes in which a stage is practised and judged."""

from __future__ import annotations

from typing import Final

import numpy as np

from jouleplan.domains.articulation import Array
from jouleplan.domains.button import BUTTON_WIDTHS_M
from jouleplan.domains.robot import GRASP_ABOVE_CENTRE_M, Robot
from jouleplan.domains.simulator import Simulator
from jouleplan.skills.stages import Stage, pressing_point

WIDTHS_M: Final = (0.034, 0.066)
HEIGHTS_M: Final = (0.030, 0.045)
PRACTICE_SHARE: Final = 0.4
TRAVELS_M: Final = (0.01, 0.015)
SPRINGS_N: Final = (2.0, 6.0)
CAP_SHARES: Final = (0.5, 0.8)
BLOCK: Final = "block"
SUPPORT: Final = "support"
PILLAR: Final = "pillar"
_PILLAR_M: Final = 0.6


class StageScene:
    """Random blocks, buttons, supports, heights, places and hand offsets.

    The block is of any trained width and height and stands on another movable block,
    off its centre by up to 15 mm. That one stands on a pillar of any height up to a
    tower of eight, which it may overhang by up to 13 mm.

    Args:
        simulator: The world; emptied and filled anew each time.
        robot: The arm in it.
        practice: Start part of the scenes next to the gripper's change.
    """

    def __init__(self, simulator: Simulator, robot: Robot, practice: bool) -> None:
        """Keep what the scenes are made in."""
        self._simulator, self._robot, self._practice = simulator, robot, practice
        self._support_width = 0.0
        self._rng = np.random.default_rng()

    def lay_out(self, name: str, rng: np.random.Generator) -> Stage:
        """Return the stage ``name`` about to begin in a new scene."""
        self._rng = rng
        simulator = self._simulator
        for box in (BLOCK, SUPPORT, PILLAR):
            if box in simulator.names:
                simulator.remove(box)
        self._robot.teleport(np.array((0.4, 0.0, 0.5)))  # out of the way
        place = self._anywhere()
        if name == "reach" or name == "move":
            start = np.array((*place, rng.uniform(0.08, 0.5)))
            goal = np.array((*self._anywhere(), rng.uniform(0.05, 0.5)))
            goal = start + rng.choice((0.1, 0.4, 1.0)) * (goal - start)
        yaw = rng.uniform(-0.8, 0.8)
        if name == "press":
            return self._add_button(place, yaw)
        if name == "reach":
            self._robot.teleport(start, yaw)
            return Stage("reach", simulator, self._robot, goal)
        width, height = rng.uniform(*WIDTHS_M), rng.uniform(*HEIGHTS_M)
        height = min(height, width)
        size = (width, width, height)
        if name == "move":
            self._hold_block(start, yaw, size)
            return Stage("move", simulator, self._robot, goal, BLOCK)
        top = self._add_support(place, yaw, width)
        if name == "grasp":
            offset = rng.uniform(-0.015, 0.015, 2)
            offset *= min(1.0, (self._support_width / 2 - 0.006) / 0.015)
            at = np.array((*(place + offset), top + height / 2))
            simulator.add_box(BLOCK, size, at, yaw=yaw, mass=0.08)
            simulator.step(30)
            hand = simulator.pose(BLOCK)[0] + (0, 0, GRASP_ABOVE_CENTRE_M)
            hand += self._start_above(0.05, 0.075)
            turn = rng.normal() * 0.04
            self._robot.teleport(hand, yaw + turn)
            return Stage("grasp", simulator, self._robot, block=BLOCK)
        goal = np.array((*(place + rng.uniform(-0.006, 0.006, 2)), top + height / 2))
        hand = goal + (0, 0, GRASP_ABOVE_CENTRE_M) + self._start_above(0.03, 0.065)
        self._hold_block(hand, yaw + rng.normal() * 0.03, size)
        return Stage("release", simulator, self._robot, goal, BLOCK)

    def _add_button(self, place: Array, yaw: float) -> Stage:
        """Put a button of any make on the pillar, and closed fingers above it."""
        rng, simulator = self._rng, self._simulator
        height = 0.0 if rng.random() < 0.5 else rng.uniform(0.02, 0.2)
        simulator.add_box(
            PILLAR, (0.1, 0.1, _PILLAR_M), (*place, height - _PILLAR_M / 2), yaw=yaw
        )
        travel, width = rng.uniform(*TRAVELS_M), rng.uniform(*BUTTON_WIDTHS_M)
        tall = rng.uniform(travel + 0.01, 0.06)
        simulator.add_button(
            BLOCK,
            (width, width, tall),
            (*place, height + tall / 2),
            yaw=yaw,
            on=rng.random() < 0.5,
            travel_m=travel,
            spring_n=rng.uniform(*SPRINGS_N),
            cap_share=rng.uniform(*CAP_SHARES),
        )
        hand = pressing_point(simulator, BLOCK) + self._start_above(0.03, 0.075)
        if hand[2] < height + tall:  # practice begins with the cap about to go down
            hand[2] += travel
        self._robot.teleport(hand, yaw + rng.normal() * 0.04, opening=0.0)
        return Stage("press", simulator, self._robot, block=BLOCK)

    def _anywhere(self) -> Array:
        """Return a place (2,) [m] that the arm reaches at every height in use."""
        while True:
            place = self._rng.uniform((0.34, -0.42), (0.64, 0.42))
            if np.hypot(*place) < 0.7:
                return place

    def _start_above(self, low: float, high: float) -> Array:
        """Return where the hand starts (3,) [m], seen from where it shall work."""
        rng = self._rng
        if self._practice and rng.random() < PRACTICE_SHARE:
            return np.array((*rng.uniform(-0.003, 0.003, 2), rng.uniform(0.001, 0.01)))
        spread = 0.007 if rng.random() < 0.8 else 0.015
        return np.array((*rng.uniform(-spread, spread, 2), rng.uniform(low, high)))

    def _add_support(self, place: Array, yaw: float, width: float) -> float:
        """Put a movable support on the pillar; return the height of its top [m]."""
        rng = self._rng
        height = 0.0 if rng.random() < 0.25 else rng.uniform(0.02, 0.3)
        self._support_width = min(0.068, width + rng.choice((0.0, 0.004, 0.012)))
        # half of the pillars are as narrow as a block, and the support overhangs them
        wide = rng.random() < 0.5
        overhang = min(0.013, self._support_width / 2 - 0.008) * (not wide)
        shift = rng.uniform(-overhang, overhang, 2)
        self._simulator.add_box(
            PILLAR,
            (*((0.1, 0.1) if wide else (self._support_width,) * 2), _PILLAR_M),
            (*(place + shift), height - _PILLAR_M / 2),
            yaw=yaw,
        )
        size = (self._support_width, self._support_width, 0.035)
        top = height + 0.035
        self._simulator.add_box(
            SUPPORT,
            size,
            (*place, top - 0.0175),
            yaw=yaw + rng.normal() * 0.1,
            mass=0.08,
        )
        return top

    def _hold_block(
        self, hand: Array, yaw: float, size: tuple[float, float, float]
    ) -> None:
        """Start with a block between the closed fingers, a little off their centre."""
        rng = self._rng
        self._robot.teleport(hand, yaw, opening=size[0])
        along = rng.uniform(-0.006, 0.006)
        at = hand + (
            -np.sin(yaw) * along,
            np.cos(yaw) * along,
            -GRASP_ABOVE_CENTRE_M + rng.uniform(-0.003, 0.003),
        )
        self._simulator.add_box(BLOCK, size, at, yaw=yaw, mass=0.08)
        self._robot.hold(4)
