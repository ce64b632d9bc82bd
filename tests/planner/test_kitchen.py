"""The kitchen from plan to physics: stoves are switched, and switched back."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from jouleplan.domains.facts import facts_of
from jouleplan.domains.scene import Scene
from jouleplan.domains.symbols import GroundAtom, GroundOperator, State
from jouleplan.energy.meter import Meter
from jouleplan.planner.disturb import MOVED, SWITCHED, OutsideHand
from jouleplan.planner.disturber import Disturber
from jouleplan.planner.executive import Executive
from jouleplan.planner.task import Task, read_task
from jouleplan.skills.library import load_policies

LIT = GroundAtom("lit", ("knob",))


@pytest.fixture
def task() -> Task:
    return read_task("kitchen", "p02")


@pytest.fixture
def scene(task: Task) -> Iterator[Scene]:
    facts = facts_of(task.problem.init, task.binding, task.problem)
    rng = np.random.default_rng(3)
    with Scene(task.binding.bodies, task.binding.layout, facts, rng) as found:
        yield found


def executive(
    task: Task, scene: Scene, disturber: Disturber | None = None
) -> Executive:
    policies, meter = load_policies(), Meter()
    return Executive(task, scene, policies, meter, seed=3, disturber=disturber)


def test_a_stove_is_switched_off_before_its_pot_is_taken(
    task: Task, scene: Scene
) -> None:
    episode = executive(task, scene).run()
    assert episode.goal_reached, episode.cause
    done = [e.name.partition("(")[0] for e in episode.executed]
    assert done.index("switch-off") < done.index("take-from-burner")
    assert scene.simulator.buttons["knob"].presses == done.count("switch-off") == 1


def test_a_stove_that_somebody_switches_on_again_is_switched_off_again(
    task: Task, scene: Scene
) -> None:
    acted: list[str] = []

    def meddle(scene: Scene, state: State, operator: GroundOperator) -> str:
        if LIT in state or acted:
            return ""
        scene.simulator.buttons["knob"].toggle()
        acted.append(operator.name)
        return "switched knob on"

    episode = executive(task, scene, disturber=Disturber(before=meddle)).run()
    assert acted
    assert episode.goal_reached, episode.cause
    assert scene.simulator.buttons["knob"].presses == 2
    assert not scene.simulator.buttons["knob"].on


def test_the_outside_hand_switches_buttons_and_says_so(
    task: Task, scene: Scene
) -> None:
    hand, button = OutsideHand(task, 1.0, np.random.default_rng(0)), "knob"
    switched = 0
    for _ in range(12):
        was = scene.simulator.buttons[button].on
        said = hand.move(scene).split()
        if said[0] == SWITCHED:
            switched += 1
            assert said[1:] == [button, "off" if was else "on"]
            assert scene.simulator.buttons[button].on is not was
        else:
            assert said[0] == MOVED
    assert 0 < switched < 12
