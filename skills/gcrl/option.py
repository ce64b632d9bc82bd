"""Option: (initiation, policy, termination) of one ground operator's skill.

Its goal is the operator's effect in the space of goals, of several the one that the
value likes best. The value also says whether to set out, when to give up, and notices
a stall.

Source: Sutton, Precup and Singh, Between MDPs and semi-MDPs, 1999, for the triple;
step counts from values as in Park et al., HIQL, arXiv:2307.11949.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np

from jouleplan.domains.articulation import Array
from jouleplan.domains.robot import GRASP_ABOVE_CENTRE_M
from jouleplan.domains.scene import Scene
from jouleplan.domains.skill_call import SkillCall
from jouleplan.skills.approach import best_yaw
from jouleplan.skills.gcrl.calibration import Calibration
from jouleplan.skills.gcrl.goals import LIFT_M, Goal, best_goal, held_goals, rest_goals
from jouleplan.skills.gcrl.network import OptionNetwork
from jouleplan.skills.gcrl.option_state import as_lifted, observe
from jouleplan.skills.gcrl.rollout import STEP_LIMIT, Errand, Trace, roll
from jouleplan.skills.gcrl.space import Floats
from jouleplan.skills.place import placing_point
from jouleplan.skills.skill import SkillResult, Workspace

_TURN_M: Final = 0.02
"""So high above where it stood a block in the hand may turn."""
_NEAR_M: Final = 0.02
_RISEN_M: Final = 0.042


class Option:
    """Carries out ``pick``, ``place`` and ``move`` by one goal-conditioned network.

    Args:
        network: Of ``SPACE``.
        calibration: What its value is worth; None neither declines nor foretells.

    Attributes:
        network: As given.
        calibration: As given.
        trace: What it went through last.
    """

    def __init__(
        self, network: OptionNetwork, calibration: Calibration | None = None
    ) -> None:
        """Keep both."""
        self.network, self.calibration = network, calibration
        self.trace = Trace()

    @property
    def valued(self) -> bool:
        """Whether its network has a value."""
        return self.network.valued

    def pick(self, workspace: Workspace, call: SkillCall) -> SkillResult:
        """Take ``call.object`` and lift it by 8 cm or a little more."""
        scene = workspace.scene
        scene.robot.yaw_goal = best_yaw(scene, call.object)
        start = scene.simulator.pose(call.object)[0]
        width = float(scene.simulator.size(call.object)[:2].min())
        goals = held_goals(start, width, np.random.default_rng(0))
        done = lifted(scene, call.object, start)
        return self._run(workspace, call.object, goals, done)

    def place(self, workspace: Workspace, call: SkillCall) -> SkillResult:
        """Put the held ``call.object`` on ``call.on`` and rise by 5 cm, hand open."""
        assert call.on is not None
        workspace.scene.robot.yaw_goal = 0.0
        centre = placing_point(workspace, call.object, call.on)
        goals = rest_goals(centre, np.random.default_rng(0))
        done = put(workspace.scene, call.object, centre)
        return self._run(workspace, call.object, goals, done)

    def move(self, workspace: Workspace, call: SkillCall) -> SkillResult:
        """Take ``call.object`` and put it on ``call.on``, all to one goal.

        The hand's turn is not the option's: it suits the block until that hangs free,
        and is square to the world from then on.
        """
        assert call.on is not None
        scene = workspace.scene
        scene.robot.yaw_goal = best_yaw(scene, call.object)
        start = scene.simulator.pose(call.object)[0]
        centre = placing_point(workspace, call.object, call.on)
        goals = rest_goals(centre, np.random.default_rng(0))
        done = put(scene, call.object, centre)
        turn = squared(scene, call.object, start)
        return self._run(workspace, call.object, goals, done, turn, 2 * STEP_LIMIT)

    def foretell(self, workspace: Workspace, call: SkillCall) -> float | None:
        """Return the control steps that ``call`` is expected to take from here.

        A place of a block that is not in the hand is seen from where a pick would leave
        it. Nothing moves. Without a calibrated value it is None.
        """
        if self.calibration is None:
            return None
        scene, rng = workspace.scene, np.random.default_rng(0)
        seen = observe(scene, call.object)
        if call.on is None:
            start = scene.simulator.pose(call.object)[0]
            width = float(scene.simulator.size(call.object)[:2].min())
            goals = held_goals(start, width, rng)
        else:
            goals = rest_goals(placing_point(workspace, call.object, call.on), rng)
            if call.skill == "place" and not all(scene.robot.touches(call.object)):
                seen = as_lifted(scene, call.object, LIFT_M)
        value = best_goal(self.network, seen, goals)[1]
        return None if value is None else self.calibration.steps(value)

    def _run(
        self,
        workspace: Workspace,
        block: str,
        goals: Sequence[Goal],
        done: Callable[[], bool],
        tend: Callable[[], None] = lambda: None,
        limit: int = STEP_LIMIT,
    ) -> SkillResult:
        scene = workspace.scene

        def seen() -> Floats:
            return observe(scene, block)

        with workspace.phase("policy"):
            (goal, mask), _ = best_goal(self.network, seen(), goals)
        errand = Errand((block,), seen, goal, mask, done, tend, limit=limit)
        result, self.trace = roll(workspace, self.network, errand, self.calibration)
        return result


def lifted(scene: Scene, block: str, start: Array) -> Callable[[], bool]:
    """Return a test of whether ``block`` hangs in the hand above ``start`` (3,) [m]."""

    def done() -> bool:
        high = scene.simulator.pose(block)[0][2] > start[2] + LIFT_M - 0.02
        return bool(high and all(scene.robot.touches(block)))

    return done


def put(scene: Scene, block: str, centre: Array) -> Callable[[], bool]:
    """Return a test of whether ``block`` lies at ``centre`` (3,) [m], hand risen."""

    def done() -> bool:
        state, at = scene.robot.state, scene.simulator.pose(block)[0]
        near = float(np.abs(at - centre).max()) < _NEAR_M
        risen = state.ee_position[2] > at[2] + GRASP_ABOVE_CENTRE_M + _RISEN_M
        return bool(not state.closed and near and risen)

    return done


def squared(scene: Scene, block: str, start: Array) -> Callable[[], None]:
    """Return what turns the hand square once ``block`` hangs above ``start`` (3,)."""

    def turn() -> None:
        free = scene.simulator.pose(block)[0][2] > start[2] + _TURN_M
        if free and all(scene.robot.touches(block)):
            scene.robot.yaw_goal = 0.0

    return turn
