"""Trials: one operator, one move, two moves; by one option, or by a planner with it.

Each trial has a scene of its own, of seeds that no play, training or calibration has
seen, and what is to be done is drawn on it: the same for every option and way.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np

from jouleplan.domains.facts import TABLE, Facts
from jouleplan.domains.pddl import read_problem
from jouleplan.domains.scene import Scene
from jouleplan.domains.symbols import State
from jouleplan.energy.meter import Meter
from jouleplan.energy.statistics import wilson_interval
from jouleplan.planner.actor import Actor
from jouleplan.planner.evaluate import Series, draw_problem, task_of
from jouleplan.planner.executive import Executive
from jouleplan.planner.play.moves import Move, moves
from jouleplan.planner.play.senses import at_rest
from jouleplan.planner.run import build_scene
from jouleplan.planner.task import SymbolicTask, Task, bind
from jouleplan.skills.gcrl.option import Option
from jouleplan.skills.library import load_policies
from jouleplan.skills.registry import SKILLS
from jouleplan.skills.skill import Skill, Workspace
from tests.benchmarks.horizon.options import PairOption

HORIZONS: Final = ("operator", "move", "two moves")
WAYS: Final = ("one option", "options in turn", "planner")
"""One option for all; one a skill, each tried once; the executive, which tries again
and replans."""
TRIAL_SEED: Final = 30_000_000
_STREAM: Final = 8


@dataclass(frozen=True, slots=True)
class Deed:
    """What is to be done in a trial.

    Attributes:
        moves: One or two, of different blocks.
        placing: Of the horizon "operator": whether it is the second half of a move.
    """

    moves: tuple[Move, ...]
    placing: bool = False


@dataclass(slots=True)
class Outcome:
    """How the trials of one cell went.

    Attributes:
        right: Whether the effects were sensed, one a trial.
        steps: Control steps of each.
        causes: What was said of failures -> how often.
        cpu_s: In all [s].
        energy_j: In all [J]; None if unknown.
    """

    right: list[bool] = field(default_factory=list)
    steps: list[int] = field(default_factory=list)
    causes: Counter[str] = field(default_factory=Counter)
    cpu_s: float = 0.0
    energy_j: float | None = 0.0

    def as_dict(self) -> dict[str, Any]:
        """Return what is kept of it."""
        n, right = len(self.right), sum(self.right)
        low, high = wilson_interval(right, n)
        well = [s for s, r in zip(self.steps, self.right, strict=True) if r]
        return {
            "episodes": n,
            "successes": right,
            "wilson_95": [round(low, 4), round(high, 4)],
            "median_control_steps_of_successes": float(np.median(well or [0])),
            "causes": dict(self.causes.most_common(6)),
            "cpu_s": round(self.cpu_s, 1),
            "energy_j": self.energy_j,
        }


def draw_deed(
    task: Task, state: State, horizon: str, rng: np.random.Generator
) -> Deed | None:
    """Return what is to be done from ``state``; None where nothing can be.

    Two blocks that both go on the table are left out: their places are not told apart
    before the first has moved.
    """
    choices = moves(task, state)
    if not choices:
        return None
    first = choices[rng.integers(len(choices))]
    if horizon != "two moves":
        placing = horizon == "operator" and bool(rng.integers(2))
        return Deed((first,), placing)
    further = [
        move
        for move in moves(task, first.after)
        if move.place.object != first.place.object
        and not move.place.on == first.place.on == TABLE
        and move.after != state
    ]
    if not further:
        return None
    return Deed((first, further[rng.integers(len(further))]))


def try_deeds(
    every: Sequence[Series],
    horizon: str,
    way: str,
    single: Option,
    pair: PairOption | None,
    count: int,
    tell: Callable[[str], None],
) -> Outcome:
    """Return how ``count`` trials went, in turn on scenes of each series.

    Args:
        every: Whose scenes are laid out.
        horizon: One of ``HORIZONS``.
        way: One of ``WAYS``.
        single: Option of one block.
        pair: Option of two, for two moves by one option.
        count: How many trials.
        tell: Called with a line now and then.
    """
    outcome, meter, seed = Outcome(), Meter(), TRIAL_SEED
    with meter.phase("trials"):
        while len(outcome.right) < count:
            series = every[(seed - TRIAL_SEED) % len(every)]
            with tempfile.TemporaryDirectory(prefix="jouleplan-") as folder:
                task = task_of(draw_problem(series, seed, Path(folder)))
                trial = _Trial(task, seed, horizon, way, single, pair, Path(folder))
                right = trial.run(outcome)
            if right is not None:
                outcome.right.append(right)
                if len(outcome.right) % 10 == 0:
                    so_far = f"{sum(outcome.right)} of {len(outcome.right)}"
                    tell(f"{horizon}, {way}: {so_far}")
            seed += 1
    used = meter.total()
    outcome.cpu_s, outcome.energy_j = used.cpu_s, used.energy_j
    return outcome


class _Trial:
    """One trial on one scene."""

    def __init__(
        self,
        task: Task,
        seed: int,
        horizon: str,
        way: str,
        single: Option,
        pair: PairOption | None,
        folder: Path,
    ) -> None:
        self._task, self._seed, self._folder = task, seed, folder
        self._horizon, self._way = horizon, way
        own = {"pick": single.pick, "place": single.place, "move": single.move}
        self._own: Mapping[str, Skill] = {**SKILLS, **own}
        self._pair, self._meter = pair, Meter()

    def run(self, outcome: Outcome) -> bool | None:
        """Return whether it went well, noting the rest; None where nothing fits."""
        with build_scene(self._task, self._seed) as scene:
            state, _ = at_rest(self._task, scene, self._meter)
            rng = np.random.default_rng((self._seed, _STREAM))
            deed = draw_deed(self._task, state, self._horizon, rng)
            if deed is None:
                return None
            if deed.placing and not self._take(scene, deed.moves[0]):
                return None
            before = scene.robot.control_steps
            if self._way == "planner" and self._horizon != "operator":
                right, cause = self._plan(scene, deed)
            else:
                cause = self._act(scene, deed)
                after, facts = at_rest(self._task, scene, self._meter)
                right = self._shown(deed, after, facts)
            outcome.steps.append(scene.robot.control_steps - before)
            if not right:
                outcome.causes[cause or "effects were not sensed"] += 1
            return right

    def _take(self, scene: Scene, move: Move) -> bool:
        """Take a block by the policies of stages, for a place to be tried."""
        self._actor(scene, SKILLS).call((move.pick,))
        _, facts = at_rest(self._task, scene, self._meter)
        return facts.held == move.pick.object and not facts.loose

    def _actor(self, scene: Scene, skills: Mapping[str, Skill]) -> Actor:
        on_table = "on_table" in self._task.binding.classifiers.values()
        return Actor(self._workspace(scene), on_table, skills)

    def _workspace(self, scene: Scene) -> Workspace:
        return Workspace(scene, load_policies(), self._meter.phase)

    def _act(self, scene: Scene, deed: Deed) -> str:
        """Carry out a deed without a planner; return what was said in the end."""
        if self._horizon == "operator":
            move = deed.moves[0]
            call = move.place if deed.placing else move.pick
            return self._actor(scene, self._own).call((call,)).detail
        if self._way == "one option" and len(deed.moves) == 2:
            assert self._pair is not None
            first, second = (move.call for move in deed.moves)
            return self._pair.run(self._workspace(scene), first, second).detail
        calls = [move.call for move in deed.moves]
        if self._way == "options in turn":
            calls = [call for move in deed.moves for call in (move.pick, move.place)]
        for call in calls:
            result = self._actor(scene, self._own).call((call,))
            at_rest(self._task, scene, self._meter)
            if not result.done:
                break
        return result.detail

    def _shown(self, deed: Deed, after: State, facts: Facts) -> bool:
        """Return whether what was sensed is what the deed leads to."""
        if self._horizon == "operator" and not deed.placing:
            return facts.held == deed.moves[0].pick.object and not facts.loose
        return after == deed.moves[-1].after and not facts.loose

    def _plan(self, scene: Scene, deed: Deed) -> tuple[bool, str]:
        """Have a planner find the deed as a goal; return whether it held, and why."""
        task = _with_goal(self._task, deed.moves[-1].after, self._folder)
        executive = Executive(
            task,
            scene,
            load_policies(),
            self._meter,
            seed=self._seed,
            skills=self._own,
        )
        episode = executive.run()
        return episode.goal_reached, episode.cause


def _with_goal(task: Task, goal: State, folder: Path) -> Task:
    """Return a task whose goal is what changes of ``goal``, written as PDDL."""
    static = task.domain.static_predicates()
    atoms = sorted(
        f"({' '.join((atom.predicate, *atom.objects))})"
        for atom in goal
        if atom.predicate not in static
    )
    text = task.problem_pddl.read_text(encoding="utf-8")
    start = text.index("(:goal")
    depth, end = 0, start
    while True:
        depth += {"(": 1, ")": -1}.get(text[end], 0)
        end += 1
        if depth == 0:
            break
    file = folder / "deed.pddl"
    file.write_text(
        f"{text[:start]}(:goal (and {' '.join(atoms)})){text[end:]}", encoding="utf-8"
    )
    problem = read_problem(file, task.domain)
    return bind(SymbolicTask(task.files, task.domain, problem, file))
