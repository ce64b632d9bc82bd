"""The press skill: with the shipped policies, in physics, among neighbours."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pytest

from jouleplan.domains.body import Body, Size
from jouleplan.domains.facts import Facts
from jouleplan.domains.scene import Scene
from jouleplan.domains.sense import sense
from jouleplan.domains.skill_call import SkillCall
from jouleplan.energy.meter import Meter
from jouleplan.skills.library import load_policies
from jouleplan.skills.pick import pick
from jouleplan.skills.press import press
from jouleplan.skills.runner import Guard
from jouleplan.skills.skill import SkillOutcome, Workspace

GREY = (0.5, 0.5, 0.5, 1.0)
BUTTON: Size = (0.06, 0.06, 0.04)
PAD: Size = (0.09, 0.09, 0.02)
POT: Size = (0.06, 0.06, 0.035)
BODIES = (
    Body("knob1", "fixed", "button", BUTTON, 0.0, GREY),
    Body("knob2", "fixed", "button", BUTTON, 0.0, GREY),
    Body("pad1", "fixed", "box", PAD, 0.0, GREY),
    Body("pad2", "fixed", "box", PAD, 0.0, GREY),
    Body("pad3", "fixed", "box", PAD, 0.0, GREY),
    Body("pad4", "fixed", "box", PAD, 0.0, GREY),
    Body("pot", "movable", "box", POT, 0.12, GREY),
    Body("lid", "movable", "box", (0.04, 0.04, 0.03), 0.08, GREY),
)
"""Six in a row, as near to each other as a row has them."""
FACTS = Facts({"pot": "pad1", "lid": "pot"}, switches={"knob2": True})

Make = Callable[[int], Workspace]


@pytest.fixture
def kitchen() -> Iterator[Make]:
    """Yield what makes the scene of a seed, ready to work in."""
    scenes: list[Scene] = []

    def make(seed: int) -> Workspace:
        layout = {b.name: "row" for b in BODIES if not b.movable}
        rng = np.random.default_rng(seed)
        scene = Scene({b.name: b for b in BODIES}, layout, FACTS, rng)
        scenes.append(scene)
        return Workspace(scene, load_policies(), Meter().phase)

    yield make
    for scene in scenes:
        scene.close()


def presses(workspace: Workspace) -> dict[str, int]:
    return {n: b.presses for n, b in workspace.scene.simulator.buttons.items()}


@pytest.mark.parametrize("seed", range(4))
def test_the_button_switches_once_and_no_other_does(kitchen: Make, seed: int) -> None:
    workspace = kitchen(seed)
    for name, after in (("knob1", True), ("knob2", False)):
        before = presses(workspace)
        assert press(workspace, SkillCall("press", name)).done
        workspace.scene.settle()
        assert presses(workspace) == before | {name: before[name] + 1}
        assert sense(workspace.scene, on_table=False).switches[name] is after
    assert sense(workspace.scene, on_table=False).support == FACTS.support


def test_the_hand_ends_up_open_and_risen(kitchen: Make) -> None:
    workspace = kitchen(0)
    press(workspace, SkillCall("press", "knob1"))
    state = workspace.scene.robot.state
    assert not state.closed
    assert state.opening > 0.07
    assert state.ee_position[2] > workspace.scene.standing("knob1").top + 0.03


def test_what_is_in_the_hand_is_not_dropped_for_a_press(kitchen: Make) -> None:
    workspace = kitchen(0)
    assert pick(workspace, SkillCall("pick", "lid")).done
    result = press(workspace, SkillCall("press", "knob1"))
    assert result.outcome is SkillOutcome.GUARD
    assert "hand is not empty" in result.detail
    assert sense(workspace.scene, on_table=False).held == "lid"
    assert presses(workspace) == {"knob1": 0, "knob2": 0}


def test_picking_beside_buttons_presses_none(kitchen: Make) -> None:
    workspace = kitchen(1)
    assert pick(workspace, SkillCall("pick", "lid")).done
    assert presses(workspace) == {"knob1": 0, "knob2": 0}


def test_a_bystander_that_is_pressed_stops_a_skill(kitchen: Make) -> None:
    workspace = kitchen(0)
    guard = Guard(workspace.scene, "knob1")
    buttons = workspace.scene.simulator.buttons
    buttons["knob1"].presses += 1
    assert guard.moved() is None
    buttons["knob2"].presses += 1
    assert guard.moved() == "knob2"
