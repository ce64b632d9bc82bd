"""Nuts in the hand: over posts, off posts and down, by the shipped policies."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext

import numpy as np
import pytest

from jouleplan.domains.body import Body
from jouleplan.domains.facts import TABLE, Facts
from jouleplan.domains.scene import Scene
from jouleplan.domains.sense import sense
from jouleplan.domains.shapes import flat, nut, post
from jouleplan.domains.skill_call import SkillCall
from jouleplan.skills.approach import best_yaw
from jouleplan.skills.errors import SkillError
from jouleplan.skills.library import load_policies
from jouleplan.skills.nut import lay_down
from jouleplan.skills.pick import pick
from jouleplan.skills.place import place
from jouleplan.skills.skill import Workspace

GREY = (0.5, 0.5, 0.5, 1.0)
SIZE, PLATE = (0.036, 0.048, 0.03), (0.09, 0.09, 0.01)
NUT = nut(0.0875, 0.0455, 0.03, (0.048, 0.036))
BODIES = {
    "n": Body("n", "movable", "nut", SIZE, 0.08, GREY, form=NUT),
    "thin": Body(
        "thin", "fixed", "post", PLATE, 0.0, GREY, form=post(PLATE, 0.032, 0.045)
    ),
    "thick": Body(
        "thick", "fixed", "post", PLATE, 0.0, GREY, form=post(PLATE, 0.046, 0.045)
    ),
}
LAYOUT = {"thin": "row", "thick": "row"}
UPSIDE_DOWN = (0.0, 1.0, 0.0, 0.0)


@pytest.fixture
def scene(request: pytest.FixtureRequest) -> Iterator[Scene]:
    """Yield a scene with the nut on the table, or on what the test asks for."""
    facts = Facts({"n": getattr(request, "param", TABLE)})
    with Scene(BODIES, LAYOUT, facts, np.random.default_rng(1)) as made:
        yield made


@pytest.fixture
def workspace(scene: Scene) -> Workspace:
    return Workspace(scene, load_policies(), lambda _: nullcontext())


def lies_on(scene: Scene) -> str | None:
    scene.settle()
    return sense(scene, on_table=True).support.get("n")


def test_a_nut_is_picked_up_and_put_over_a_post(workspace: Workspace) -> None:
    assert pick(workspace, SkillCall("pick", "n")).done
    assert sense(workspace.scene, on_table=True).held == "n"
    assert place(workspace, SkillCall("place", "n", "thin")).done
    assert lies_on(workspace.scene) == "thin"


@pytest.mark.parametrize("scene", ["thin"], indirect=True)
def test_a_nut_is_taken_off_its_post_without_tilting(workspace: Workspace) -> None:
    assert lies_on(workspace.scene) == "thin"
    assert pick(workspace, SkillCall("pick", "n")).done
    assert flat(workspace.scene.simulator.pose("n"), np.deg2rad(5.0))
    assert place(workspace, SkillCall("place", "n", TABLE)).done
    assert lies_on(workspace.scene) == TABLE


def test_a_nut_that_lies_upside_down_goes_over_a_post(workspace: Workspace) -> None:
    scene = workspace.scene
    turn_over(scene, (0.36, -0.3, 0.03))
    assert pick(workspace, SkillCall("pick", "n")).done
    assert place(workspace, SkillCall("place", "n", "thin")).done
    assert lies_on(scene) == "thin"


def test_a_nut_that_hangs_askew_is_laid_flat_on_the_table(workspace: Workspace) -> None:
    scene = workspace.scene
    assert pick(workspace, SkillCall("pick", "n")).done
    result = lay_down(workspace, "n", "thin")
    assert (result.done, "askew" in result.detail) == (False, True)
    assert lies_on(scene) == TABLE


def test_a_post_thicker_than_the_hole_is_refused(workspace: Workspace) -> None:
    assert pick(workspace, SkillCall("pick", "n")).done
    with pytest.raises(SkillError, match="does not go over 'thick'"):
        place(workspace, SkillCall("place", "n", "thick"))


def test_a_nut_that_leans_on_a_post_is_loose(scene: Scene) -> None:
    at = scene.axis("thin") - NUT.axis + (0.02, 0.0, 0.07)
    scene.simulator.set_pose("n", at)
    scene.wait(1.5)
    assert sense(scene, on_table=True).loose == {"n"}


@pytest.mark.parametrize("turn", np.linspace(-3.0, 3.0, 7))
def test_a_handle_is_taken_across(scene: Scene, turn: float) -> None:
    scene.simulator.set_pose("n", (0.45, 0.3, 0.015), turn)
    assert abs(np.sin(best_yaw(scene, "n") - turn)) < 0.01


def turn_over(scene: Scene, at: tuple[float, float, float]) -> None:
    """Drop the nut upside down; no upright placement does that."""
    simulator = scene.simulator
    simulator._p.resetBasePositionAndOrientation(
        simulator._ids["n"], at, UPSIDE_DOWN, physicsClientId=simulator._client
    )
    simulator._poses.clear()
    scene.wait(1.0)
