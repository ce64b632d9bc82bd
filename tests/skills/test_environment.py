"""StageEnv: Gymnasium's rules, reproducible scenes, and what counts as success."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env

from jouleplan.domains.robot import MAX_STEP_M
from jouleplan.skills.environment import FAILURE_COST, SUCCESS_REWARD, StageEnv
from jouleplan.skills.stages import (
    ACTION_SIZE,
    HOLDING,
    OBSERVATION_SIZE,
    STAGES,
    STEP_LIMIT,
    USES_GRIPPER,
    Observation,
)

Action = np.ndarray
Controller = Callable[[Observation], Action]
OPEN = np.array((0.0, 0.0, 0.0, 1.0), dtype=np.float32)
CLOSED = 14
"""Index of the gripper's command in the observation."""


@pytest.fixture(params=STAGES)
def env(request: pytest.FixtureRequest) -> Iterator[StageEnv]:
    env = StageEnv(request.param)
    yield env
    env.close()


def to_go(observation: Observation) -> np.ndarray:
    """Return the goal delta (3,) [m] from the finest scale that is not clipped."""
    coarse, middle, fine = observation[0:3], observation[3:6], observation[6:9]
    delta = np.where(abs(middle) < 1, middle * 0.03, coarse * 0.2)
    return np.where(abs(fine) < 1, fine * 0.008, delta)


def scripted(stage: str) -> Controller:
    """Return a plain proportional controller that sees only the observation."""

    def act(observation: Observation) -> Action:
        delta = to_go(observation)
        speed = (delta - 0.7 * observation[17:20] * 0.02) / MAX_STEP_M
        action = np.clip(np.sign(speed) * np.sqrt(np.abs(speed)), -1, 1)
        gripper, sideways = 0.0, np.hypot(delta[0], delta[1])
        closed = observation[CLOSED] > 0
        if stage == "grasp" and not closed:
            if sideways > 0.004 and delta[2] > -0.03:
                action[2] = max(action[2], 0.0)
            if abs(delta).max() < 0.003:
                gripper = -1.0
        if stage == "release" and closed and abs(delta[2]) < 0.002 and sideways < 0.004:
            gripper = 1.0
        return np.array((*action, gripper), dtype=np.float32)

    return act


def run(env: StageEnv, controller: Controller, seed: int) -> dict[str, Any]:
    """Return how an episode ended and what its last reward was."""
    observation, _ = env.reset(seed=seed)
    terminated = truncated = False
    steps = 0
    while not (terminated or truncated):
        steps += 1
        observation, reward, terminated, truncated, info = env.step(
            controller(observation)
        )
    return {
        "success": info["is_success"],
        "terminated": terminated,
        "truncated": truncated,
        "steps": steps,
        "reward": reward,
    }


def rollout(env: StageEnv, seed: int, steps: int = 15) -> list[np.ndarray]:
    """Return observations and rewards of random actions, across resets."""
    rng = np.random.default_rng(5)
    observation, _ = env.reset(seed=seed)
    seen = [observation]
    for _ in range(steps):
        action = rng.uniform(-1, 1, ACTION_SIZE).astype(np.float32)
        observation, reward, terminated, truncated, _ = env.step(action)
        seen.append(np.append(observation, reward))
        if terminated or truncated:
            observation, _ = env.reset()
            seen.append(observation)
    return seen


def assert_same(a: list[np.ndarray], b: list[np.ndarray]) -> None:
    assert len(a) == len(b)
    for x, y in zip(a, b, strict=True):
        np.testing.assert_array_equal(x, y)


def test_gymnasium_accepts_the_environment(env: StageEnv) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        check_env(env, skip_render_check=True)


def test_the_same_seed_gives_the_same_trajectory_in_two_environments(
    env: StageEnv,
) -> None:
    other = StageEnv(env.stage_name)
    other.reset(seed=1)  # another past than the first one's
    assert_same(rollout(env, seed=11), rollout(other, seed=11))
    other.close()


def test_the_same_seed_gives_the_same_trajectory_again(env: StageEnv) -> None:
    first = rollout(env, seed=11)
    assert_same(first, rollout(env, seed=11))


def test_another_seed_gives_another_scene(env: StageEnv) -> None:
    a, b = env.reset(seed=1)[0], env.reset(seed=2)[0]
    assert not np.array_equal(a, b)


def test_a_reset_without_a_seed_gives_another_scene(env: StageEnv) -> None:
    a, b = env.reset(seed=1)[0], env.reset()[0]
    assert not np.array_equal(a, b)


def test_observations_are_finite_and_within_one(env: StageEnv) -> None:
    for seen in rollout(env, seed=3, steps=120):
        observation = seen[:OBSERVATION_SIZE]
        assert np.isfinite(seen).all()
        assert np.abs(observation).max() <= 1.0


def test_an_episode_begins_with_the_gripper_as_the_stage_wants_it(
    env: StageEnv,
) -> None:
    for seed in range(4):
        observation, _ = env.reset(seed=seed)
        assert observation.dtype == np.float32
        closed = HOLDING[env.stage_name] or env.stage_name == "press"
        assert (observation[CLOSED] > 0) == closed
        if HOLDING[env.stage_name]:
            assert observation[15:17].tolist() == [1.0, 1.0]


