"""Where the cameras see a point: checked against what they draw."""

from __future__ import annotations

import numpy as np
import pytest

from jouleplan.planner.run import build_scene
from jouleplan.planner.task import read_task
from jouleplan.skills.vla.views import observation, scene_spots, wrist_spots

SIDE = 128


@pytest.mark.parametrize("seed", [1, 2])
def test_the_red_block_is_drawn_where_it_is_projected(seed: int) -> None:
    task = read_task("hanoi", "p03")
    with build_scene(task, seed, visuals="hulls") as scene:
        at = scene.simulator.pose("d1")[0]
        scene.robot.teleport(at + (0.02, 0.03, 0.12), yaw=0.4)
        seen, state = observation(scene, "", SIDE), scene.robot.state
        points = at[None]
        near = wrist_spots(points, state.ee_position[None], np.array([state.yaw]))
        spots = {"image": scene_spots(points), "wrist_image": near}
    for name, spot in spots.items():
        x, y = ((spot[0] + 1) * SIDE / 2).astype(int)
        red, green, blue = seen[f"observation/{name}"][y, x].astype(int)
        assert red > max(green + 50, blue + 40), name
