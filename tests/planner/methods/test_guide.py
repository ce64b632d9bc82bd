"""The planner's operators as prompts: carried out here by the learned skills."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from jouleplan.energy.meter import Meter
from jouleplan.energy.sources.cpu_model import CpuTimeModel
from jouleplan.planner.actor import Actor
from jouleplan.planner.methods.guide import OPERATOR_STEPS, Guide
from jouleplan.planner.methods.judge import Judge
from jouleplan.planner.methods.method import Trial
from jouleplan.planner.methods.reference import reference
from jouleplan.planner.options import Options
from jouleplan.planner.run import build_scene
from jouleplan.planner.task import read_task
from jouleplan.skills.library import load_policies
from jouleplan.skills.skill import Workspace


@pytest.fixture
def trial() -> Iterator[Trial]:
    task, meter = read_task("hanoi", "p03"), Meter(CpuTimeModel(4.0, "test"))
    with build_scene(task, 3) as scene:
        judge = Judge(task, scene, meter, reference(task))
        start = scene.robot.control_steps
        yield Trial(task, scene, 3, 400, meter, judge, start=start)


def obeying(trial: Trial, told: list[str]) -> Callable[[str], None]:
    """Return what carries out the prompt of the operator that is next in the plan."""
    workspace = Workspace(trial.scene, load_policies(), trial.meter.phase)
    actor, plan = Actor(workspace, False), list(reference(trial.task).plan)

    def act(prompt: str) -> None:
        if not told or told[-1] != prompt:
            actor.call(trial.task.binding.calls(plan[len(told)]))
            told.append(prompt)
        trial.scene.robot.hold(3)

    return act


def stand(trial: Trial, rests: list[bool]) -> Callable[[bool], None]:
    """Return what notes a way back, and takes one control step for it."""

    def rest(held: bool) -> None:
        rests.append(held)
        trial.scene.robot.hold(1)

    return rest


def test_each_operator_is_prompted_until_its_effects_are_sensed(trial: Trial) -> None:
    told: list[str] = []
    rests: list[bool] = []
    guide = Guide(trial, Options(), obeying(trial, told), stand(trial, rests))
    assert guide.run() == ""
    assert told[:2] == ["Pick the red block.", "Place it on the " + told[1][16:]]
    assert len(told) > 4
    done = [one.outcome for one in guide.executed]
    assert set(done[:-1]) == {"done"}
    planned = [str(one) for one in reference(trial.task).plan]
    assert [one.name for one in guide.executed] == planned[: len(done)]
    placed = [one for one in guide.executed if one.done and "place" in one.name]
    assert rests[: len(placed)] == [False] * len(placed)  # after each, and no pick


def test_an_operator_that_never_shows_is_given_up_and_prompted_again(
    trial: Trial,
) -> None:
    told: list[str] = []

    def idle(prompt: str) -> None:
        told.append(prompt)
        trial.scene.robot.hold(10)

    rests: list[bool] = []
    guide = Guide(trial, Options(), idle, stand(trial, rests))
    assert guide.run() == ""
    assert set(told) == {"Pick the red block."}
    assert [one.outcome for one in guide.executed] == ["timeout"] * 5
    assert guide.executed[0].control_steps == OPERATOR_STEPS
    assert len(rests) == 5
    assert trial.over


def knocked_off(trial: Trial, position: tuple[float, float, float]) -> str:
    """Have the red disk lie elsewhere after the first prompt; return the second."""
    told: list[str] = []

    def act(prompt: str) -> None:
        if not told:
            trial.scene.simulator.set_pose("d1", position)
        told.append(prompt)
        trial.scene.robot.hold(30)

    guide = Guide(trial, Options(), act, stand(trial, []))
    cause = guide.run()
    return cause or " ".join(one.name for one in guide.executed[:2])


def test_a_body_that_comes_loose_is_asked_for_in_words(trial: Trial) -> None:
    assert knocked_off(trial, (0.3, 0.2, 0.02)).endswith("restore(d1)")


def test_a_body_that_fell_off_the_table_ends_the_attempt(trial: Trial) -> None:
    assert knocked_off(trial, (0.3, 2.0, -0.5)) == "d1 fell off the table"