def test_an_episode_is_cut_at_its_limit(env: StageEnv) -> None:
    stay = np.zeros(ACTION_SIZE, dtype=np.float32)
    end = run(env, lambda _: stay, seed=0)
    assert (end["success"], end["terminated"], end["truncated"]) == (False, False, True)
    assert end["steps"] == STEP_LIMIT[env.stage_name]


def test_what_is_done_well_is_a_success(env: StageEnv) -> None:
    ends = [run(env, scripted(env.stage_name), seed) for seed in range(6)]
    assert all(end["success"] for end in ends), ends
    assert all(end["terminated"] for end in ends)
    assert all(end["reward"] > SUCCESS_REWARD / 2 for end in ends)


def test_the_way_to_success_is_rewarded_more_than_standing_still(env: StageEnv) -> None:
    def total(controller: Controller) -> float:
        observation, _ = env.reset(seed=4)
        reward, over = 0.0, False
        while not over:
            observation, gain, ended, cut, _ = env.step(controller(observation))
            reward, over = reward + gain, ended or cut
        return reward

    stay = np.zeros(ACTION_SIZE, dtype=np.float32)
    assert total(scripted(env.stage_name)) > total(lambda _: stay) + SUCCESS_REWARD / 2


def test_an_early_drop_fails_a_release_at_once() -> None:
    """A block let go 3 cm above its place falls: a drop, wherever it comes to lie."""
    env = StageEnv("release")
    ends = [run(env, lambda _: OPEN, seed) for seed in range(4)]
    env.close()
    for end in ends:
        assert (end["success"], end["terminated"]) == (False, True), ends
        assert end["steps"] <= 2
        assert end["reward"] == -FAILURE_COST


def test_a_block_set_down_beside_its_goal_fails_a_release() -> None:
    env = StageEnv("release")

    def act(observation: Observation) -> Action:
        # keep 12 mm beside the goal, then let go on the same height
        delta = to_go(observation) + (0.012, 0, 0)
        speed = delta / MAX_STEP_M
        action = np.clip(np.sign(speed) * np.sqrt(np.abs(speed)), -1, 1)
        low = abs(delta[2]) < 0.002
        return np.array((*action, 1.0 if low else 0.0), dtype=np.float32)

    ends = [run(env, act, seed) for seed in range(3)]
    env.close()
    assert not any(end["success"] for end in ends)
    assert all(end["terminated"] for end in ends)


def test_a_block_that_leaves_the_hand_fails_a_move() -> None:
    env = StageEnv("move")
    env.reset(seed=0)
    assert env._simulator is not None
    env._simulator.set_pose("block", (0.8, 0.5, 0.02))
    _, reward, terminated, _, info = env.step(np.zeros(4, dtype=np.float32))
    env.close()
    assert (terminated, info["is_success"]) == (True, False)
    assert reward == -FAILURE_COST


def test_closing_on_nothing_is_no_grasp() -> None:
    env = StageEnv("grasp")
    close = np.array((0.0, 0.0, 0.2, -1.0), dtype=np.float32)
    end = run(env, lambda _: close, seed=0)
    env.close()
    assert not end["success"]


@pytest.mark.parametrize("stage", [s for s in STAGES if not USES_GRIPPER[s]])
def test_a_stage_without_gripper_ignores_its_command(stage: str) -> None:
    env = StageEnv(stage)
    observation, _ = env.reset(seed=0)
    before = observation[CLOSED]
    for gripper in (-1.0, 1.0):
        action = np.array((0.0, 0.0, 0.0, gripper), dtype=np.float32)
        observation, *_ = env.step(action)
        assert observation[CLOSED] == before
    env.close()


def test_pushing_the_support_costs_reward() -> None:
    env = StageEnv("grasp")
    env.reset(seed=0)
    assert env._simulator is not None
    stay = np.zeros(4, dtype=np.float32)
    _, calm, *_ = env.step(stay)
    position = env._simulator.pose("support")[0]
    env._simulator.set_pose("support", (position + (0.015, 0, 0)).tolist())
    _, pushed, *_ = env.step(stay)
    env.close()
    assert pushed < calm - 0.4


def test_practice_begins_part_of_the_episodes_near_the_gripper_change() -> None:
    def near(practice: bool) -> int:
        env = StageEnv("grasp", practice=practice)
        firsts = [env.reset(seed=0)[0], *(env.reset()[0] for _ in range(19))]
        env.close()
        return sum(float(np.abs(to_go(o)).max()) < 0.02 for o in firsts)

    assert near(practice=False) == 0
    assert 2 <= near(practice=True) <= 16


def test_it_renders_only_when_asked() -> None:
    env = StageEnv("reach", render_mode="rgb_array")
    env.reset(seed=0)
    picture = env.render()
    env.close()
    assert picture is not None
    assert picture.shape == (240, 320, 3)
    assert picture.std() > 5
    silent = StageEnv("reach")
    silent.reset(seed=0)
    assert silent.render() is None
    silent.close()


def test_a_closed_environment_opens_again() -> None:
    env = StageEnv("reach")
    first, _ = env.reset(seed=0)
    env.close()
    env.close()
    again, _ = env.reset(seed=0)
    env.close()
    np.testing.assert_array_equal(first, again)
