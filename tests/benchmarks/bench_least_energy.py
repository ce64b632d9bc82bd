"""The least-energy plan against the shortest, and its joules against the prediction.

``python -m tests.benchmarks.bench_least_energy --episodes 20``: learns the costs of the
operators of docs/rotation from episodes of two problems, plans `rotate` with and
without them, carries both plans out on other seeds, and prints predicted and
measured joules of computing (no simulation) and of the robot's work.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

import numpy as np

from jouleplan.energy.ledger import Ledger
from jouleplan.planner.costs import read_costs
from jouleplan.planner.costs_file import costs_text
from jouleplan.planner.evaluate import Series, evaluate
from jouleplan.planner.learned_costs import LearnedCosts, learn_costs
from jouleplan.planner.options import Options
from jouleplan.planner.planning import plan_files
from jouleplan.planner.run import Conditions

DOMAIN = Path(__file__).parents[2] / "docs" / "rotation"
LEARNED_FROM, TESTED_ON = 1000, 2000


def main() -> None:
    """Print the comparison; exit with 1 where the least-energy plan is not right."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--episodes", type=int, default=20)
    episodes = parser.parse_args().episodes
    with tempfile.TemporaryDirectory() as folder:
        ledger = Path(folder) / "learned.sqlite"
        for problem in ("rotate", "step"):
            _run(ledger, problem, LEARNED_FROM, episodes, Conditions())
        learned = learn_costs(ledger)
        file = Path(folder) / "costs.toml"
        file.write_text(costs_text(learned, "bench"), encoding="utf-8")
        shortest = Conditions()
        least = Conditions(costs=read_costs(file, "energy"))
        print(f"learned from 2 x {episodes} episodes, seeds {LEARNED_FROM} on")
        for cost in learned.operators:
            e = cost.energy_j
            print(f"  {cost.key}: {e.mean:.1f} J ({e.low:.1f} to {e.high:.1f})")
        right = True
        for name, conditions in (("shortest", shortest), ("least energy", least)):
            test = Path(folder) / f"{name}.sqlite"
            _run(test, "rotate", TESTED_ON, episodes, conditions)
            right &= _report(name, test, conditions, learned)
    raise SystemExit(0 if right else 1)


def _run(
    ledger: Path, problem: str, seed: int, episodes: int, conditions: Conditions
) -> None:
    with Ledger(ledger) as opened:
        evaluate(
            Series(str(DOMAIN), problem),
            range(seed, seed + episodes),
            conditions,
            ledger=opened,
        )


def _report(
    name: str, ledger: Path, conditions: Conditions, learned: LearnedCosts
) -> bool:
    """Print one plan's prediction and measurement; return whether they agree."""
    options = Options(costs=conditions.costs)
    problem = DOMAIN / "problems" / "rotate.pddl"
    plan = plan_files(DOMAIN / "domain.pddl", problem, options).plans[0].plan
    costs = {cost.key: cost.energy_j for cost in learned.operators}
    parts = [costs[step.operator] for step in plan]
    # errors of one operator's mean do not average out over its repetitions
    mean, low, high = (
        sum(getattr(part, which) for part in parts) for which in ("mean", "low", "high")
    )
    with Ledger(ledger, read_only=True) as opened:
        operators, episodes = opened.frame("operators"), opened.frame("episodes")
    each = (operators.energy_j + operators.mechanical_work_j).groupby(operators.episode)
    joules = each.sum().to_numpy()
    rng = np.random.default_rng(0)
    means = rng.choice(joules, (10_000, len(joules))).mean(axis=1)
    below, above = np.quantile(means, (0.025, 0.975))
    agrees = bool(low <= joules.mean() <= high)
    print(
        f"{name}: {len(plan)} operators, predicted {mean:.1f} J ({low:.1f} to "
        f"{high:.1f}), measured {joules.mean():.1f} J ({below:.1f} to {above:.1f}) on "
        f"{len(joules)} episodes, {int(episodes.success.sum())} successes, seeds "
        f"{TESTED_ON} on: {'within' if agrees else 'OUTSIDE'} the prediction's interval"
    )
    return agrees


if __name__ == "__main__":
    main()
