"""The executive: plan, act, sense, decide; no effect is assumed that was not sensed."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from jouleplan.domains.binding import Binding, SkillCall
from jouleplan.domains.facts import Facts, atoms_of, check_initial
from jouleplan.domains.robot import HOME
from jouleplan.domains.scene import Scene
from jouleplan.domains.sense import sense
from jouleplan.domains.symbols import GroundOperator, State
from jouleplan.energy.account import OTHER
from jouleplan.energy.meter import Meter
from jouleplan.energy.reading import Reading, add_readings
from jouleplan.planner.episode import Episode, Executed, Kind
from jouleplan.planner.kernels import kernels, largest_kernel
from jouleplan.planner.restore import next_restoration
from jouleplan.planner.solve import PlanResult, PlanStatus, solve, solve_from
from jouleplan.planner.task import Task
from jouleplan.skills.errors import SkillError
from jouleplan.skills.library import PolicySet
from jouleplan.skills.registry import SKILLS
from jouleplan.skills.runner import run_stage
from jouleplan.skills.skill import SkillResult, Workspace

ATTEMPTS: Final = 5
"""Tries of one ground operator or restoration before the episode is given up."""
HOME_AFTER: Final = 2
REPLANS: Final = 50
EXTRA_STEPS: Final = 200
JUDGED_AFTER_S: Final = 1.0
LOST_BELOW_M: Final = -0.05


class GiveUp(Exception):  # noqa: N818 - an end of the episode, not an error
    """The episode cannot go on; the message is its cause."""


@dataclass(slots=True)
class Disturber:
    """An outside hand: called before every operator and after every control step.

    Attributes:
        before: Called with (scene, state, next operator); says what it did, or "".
        during: Called with the scene after every control step; says what it did.
    """

    before: Callable[[Scene, State, GroundOperator], str] | None = None
    during: Callable[[Scene], str] | None = None


class Executive:
    """Carries out one task on one scene.

    Args:
        task: Domain, problem, binding and their files.
        scene: Built from the task's `:init`.
        policies: One a stage.
        meter: Whose phases everything is charged to.
        engine: Engine for plan and replans.
        time_limit_s: For each planning [s].
        disturber: An outside hand, or None.
        watchers: Called after every control step, e.g. to film.
        observer: Called with every state that is sensed.
    """

    def __init__(
        self,
        task: Task,
        scene: Scene,
        policies: PolicySet,
        meter: Meter,
        *,
        seed: int,
        engine: str = "auto",
        time_limit_s: float = 30.0,
        disturber: Disturber | None = None,
        watchers: tuple[Callable[[Scene], None], ...] = (),
        observer: Callable[[State], None] | None = None,
    ) -> None:
        """Prepare; nothing moves before ``run``."""
        self._task, self._scene, self._meter = task, scene, meter
        self._engine, self._limit = engine, time_limit_s
        self._seed = seed
        self._disturber = disturber or Disturber()
        self._observer = observer
        self._on_table = "on_table" in task.binding.classifiers.values()
        self.episode = Episode(task.name, task.problem_name, seed, PlanStatus.SOLVED)
        self._workspace = Workspace(scene, policies, meter.phase, list(watchers))
        if self._disturber.during is not None:
            self._workspace.watchers.append(self._disturb_during)
        scene.simulator.stepping = meter.phase("simulation")
        self._attempts: Counter[str] = Counter()
        self._plan: tuple[GroundOperator, ...] = ()
        self._facts = Facts({})
        self._last = Facts({})

    @property
    def _binding(self) -> Binding:
        return self._task.binding

    def run(self) -> Episode:
        """Return the episode, its energy filled in; physics is left as it ended."""
        began, work = time.perf_counter(), self._scene.robot.mechanical_work_j
        simulated = self._scene.simulated_s
        episode, mark = self.episode, self._meter.mark()
        try:
            state = self._sense()
            check_initial(self._task.problem, state, self._binding)
            self._first_plan()
            self._loop(state)
            episode.goal_reached = True
        except GiveUp as end:
            episode.cause = str(end)
        except SkillError as error:
            episode.cause = f"{type(error).__name__}: {error}"
        episode.energy = by_phase(self._meter.since(mark))
        episode.total = self._meter.total(mark)
        episode.mechanical_work_j = self._scene.robot.mechanical_work_j - work
        episode.simulated_s = self._scene.simulated_s - simulated
        episode.wall_s = time.perf_counter() - began
        return episode

    # --- deciding ---

    def _first_plan(self) -> None:
        task = self._task
        with self._meter.phase("planning"):
            result = solve(
                task.domain,
                task.problem,
                task.files.domain_pddl,
                task.problem_pddl,
                engine=self._engine,
                time_limit_s=self._limit,
            )
        episode = self.episode
        episode.status, episode.engine = result.status, result.engine
        episode.notes = result.notes
        episode.plan = tuple(str(o) for o in result.plan)
        self._take(result, "planning")

    def _take(self, result: PlanResult, what: str) -> None:
        if result.status is not PlanStatus.SOLVED:
            raise GiveUp(f"{what} {result.status}: {result.detail}".rstrip(": "))
        self._plan = result.plan
        goal, negative = self._task.problem.goal, self._task.problem.negative_goal
        self._kernels = kernels(self._plan, goal, negative)

    def _loop(self, state: State) -> None:
        limit = EXTRA_STEPS + 3 * len(self._plan)
        while len(self.episode.executed) < limit:
            if self._facts.loose:
                self._restore()
                state = self._sense()
                continue
            index = largest_kernel(self._kernels, state)
            if index is None:
                self._replan(state)
                continue
            if index == len(self._plan):
                if self._judge():
                    return
                state = self._sense()
                continue
            operator = self._plan[index]
            if self._disturber.before is not None:
                done = self._disturber.before(self._scene, state, operator)
                if done:
                    self.episode.disturbances.append(done)
                    state = self._sense()
                    continue
            state = self._execute(operator, state, f"kernel {index} holds")
        raise GiveUp(f"gave up after {limit} operators")

    def _replan(self, state: State) -> None:
        if self.episode.replans >= REPLANS:
            raise GiveUp(f"gave up after {REPLANS} replans")
        self.episode.replans += 1
        with self._meter.phase("planning"):
            result = solve_from(
                self._task.domain,
                self._task.problem,
                state,
                self._task.files.domain_pddl,
                engine=self._engine,
                time_limit_s=self._limit,
            )
        self._take(result, "replanning")

    def _judge(self) -> bool:
        """Return whether the goal holds once the arm has let go and 1 s has passed."""
        if self._scene.robot.closed and self._facts.held is None:
            self._open()
        self._scene.wait(JUDGED_AFTER_S)
        state = self._sense()
        return not self._facts.loose and self._task.problem.satisfied(state)

    # --- acting ---

    def _execute(self, operator: GroundOperator, state: State, reason: str) -> State:
        """Carry out an operator whose preconditions were sensed; sense again."""
        assert operator.applicable(state), f"{operator} in {state}"
        name = str(operator)
        tries = self._count(name)
        start = self._scene.robot.control_steps
        result = self._call(self._binding.calls(operator))
        after = self._sense()
        shown = operator.add_effects <= after
        gone = not (operator.delete_effects - operator.add_effects) & after
        fine = shown and gone and not self._facts.loose
        outcome = (
            "done" if fine else str(result.outcome if not result.done else "effect")
        )
        if fine:
            self._attempts[name] = 0
        self._record(name, "operator", outcome, reason, result.detail, tries, start)
        return after

    def _count(self, name: str) -> int:
        tries = self._attempts[name] = self._attempts[name] + 1
        if tries > ATTEMPTS:
            raise GiveUp(f"{name} failed {ATTEMPTS} times")
        if tries > HOME_AFTER:
            self._go_home()
        return tries

    def _call(self, calls: tuple[SkillCall, ...]) -> SkillResult:
        for call in calls:
            scene = self._scene
            with self._meter.phase("control"):
                if call.skill == "pick" and scene.robot.closed:
                    scene.robot.step(np.array((0.0, 0.0, 0.0, 1.0)))
            result = SKILLS[call.skill](self._workspace, call)
            if not result.done:
                self._rise()
                return result
        return result

    def _rise(self) -> None:
        from jouleplan.skills.pick import rise

        with self._meter.phase("sensing"):
            held = sense(self._scene, self._on_table).held
        rise(self._workspace, held)

    def _open(self) -> None:
        with self._meter.phase("control"):
            self._scene.robot.step(np.array((0.0, 0.0, 0.0, 1.0)))

    def _go_home(self) -> None:
        """Leave a dead end: the learned reach, or move, brings the hand home."""
        start = self._scene.robot.control_steps
        held = self._facts.held
        stage = "reach" if held is None else "move"
        self._scene.robot.yaw_goal = 0.0
        goal = np.array(HOME) + (0, 0, 0.1)
        result = run_stage(
            self._workspace, stage, goal=goal, block=held, tolerance=0.02
        )
        self._sense()
        self._record(
            "home()",
            "recover",
            str(result.outcome),
            "two failures",
            result.detail,
            1,
            start,
        )

    def _restore(self) -> None:
        heights = {
            n: float(self._scene.simulator.pose(n)[0][2]) for n in self._scene.movables
        }
        for name in self._facts.loose:
            if heights[name] < LOST_BELOW_M:
                raise GiveUp(f"{name} fell off the table")
        task = self._task
        step = next_restoration(
            self._facts, self._last, heights, task.domain, task.problem, self._binding
        )
        assert step is not None
        start = self._scene.robot.control_steps
        onto = step.onto[0] if step.onto else None
        place = () if onto is None else (SkillCall("place", step.object, onto),)
        pick = (
            () if self._facts.held == step.object else (SkillCall("pick", step.object),)
        )
        name = f"restore({step.object}{'' if onto is None else f', {onto}'})"
        tries = self._count(name)
        result = self._call((*pick, *place))
        self._sense()
        back = step.object not in self._facts.loose or onto == "table"
        outcome = "done" if back and result.done else str(result.outcome)
        if outcome == "done" and not back:
            outcome = "effect"
        self._record(name, "restore", outcome, step.reason, result.detail, tries, start)

    # --- sensing and recording ---

    def _sense(self) -> State:
        """Let things come to rest and sense them."""
        with self._meter.phase("control"):
            self._scene.settle()
        with self._meter.phase("sensing"):
            self._facts = sense(self._scene, self._on_table)
            if not self._facts.loose:
                self._last = _remember(self._facts, self._last)
            state = atoms_of(self._facts, self._binding, self._task.problem)
        if self._observer is not None:
            self._observer(state)
        return state

    def _disturb_during(self, scene: Scene) -> None:
        assert self._disturber.during is not None
        done = self._disturber.during(scene)
        if done:
            self.episode.disturbances.append(done)

    def _record(
        self,
        name: str,
        kind: Kind,
        outcome: str,
        reason: str,
        detail: str,
        tries: int,
        start: int,
    ) -> None:
        steps = self._scene.robot.control_steps - start
        self.episode.executed.append(
            Executed(name, kind, outcome, reason, detail, tries, steps, steps / 30)
        )


def _remember(now: Facts, last: Facts) -> Facts:
    """Return ``now``; of a held object, also where it last stood."""
    if now.held is None or now.held not in last.support:
        return now
    return Facts({**now.support, now.held: last.support[now.held]}, now.held)


def by_phase(readings: Mapping[str, Reading]) -> dict[str, Reading]:
    """Sum the leaves by their own names, whatever they were nested in."""
    grouped: dict[str, list[Reading]] = {}
    for path, reading in readings.items():
        name = path.rsplit("/", 1)[-1].removesuffix(OTHER)
        grouped.setdefault(name, []).append(reading)
    return {name: add_readings(group) for name, group in sorted(grouped.items())}
