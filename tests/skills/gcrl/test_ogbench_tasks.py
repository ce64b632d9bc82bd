"""How the benchmark on OGBench sees its cube and cuts its play."""

from __future__ import annotations

import numpy as np
import pytest

from tests.benchmarks.ogbench_tasks import TASKS, _cut


def cube_at(yaw: float, hand_yaw: float) -> np.ndarray:
    """Return an observation (28,) of a cube beside a hand, both turned [rad]."""
    seen = np.zeros(28)
    seen[12:15], seen[19:22] = (1.0, 2.0, 3.0), (1.5, 2.0, 0.2)
    seen[15:17] = np.cos(hand_yaw), np.sin(hand_yaw)
    seen[26:28] = np.cos(yaw), np.sin(yaw)
    return seen


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_a_cube_turned_by_quarters_is_seen_the_same(quarters: int) -> None:
    task = TASKS["cube"]
    one = task.seen(cube_at(0.3, 0.1))
    other = task.seen(cube_at(0.3 + quarters * np.pi / 2, 0.1))
    np.testing.assert_allclose(one[28:], other[28:], atol=1e-5)


def test_the_way_from_hand_to_cube_is_appended() -> None:
    seen = TASKS["cube"].seen(cube_at(0.0, 0.0))
    assert len(seen) == TASKS["cube"].space.observation_size
    np.testing.assert_allclose(seen[28:31], (0.5, 0.0, -2.8), atol=1e-6)
    np.testing.assert_allclose(seen[31:34], (1.0, 0.0, -1.0), atol=1e-6)


def test_an_episode_asks_for_the_cube_alone() -> None:
    space, asked = TASKS["cube"].space, TASKS["cube"].asked
    chosen = [i for i, on in zip(space.index, space.masks[asked], strict=True) if on]
    assert chosen == [19, 20, 21]


def test_pieces_keep_every_end_and_leave_no_stub() -> None:
    ends = np.array([1000, 2001])
    cut = _cut(ends, 200)
    assert set(ends) <= set(cut)
    assert np.diff(cut, prepend=-1).tolist() == [200] * 4 + [201] + [200] * 4 + [201]


def test_without_pieces_trajectories_stay_whole() -> None:
    ends = np.array([1000, 2001])
    assert _cut(ends, None) is ends
