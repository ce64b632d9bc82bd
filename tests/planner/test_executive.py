"""Faults on the real simulator: the goal is still reached, or the cause is named."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper

from jouleplan.domains.facts import TABLE, facts_of
from jouleplan.domains.layout import free_slots
from jouleplan.domains.scene import Scene
from jouleplan.domains.symbols import GroundOperator, State
from jouleplan.energy.meter import Meter
from jouleplan.planner.disturber import Disturber
from jouleplan.planner.executive import Executive
from jouleplan.planner.task import Task, read_task
from jouleplan.skills.library import PolicySet, load_policies
from jouleplan.skills.policy import Policy
from jouleplan.skills.stages import ACTION_SIZE, OBSERVATION_SIZE

SEED = 11


@pytest.fixture
def task() -> Task:
    return read_task("hanoi", "p03")


@pytest.fixture
def scene(task: Task) -> Iterator[Scene]:
    facts = facts_of(task.problem.init, task.binding, task.problem)
    rng = np.random.default_rng(SEED)
    with Scene(task.binding.bodies, task.binding.layout, facts, rng) as found:
        yield found


def executive(
    task: Task,
    scene: Scene,
    *,
    policies: PolicySet | None = None,
    disturber: Disturber | None = None,
    observer: Callable[[State], None] | None = None,
) -> Executive:
    return Executive(
        task,
        scene,
        policies or load_policies(),
        Meter(),
        seed=SEED,
        disturber=disturber,
        observer=observer,
    )


def constant_policy(path: Path, value: float) -> Policy:
    """Write a policy that answers with one number whatever it sees."""
    weight = helper.make_tensor(
        "w",
        TensorProto.FLOAT,
        (OBSERVATION_SIZE, ACTION_SIZE),
        np.full(OBSERVATION_SIZE * ACTION_SIZE, value, np.float32),
    )
    graph = helper.make_graph(
        [helper.make_node("MatMul", ["x", "w"], ["y"])],
        "constant",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, (1, OBSERVATION_SIZE))],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, (1, ACTION_SIZE))],
        [weight],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    model.ir_version = 8
    onnx.save(model, str(path))
    return Policy(path)


def test_undisturbed_tower_moves_by_the_plan(task: Task, scene: Scene) -> None:
    episode = executive(task, scene).run()
    assert episode.goal_reached, episode.cause
    assert [e.name for e in episode.executed] == list(episode.plan)
    assert episode.replans == 0
    assert episode.simulated_s < 60
    assert episode.mechanical_work_j > 0


def test_phases_are_metered_and_sum_to_the_total(task: Task, scene: Scene) -> None:
    episode = executive(task, scene).run()
    assert {"planning", "sensing", "policy", "control", "simulation"} <= set(
        episode.energy
    )
    assert episode.total is not None
    assert episode.total.energy_j == pytest.approx(
        sum(r.energy_j or 0.0 for r in episode.energy.values()), rel=5e-3
    )
    assert {r.quality for r in episode.energy.values()} == {episode.total.quality}


def test_preconditions_are_sensed_before_every_operator(
    task: Task, scene: Scene
) -> None:
    seen: list[State] = []
    episode = executive(task, scene, observer=seen.append).run()
    grounded = [
        lifted.ground((a, b))
        for lifted in task.domain.operators.values()
        for a in task.problem.objects
        for b in task.problem.objects
    ]
    operators = {str(operator): operator for operator in grounded}
    assert episode.goal_reached
    # one state before the first operator and one after each
    for before, done, after in zip(seen, episode.executed, seen[1:], strict=False):
        assert operators[done.name].applicable(before)
        assert operators[done.name].add_effects <= after


def test_disk_knocked_from_the_hand_is_picked_up_again(
    task: Task, scene: Scene
) -> None:
    def knock(where: Scene) -> str:
        held = [n for n in where.movables if all(where.robot.touches(n))]
        way = where.robot.state.ee_position[:2] - where.initial["d1"].position[:2]
        carried = where.robot.closed and np.hypot(*way) > 0.06
        if knocked or not held or not carried:
            return ""
        taken = [where.simulator.pose(n)[0] for n in where.bodies]
        x, y = next(free_slots(taken))
        where.simulator.set_pose(held[0], (x, y, 0.03), 0.4)
        knocked.append(held[0])
        return f"knocked {held[0]}"

    knocked: list[str] = []
    episode = executive(task, scene, disturber=Disturber(during=knock)).run()
    assert knocked
    assert episode.goal_reached, episode.cause
    recovered = [e for e in episode.executed if e.kind == "restore" and e.done]
    assert f"restore({knocked[0]})" in [e.name for e in recovered]
    dropped = [e.outcome for e in episode.executed if not e.done]
    assert "dropped" in dropped


def test_disk_moved_to_another_peg_by_an_outsider_is_planned_around(
    task: Task, scene: Scene
) -> None:
    def move(where: Scene, state: State, operator: GroundOperator) -> str:
        if moved or operator.name != "pick" or len(episode_of.episode.executed) < 4:
            return ""
        pegs = [n for n in where.axes if not _carries(where, n)]
        if not pegs:
            return ""
        x, y = where.axes[pegs[0]]
        height = where.bodies["d1"].height
        where.simulator.set_pose("d1", (x, y, 0.02 + height / 2))
        moved.append(pegs[0])
        return f"moved d1 to {pegs[0]}"

    moved: list[str] = []
    episode_of = executive(task, scene, disturber=Disturber(before=move))
    episode = episode_of.run()
    assert moved
    assert episode.disturbances == [f"moved d1 to {moved[0]}"]
    assert episode.goal_reached, episode.cause


def _carries(scene: Scene, peg: str) -> bool:
    return any(
        np.hypot(*(scene.simulator.pose(n)[0][:2] - scene.axes[peg])) < 0.05
        for n in scene.movables
    )


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_policy_that_answers_no_number_ends_the_episode_with_its_name(
    task: Task, scene: Scene, tmp_path: Path, value: float
) -> None:
    broken = constant_policy(tmp_path / "grasp.onnx", value)
    policies = PolicySet({**load_policies().policies, "grasp": broken})
    episode = executive(task, scene, policies=policies).run()
    assert not episode.goal_reached
    assert "grasp.onnx" in episode.cause
    assert "PolicyOutputError" in episode.cause


def test_policy_that_does_nothing_is_given_up_with_its_operator(
    task: Task, scene: Scene, tmp_path: Path
) -> None:
    idle = constant_policy(tmp_path / "grasp.onnx", 0.0)
    policies = PolicySet({**load_policies().policies, "grasp": idle})
    episode = executive(task, scene, policies=policies).run()
    assert not episode.goal_reached
    assert episode.cause.startswith("pick(d1, d2) failed")
    assert "timeout" in [e.outcome for e in episode.executed]
    assert "home()" in [e.name for e in episode.executed]


def test_loose_disk_on_the_table_is_brought_back_before_the_plan(
    task: Task, scene: Scene
) -> None:
    def lay(where: Scene, state: State, operator: GroundOperator) -> str:
        if laid:
            return ""
        taken = [where.simulator.pose(n)[0] for n in where.bodies]
        x, y = next(free_slots(taken))
        where.simulator.set_pose("d1", (x, y, 0.03))
        laid.append("d1")
        return f"laid d1 on the {TABLE}"

    laid: list[str] = []
    episode = executive(task, scene, disturber=Disturber(before=lay)).run()
    assert episode.goal_reached, episode.cause
    assert episode.executed[0].name == "restore(d1, d2)"
    assert episode.executed[0].done


def test_block_left_in_the_hand_by_half_a_move_is_put_back_and_moved_again() -> None:
    """The operator takes and puts; no other one goes on from the hand."""
    task = read_task("blocks-3op", "p05")
    first: list[GroundOperator] = []
    pushed: list[str] = []

    def note(where: Scene, state: State, operator: GroundOperator) -> str:
        first.append(operator)
        return ""

    def push(where: Scene) -> str:
        taken = first[0].objects[0]
        way = where.simulator.pose(taken)[0] - where.initial[taken].position
        if pushed or np.hypot(*way[:2]) < 0.04:  # it is not being placed yet
            return ""
        x, y, z = where.simulator.pose("b1")[0]
        where.simulator.set_pose("b1", (x, y + 0.03, z))
        pushed.append("b1")
        return "pushed b1"

    facts = facts_of(task.problem.init, task.binding, task.problem)
    with Scene(
        task.binding.bodies, task.binding.layout, facts, np.random.default_rng(SEED)
    ) as scene:
        hand = Disturber(before=note, during=push)
        episode = executive(task, scene, disturber=hand).run()
    move, back = episode.executed[:2]
    assert pushed
    assert (move.name, move.outcome) == (str(first[0]), "guard")
    assert (back.kind, back.reason) == (
        "restore",
        "is held, and no operator goes on from there",
    )
    assert back.done
    assert str(first[0]) in [e.name for e in episode.executed[2:] if e.done]
    assert episode.goal_reached, episode.cause
