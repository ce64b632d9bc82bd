"""`jouleplan plan`: a plan in symbols, nothing executed."""

from __future__ import annotations

import argparse

from jouleplan.planner.cli.options import add_common, add_engine
from jouleplan.planner.cli.output import emit, planning_code
from jouleplan.planner.solve import PlanResult, solve
from jouleplan.planner.task import SymbolicTask, read_symbolic


def fill(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("domain", metavar="DOMAIN", help="shipped name or path")
    parser.add_argument("problem", metavar="PROBLEM", help="shipped name or path")
    add_common(parser, "seed of engines that make random choices", None)
    add_engine(parser)


def run(given: argparse.Namespace) -> int:
    """Plan and print the plan."""
    task = read_symbolic(given.domain, given.problem)
    result = plan(task, given.engine, given.time_limit, given.seed)
    document = {
        "status": str(result.status),
        "domain": task.name,
        "problem": task.problem_name,
        "engine": result.engine,
        "plan": [str(operator) for operator in result.plan],
        "length": len(result.plan),
        "cpu_s": result.cpu_s,
        "wall_s": result.wall_s,
        "notes": list(result.notes),
        "detail": result.detail,
    }
    emit(document, plan_text(result), given.json)
    return planning_code(result.status)


def plan(
    task: SymbolicTask, engine: str, time_limit_s: float, seed: int | None
) -> PlanResult:
    """Return what the engine finds for ``task``."""
    return solve(
        task.domain,
        task.problem,
        task.files.domain_pddl,
        task.problem_pddl,
        engine=engine,
        time_limit_s=time_limit_s,
        seed=seed,
    )


def plan_text(result: PlanResult) -> str:
    """Return a plan, or why there is none, for people."""
    lines = [str(operator) for operator in result.plan]
    summary = f"{result.status} by {result.engine}"
    if result.plan:
        summary += f": {len(result.plan)} operators"
    if result.detail:
        summary += f": {result.detail}"
    lines.append(f"{summary} ({result.cpu_s:.2f} s CPU, {result.wall_s:.2f} s wall)")
    lines += [f"note: {text}" for text in result.notes]
    return "\n".join(lines)
