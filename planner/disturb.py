"""The outside hand: moves things while the arm works, by the puzzle's rules."""

from __future__ import annotations

from typing import Final

import numpy as np

from jouleplan.domains.articulation import Array
from jouleplan.domains.facts import TABLE, Facts
from jouleplan.domains.layout import TOP_M
from jouleplan.domains.nut_layout import on_table, round_post
from jouleplan.domains.scene import Scene
from jouleplan.domains.sense import sense
from jouleplan.domains.symbols import GroundOperator, State
from jouleplan.planner.disturber import Disturber
from jouleplan.planner.places import allowed_places, is_free
from jouleplan.planner.task import Task

MOVED: Final = "moved"
KNOCKED: Final = "knocked"
SWITCHED: Final = "switched"
"""First words of what it says it did."""

_NOISE_M: Final = 0.002
_YAW_RAD: Final = np.deg2rad(10.0)
_DROP_M: Final = 0.01
_KNOCK_WITHIN: Final = 30
"""Control steps within which a body is knocked out, once an operator holds it."""
_HAND_ROOM_M: Final = (0.13, 0.07)
"""Sideways and downwards, how near to the hand it does not reach."""


class OutsideHand:
    """Acts before an operator with a given probability.

    It moves a clear body to another place that the domain's operators allow, switches
    a button, or knocks the held body onto a free spot of the table while the arm is
    carrying it.

    Args:
        task: Its operators say what is allowed.
        probability: That it acts, an operator.
        rng: Decides when and what.
    """

    def __init__(
        self, task: Task, probability: float, rng: np.random.Generator
    ) -> None:
        """Find out what is allowed on what."""
        self._task, self._probability, self._rng = task, probability, rng
        binding = task.binding
        self._on_table = "on_table" in binding.classifiers.values()
        self._allowed = {
            name: allowed_places(name, task.domain, task.problem, binding)
            for name, body in binding.bodies.items()
            if body.movable
        }
        self._victim: str | None = None
        self._steps_left = 0

    def disturber(self) -> Disturber:
        """Return what the executive calls."""
        return Disturber(before=self.before, during=self.during)

    def before(self, scene: Scene, state: State, operator: GroundOperator) -> str:
        """Maybe act; return what was done, or "" for nothing (yet)."""
        self._victim = None
        if self._rng.uniform() >= self._probability:
            return ""
        carried = self._carried(scene, operator)
        if carried is not None and self._rng.uniform() < 0.5:
            self._victim = carried
            self._steps_left = int(self._rng.integers(1, _KNOCK_WITHIN))
            return ""
        return self.move(scene)

    def during(self, scene: Scene) -> str:
        """Knock the held body away when its step has come; say so, else ""."""
        if self._victim is None:
            return ""
        if not all(scene.robot.touches(self._victim)):
            return ""
        self._steps_left -= 1
        if self._steps_left > 0:
            return ""
        victim, self._victim = self._victim, None
        return self.knock(scene, victim)

    def move(self, scene: Scene) -> str:
        """Move a clear body to another allowed place, or switch a button.

        "" where there is neither.
        """
        facts = sense(scene, self._on_table)
        moves = [
            (name, place)
            for name in scene.movables
            if name in facts.support and is_free(name, facts, scene.bodies)
            for place in self._allowed[name]
            if self._possible(scene, facts, name, place)
        ]
        buttons = scene.simulator.buttons
        moves += [(name, name) for name in buttons]
        if not moves:
            return ""
        name, place = moves[int(self._rng.integers(len(moves)))]
        if name in buttons:
            buttons[name].toggle()
            return f"{SWITCHED} {name} {'on' if buttons[name].on else 'off'}"
        centre = self._centre(scene, name, place)
        if scene.bodies[name].form is not None:
            self._lay_nut(scene, name, place, centre)
            return f"{MOVED} {name} from {facts.support[name]} to {place}"
        noise = (*self._rng.uniform(-_NOISE_M, _NOISE_M, 2), 0.001)
        yaw = float(self._rng.uniform(-_YAW_RAD, _YAW_RAD))
        scene.simulator.set_pose(name, (centre + noise).tolist(), yaw)
        return f"{MOVED} {name} from {facts.support[name]} to {place}"

    def knock(self, scene: Scene, name: str) -> str:
        """Put the held body ``name`` onto the table; "" where nothing is free."""
        spots = self._spots(scene, name)
        if not spots:
            return ""
        spot = spots[int(self._rng.integers(len(spots)))] + (0.0, 0.0, _DROP_M)
        if scene.bodies[name].form is not None:
            self._lay_nut(scene, name, TABLE, spot)
            return f"{KNOCKED} {name} out of the hand"
        yaw = float(self._rng.uniform(-np.pi, np.pi))
        scene.simulator.set_pose(name, spot.tolist(), yaw)
        return f"{KNOCKED} {name} out of the hand"

    def _lay_nut(self, scene: Scene, name: str, place: str, at: Array) -> None:
        """Put a nut round the post ``place`` or on the table, near ``at`` (3,) [m]."""
        form, on = scene.bodies[name].form, scene.bodies.get(place)
        assert form is not None
        if on is not None and on.form is not None:
            (x, y), yaw = round_post(form, on.form, at, self._rng)
        else:
            (x, y), yaw = on_table(form, at, self._rng)
        scene.simulator.set_pose(name, (x, y, float(at[2]) + 0.001), yaw)

    def _carried(self, scene: Scene, operator: GroundOperator) -> str | None:
        """Return the body that the arm holds, or that ``operator`` places."""
        for call in self._task.binding.calls(operator):
            if call.skill == "place":
                return call.object
        return sense(scene, self._on_table).held

    def _possible(self, scene: Scene, facts: Facts, name: str, place: str) -> bool:
        """Return whether ``name`` can be put on ``place`` without touching the arm."""
        if place in (name, facts.support[name]):
            return False
        if not is_free(place, facts, scene.bodies):
            return False
        if place != TABLE and scene.bodies[place].zone:
            return bool(self._spots(scene, name, place))
        if place == TABLE:
            return bool(self._spots(scene, name))
        centre = self._centre(scene, name, place)
        top = float(centre[2]) + scene.bodies[name].height / 2
        return top < TOP_M and _clear(scene, centre, top)

    def _centre(self, scene: Scene, name: str, place: str) -> Array:
        """Return where the centre of ``name`` comes to lie on ``place``, (3,) [m]."""
        if place == TABLE or scene.bodies[place].zone:
            spots = self._spots(scene, name, place)
            return spots[int(self._rng.integers(len(spots)))]
        centre = scene.axis(place).copy()
        centre[2] += (scene.bodies[place].height + scene.bodies[name].height) / 2
        return centre

    def _spots(self, scene: Scene, name: str, on: str = TABLE) -> list[Array]:
        """Return centres (3,) [m] on a surface, free of bodies and of the hand."""
        hand = scene.robot.state.ee_position
        z = scene.bodies[name].height / 2
        if on != TABLE:
            z += scene.standing(on).top
        return [np.array((x, y, z)) for x, y in scene.free_places(on, name, [hand])]


def _clear(scene: Scene, at: Array, top: float) -> bool:
    """Return whether a body whose top is at height ``top`` stays off the hand."""
    hand = scene.robot.state.ee_position
    sideways, down = _HAND_ROOM_M
    aside = float(np.hypot(*(at[:2] - hand[:2]))) > sideways
    return aside or top < float(hand[2]) - down
