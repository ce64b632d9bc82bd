"""What a policy sees follows the scene."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from jouleplan.domains.scene import Scene
from jouleplan.planner.run import build_scene
from jouleplan.planner.task import read_task
from jouleplan.skills.vla.views import observation, scene_picture, wrist_picture

SIDE = 48


@pytest.fixture
def scene() -> Iterator[Scene]:
    with build_scene(read_task("hanoi", "p03"), 1, visuals="hulls") as built:
        yield built


def test_an_observation_has_openpis_form(scene: Scene) -> None:
    seen = observation(scene, "Pick the red block.", SIDE)
    assert set(seen) == {
        "observation/image",
        "observation/wrist_image",
        "observation/state",
        "prompt",
    }
    assert seen["observation/image"].shape == (SIDE, SIDE, 3)
    assert seen["observation/wrist_image"].dtype == np.uint8
    state = seen["observation/state"]
    assert state.shape == (8,)
    assert 2 * np.arctan2(state[4], state[3]) == pytest.approx(scene.robot.yaw)
    assert 2 * state[6] == pytest.approx(scene.robot.state.opening, abs=1e-6)


def test_the_camera_at_the_hand_moves_with_it(scene: Scene) -> None:
    peg = scene.axes["peg2"]
    scene.robot.teleport(np.array((*peg, 0.2)))
    before = wrist_picture(scene, SIDE)
    scene.robot.teleport(np.array((*peg, 0.2)), yaw=1.0)
    turned = wrist_picture(scene, SIDE)
    assert np.abs(before.astype(int) - turned).max() > 50
    # what lies under the hand stays in the middle of the picture
    grey = np.array((141, 132, 120))
    for picture in (before, turned):
        middle = picture[SIDE // 2 : 3 * SIDE // 4, SIDE // 3 : 2 * SIDE // 3]
        assert (np.abs(middle - grey).max(-1) < 40).any()


def test_the_camera_in_front_shows_every_body(scene: Scene) -> None:
    before = scene_picture(scene, SIDE).astype(int)
    for name in scene.movables:
        at = scene.simulator.pose(name)[0]
        scene.simulator.set_pose(name, at - (0, 0, 0.5))
        gone = scene_picture(scene, SIDE)
        assert (np.abs(before - gone).max(-1) > 20).any()
        scene.simulator.set_pose(name, at)
