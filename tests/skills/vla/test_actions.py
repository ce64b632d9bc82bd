"""Actions of frames and control steps are each other's inverse."""

from __future__ import annotations

import numpy as np
import pytest

from jouleplan.domains.robot import YAW_STEP
from jouleplan.skills.vla.actions import (
    FRAME_STEPS,
    ControlStep,
    control_steps,
    frame_action,
    rooted,
    squared,
)


def frame(rng: np.random.Generator, n: int, closed: bool) -> list[ControlStep]:
    return [
        ControlStep(rng.uniform(-1, 1, 3), rng.uniform(-YAW_STEP, YAW_STEP), closed)
        for _ in range(n)
    ]


@pytest.mark.parametrize("n", range(1, FRAME_STEPS + 1))
def test_the_way_and_the_turn_of_a_frame_are_kept(n: int) -> None:
    rng = np.random.default_rng(n)
    steps = frame(rng, n, closed=True)
    told = control_steps(frame_action(steps), closed=True)
    assert len(told) == FRAME_STEPS
    moved = sum(squared(action[:3]) for _, action in told)
    assert moved == pytest.approx(sum(step.move for step in steps), abs=1e-6)
    turned = sum(turn for turn, _ in told)
    assert turned == pytest.approx(sum(step.turn for step in steps), abs=1e-6)
    assert all(action[3] < -0.5 for _, action in told)


@pytest.mark.parametrize("closed", [True, False])
def test_a_change_of_the_gripper_takes_the_first_step_alone(closed: bool) -> None:
    rng = np.random.default_rng(3)
    flip = ControlStep(np.zeros(3), 0.0, not closed)
    steps = [flip, *frame(rng, FRAME_STEPS - 1, not closed)]
    (turn, first), *others = control_steps(frame_action(steps), closed)
    assert turn == 0.0
    assert (first[3] > 0.5) == closed
    moved = sum(squared(action[:3]) for _, action in others)
    assert moved == pytest.approx(sum(step.move for step in steps), abs=1e-6)


def test_what_the_arm_is_told_is_squared() -> None:
    move = np.array((-1.0, 0.25, 0.0))
    assert rooted(move) == pytest.approx((-1.0, 0.5, 0.0))
    assert squared(rooted(move)) == pytest.approx(move)


def test_no_entry_leaves_its_range() -> None:
    rng = np.random.default_rng(4)
    for closed in (True, False):
        action = frame_action(frame(rng, FRAME_STEPS, closed))
        assert np.abs(action).max() <= 1
        for turn, told in control_steps(action, not closed):
            assert abs(turn) <= YAW_STEP + 1e-9
            assert np.abs(told).max() <= 1
