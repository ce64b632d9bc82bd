"""Actor: the arm's part of the executive: skills, an open hand, the way home."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

import numpy as np

from jouleplan.domains.binding import SkillCall
from jouleplan.domains.sense import sense
from jouleplan.domains.skill_call import PARTS
from jouleplan.skills.pick import rise
from jouleplan.skills.registry import SKILLS
from jouleplan.skills.runner import run_stage
from jouleplan.skills.skill import Skill, SkillResult, Workspace

_OPEN: Final = np.array((0.0, 0.0, 0.0, 1.0))
_OPENS: Final = ("pick", "move")
"""Skills that the hand sets out for with nothing in it."""
_ABOVE_HOME_M: Final = 0.1
_NEAR_HOME_M: Final = 0.02


class Actor:
    """Carries out skill calls on a workspace.

    Args:
        workspace: World, policies and meter.
        on_table: Whether the table is a place that the domain knows.
        skills: What carries out each skill.
    """

    def __init__(
        self,
        workspace: Workspace,
        on_table: bool,
        skills: Mapping[str, Skill] = SKILLS,
    ) -> None:
        """Keep the workspace; nothing moves."""
        self._skills = skills
        self._workspace, self._on_table = workspace, on_table

    @property
    def control_steps(self) -> int:
        """Control steps made since the scene was built."""
        return self._workspace.scene.robot.control_steps

    def call(self, calls: tuple[SkillCall, ...]) -> SkillResult:
        """Run skills in their order, up to one that does not go to its end.

        After that one the hand rises, with what it holds.
        """
        assert calls
        for call in _at_one_go(calls):
            if call.skill in _OPENS:
                self.open()
            result = self._skills[call.skill](self._workspace, call)
            if not result.done:
                self._rise()
                break
        return result

    def open(self) -> None:
        """Open the hand if it is closed."""
        robot = self._workspace.scene.robot
        if robot.closed:
            with self._workspace.phase("control"):
                robot.step(_OPEN)

    def go_home(self, held: str | None) -> SkillResult:
        """Bring the hand above its home by the learned reach, or move."""
        robot = self._workspace.scene.robot
        robot.yaw_goal = 0.0
        return run_stage(
            self._workspace,
            "reach" if held is None else "move",
            goal=np.array(robot.model.home) + (0, 0, _ABOVE_HOME_M),
            block=held,
            tolerance=_NEAR_HOME_M,
        )

    def _rise(self) -> None:
        with self._workspace.phase("sensing"):
            held = sense(self._workspace.scene, self._on_table).held
        rise(self._workspace, held)


def _at_one_go(calls: tuple[SkillCall, ...]) -> Iterator[SkillCall]:
    """Yield the calls, the parts of a whole as that whole."""
    for call in calls:
        if call.whole is None:
            yield call
        elif call.skill == PARTS[call.whole][-1]:  # has all that the whole takes
            yield replace(call, skill=call.whole, whole=None)
