"""Judge: the test of success and the progress, from physics, the same for every method.

What it does is charged to the phase ``JUDGING``, which no method pays for.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from jouleplan.domains.errors import InitialStateError
from jouleplan.domains.facts import atoms_of, facts_of
from jouleplan.domains.scene import Scene
from jouleplan.domains.sense import sense
from jouleplan.domains.symbols import State
from jouleplan.energy.meter import Meter
from jouleplan.planner.executive import JUDGED_AFTER_S
from jouleplan.planner.methods.reference import Reference
from jouleplan.planner.restore import is_astray
from jouleplan.planner.rules import RuleWatch
from jouleplan.planner.task import Task

JUDGING: Final = "judging"
_OPEN: Final = np.array((0.0, 0.0, 0.0, 1.0))


class Judge:
    """Watches one episode.

    Args:
        task: What is to be done.
        scene: Looked at.
        meter: Its phase ``JUDGING`` is charged.
        reference: Says how many operators a state is from the goal.
    """

    def __init__(
        self, task: Task, scene: Scene, meter: Meter, reference: Reference
    ) -> None:
        """Take `:init` for the first state."""
        self._task, self._scene, self._reference = task, scene, reference
        self._phase = meter.phase(JUDGING)
        self._rules = RuleWatch(task)
        self._last = task.problem.init
        self._on_table = "on_table" in task.binding.classifiers.values()

    @property
    def broken(self) -> tuple[str, ...]:
        """Placings that broke the domain's rules, as sensed."""
        return tuple(self._rules.broken)

    def see(self, state: State) -> None:
        """Take note of a state that was sensed."""
        with self._phase:
            self._note(state)

    def look(self) -> bool:
        """Sense; return whether the goal shows, whatever still moves."""
        with self._phase:
            return self._look()

    def test(self) -> bool:
        """Return whether the goal holds once the arm has let go and 1 s has passed.

        An empty hand is opened first, as the executive does.
        """
        with self._phase:
            facts = sense(self._scene, self._on_table)
            if facts.held is None and self._scene.robot.closed:
                self._scene.robot.step(_OPEN)
            self._scene.wait(JUDGED_AFTER_S)
            return self._look()

    def progress(self, reached: bool) -> float | None:
        """Return the share of the operators done, 0 to 1, in whatever legal order.

        That is one minus the length of a plan from the last whole and legal state over
        that of the plan from `:init`. What follows a broken rule is not counted, nor is
        a state with a body in no place that the domain knows.

        Args:
            reached: Whether the goal was reached.

        Returns:
            None where no plan was found from there.
        """
        if reached and not self.broken:
            return 1.0
        left = self._reference.distance(self._last)
        if left is None:
            return None
        return min(1.0, max(0.0, 1 - left / max(1, self._reference.operators)))

    def _look(self) -> bool:
        facts = sense(self._scene, self._on_table)
        state = atoms_of(facts, self._task.binding, self._task.problem)
        self._note(state)
        astray = is_astray(facts, self._task.binding)
        return not astray and self._task.problem.satisfied(state)

    def _note(self, state: State) -> None:
        self._rules(state)
        if self._rules.broken:
            return
        try:
            facts_of(state, self._task.binding, self._task.problem)
        except InitialStateError:
            return  # a body is loose
        self._last = state
