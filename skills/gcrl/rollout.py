"""Rollout: an option's network from its start to done, time-out, stall or guard.

Whether it is done is judged by hand and block, never by the value. The value says
whether to set out at all and when to give up.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from jouleplan.domains.articulation import Array
from jouleplan.skills.gcrl.calibration import Calibration, steps_left
from jouleplan.skills.gcrl.network import OptionNetwork
from jouleplan.skills.gcrl.option_state import SPACE, decided, to_gripper
from jouleplan.skills.gcrl.space import Floats, GoalSpace
from jouleplan.skills.runner import DONE, Guard
from jouleplan.skills.skill import SkillOutcome, SkillResult, Workspace

STEP_LIMIT: Final = 220
"""Control steps of a skill whose option has no calibrated value."""
LATE: Final = 4.0
"""So many times the steps that are expected are a time-out."""
LEAST_STEPS: Final = 100
"""A time-out leaves at least so many: an option that errs needs some to mend it."""
STALL_STEPS: Final = 60
"""Steps without a better value after which an option is stuck."""
PATIENCE_STEPS: Final = 8
"""Steps without a better value after which actions are drawn, not the policy's mean:
between two things to do, such as to lower a block and to let go, the mean does neither.
"""
SPREAD: Final = (0.3, 0.3, 0.3, 0.3)
"""Standard deviations of drawn actions."""
BETTER: Final = 0.25
"""A value is better by so much, or it has not risen."""
_GUARD_EVERY: Final = 3


@dataclass(slots=True)
class Trace:
    """What an option went through, for records and pictures.

    Attributes:
        steps: Control steps made.
        limit: Control steps that it was given.
        values: V at every step; empty without a value.
        way_points: What a hierarchical policy headed for, bare goals each.
    """

    steps: int = 0
    limit: int = 0
    values: list[float] = field(default_factory=list)
    way_points: list[Floats] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Errand:
    """What an option is asked for.

    Attributes:
        blocks: What it may move.
        observe: Returns what is observed now.
        goal: Shape (size of ``space``,).
        mask: Which entries of the goal are asked for, of the same shape.
        done: Whether its effects show.
        tend: Called before every step, e.g. to turn the hand.
        space: Of goal and observation.
        limit: Control steps where the value does not say how many.
    """

    blocks: tuple[str, ...]
    observe: Callable[[], Floats]
    goal: Floats
    mask: Floats
    done: Callable[[], bool]
    tend: Callable[[], None] = lambda: None
    space: GoalSpace = SPACE
    limit: int = STEP_LIMIT


def roll(
    workspace: Workspace,
    network: OptionNetwork,
    errand: Errand,
    calibration: Calibration | None = None,
) -> tuple[SkillResult, Trace]:
    """Run an option to its end.

    Args:
        workspace: World and meter.
        network: Of the errand's space.
        errand: What is asked.
        calibration: What its value is worth; None neither declines nor foretells.
    """
    phase, trace = workspace.phase, Trace(limit=errand.limit)
    guard = Guard(workspace.scene, *errand.blocks)
    best, best_at = -math.inf, 0
    rng = np.random.default_rng(0)  # the same scene goes the same way
    while True:
        with phase("sensing"):
            if errand.done():
                return DONE, trace
            if trace.steps >= trace.limit:
                break
            moved = guard.moved() if trace.steps % _GUARD_EVERY == 0 else None
            if moved is not None:
                return _ended(SkillOutcome.GUARD, f"{moved} moved"), trace
            errand.tend()
            seen = errand.observe()
            achieved = errand.space.achieved(seen)
            asked = errand.space.encode(achieved, errand.goal, errand.mask)
        with phase("policy"):
            answer = network(seen, asked)
        if answer.way_point.size:
            trace.way_points.append(answer.way_point)
        if answer.value is not None:
            trace.values.append(answer.value)
            if trace.steps == 0 and calibration is not None:
                if answer.value < calibration.bound:
                    return _declined(answer.value, calibration), trace
                expected = LATE * calibration.steps(answer.value)
                trace.limit = math.ceil(max(LEAST_STEPS, expected))
            if answer.value > best + BETTER:
                best, best_at = answer.value, trace.steps
            if trace.steps - best_at > STALL_STEPS:
                left = f"stalled {steps_left(best):.0f} steps before done"
                return _ended(SkillOutcome.TIMEOUT, left), trace
        action = answer.action.astype(np.float64)
        if trace.steps - best_at > PATIENCE_STEPS and trace.values:
            action = action + rng.normal(0.0, SPREAD)
        trace.steps += 1
        _act(workspace, action)
    return _ended(SkillOutcome.TIMEOUT, f"not done in {trace.steps} steps"), trace


def _act(workspace: Workspace, action: Array) -> None:
    scene = workspace.scene
    with workspace.phase("control"):
        turned = to_gripper(decided(action), scene.robot.state.yaw)
        scene.robot.step(turned.astype(np.float64))
    for watch in workspace.watchers:
        watch(scene)


def _declined(value: float, calibration: Calibration) -> SkillResult:
    told, most = calibration.steps(value), calibration.steps(calibration.bound)
    return _ended(
        SkillOutcome.DECLINED,
        f"declined, its value is {value:.1f} ({told:.0f} steps) and of starts that "
        f"went well at least {calibration.bound:.1f} ({most:.0f})",
    )


def _ended(outcome: SkillOutcome, why: str) -> SkillResult:
    return SkillResult(outcome, f"option: {why}")
