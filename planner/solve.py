"""Finds plans that are carried out: ground operators of a domain in symbols."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

from jouleplan.domains.language.domain_file import read_domain_model
from jouleplan.domains.language.problem_file import read_problem_model
from jouleplan.domains.language.write import problem_text
from jouleplan.domains.symbols import Domain, GroundOperator, State
from jouleplan.planner.engines.engine import PlanStatus
from jouleplan.planner.options import Options
from jouleplan.planner.planning import plan_files

__all__ = ["PlanResult", "PlanStatus", "solve", "solve_from"]


@dataclass(frozen=True, slots=True)
class PlanResult:
    """How planning ended.

    Attributes:
        status: Solved, proved unsolvable, or why neither.
        engine: Engine that the status comes from; ``none`` where none was needed.
        plan: Ground operators, validated from the initial state to the goal.
        cpu_s: CPU seconds of the engines' processes and of this thread.
        wall_s: Wall seconds.
        notes: What happened on the way, and what is known of the plan.
        detail: The reason where not solved.
    """

    status: PlanStatus
    engine: str
    plan: tuple[GroundOperator, ...]
    cpu_s: float
    wall_s: float
    notes: tuple[str, ...]
    detail: str


def solve(
    domain: Domain,
    domain_pddl: Path,
    problem_pddl: Path,
    options: Options = Options(),  # noqa: B008 - frozen
) -> PlanResult:
    """Return a plan in the ground operators of ``domain``, or why there is none.

    Args:
        domain: The domain as read.
        domain_pddl: The file ``domain`` was read from.
        problem_pddl: The file of a problem of it.
        options: What is asked for.

    Raises:
        PlannerError: The options do not fit; see ``plan_files``.
        PddlError: A file cannot be read.
    """
    found = plan_files(domain_pddl, problem_pddl, options)
    steps = found.plans[0].plan if found.plans else ()
    return PlanResult(
        found.status,
        found.engine,
        tuple(domain.operators[step.operator].ground(step.objects) for step in steps),
        found.cpu_s,
        found.times.total,
        found.notes,
        found.detail,
    )


def solve_from(
    domain: Domain,
    state: State,
    domain_pddl: Path,
    problem_pddl: Path,
    options: Options = Options(),  # noqa: B008 - frozen
) -> PlanResult:
    """Return a plan from ``state`` to the goal of a problem: replanning.

    Args:
        domain: The domain as read.
        state: The state to start from, e.g. sensed; what no operator changes is taken
            from the problem's own `:init` too.
        domain_pddl: The file ``domain`` was read from.
        problem_pddl: The file of the problem whose objects and goal count.
        options: What is asked for.

    Raises:
        PlannerError: The options do not fit; see ``plan_files``.
        PddlError: A file cannot be read.
    """
    static = domain.static_predicates()
    model = read_domain_model(domain_pddl)
    problem = read_problem_model(problem_pddl, model)
    kept = frozenset(fact for fact in problem.facts if fact[0] in static)
    sensed = frozenset((atom.predicate, *atom.objects) for atom in state)
    here = replace(problem, facts=kept | sensed)
    with tempfile.TemporaryDirectory(prefix="jouleplan-") as folder:
        file = Path(folder) / "problem.pddl"
        file.write_text(problem_text(model, here), encoding="utf-8")
        return solve(domain, domain_pddl, file, options)
