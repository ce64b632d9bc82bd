"""Rules: an independent check that no sensed placing breaks the puzzle's rules."""

from __future__ import annotations

from jouleplan.domains.facts import TABLE, placing
from jouleplan.domains.symbols import State
from jouleplan.planner.places import allowed_places
from jouleplan.planner.task import Task


class RuleWatch:
    """Looks at every sensed state, whatever planned or did what led to it.

    A body on another one is allowed where some operator that places it could have put
    it there, its static preconditions holding; in hanoi: never on a smaller disk. What
    `:init` shows is not held against anybody. A spot on the table, where a dropped body
    waits to be restored, is no relation of the domain and breaks none.

    Attributes:
        broken: The atoms that broke a rule, e.g. ``on(d3, d1)``, once each time.
    """

    def __init__(self, task: Task) -> None:
        """Find out what is allowed on what."""
        binding = task.binding
        self._classifiers = binding.classifiers
        self._allowed = {
            name: set(allowed_places(name, task.domain, task.problem, binding))
            for name, body in binding.bodies.items()
            if body.movable
        }
        self._before: set[str] = self._against(task.problem.init)
        self.broken: list[str] = []

    def __call__(self, state: State) -> None:
        """Note what breaks a rule in ``state`` and did not in the state before."""
        now = self._against(state)
        self.broken.extend(sorted(now - self._before))
        self._before = now

    def _against(self, state: State) -> set[str]:
        return {
            str(atom)
            for atom in state
            if (placed := placing(self._classifiers[atom.predicate], atom.objects))
            and placed[1] != TABLE
            and placed[1] not in self._allowed.get(placed[0], set())
        }
