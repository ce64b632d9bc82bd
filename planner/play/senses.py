"""Senses: the state and the facts of a scene at rest, while it is played."""

from __future__ import annotations

from jouleplan.domains.facts import Facts, atoms_of
from jouleplan.domains.scene import Scene
from jouleplan.domains.sense import sense
from jouleplan.domains.symbols import State
from jouleplan.energy.meter import Meter
from jouleplan.planner.task import Task


def at_rest(task: Task, scene: Scene, meter: Meter) -> tuple[State, Facts]:
    """Let things come to rest and return what is sensed then."""
    on_table = "on_table" in task.binding.classifiers.values()
    with meter.phase("control"):
        scene.settle()
    with meter.phase("sensing"):
        facts = sense(scene, on_table)
        return atoms_of(facts, task.binding, task.problem), facts
