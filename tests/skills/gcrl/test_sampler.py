import numpy as np
import pytest

from jouleplan.skills.gcrl.play import Play, join
from jouleplan.skills.gcrl.sampler import Mixture, Sampler
from jouleplan.skills.gcrl.space import GoalSpace
from tests.skills.gcrl.fields import FULL, POINT, SCALED, walks


def timed(count: int = 9, steps: int = 20) -> Play:
    """Return trajectories whose observations are (trajectory, time)."""
    return join(
        (
            np.array([(i, t) for t in range(steps + 1)], dtype="f"),
            np.zeros((steps, 1), dtype="f"),
        )
        for i in range(count)
    )


def drawn(mixture: Mixture, size: int = 400):  # type: ignore[no-untyped-def]
    return Sampler(timed(), FULL, mixture, np.random.default_rng(3)).draw(size)


def test_actor_goals_lie_in_the_future_of_their_trajectory() -> None:
    batch = drawn(Mixture())
    assert (batch.actor_goal[:, 0] == batch.state[:, 0]).all()
    assert (batch.actor_goal[:, 1] > batch.state[:, 1]).all()


def test_future_value_goals_lie_in_the_future_of_their_trajectory() -> None:
    batch = drawn(Mixture(current=0.0, future=1.0))
    assert (batch.value_goal[:, 0] == batch.state[:, 0]).all()
    assert (batch.value_goal[:, 1] > batch.state[:, 1]).all()


def test_current_value_goals_are_reached_already() -> None:
    batch = drawn(Mixture(current=1.0, future=0.0))
    assert (batch.reward == 0).all()
    assert (batch.alive == 0).all()


def test_random_value_goals_come_from_other_trajectories_too() -> None:
    batch = drawn(Mixture(current=0.0, future=0.0))
    assert (batch.value_goal[:, 0] != batch.state[:, 0]).any()
    assert set(np.unique(batch.reward)) <= {-1.0, 0.0}


def test_way_points_lie_k_steps_ahead_and_not_past_goal_or_end() -> None:
    batch = drawn(Mixture(waypoint_steps=5))
    ahead = batch.near[:, 1] - batch.state[:, 1]
    assert (ahead == np.minimum(5, 20 - batch.state[:, 1])).all()
    far = batch.far[:, 1] - batch.state[:, 1]
    goal = batch.actor_goal[:, 1] - batch.state[:, 1]
    assert (far == np.minimum(5, goal)).all()
    assert (batch.far_state == batch.far_goal).all()


def test_the_same_generator_draws_the_same_batch() -> None:
    one, other = drawn(Mixture()), drawn(Mixture())
    assert (one.value_goal == other.value_goal).all()
    assert (one.action == other.action).all()


def test_goals_that_move_are_drawn_more_often_when_asked_for() -> None:
    still = join(
        [
            (
                np.array([(0, max(0, t - 15)) for t in range(21)], dtype="f"),
                np.zeros((20, 1), dtype="f"),
            )
        ]
        * 4
    )

    def moved(share: float) -> float:
        rng = np.random.default_rng(0)
        batch = Sampler(still, FULL, Mixture(moving=share), rng).draw(2000)
        return float((batch.actor_goal[:, 1] != batch.state[:, 1]).mean())

    assert moved(1.0) > moved(0.0) + 0.2


def test_a_goal_is_reached_within_its_tolerance_on_what_it_asks_for() -> None:
    at = np.zeros((3, 2), dtype="f")
    goals = np.array([(0.05, 0.05), (0.05, 5.0), (0.2, 0.0)], dtype="f")
    full, first = np.ones((3, 2), dtype="f"), np.array([[1, 0]] * 3, dtype="f")
    assert POINT.reached(at, goals, full).tolist() == [1, 0, 0]
    assert POINT.reached(at, goals, first).tolist() == [1, 1, 0]


def test_an_encoded_goal_hides_what_it_does_not_ask_for() -> None:
    at, goal = np.zeros((1, 2), dtype="f"), np.array([(0.5, 0.7)], dtype="f")
    mask = np.array([(0.0, 1.0)], dtype="f")
    seen = SCALED.encode(at, goal, mask)
    assert seen.shape == (1, SCALED.input_size)
    assert seen[0].tolist() == pytest.approx([0, 0.7, 0, 1.0, 0, 1])


def test_a_space_with_a_gap_in_its_first_mask_is_refused() -> None:
    with pytest.raises(ValueError, match="first mask"):
        GoalSpace(2, (0, 1), ((1.0, 0.0),), 0.1)


def test_play_with_a_number_that_is_not_finite_is_refused() -> None:
    play = walks(2, 3)
    bad = play.observations.copy()
    bad[1, 0] = np.nan
    with pytest.raises(ValueError, match="not finite"):
        Play(bad, play.actions, play.ends)
