"""The executive: plan, act, sense, decide; no effect is assumed that was not sensed."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from jouleplan.domains.binding import Binding, SkillCall
from jouleplan.domains.facts import TABLE, Facts, atoms_of, check_initial
from jouleplan.domains.robot import CONTROL_STEP_S
from jouleplan.domains.scene import Scene
from jouleplan.domains.sense import sense
from jouleplan.domains.symbols import GroundOperator, State
from jouleplan.energy.meter import Meter
from jouleplan.planner.actor import Actor
from jouleplan.planner.course import Course
from jouleplan.planner.disturber import Disturber
from jouleplan.planner.episode import Episode, Executed, Kind
from jouleplan.planner.feasibility import Feasibility
from jouleplan.planner.gauge import Gauge, Start
from jouleplan.planner.options import Options
from jouleplan.planner.phases import by_phase
from jouleplan.planner.restore import Restoration, fallen, is_astray, next_restoration
from jouleplan.planner.solve import PlanResult, PlanStatus
from jouleplan.planner.task import Task
from jouleplan.skills.errors import SkillError
from jouleplan.skills.library import PolicySet
from jouleplan.skills.registry import SKILLS
from jouleplan.skills.skill import Skill, SkillResult, Workspace

ATTEMPTS: Final = 5
"""Tries of one ground operator or restoration before the episode is given up."""
HOME_AFTER: Final = 2
BEST_OF: Final = 4
"""Places that are compared by the plan they lead to."""
REPLANS: Final = 50
EXTRA_STEPS: Final = 200
JUDGED_AFTER_S: Final = 1.0


class GiveUp(Exception):  # noqa: N818 - an end of the episode, not an error
    """The episode cannot go on; the message is its cause."""


class Executive:
    """Carries out one task on one scene.

    Args:
        task: Domain, problem, binding and their files.
        scene: Built from the task's `:init`.
        policies: One a stage.
        meter: Whose phases everything is charged to.
        planning: What is asked of plan and replans.
        limited: Whether plans keep to what the arm can take, carry and reach.
        skills: What carries out each skill.
        disturber: An outside hand, or None.
        watchers: Called after every control step, e.g. to film.
        observer: Called with every state that is sensed.
        witness: Called with each operator whose effects were sensed, between the states
            sensed before and after it.
    """

    def __init__(
        self,
        task: Task,
        scene: Scene,
        policies: PolicySet,
        meter: Meter,
        *,
        seed: int,
        planning: Options = Options(),  # noqa: B008 - frozen
        limited: bool = True,
        skills: Mapping[str, Skill] = SKILLS,
        disturber: Disturber | None = None,
        watchers: tuple[Callable[[Scene], None], ...] = (),
        observer: Callable[[State], None] | None = None,
        witness: Callable[[State, GroundOperator, State], None] | None = None,
    ) -> None:
        """Prepare; nothing moves before ``run``."""
        self._task, self._scene, self._meter = task, scene, meter
        self._disturber = disturber or Disturber()
        self._observer, self._witness = observer, witness
        self._on_table = "on_table" in task.binding.classifiers.values()
        self.episode = Episode(task.name, task.problem_name, seed, PlanStatus.SOLVED)
        self._workspace = Workspace(scene, policies, meter.phase, list(watchers))
        if self._disturber.during is not None:
            self._workspace.watchers.append(self._disturb_during)
        scene.simulator.stepping = meter.phase("simulation")
        self._actor = Actor(self._workspace, self._on_table, skills)
        self._attempts: Counter[str] = Counter()
        self._home_at: Counter[str] = Counter()
        feasibility = Feasibility(task, scene.initial) if limited else None
        if feasibility is not None:
            self.episode.beyond = feasibility.breaches
        self._course = Course(task, meter, planning, feasibility)
        self._gauge = Gauge(meter, scene.robot)
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
            episode.init = state = self._sense()
            check_initial(self._task.problem, state, self._binding)
            self._first_plan()
            self._loop(state)
            episode.goal_reached = True
            episode.progress = 1.0
        except GiveUp as end:
            episode.cause = str(end)
        except SkillError as error:
            episode.cause = f"{type(error).__name__}: {error}"
        episode.energy = by_phase(self._meter.since(mark))
        episode.total = self._meter.total(mark)
        episode.mechanical_work_j = self._scene.robot.mechanical_work_j - work
        episode.simulated_s = self._scene.simulated_s - simulated
        episode.control_steps = self._actor.control_steps
        episode.wall_s = time.perf_counter() - began
        return episode

    # --- deciding ---

    def _first_plan(self) -> None:
        result, episode = self._course.begin(), self.episode
        episode.status, episode.engine = result.status, result.engine
        episode.notes = result.notes
        episode.plan = tuple(str(operator) for operator in result.plan)
        _require(result, "planning")

    def _loop(self, state: State) -> None:
        limit = EXTRA_STEPS + 3 * len(self._course.plan)
        while len(self.episode.executed) < limit:
            if is_astray(self._facts, self._binding):
                self._restore(state)
                state = self._sense()
                continue
            index = self._course.next(state)
            if index is None:
                self._replan(state)
                continue
            self._note_progress(index)
            if index == len(self._course.plan):
                if self._judge():
                    return
                state = self._sense()
                continue
            operator = self._course.plan[index]
            if self._disturber.before is not None:
                done = self._disturber.before(self._scene, state, operator)
                if done:
                    self.episode.disturbances.append(done)
                    state = self._sense()
                    continue
            state = self._execute(operator, state, f"kernel {index} holds")
        raise GiveUp(f"gave up after {limit} operators")

    def _note_progress(self, index: int) -> None:
        left, first = len(self._course.plan) - index, len(self.episode.plan)
        self.episode.progress = max(0.0, 1 - left / first) if first else None

    def _replan(self, state: State) -> None:
        if self.episode.replans >= REPLANS:
            raise GiveUp(f"gave up after {REPLANS} replans")
        self.episode.replans += 1
        _require(self._course.renew(state), "replanning")

    def _judge(self) -> bool:
        """Return whether the goal holds once the arm has let go and 1 s has passed."""
        if self._facts.held is None:
            self._actor.open()
        self._scene.wait(JUDGED_AFTER_S)
        state = self._sense()
        astray = is_astray(self._facts, self._binding)
        return not astray and self._task.problem.satisfied(state)

    # --- acting ---

    def _execute(self, operator: GroundOperator, state: State, reason: str) -> State:
        """Carry out an operator whose preconditions are sensed; sense again."""
        name = str(operator)
        if self._stuck(name):
            return self._go_home(state)
        if not operator.applicable(state):
            raise GiveUp(f"{name} was chosen although its preconditions do not hold")
        start = self._gauge.start()
        calls = self._binding.calls(operator)
        result = self._actor.call(calls)
        after = self._sense()
        fine = operator.shown(after) and not is_astray(self._facts, self._binding)
        states = (state, after)
        types = tuple(self._task.problem.objects[one] for one in operator.objects)
        self._record(
            name, "operator", fine, result, reason, start, states, calls, types
        )
        if fine and self._witness is not None:
            self._witness(state, operator, after)
        return after

    def _stuck(self, name: str) -> bool:
        """Count a try of ``name``; return whether the hand should go home first."""
        tries = self._attempts[name] + 1
        if tries > ATTEMPTS:
            raise GiveUp(f"{name} failed {ATTEMPTS} times")
        if tries > HOME_AFTER and self._home_at[name] < tries:
            self._home_at[name] = tries
            return True
        self._attempts[name] = tries
        return False

    def _go_home(self, before: State) -> State:
        """Leave a dead end; what is sensed afterwards decides anew."""
        start = self._gauge.start()
        result = self._actor.go_home(self._facts.held)
        state = self._sense()
        self._attempts["home()"] = 1
        states = (before, state)
        self._record(
            "home()", "recover", result.done, result, "two failures", start, states
        )
        return state

    def _restore(self, before: State) -> None:
        """Bring one object back that is astray, or free the hand for it."""
        heights = self._scene.heights
        if (name := fallen(self._facts, heights)) is not None:
            raise GiveUp(f"{name} fell off the table")
        task = self._task
        step = next_restoration(
            self._facts, self._last, heights, task.domain, task.problem, self._binding
        )
        assert step is not None
        for breach in self.episode.beyond:
            if breach.object == step.object:
                raise GiveUp(f"{step.object} {step.reason}, and {breach.reason}")
        onto = self._best_place(step)
        name = f"restore({step.object}{'' if onto is None else f', {onto}'})"
        if self._stuck(name):
            self._go_home(before)
            return
        calls = [] if onto is None else [SkillCall("place", step.object, onto)]
        if self._facts.held != step.object:
            calls.insert(0, SkillCall("pick", step.object))
        start = self._gauge.start()
        result = self._actor.call(tuple(calls))
        states = (before, self._sense())
        back = step.object not in self._facts.loose or onto == TABLE
        fine = result.done and back
        self._record(
            name, "restore", fine, result, step.reason, start, states, tuple(calls)
        )

    def _best_place(self, step: Restoration) -> str | None:
        """Return where to put a loose object: its last place, or the best other one.

        Of places that are equally allowed, the one from which the plan is shortest,
        once all else that is loose is back where it was.
        """
        if not step.onto:
            return None
        last = self._last.support.get(step.object)
        others = [place for place in step.onto if place != TABLE][:BEST_OF]
        if step.onto[0] == last or len(others) < 2:
            return step.onto[0]
        standing = {**self._last.support, **self._facts.support}

        def length(place: str) -> float:
            facts = Facts(
                {**standing, step.object: place},
                over=self._facts.over,
                switches=self._facts.switches,
            )
            state = atoms_of(facts, self._binding, self._task.problem)
            return self._course.length_from(state)

        return min(others, key=length)

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
        fine: bool,
        result: SkillResult,
        reason: str,
        start: Start,
        states: tuple[State, State],
        calls: tuple[SkillCall, ...] = (),
        types: tuple[str, ...] = (),
    ) -> None:
        outcome = "effect" if result.done else str(result.outcome)
        used = self._gauge.used(start)
        self.episode.executed.append(
            Executed(
                name,
                kind,
                "done" if fine else outcome,
                reason,
                result.detail,
                self._attempts[name],
                used.control_steps,
                used.control_steps * CONTROL_STEP_S,
                "+".join(call.skill for call in calls),
                types,
                used,
                *(states if self._witness is not None else ()),
            )
        )
        if fine:
            self._attempts[name] = self._home_at[name] = 0


def _require(result: PlanResult, what: str) -> None:
    """End the episode where ``result`` is no plan."""
    if result.status is not PlanStatus.SOLVED:
        raise GiveUp(f"{what} {result.status}: {result.detail}".rstrip(": "))


def _remember(now: Facts, last: Facts) -> Facts:
    """Return ``now``; of a held object, also where it last stood."""
    if now.held is None or now.held not in last.support:
        return now
    return replace(now, support={**now.support, now.held: last.support[now.held]})
