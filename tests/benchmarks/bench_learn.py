"""Transitions needed until a learned domain solves every shipped problem.

    python -m tests.benchmarks.bench_learn              # 20 seeds
    python -m tests.benchmarks.bench_learn --seeds 3

Random walks of ten operators, each in another of the shipped problems, in random order.
After each transition the domain is learned anew; where it has changed, every shipped
problem is planned with it, and the plan is validated in the true domain.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from pathlib import Path

import numpy as np

from jouleplan.domains.catalogue import find_domain
from jouleplan.domains.language.model import TaskModel
from jouleplan.domains.language.write import domain_text
from jouleplan.domains.learning.learned_domain import learned_domain
from jouleplan.domains.learning.sam import learn
from jouleplan.domains.learning.transition import Recording, Transition
from jouleplan.planner.options import Options
from jouleplan.planner.planning import plan_files
from jouleplan.planner.validator import validate
from tests.domains.learning.walks import WALK, shipped_tasks, walks

MOST = 400
"""Transitions after which a seed counts as failed."""

OPTIONS = Options(engine="fast-downward", time_limit_s=60)


class Judge:
    """Says whether a domain solves every shipped problem; asked once for each text."""

    def __init__(self, name: str, tasks: dict[str, TaskModel]) -> None:
        self._files, self._tasks = find_domain(name).problems, tasks
        self._known: dict[str, bool] = {}
        self.invalid = 0

    def __call__(self, text: str) -> bool:
        if text not in self._known:
            with tempfile.TemporaryDirectory() as folder:
                file = Path(folder) / "domain.pddl"
                file.write_text(text, encoding="utf-8")
                self._known[text] = all(
                    self._solves(file, name) for name in self._tasks
                )
        return self._known[text]

    def _solves(self, domain: Path, name: str) -> bool:
        plans = plan_files(domain, self._files[name], OPTIONS).plans
        if not plans:
            return False
        valid = validate(self._tasks[name], plans[0].plan).valid
        self.invalid += not valid
        return valid


def needed(
    tasks: dict[str, TaskModel], judge: Judge, seed: int, negative: bool
) -> int | None:
    """Return how many transitions it takes; None where it takes more than ``MOST``."""
    signature = next(iter(tasks.values())).domain
    found: list[Transition] = []
    for transition in walks(tasks, np.random.default_rng(seed)):
        found.append(transition)
        operators = learn(Recording(signature, tuple(found)), negative=negative)
        if any(one.identified for one in operators.values()) and judge(
            domain_text(learned_domain(signature, operators))
        ):
            return len(found)
        if len(found) == MOST:
            break
    return None


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=20)
    seeds = range(parser.parse_args().seeds)
    print(f"command: python -m tests.benchmarks.bench_learn --seeds {len(seeds)}")
    print(f"walks of {WALK} operators; seeds 0 to {seeds[-1]}; at most {MOST}")
    for name in ("hanoi", "blocksworld"):
        tasks = shipped_tasks(name)
        judge = Judge(name, tasks)
        for negative in (False, True):
            began = time.perf_counter()
            counts = [needed(tasks, judge, seed, negative) for seed in seeds]
            done = sorted(count for count in counts if count is not None)
            print(
                f"{name}{' --negative' if negative else ''}: {len(tasks)} problems, "
                f"{len(done)} of {len(seeds)} seeds; transitions: median "
                f"{statistics.median(done):g}, least {done[0]}, most {done[-1]}; "
                f"{sum(count <= 60 for count in done)} within 60; "
                f"{time.perf_counter() - began:.0f} s",
                flush=True,
            )
        print(f"{name}: plans of learned domains that are not valid: {judge.invalid}")


if __name__ == "__main__":
    main()
