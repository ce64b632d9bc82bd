"""Which way round the hand comes down."""

from collections.abc import Iterator

import numpy as np
import pytest

from jouleplan.domains.body import Body
from jouleplan.domains.facts import TABLE, Facts
from jouleplan.domains.scene import Scene
from jouleplan.skills.approach import TURNS_RAD, best_yaw

WIDTH = 0.045


def block(name: str, width: float = WIDTH) -> Body:
    return Body(name, "movable", "box", (width, width, 0.035), 0.08, (1, 0, 0, 1))


@pytest.fixture
def scene() -> Iterator[Scene]:
    bodies = {name: block(name) for name in ("a", "b")}
    facts = Facts(dict.fromkeys(bodies, TABLE))
    with Scene(bodies, {}, facts, np.random.default_rng(0)) as found:
        found.simulator.set_pose("b", (0.5, 0.4, 0.0175))
        yield found


@pytest.mark.parametrize("turn", [-0.7, -0.2, 0.0, 0.3, 0.75])
def test_alone_the_hand_turns_as_little_as_the_box_allows(
    scene: Scene, turn: float
) -> None:
    scene.simulator.set_pose("a", (0.5, 0.0, 0.0175), turn)
    assert best_yaw(scene, "a") == pytest.approx(turn, abs=1e-6)


@pytest.mark.parametrize("turn", np.linspace(-3.1, 3.1, 9))
def test_a_turn_is_square_to_the_box_and_within_the_wrist(
    scene: Scene, turn: float
) -> None:
    scene.simulator.set_pose("a", (0.5, 0.0, 0.0175), turn)
    yaw = best_yaw(scene, "a")
    assert TURNS_RAD[0] <= yaw <= TURNS_RAD[1]
    assert (yaw - turn) / (np.pi / 2) == pytest.approx(
        np.round((yaw - turn) / (np.pi / 2)), abs=1e-6
    )


def test_the_hand_turns_away_from_a_tower_beside_the_box(scene: Scene) -> None:
    scene.simulator.set_pose("a", (0.5, 0.0, 0.0175))
    # as high as a tower of three, where palm and fingers are at yaw 0
    scene.simulator.set_pose("b", (0.42, 0.0, 0.0175 + 0.07))
    assert abs(best_yaw(scene, "a")) == pytest.approx(np.pi / 2, abs=0.01)


def test_a_neighbour_in_the_row_leaves_the_hand_straight(scene: Scene) -> None:
    scene.simulator.set_pose("a", (0.5, 0.0, 0.0175))
    scene.simulator.set_pose("b", (0.5, 0.13, 0.0175 + 0.07))
    assert best_yaw(scene, "a") == pytest.approx(0.0, abs=1e-6)
