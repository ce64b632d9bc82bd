"""Option: (initiation, policy, termination) of one ground operator's skill.

Its goal is the operator's effect in the space of goals; whether it was reached is
judged by hand and block, never by the value. The value gives the time-out and notices
a stall.

Source: Sutton, Precup and Singh, Between MDPs and semi-MDPs, 1999, for the triple;
step counts from values as in Park et al., HIQL, arXiv:2307.11949.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from jouleplan.domains.articulation import Array
from jouleplan.domains.robot import GRASP_ABOVE_CENTRE_M
from jouleplan.domains.skill_call import SkillCall
from jouleplan.skills.approach import best_yaw
from jouleplan.skills.gcrl.network import OptionNetwork
from jouleplan.skills.gcrl.option_state import (
    SPACE,
    decided,
    held_goal,
    observe,
    rest_goal,
    to_gripper,
)
from jouleplan.skills.gcrl.space import Floats
from jouleplan.skills.place import placing_point
from jouleplan.skills.runner import Guard
from jouleplan.skills.skill import SkillOutcome, SkillResult, Workspace

LIFT_M: Final = 0.08
"""A picked block ends so much higher than it stood."""
RETREAT_M: Final = 0.05
STEP_LIMIT: Final = 220
STALL_STEPS: Final = 60
"""Steps without a better value after which an option is stuck."""
PATIENCE_STEPS: Final = 8
"""Steps without a better value after which actions are drawn, not the policy's mean:
between two things to do, such as to lower a block and to let go, the mean does neither.
"""
SPREAD: Final = (0.3, 0.3, 0.3, 0.3)
"""Standard deviations of drawn actions."""
DISCOUNT: Final = 0.99
_GUARD_EVERY: Final = 3


@dataclass(slots=True)
class Trace:
    """What an option went through, for records and pictures.

    Attributes:
        steps: Control steps made.
        values: V at every step; empty without a value.
        way_points: What a hierarchical policy headed for, bare goals (7,) each.
    """

    steps: int = 0
    values: list[float] = field(default_factory=list)
    way_points: list[Floats] = field(default_factory=list)


def steps_left(value: float, discount: float = DISCOUNT) -> float:
    """Return the control steps that V speaks of: ln(1 + (1 - gamma) V) / ln gamma.

    Exact for a reward of -1 a step and a value that is; optimistic as learned.
    """
    share = min(1.0, max(1e-9, 1.0 + (1.0 - discount) * value))
    return math.log(share) / math.log(discount)


class Option:
    """Carries out ``pick`` and ``place`` by one goal-conditioned network.

    Args:
        network: Of ``SPACE``.
    """

    def __init__(self, network: OptionNetwork) -> None:
        """Keep the network."""
        self._network = network
        self.trace = Trace()

    def pick(self, workspace: Workspace, call: SkillCall) -> SkillResult:
        """Take ``call.object`` and lift it by 8 cm."""
        scene = workspace.scene
        scene.robot.yaw_goal = best_yaw(scene, call.object)
        start = scene.simulator.pose(call.object)[0]
        width = float(scene.simulator.size(call.object)[:2].min())
        goal, mask = held_goal(start + (0, 0, LIFT_M), width)

        def done() -> bool:
            height = scene.simulator.pose(call.object)[0][2]
            lifted = height > start[2] + LIFT_M - 0.02
            return bool(lifted and all(scene.robot.touches(call.object)))

        return self._run(workspace, call.object, goal, mask, done)

    def place(self, workspace: Workspace, call: SkillCall) -> SkillResult:
        """Put the held ``call.object`` on ``call.on`` and rise by 5 cm, hand open."""
        scene = workspace.scene
        assert call.on is not None
        scene.robot.yaw_goal = 0.0
        centre = placing_point(workspace, call.object, call.on)
        hand = centre + (0, 0, GRASP_ABOVE_CENTRE_M + RETREAT_M)
        goal, mask = rest_goal(centre, hand)

        def done() -> bool:
            state = scene.robot.state
            block = scene.simulator.pose(call.object)[0]
            near = float(np.abs(block - centre).max()) < 0.02
            risen = state.ee_position[2] > block[2] + GRASP_ABOVE_CENTRE_M + 0.042
            return bool(not state.closed and near and risen)

        return self._run(workspace, call.object, goal, mask, done)

    def _run(
        self,
        workspace: Workspace,
        block: str,
        goal: Floats,
        mask: Floats,
        done: Callable[[], bool],
    ) -> SkillResult:
        scene, phase = workspace.scene, workspace.phase
        guard, self.trace = Guard(scene, block), Trace()
        best, best_at = -math.inf, 0
        rng = np.random.default_rng(0)  # the same scene goes the same way
        for step in range(STEP_LIMIT):
            with phase("sensing"):
                if done():
                    return SkillResult(SkillOutcome.DONE)
                moved = guard.moved() if step % _GUARD_EVERY == 0 else None
                if moved is not None:
                    return SkillResult(SkillOutcome.GUARD, f"option: {moved} moved")
                seen = observe(scene, block)
                asked = SPACE.encode(SPACE.achieved(seen), goal, mask)
            with phase("policy"):
                answer = self._network(seen, asked)
            self.trace.steps = step + 1
            if answer.way_point.size:
                self.trace.way_points.append(answer.way_point)
            if answer.value is not None:
                self.trace.values.append(answer.value)
                if answer.value > best + 0.25:
                    best, best_at = answer.value, step
                if step - best_at > STALL_STEPS:
                    detail = f"option: stalled {steps_left(best):.0f} steps before done"
                    return SkillResult(SkillOutcome.TIMEOUT, detail)
            action = answer.action.astype(np.float64)
            if step - best_at > PATIENCE_STEPS and self.trace.values:
                action = action + rng.normal(0.0, SPREAD)
            self._act(workspace, action)
        return SkillResult(
            SkillOutcome.TIMEOUT, f"option: not done in {step + 1} steps"
        )

    def _act(self, workspace: Workspace, action: Array) -> None:
        scene = workspace.scene
        with workspace.phase("control"):
            turned = to_gripper(decided(action), scene.robot.state.yaw)
            scene.robot.step(turned.astype(np.float64))
        for watch in workspace.watchers:
            watch(scene)
