"""Runner: one stage by its policy until done, time-out, drop or guard."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from jouleplan.domains.articulation import Array
from jouleplan.domains.scene import Scene
from jouleplan.skills.route import PASSING_M
from jouleplan.skills.skill import SkillOutcome, SkillResult, Workspace
from jouleplan.skills.stages import STEP_LIMIT, Stage, StageOutcome

GUARD_M: Final = 0.01
"""A bystander that has moved so far since the skill began stops the skill."""
_GUARD_EVERY: Final = 3

DONE: Final = SkillResult(SkillOutcome.DONE)


class Guard:
    """Watches the bodies that a skill must not move.

    Args:
        scene: Where they are.
        ours: The bodies that the skill moves, which are not watched.
    """

    def __init__(self, scene: Scene, *ours: str) -> None:
        """Note where every bystander is."""
        self._scene = scene
        self._at: dict[str, Array] = {
            n: scene.simulator.pose(n)[0] for n in scene.movables if n not in ours
        }
        self._presses = {
            n: b.presses for n, b in scene.simulator.buttons.items() if n not in ours
        }

    def moved(self) -> str | None:
        """Return a bystander that has moved or was pressed, or None."""
        for name, presses in self._presses.items():
            if self._scene.simulator.buttons[name].presses != presses:
                return name
        pose = self._scene.simulator.pose
        for name, at in self._at.items():
            if float(np.abs(pose(name)[0] - at).max()) > GUARD_M:
                return name
        return None


def run_stage(
    workspace: Workspace,
    name: str,
    *,
    goal: Array | None = None,
    block: str | None = None,
    tolerance: float = 0.006,
    guard: Guard | None = None,
) -> SkillResult:
    """Run stage ``name`` to its end.

    Args:
        workspace: World, policies and meter.
        name: One of ``STAGES``.
        goal: World position (3,) [m]; see ``Stage``.
        block: The block to take, or held.
        tolerance: For reach and move [m]; wide for a goal that is only passed.
        guard: Stops the stage when a bystander moves.

    Raises:
        PolicyOutputError: The policy answered with something that is no action.
    """
    scene, phase = workspace.scene, workspace.phase
    sensing, inference, control = phase("sensing"), phase("policy"), phase("control")
    policy = workspace.policies[name]
    stage = Stage(name, scene.simulator, scene.robot, goal, block, tolerance)
    for step in range(STEP_LIMIT[name]):
        with sensing:
            outcome = stage.outcome()
            if outcome is StageOutcome.RUNNING:
                observation = stage.observation()
                if guard is not None and step % _GUARD_EVERY == 0:
                    moved = guard.moved()
                    if moved is not None:
                        return SkillResult(SkillOutcome.GUARD, f"{name}: {moved} moved")
        if outcome is StageOutcome.DONE:
            return DONE
        if outcome is StageOutcome.FAILED:
            return SkillResult(SkillOutcome.DROPPED, f"{name}: {block} left the hand")
        with inference:
            raw = policy(observation)
        with control:
            scene.robot.step(stage.action(raw))
        for watch in workspace.watchers:
            watch(scene)
    if stage.outcome() is StageOutcome.DONE:
        return DONE
    return SkillResult(SkillOutcome.TIMEOUT, f"{name}: not done in {step + 1} steps")


def travel(
    workspace: Workspace,
    points: Sequence[Array],
    elbow: float,
    *,
    block: str | None = None,
    guard: Guard,
) -> SkillResult:
    """Bring the hand through ``points`` and leave the elbow as it is wanted.

    The elbow turns only once the hand is up: low down, what it was swung away from may
    still be there.

    Args:
        workspace: World, policies and meter.
        points: What to pass, each (3,) [m]; at the first one the hand is up.
        elbow: How far the elbow shall be swung before the hand goes down [rad].
        block: The block in the hand, or None.
        guard: Stops the hand when a bystander moves.
    """
    robot = workspace.scene.robot
    stage = "reach" if block is None else "move"
    for point in points:
        result = run_stage(
            workspace,
            stage,
            goal=point,
            block=block,
            tolerance=PASSING_M,
            guard=guard,
        )
        if not result.done:
            return result
        robot.elbow_goal = elbow
    robot.elbow_goal = elbow
    for _ in range(robot.swing_steps if elbow else 0):
        with workspace.phase("control"):
            robot.swing()
        for watch in workspace.watchers:
            watch(workspace.scene)
    return DONE
