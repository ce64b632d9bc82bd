"""Value costs: operators that no episode shows, from the value of an option.

The value says how many control steps an operator is expected to take; what a second of
these costs is told by the operators that episodes do show.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from jouleplan.domains.robot import CONTROL_STEP_S
from jouleplan.domains.scene import Scene
from jouleplan.domains.skill_call import SkillCall
from jouleplan.domains.symbols import GroundOperator
from jouleplan.energy.errors import LedgerError
from jouleplan.energy.meter import Meter
from jouleplan.planner.learned_costs import Estimate, LearnedCost, LearnedCosts
from jouleplan.planner.play.moves import moves
from jouleplan.planner.play.senses import at_rest
from jouleplan.planner.run import build_scene
from jouleplan.planner.task import Task
from jouleplan.skills.gcrl.option import Option
from jouleplan.skills.library import load_policies
from jouleplan.skills.skill import Workspace

SCENES: Final = 5


def add_value_costs(
    learned: LearnedCosts, task: Task, option: Option, source: str, seed: int
) -> LearnedCosts:
    """Return ``learned`` with the operators of ``task`` that no episode shows.

    Only what the starts of scenes allow is foretold: the first operator of a move, and
    the second from where the first would leave it. Intervals are of the ground
    operators that were looked at.

    Args:
        learned: From a ledger.
        task: Whose scenes are looked at; nothing is carried out on them.
        option: With a calibrated value.
        source: What the costs are said to rest on.
        seed: Of the first scene.

    Raises:
        LedgerError: The episodes show no simulated time.
    """
    known = {cost.key for cost in learned.operators}
    missing = [name for name in task.domain.operators if name not in known]
    found: dict[str, list[float]] = defaultdict(list)
    skills: dict[str, str] = {}
    for scene_seed in range(seed, seed + SCENES if missing else seed):
        with build_scene(task, scene_seed) as scene:
            for operator, skill, seconds in _foretold(task, scene, option):
                if operator.name in missing:
                    kinds = [task.problem.objects[o] for o in operator.objects]
                    for key in (operator.name, f"{operator.name}({', '.join(kinds)})"):
                        found[key].append(seconds)
                        skills[key] = skill
    rates = _rates(learned)
    costs = [_cost(key, skills[key], found[key], rates, source) for key in found]
    return replace(learned, operators=(*learned.operators, *costs))


def _foretold(
    task: Task, scene: Scene, option: Option
) -> Iterator[tuple[GroundOperator, str, float]]:
    """Yield ground operators, their skills and the seconds that they should take."""
    meter = Meter()
    state, _ = at_rest(task, scene, meter)
    workspace = Workspace(scene, load_policies(), meter.phase)

    def seconds(calls: Sequence[SkillCall]) -> float:
        steps = [option.foretell(workspace, call) for call in calls]
        return CONTROL_STEP_S * sum(one for one in steps if one is not None)

    seen = set()
    for move in moves(task, state):
        parts: list[tuple[SkillCall, ...]] = [(move.pick,), (move.place,)]
        if len(move.operators) == 1:
            whole = move.pick.whole is not None
            parts = [(move.call,)] if whole else [(move.pick, move.place)]
        for operator, calls in zip(move.operators, parts, strict=True):
            if operator not in seen:
                seen.add(operator)
                yield operator, "+".join(c.skill for c in calls), seconds(calls)


def _rates(learned: LearnedCosts) -> tuple[float, float, float]:
    """Return joules a simulated second: to be minimised, of computing, of the robot."""
    plain = [cost for cost in learned.operators if "(" not in cost.key]
    weights = np.array([max(1, cost.successes) for cost in plain], dtype=float)
    sums = [
        float(weights @ [getattr(cost, name).mean for cost in plain])
        for name in ("seconds", "energy_j", "compute_j", "mechanical_j")
    ]
    if not sums[0] > 0:
        raise LedgerError(
            "the episodes show no simulated time, so that steps cannot be priced; "
            "leave --values out"
        )
    return sums[1] / sums[0], sums[2] / sums[0], sums[3] / sums[0]


def _cost(
    key: str,
    skill: str,
    seconds: Sequence[float],
    rates: tuple[float, float, float],
    source: str,
) -> LearnedCost:
    mean = float(np.mean(seconds))
    low, high = map(float, np.quantile(seconds, (0.025, 0.975)))

    def times(rate: float) -> Estimate:
        return Estimate(rate * mean, rate * low, rate * high)

    energy, compute, mechanical = map(times, rates)
    return LearnedCost(
        key, skill, 0, 0, None, energy, compute, mechanical, times(1.0), source
    )
