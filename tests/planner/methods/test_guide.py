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


def test_each_operator_is_prompted_until_its_effects_are_sensed(trial: Trial) -> None:
    told: list[str] = []
    guide = Guide(trial, Options(), obeying(trial, told))
    assert guide.run() == ""
    assert told[:2] == ["Pick the red block.", "Place it on the " + told[1][16:]]
    assert len(told) > 4
    done = [one.outcome for one in guide.executed]
    assert set(done[:-1]) == {"done"}
    planned = [str(one) for one in reference(trial.task).plan]
    assert [one.name for one in guide.executed] == planned[: len(done)]


def test_an_operator_that_never_shows_is_given_up_and_prompted_again(
    trial: Trial,
) -> None:
    told: list[str] = []

    def idle(prompt: str) -> None:
        told.append(prompt)
        trial.scene.robot.hold(10)

    guide = Guide(trial, Options(), idle)
    assert guide.run() == ""
    assert set(told) == {"Pick the red block."}
    assert [one.outcome for one in guide.executed] == ["timeout"] * 3
    assert guide.executed[0].control_steps == OPERATOR_STEPS
    assert trial.over
