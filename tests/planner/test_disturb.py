"""The outside hand obeys the rules, and the arm recovers from it."""

from collections.abc import Iterator

import numpy as np
import pytest

from jouleplan.domains.facts import atoms_of, facts_of
from jouleplan.domains.scene import Scene
from jouleplan.domains.sense import sense
from jouleplan.domains.symbols import GroundAtom, GroundOperator, State
from jouleplan.energy.meter import Meter
from jouleplan.planner.disturb import KNOCKED, MOVED, OutsideHand
from jouleplan.planner.disturber import Disturber
from jouleplan.planner.executive import Executive
from jouleplan.planner.places import allowed_places
from jouleplan.planner.rules import RuleWatch
from jouleplan.planner.run import Conditions, run_episode
from jouleplan.planner.task import Task, read_task
from jouleplan.skills.library import load_policies

PROBLEMS = {
    "hanoi": "p04",
    "blocksworld": "p05",
    "blocks-3op": "p05",
    "stacking": "p04",
    "nut-assembly": "p04-moved",
}


@pytest.fixture(params=PROBLEMS)
def task(request: pytest.FixtureRequest) -> Task:
    return read_task(request.param, PROBLEMS[request.param])


@pytest.fixture
def scene(task: Task) -> Iterator[Scene]:
    facts = facts_of(task.problem.init, task.binding, task.problem)
    rng = np.random.default_rng(3)
    with Scene(task.binding.bodies, task.binding.layout, facts, rng) as found:
        yield found


def test_moves_are_sensed_where_they_were_said_and_break_no_rule(
    task: Task, scene: Scene
) -> None:
    hand, rules = OutsideHand(task, 1.0, np.random.default_rng(0)), RuleWatch(task)
    on_table = "on_table" in task.binding.classifiers.values()
    for _ in range(12):
        said = hand.move(scene).split()
        scene.settle()
        facts = sense(scene, on_table)
        assert said[0] == MOVED
        assert facts.support[said[1]] == said[-1] != said[3]
        assert not facts.loose
        rules(atoms_of(facts, task.binding, task.problem))
    assert rules.broken == []


def test_larger_disk_on_a_smaller_one_breaks_a_rule() -> None:
    task = read_task("hanoi", "p03")
    rules = RuleWatch(task)
    wrong = frozenset({GroundAtom("on", ("d3", "d1"))})
    for state in (task.problem.init, wrong, wrong, task.problem.init, wrong):
        rules(state)
    assert rules.broken == ["on(d3, d1)", "on(d3, d1)"]


def test_places_of_a_disk_are_pegs_and_larger_disks() -> None:
    task = read_task("hanoi", "p03")
    places = allowed_places("d2", task.domain, task.problem, task.binding)
    assert set(places) == {"peg1", "peg2", "peg3", "d3"}


def test_probability_zero_is_no_hand(task: Task, scene: Scene) -> None:
    hand = OutsideHand(task, 0.0, np.random.default_rng(0))
    operator = next(iter(task.domain.operators.values()))
    ground = operator.ground(tuple(list(task.problem.objects)[: len(operator.types)]))
    assert hand.before(scene, task.problem.init, ground) == ""


def test_body_that_one_operator_takes_and_puts_is_knocked_on_its_way_too() -> None:
    task, policies = read_task("blocks-3op", "p05"), load_policies()
    hand = OutsideHand(task, 0.5, np.random.default_rng(2))
    bottoms: dict[str, float] = {}
    lifted_m: list[float] = []

    def before(scene: Scene, state: State, operator: GroundOperator) -> str:
        bottoms.update({n: scene.standing(n).bottom for n in scene.movables})
        return hand.before(scene, state, operator)

    def during(scene: Scene) -> str:
        now = {n: scene.standing(n).bottom for n in scene.movables}
        said = hand.during(scene)
        if said:
            name = said.split()[1]
            lifted_m.append(now[name] - bottoms[name])
        return said

    facts = facts_of(task.problem.init, task.binding, task.problem)
    rng = np.random.default_rng(3)
    with Scene(task.binding.bodies, task.binding.layout, facts, rng) as scene:
        disturber = Disturber(before=before, during=during)
        executive = Executive(
            task, scene, policies, Meter(), seed=3, disturber=disturber
        )
        episode = executive.run()
    assert episode.goal_reached, episode.cause
    assert max(lifted_m, default=0.0) > 0.05


@pytest.mark.parametrize("domain", ["hanoi", "blocks-3op"])
def test_arm_reaches_the_goal_against_the_hand(domain: str) -> None:
    task = read_task(domain, {"hanoi": "p03", "blocks-3op": "p06"}[domain])
    policies = load_policies()
    kinds: set[str] = set()
    for seed in range(2):
        done = run_episode(task, policies, seed, Conditions(disturb=0.3), meter=Meter())
        kinds.update(said.split()[0] for said in done.episode.disturbances)
        assert done.episode.goal_reached, done.episode.cause
        assert done.rules_broken == ()
    assert kinds == {MOVED, KNOCKED}
