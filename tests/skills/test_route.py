"""Route: the points that a hand passes lie above everything that is in the way."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from jouleplan.domains.body import Body
from jouleplan.domains.facts import Facts
from jouleplan.domains.scene import Scene
from jouleplan.skills.route import CORRIDOR_M, FINGERTIP_M, MARGIN_M, PASSING_M, over

GREY = (0.5, 0.5, 0.5, 1.0)
HEIGHT = 0.035
TOP = 4 * HEIGHT
"""Height of the tower [m]."""
LOW, WALL, HIGH = (0.5, -0.25), (0.5, 0.0), (0.5, 0.25)
"""Where the hand starts, where the tower stands, where the hand goes: (x, y) [m]."""


def disk(name: str) -> Body:
    return Body(name, "movable", "box", (0.05, 0.05, HEIGHT), 0.08, GREY)


@pytest.fixture
def scene() -> Iterator[Scene]:
    """Yield an empty-handed scene: tower of a, b, c, d between start and goal."""
    names = ("a", "b", "c", "d")
    facts = Facts({"a": "b", "b": "c", "c": "d", "d": "table"})
    with Scene(
        {n: disk(n) for n in names}, {}, facts, np.random.default_rng(0)
    ) as scene:
        stand(scene, WALL)
        scene.robot.teleport(np.array((*LOW, 0.05)))
        yield scene


def stand(scene: Scene, place: tuple[float, float]) -> None:
    """Move the tower to ``place`` (x, y) [m]."""
    for level, name in enumerate(("d", "c", "b", "a")):
        scene.simulator.set_pose(name, (*place, HEIGHT * (level + 0.5)))


def test_the_hand_rises_above_a_tower_goes_over_and_only_then_down(
    scene: Scene,
) -> None:
    goal = np.array((*HIGH, 0.05))
    up, across = over(scene, goal, carried=None)
    start = scene.robot.state.ee_position
    np.testing.assert_allclose(up[:2], start[:2])
    np.testing.assert_allclose(across[:2], goal[:2])
    assert up[2] == across[2]
    assert across[2] > goal[2]


def test_the_fingertips_pass_the_tower_with_the_margin(scene: Scene) -> None:
    for point in over(scene, np.array((*HIGH, 0.05)), carried=None):
        assert point[2] - FINGERTIP_M >= TOP + MARGIN_M - 1e-9


def test_a_carried_block_passes_the_tower_with_the_margin(scene: Scene) -> None:
    hand = scene.robot.state.ee_position
    scene.simulator.add_box("e", (0.05, 0.05, HEIGHT), (hand - (0, 0, 0.008)).tolist())
    scene.bodies["e"] = disk("e")
    below = 0.008 + HEIGHT / 2
    for point in over(scene, np.array((*HIGH, 0.05)), carried="e"):
        assert point[2] - below >= TOP + MARGIN_M - 1e-6


def test_a_carried_block_is_no_obstacle_to_itself(scene: Scene) -> None:
    hand = scene.robot.state.ee_position
    scene.simulator.add_box("e", (0.05, 0.05, HEIGHT), hand.tolist())
    scene.bodies["e"] = disk("e")
    stand(scene, (0.5, 0.7))
    free = over(scene, np.array((*HIGH, 0.3)), carried="e")
    assert all(point[2] <= 0.3 for point in free)


@pytest.mark.parametrize(
    ("share", "obstacle"), [(0.0, True), (0.9, True), (1.1, False)]
)
def test_only_what_is_within_the_corridor_is_an_obstacle(
    scene: Scene, share: float, obstacle: bool
) -> None:
    scene.robot.teleport(np.array((0.35, -0.2, 0.1)))
    stand(scene, (0.35 + share * CORRIDOR_M[0], 0.0))
    points = over(scene, np.array((0.35, 0.2, 0.1)), carried=None)
    assert any(point[2] > TOP for point in points) == obstacle


def test_a_tower_behind_the_start_is_no_obstacle(scene: Scene) -> None:
    stand(scene, (0.5, LOW[1] - 1.5 * CORRIDOR_M[1]))
    points = over(scene, np.array((*HIGH, 0.06)), carried=None)
    assert all(point[2] < TOP for point in points)


def test_a_tower_at_the_goal_is_an_obstacle(scene: Scene) -> None:
    stand(scene, HIGH)
    goal = np.array((*HIGH, 4.5 * HEIGHT))
    points = over(scene, goal, carried=None)
    assert len(points) == 2
    assert all(point[2] > TOP + MARGIN_M for point in points)


def test_a_short_way_needs_no_points(scene: Scene) -> None:
    start = scene.robot.state.ee_position
    goal = start + (0.7 * PASSING_M, 0.7 * PASSING_M, -0.02)
    assert over(scene, goal, carried=None) == []


def test_a_hand_that_is_high_enough_need_not_rise(scene: Scene) -> None:
    scene.robot.teleport(np.array((*LOW, 0.4)))
    points = over(scene, np.array((*HIGH, 0.05)), carried=None)
    assert len(points) == 1
    np.testing.assert_allclose(points[0][:2], HIGH)


def test_a_goal_that_is_high_enough_is_reached_straight_after_the_rise(
    scene: Scene,
) -> None:
    points = over(scene, np.array((*HIGH, 0.4)), carried=None)
    assert len(points) == 1
    assert points[0][2] == 0.4
    np.testing.assert_allclose(points[0][:2], LOW, atol=0.002)


def test_a_block_on_its_side_counts_with_its_largest_extent(scene: Scene) -> None:
    for name in ("a", "b", "c"):
        scene.simulator.set_pose(name, (0.5, 0.8, HEIGHT / 2))
    scene.simulator._p.resetBasePositionAndOrientation(
        scene.simulator._ids["d"],
        (*WALL, 0.025),
        (np.sin(np.pi / 4), 0.0, 0.0, np.cos(np.pi / 4)),
        physicsClientId=scene.simulator._client,
    )
    points = over(scene, np.array((*HIGH, 0.02)), carried=None)
    assert max(point[2] for point in points) >= 0.05 + FINGERTIP_M + MARGIN_M - 1e-9
