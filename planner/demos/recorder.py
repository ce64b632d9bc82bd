"""Recorder: what is seen and commanded in each frame while skills act.

It stands between the policies and the arm: it is asked before every control step, so
that what waits (settling, judging) leaves no frame.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from jouleplan.domains.articulation import Array
from jouleplan.domains.robot import YAW_STEP
from jouleplan.domains.scene import Scene
from jouleplan.energy.meter import Meter
from jouleplan.planner.demos.noise import Drift
from jouleplan.skills.library import PolicySet
from jouleplan.skills.policy import StagePolicy
from jouleplan.skills.stages import USES_GRIPPER, Observation
from jouleplan.skills.vla.actions import (
    FRAME_STEPS,
    ControlStep,
    frame_action,
    rooted,
    squared,
)
from jouleplan.skills.vla.views import observation


@dataclass(slots=True)
class Frame:
    """One frame under way.

    Attributes:
        seen: Pictures and proprioception, of ``views.observation``.
        closed: The gripper's command before it.
        poses: Of the bodies, shape (bodies, 7).
        executed: How many operators had ended when it began: its operator's index.
        step: Control step at which it began.
        steps: What was commanded in it.
    """

    seen: dict[str, npt.NDArray[np.generic]]
    closed: bool
    poses: Array
    executed: int
    step: int
    steps: list[ControlStep] = field(default_factory=list)

    @property
    def action(self) -> npt.NDArray[np.float32]:
        """Its action (7,)."""
        return frame_action(self.steps)


class Recorder:
    """Records one episode.

    Args:
        scene: With an arm that is drawn.
        side: Width of the pictures [px].
        meter: Its phase "rendering" is charged.
        drift: Disturbs the arm; None leaves it alone.

    Attributes:
        frames: So far.
        ended: Returns how many operators have ended; set before the episode.
    """

    def __init__(
        self, scene: Scene, side: int, meter: Meter, drift: Drift | None
    ) -> None:
        """Record nothing yet."""
        self._scene, self._side, self._drift = scene, side, drift
        self._rendering = meter.phase("rendering")
        self.frames: list[Frame] = []
        self.ended: Callable[[], int] = lambda: 0

    def policies(self, policies: PolicySet) -> PolicySet:
        """Return ``policies``, recorded and disturbed."""
        return PolicySet(
            {
                stage: _Recorded(policy, stage, self)
                for stage, policy in policies.policies.items()
            }
        )

    def command(self, told: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """Take note of what the arm (4,) is told next; return it, disturbed."""
        robot = self._scene.robot
        closed = robot.closed_by(told)
        changes = closed != robot.closed
        frame = self._frame(changes)
        if changes:
            frame.steps.append(ControlStep(np.zeros(3), 0.0, closed))
            return told
        move = squared(told[:3].astype(np.float64))
        turn = float(np.clip(robot.yaw_goal - robot.yaw, -YAW_STEP, YAW_STEP))
        frame.steps.append(ControlStep(move, turn, closed))
        if self._drift is None:
            return told
        disturbed = told.copy()
        disturbed[:3] = rooted(np.clip(move + self._drift(), -1.0, 1.0))
        return disturbed

    def _frame(self, changes: bool) -> Frame:
        """Return the frame of the next control step; a new one where that is due."""
        ended, step = self.ended(), self._scene.robot.control_steps
        if self.frames:
            last = self.frames[-1]
            room = len(last.steps) < FRAME_STEPS and not changes
            if room and ended == last.executed and step == last.step + len(last.steps):
                return last
        with self._rendering:
            frame = Frame(
                {
                    name.partition("/")[2]: value
                    for name, value in observation(self._scene, "", self._side).items()
                    if name != "prompt"
                },
                self._scene.robot.closed,
                self._poses(),
                ended,
                step,
            )
        self.frames.append(frame)
        return frame

    def _poses(self) -> Array:
        pose = self._scene.simulator.pose
        return np.array([np.concatenate(pose(name)) for name in self._scene.bodies])


class _Recorded:
    """A policy whose commands are recorded, and disturbed."""

    def __init__(self, policy: StagePolicy, stage: str, recorder: Recorder) -> None:
        self._policy, self._recorder = policy, recorder
        self._gripper = USES_GRIPPER[stage]
        self.path = policy.path

    def __call__(self, observation: Observation) -> npt.NDArray[np.float32]:
        """Return the action (4,) for an observation, disturbed."""
        told = self._policy(observation).copy()
        if not self._gripper:
            told[3] = 0.0
        return self._recorder.command(told)
