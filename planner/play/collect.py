"""Collect: play, from random ground operators that noisy skills carry out.

Each segment follows one block from the hand's setting out for it to its letting go;
failures are kept. An episode goes on until its steps are spent or something lies where
the domain knows no place.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product
from typing import Final

import numpy as np
import numpy.typing as npt

from jouleplan.domains.facts import Facts
from jouleplan.domains.scene import Scene
from jouleplan.domains.skill_call import SkillCall
from jouleplan.domains.symbols import Domain, GroundOperator, Problem, State
from jouleplan.energy.meter import Meter
from jouleplan.planner.play.drive import drive
from jouleplan.planner.play.noise import NoisyPolicy
from jouleplan.planner.play.senses import at_rest
from jouleplan.planner.task import Task
from jouleplan.skills.gcrl.option_state import observe, to_world
from jouleplan.skills.gcrl.space import Floats
from jouleplan.skills.library import PolicySet
from jouleplan.skills.skill import Workspace

EPISODE_STEPS: Final = 1500
PUT_BACK_SHARE: Final = 0.1
"""How often a block just taken is put where it was."""


@dataclass(slots=True)
class Segment:
    """What was seen and done with one block.

    Attributes:
        block: Its name.
        observations: As options see them, (23,) each; one more than actions in the end.
        actions: As options command them, (4,) each.
        operators: The ground operator of every step.
        states: The symbolic state sensed before that operator, for every step.
        effects: How each operator of the segment went: (operator, whether its effects
            were sensed).
    """

    block: str
    observations: list[Floats] = field(default_factory=list)
    actions: list[Floats] = field(default_factory=list)
    operators: list[str] = field(default_factory=list)
    states: list[State] = field(default_factory=list)
    effects: list[tuple[str, bool]] = field(default_factory=list)


def applicable(
    state: State, domain: Domain, problem: Problem
) -> Iterator[GroundOperator]:
    """Yield the ground operators whose preconditions hold in ``state``."""
    for operator in domain.operators.values():
        choices = [
            [
                o
                for o, t in problem.objects.items()
                if any(domain.is_a(t, k) for k in ks)
            ]
            for ks in operator.types
        ]
        for objects in product(*choices):
            named = dict(zip(operator.parameters, objects, strict=True))
            if all(
                (named.get(left, left) == named.get(right, right)) == equal
                for left, right, equal in operator.equalities
            ):
                ground = operator.ground(objects)
                if ground.applicable(state):
                    yield ground


class Player:
    """Plays one scene until its steps are spent.

    Args:
        task: Whose operators are played.
        scene: Built from the task.
        policies: Trained stages.
        meter: Everything is charged to its phases.
        rng: Decides operators and noise.
    """

    def __init__(
        self,
        task: Task,
        scene: Scene,
        policies: PolicySet,
        meter: Meter,
        rng: np.random.Generator,
    ) -> None:
        """Disturb the policies and prepare to note what they do."""
        self._task, self._scene, self._rng = task, scene, rng
        noisy = {
            stage: NoisyPolicy(policy, stage, rng, self._note)
            for stage, policy in policies.policies.items()
        }
        self._workspace = Workspace(scene, PolicySet(noisy), meter.phase)
        self._meter = meter
        self._segment: Segment | None = None
        self._operator, self._state = "", frozenset[object]()

    def play(self, steps: int) -> Iterator[Segment]:
        """Yield segments until ``steps`` actions are noted, or nothing can be done."""
        done = 0
        state, facts = self._sense()
        while done < steps and not facts.loose:
            choices = list(applicable(state, self._task.domain, self._task.problem))
            if not choices:
                break
            operator = choices[self._rng.integers(len(choices))]
            state, facts = self._carry_out(operator, state)
            if self._segment is not None and (facts.held is None or facts.loose):
                segment, self._segment = self._close(self._segment), None
                done += len(segment.actions)
                yield segment
        if self._segment is not None:
            yield self._close(self._segment)

    def _carry_out(self, operator: GroundOperator, state: State) -> tuple[State, Facts]:
        """Run the skills of an operator until one fails; sense again."""
        self._operator, self._state = str(operator), state
        for call in self._task.binding.calls(operator):
            self._follow(call)
            if not drive(self._workspace, call).done:
                break
        after, facts = self._sense()
        assert self._segment is not None
        self._segment.effects.append((str(operator), operator.shown(after)))
        return after, facts

    def _follow(self, call: SkillCall) -> None:
        if self._segment is None or self._segment.block != call.object:
            self._segment = self._follow_block(call.object)

    def _follow_block(self, name: str) -> Segment:
        return Segment(name)

    def _note(self, action: npt.NDArray[np.float32]) -> None:
        segment = self._segment
        assert segment is not None
        segment.observations.append(observe(self._scene, segment.block))
        yaw = self._scene.robot.state.yaw
        segment.actions.append(to_world(action.astype(np.float64), yaw))
        segment.operators.append(self._operator)
        segment.states.append(self._state)  # type: ignore[arg-type]

    def _close(self, segment: Segment) -> Segment:
        segment.observations.append(observe(self._scene, segment.block))
        return segment

    def _sense(self) -> tuple[State, Facts]:
        return at_rest(self._task, self._scene, self._meter)
