"""Skills on zones: place finds a free place, hover goes over one, by real policies."""

from __future__ import annotations

from contextlib import nullcontext

import numpy as np
import pytest

from jouleplan.domains.arrangement import Grid, Layout
from jouleplan.domains.body import Body
from jouleplan.domains.facts import Facts
from jouleplan.domains.scene import Scene
from jouleplan.domains.sense import sense
from jouleplan.domains.skill_call import SKILL_ARGUMENTS, SkillCall
from jouleplan.skills.errors import NoPlaceError
from jouleplan.skills.library import load_policies
from jouleplan.skills.place import placing_point
from jouleplan.skills.registry import SKILLS
from jouleplan.skills.skill import Workspace

GREY = (0.5, 0.5, 0.5, 1.0)
CUBE_M = (0.042, 0.042, 0.04)
LAYOUT: dict[str, Layout] = {
    "right": Grid("r", (0.5, -0.2)),
    "left": Grid("l", (0.5, 0.2)),
}


def scene_of(support: dict[str, str], over: str = "right") -> Scene:
    bodies = {
        name: Body(name, "fixed", "box", (0.22, 0.22, 0.006), 0.0, GREY, "many")
        for name in LAYOUT
    }
    for name in support:
        bodies[name] = Body(name, "movable", "box", CUBE_M, 0.08, GREY)
    facts = Facts(support, over=over)
    return Scene(bodies, LAYOUT, facts, np.random.default_rng(3))


def workspace(scene: Scene) -> Workspace:
    return Workspace(scene, load_policies(), lambda _: nullcontext())


def test_every_skill_that_may_be_named_is_there() -> None:
    assert SKILLS.keys() == SKILL_ARGUMENTS.keys()


def test_bodies_are_put_side_by_side_until_the_zone_is_full() -> None:
    support = {f"c{i}": "left" for i in range(5)} | {"c5": "right", "c6": "right"}
    with scene_of(support) as scene:
        space = workspace(scene)
        for skill in (SkillCall("pick", "c5"), SkillCall("place", "c5", "left")):
            assert SKILLS[skill.skill](space, skill).done
        scene.settle()
        seen = sense(scene, on_table=False)
        assert seen.support == {**support, "c5": "left"}
        assert seen.over == "left"
        with pytest.raises(NoPlaceError, match=r"'left' is full, .* for 'c6'"):
            placing_point(space, "c6", "left")


def test_a_place_is_the_same_each_time_and_free() -> None:
    support = {f"c{i}": "left" for i in range(3)} | {"c5": "right"}
    points = []
    for _ in range(2):
        with scene_of(support) as scene:
            points.append(placing_point(workspace(scene), "c5", "left"))
            others = [scene.simulator.pose(f"c{i}")[0] for i in range(3)]
    assert (points[0] == points[1]).all()
    for other in others:
        assert (np.abs(points[0] - other)[:2] > (0.1, 0.065)).any()


@pytest.mark.parametrize("held", [False, True])
def test_the_hand_goes_over_a_zone_with_what_it_holds(held: bool) -> None:
    with scene_of({"c0": "right"}) as scene:
        space = workspace(scene)
        assert sense(scene, on_table=False).over == "right"
        if held:
            assert SKILLS["pick"](space, SkillCall("pick", "c0")).done
        assert SKILLS["hover"](space, SkillCall("hover", "left")).done
        seen = sense(scene, on_table=False)
        assert seen.over == "left"
        assert seen.held == ("c0" if held else None)
        assert np.abs(scene.robot.state.ee_position[:2] - scene.axes["left"]).max() < (
            0.03
        )
