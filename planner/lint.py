"""Lint: whether a domain folder can be carried out, shown on the scene of a problem."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from jouleplan.domains.binding import Binding
from jouleplan.domains.body import Color
from jouleplan.domains.catalogue import DomainFiles
from jouleplan.domains.errors import DomainError, InitialStateError
from jouleplan.domains.facts import (
    STATIC,
    atoms_of,
    check_initial,
    facts_of,
    static_atoms,
)
from jouleplan.domains.limits import Breach
from jouleplan.domains.pddl import read_domain, read_problem
from jouleplan.domains.proposal.match import never_shown
from jouleplan.domains.symbols import State
from jouleplan.planner.feasibility import Feasibility, finder
from jouleplan.planner.misfits import misfits
from jouleplan.planner.options import Options
from jouleplan.planner.solve import PlanStatus
from jouleplan.planner.task import SymbolicTask, Task, bind

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from jouleplan.domains.scene import Scene
    from jouleplan.domains.simulator import Visuals

PLANNED_IN_S: Final = 10.0
"""Wall seconds for a plan that keeps the arm's limits, where these may rule all out."""


@dataclass(frozen=True, slots=True)
class Box:
    """A body as seen from the front, for drawing.

    Attributes:
        name: Of the body; empty for each further box of it.
        centre: World frame, (3,) [m].
        size: Full extents, (3,) [m].
        color: Red, green, blue, opacity from 0 to 1.
    """

    name: str
    centre: tuple[float, ...]
    size: tuple[float, ...]
    color: Color


@dataclass(frozen=True, slots=True)
class Lint:
    """What is wrong with a domain as bound for one problem.

    Attributes:
        problem: Name of the problem's file.
        faults: One message each, with what is allowed; empty if all is well.
        init: The atoms of `:init` that are sensed, none where binding failed.
        sensed: The atoms sensed on the scene.
        boxes: The scene, empty where none could be built.
        image: The scene from the camera, (height, width, 3), if it was asked for.
        beyond: What of the scene is beyond the arm; a fault only where the goal cannot
            be reached without it.
        by: Operator -> the skill sets that domain.toml names for it, where it does.
    """

    problem: str
    faults: tuple[str, ...]
    init: State = frozenset()
    sensed: State = frozenset()
    boxes: tuple[Box, ...] = ()
    image: npt.NDArray[np.uint8] | None = None
    beyond: tuple[Breach, ...] = ()
    by: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def fine(self) -> bool:
        """Whether there are no faults."""
        return not self.faults


def lint(
    files: DomainFiles, problem_pddl: Path, seed: int, camera: bool = False
) -> Lint:
    """Read, bind, build the scene from `:init`, sense it, and compare.

    Args:
        files: The domain's files.
        problem_pddl: The problem.
        seed: Of the scene.
        camera: Also take a picture.
    """
    name = problem_pddl.stem
    try:
        domain = read_domain(files.domain_pddl)
        problem = read_problem(problem_pddl, domain)
        task = bind(SymbolicTask(files, domain, problem, problem_pddl))
        return lint_task(task, seed, camera)
    except DomainError as error:
        return Lint(name, tuple(getattr(error, "faults", (str(error),))))


def lint_task(task: Task, seed: int, camera: bool = False) -> Lint:
    """Build the scene of a bound task from `:init`, sense it, and compare.

    Args:
        task: With its binding.
        seed: Of the scene.
        camera: Also take a picture.

    Raises:
        DomainError: No scene can be built.
    """
    import numpy as np

    from jouleplan.domains.scene import Scene
    from jouleplan.domains.sense import sense

    binding, problem = task.binding, task.problem
    facts = facts_of(problem.init, binding, problem)
    rng = np.random.default_rng(seed)
    visuals: Visuals = "meshes" if camera else "none"
    with Scene(binding.bodies, binding.layout, facts, rng, visuals=visuals) as scene:
        scene.settle()
        seen = sense(scene, "on_table" in binding.classifiers.values())
        sensed = atoms_of(seen, binding, problem)
        boxes = tuple(_boxes(scene))
        image = scene.picture(640, 480) if camera else None
        feasibility = Feasibility(task, scene.initial)
    faults = [*_effects(task), *misfits(task)]
    faults += [
        f"{name} lies loose on the scene of :init" for name in sorted(seen.loose)
    ]
    try:
        check_initial(problem, sensed, binding)
    except InitialStateError as error:
        faults += error.faults
    faults += _ruled_out(task, feasibility)
    given = problem.init - static_atoms(problem.init, binding)
    shown = sensed - static_atoms(sensed, binding)
    beyond = feasibility.breaches
    name, by = task.problem_name, named_sets(binding)
    return Lint(name, tuple(faults), given, shown, boxes, image, beyond, by)


def named_sets(binding: Binding) -> dict[str, tuple[str, ...]]:
    """Return operator -> the skill sets that domain.toml names for it, each once."""
    found = {
        name: tuple(dict.fromkeys(call.by for call in calls if call.by is not None))
        for name, calls in binding.skills.items()
    }
    return {name: sets for name, sets in found.items() if sets}


def _ruled_out(task: Task, feasibility: Feasibility) -> Iterator[str]:
    """Yield why no plan keeps the arm's limits, where these may be in the way."""
    if not feasibility.may_rule_out:
        return

    options = Options(time_limit_s=PLANNED_IN_S)
    found = feasibility.plan(finder(task), options, task.problem.init)
    if found.status is PlanStatus.UNSOLVABLE:
        yield found.detail


def _effects(task: Task) -> Iterator[str]:
    """Yield the effects that the bound skills never show."""
    binding = task.binding
    sensed = {p: c for p, c in binding.classifiers.items() if c != STATIC}
    for name, operator in task.domain.operators.items():
        for fault in never_shown(operator, binding.skills[name], sensed):
            yield f"operators.{name}: {fault}"


def _boxes(scene: Scene) -> Iterator[Box]:
    for body in scene.bodies.values():
        if body.form is None:
            centre = scene.simulator.pose(body.name)[0]
            yield Box(body.name, tuple(map(float, centre)), body.size, body.color)
            continue
        for number, box in enumerate(scene.outline(body.name)):
            name = "" if number else body.name
            yield Box(name, tuple(map(float, box.position)), box.extents, body.color)
