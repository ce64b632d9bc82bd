"""Episodes of methods: one scene, one horizon, one test, whoever acts."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from jouleplan.energy.meter import Meter
from jouleplan.energy.records import TrainingShare
from jouleplan.energy.sources.cpu_model import CpuTimeModel
from jouleplan.planner.methods.episode import (
    IDLE,
    Asked,
    replay,
    run_episode,
    warm_up,
)
from jouleplan.planner.methods.judge import JUDGING, Judge
from jouleplan.planner.methods.method import Attempt, Trial
from jouleplan.planner.methods.reference import NoReferenceError, reference
from jouleplan.planner.methods.registry import METHODS, find_method
from jouleplan.planner.methods.vla import END_TO_END, GUIDED
from jouleplan.planner.run import build_scene
from jouleplan.planner.task import Task, read_task
from jouleplan.skills.vla.architectures.blueprint import BLUEPRINTS


@pytest.fixture(scope="module")
def task() -> Task:
    return read_task("hanoi", "p03")


@pytest.fixture(scope="module")
def meter() -> Meter:
    return Meter(CpuTimeModel(4.0, "test"))


class EndToEnd:
    """A policy that acts from pixels for as long as it is let: no plan, no symbols."""

    name = label = "pixels"
    description = "waves its hand"
    pixels = True
    training: tuple[TrainingShare, ...] = ()
    settings: Mapping[str, object] = {}

    def __init__(self) -> None:
        self.seen: list[tuple[int, ...]] = []

    def warm_up(self, trial: Trial) -> None:
        self.run(trial)

    def run(self, trial: Trial) -> Attempt:
        while not trial.over:
            with trial.meter.phase("sensing"):
                self.seen.append(trial.scene.picture(32, 24).shape)
            with trial.meter.phase("policy"):
                action = np.array((0.2, 0.0, 0.1, 0.0))
            trial.step(action)
        return Attempt(flops=1e6)


class GivesUp(EndToEnd):
    """Stops after ten steps, and says why."""

    def run(self, trial: Trial) -> Attempt:
        for _ in range(10):
            trial.step(np.zeros(4))
        return Attempt("lost heart")


class Puts(EndToEnd):
    """Moves bodies by magic and claims nothing: what the judge sees is what counts."""

    def __init__(self, *moves: tuple[str, str]) -> None:
        super().__init__()
        self.moves = moves

    def run(self, trial: Trial) -> Attempt:
        scene = trial.scene
        for name, on in self.moves:
            below = scene.standing(on)
            top = below.top + scene.standing(name).height / 2
            scene.simulator.set_pose(name, (*below.position[:2], top))
            for _ in range(30):
                if trial.step(np.zeros(4)):
                    return Attempt()
        return Attempt()


def asked(task: Task, horizon: int | None = None, seed: int = 5) -> Asked:
    return Asked(task, "p03", seed, horizon, 0)


def test_policy_from_pixels_acts_to_the_horizon(task: Task, meter: Meter) -> None:
    method = EndToEnd()
    record = run_episode(method, asked(task, 40), meter)
    assert (record.success, record.control_steps, record.horizon) == (False, 40, 40)
    assert record.cause == "horizon of 40 control steps"
    assert record.progress == 0.0
    assert record.flops == 1e6
    assert len(method.seen) == 40
    assert {"sensing", "policy", "control", "simulation"} <= set(record.phases)
    assert IDLE not in record.phases


def test_who_gives_up_is_held_until_the_horizon(task: Task, meter: Meter) -> None:
    record = run_episode(GivesUp(), asked(task, 60), meter)
    assert record.cause == "lost heart"
    assert record.control_steps == 60
    assert record.phases[IDLE].cpu_s >= 0
    assert record.simulated_s == pytest.approx(60 / 30)


def test_judging_is_nobodys_cost_and_phases_sum_to_the_total(
    task: Task, meter: Meter
) -> None:
    record = run_episode(GivesUp(), asked(task, 60), meter)
    assert JUDGING not in record.phases
    assert record.energy.energy_j == pytest.approx(
        sum(r.energy_j or 0.0 for r in record.phases.values())
    )


TO_GOAL = (
    ("d1", "peg3"),
    ("d2", "peg2"),
    ("d1", "d2"),
    ("d3", "peg3"),
    ("d1", "peg1"),
    ("d2", "d3"),
    ("d1", "d2"),
)


def test_goal_ends_a_policys_episode_and_is_judged_by_physics(
    task: Task, meter: Meter
) -> None:
    record = run_episode(Puts(*TO_GOAL), asked(task), meter)
    assert (record.success, record.progress, record.cause) == (True, 1.0, "")
    assert record.control_steps < record.horizon


def test_progress_counts_operators_in_any_legal_order(task: Task, meter: Meter) -> None:
    # three of seven moves, each a pick and a place, and a detour
    detour = (("d1", "peg2"), *TO_GOAL[:3])
    record = run_episode(Puts(*detour), asked(task, 300), meter)
    assert record.progress == pytest.approx(6 / 14)


def test_broken_rule_stops_the_count(task: Task, meter: Meter) -> None:
    cheat = (("d1", "peg3"), ("d2", "d1"), ("d3", "peg2"))
    record = run_episode(Puts(*cheat), asked(task, 300), meter)
    assert record.progress == pytest.approx(2 / 14)
    assert [o.name for o in record.operators if o.outcome == "rule broken"]


def executives() -> list[str]:
    """Return the methods that plan and act by skills: those that solve what is easy."""
    return [name for name in METHODS if name not in (*BLUEPRINTS, END_TO_END, GUIDED)]


@pytest.mark.parametrize("name", executives())
def test_method_solves_within_its_horizon_and_repeats_itself(
    name: str, task: Task, meter: Meter
) -> None:
    method = find_method(name)
    warm_up(method, asked(task, seed=1), meter)
    first = run_episode(method, asked(task), meter)
    assert (first.success, first.progress) == (True, 1.0), first.cause
    assert first.method == name
    assert first.control_steps < first.horizon == reference(task).horizon
    pictures = replay(method, asked(task), meter, first.control_steps)
    assert 4 <= len(pictures) <= 6
    assert all(png.startswith(b"\x89PNG") and len(png) < 60_000 for png in pictures)


def test_executive_is_stopped_at_the_horizon(task: Task, meter: Meter) -> None:
    record = run_episode(find_method("scripted"), asked(task, 150), meter)
    assert not record.success
    assert record.cause == "horizon of 150 control steps"
    assert record.progress is not None
    assert 0 < record.progress < 1
    assert 150 <= record.control_steps <= 195  # a pause to sense is finished first


def test_every_method_gets_the_same_scene(task: Task) -> None:
    poses = []
    for _ in range(2):
        with build_scene(task, 5) as scene:
            poses.append([tuple(scene.simulator.pose(n)[0]) for n in scene.bodies])
    assert poses[0] == poses[1]


def test_judge_opens_an_empty_hand_first(task: Task, meter: Meter) -> None:
    with build_scene(task, 5) as scene:
        scene.robot.step(np.array((0.0, 0.0, 0.0, -1.0)))
        Judge(task, scene, meter, reference(task)).test()
        assert not scene.robot.closed


def test_task_without_a_plan_is_refused(
    tmp_path: Path,
) -> None:
    text = read_task("hanoi", "p03").problem_pddl.read_text(encoding="utf-8")
    start, _, _ = text.partition("(:goal")
    file = tmp_path / "never.pddl"
    file.write_text(start + "(:goal (and (on d3 d1))))", encoding="utf-8")
    with pytest.raises(NoReferenceError, match="no plan of hanoi never"):
        reference(read_task("hanoi", str(file))).horizon  # noqa: B018
