"""`jouleplan plan`: a plan for any two PDDL files, nothing executed."""

from __future__ import annotations

import argparse
import os
import tempfile
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jouleplan.domains.catalogue import find_domain, find_problem
from jouleplan.planner.cli.errors import OptionError
from jouleplan.planner.cli.options import (
    add_common,
    add_engine,
    given_costs,
    whole,
)
from jouleplan.planner.cli.output import emit, note, planning_code

if TYPE_CHECKING:
    from jouleplan.planner.attempts import Found
    from jouleplan.planner.engines.engine import PlanStatus
    from jouleplan.planner.engines.translation import Translation
    from jouleplan.planner.options import Options
    from jouleplan.planner.planned import Planning


_LIKELY = ("auto", "fast-downward", "symk", "kstar")
"""Beginnings of the names of engines that share a translation of the files."""


def fill(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("domain", metavar="DOMAIN", help="shipped name or path")
    parser.add_argument("problem", metavar="PROBLEM", help="shipped name or path")
    add_common(parser, "seed of engines that make random choices", None)
    add_engine(parser)
    kinds = parser.add_mutually_exclusive_group()
    kinds.add_argument(
        "--optimal", action="store_true", help="only a plan that is proven best"
    )
    kinds.add_argument(
        "--anytime",
        action="store_true",
        help="show better and better plans until the time limit",
    )
    kinds.add_argument(
        "--top-k", type=whole(1), default=0, metavar="K", help="the K best plans"
    )
    parser.add_argument(
        "--plan-file", type=Path, metavar="FILE", help="write the plan as PDDL text"
    )
    parser.add_argument(
        "--graph",
        type=Path,
        metavar="FILE",
        help="draw the plan's causal links and order: .svg, .json or .graphml",
    )


def run(given: argparse.Namespace) -> int:
    """Plan and print the plan."""
    document, text, status = planned(given, given.problem)
    emit(document, text, given.json)
    return planning_code(status)


def planned(
    given: argparse.Namespace, problem: str
) -> tuple[dict[str, Any], str, PlanStatus]:
    """Return the answer of planning as a document, as text, and its status."""
    files = find_domain(given.domain)
    problem_pddl = find_problem(files, problem)
    with tempfile.TemporaryDirectory(
        prefix="jouleplan-", ignore_cleanup_errors=True
    ) as folder:
        early = _early(given, files.domain_pddl, problem_pddl, Path(folder))
        return _plan(given, files.domain_pddl, problem_pddl, early)


def _early(
    given: argparse.Namespace, domain_pddl: Path, problem_pddl: Path, folder: Path
) -> Translation | None:
    """Start the translator before the rest of the planner is loaded."""
    from jouleplan.planner.early import early_translation
    from jouleplan.planner.engines.engine import Limits

    if given.costs is not None or not given.engine.startswith(_LIKELY):
        return None
    limits = Limits(given.time_limit, given.memory_limit)
    return early_translation(domain_pddl, problem_pddl, limits, folder)


def _plan(
    given: argparse.Namespace,
    domain_pddl: Path,
    problem_pddl: Path,
    early: Translation | None,
) -> tuple[dict[str, Any], str, PlanStatus]:
    try:
        return _answer(given, domain_pddl, problem_pddl, early)
    finally:
        if early is not None:
            early.kill()


def _answer(
    given: argparse.Namespace,
    domain_pddl: Path,
    problem_pddl: Path,
    early: Translation | None,
) -> tuple[dict[str, Any], str, PlanStatus]:
    from jouleplan.planner.planning import plan_files

    graph = getattr(given, "graph", None)
    if graph is not None:
        from jouleplan.planner.graph import check_format

        check_format(graph)
    _check_plan_file(getattr(given, "plan_file", None))
    result = plan_files(
        domain_pddl,
        problem_pddl,
        options(given),
        _show if getattr(given, "anytime", False) else lambda found: None,
        early,
    )
    if result.plans and hasattr(given, "graph"):
        _write(given, result)
    document = {
        **planning_document(result),
        "domain": result.task.domain.name,
        "problem": problem_pddl.stem,
    }
    return document, planning_text(result), result.status


def options(given: argparse.Namespace) -> Options:
    """Return what the arguments ask of planning."""
    from jouleplan.planner.options import Options

    return Options(
        given.engine,
        given.time_limit,
        given.memory_limit,
        given.seed,
        getattr(given, "optimal", False),
        getattr(given, "anytime", False),
        getattr(given, "top_k", 0),
        given_costs(given),
    )


def _check_plan_file(file: Path | None) -> None:
    """Refuse a file that cannot be written, before planning takes its time."""
    if file is not None and (file.is_dir() or not os.access(file.parent, os.W_OK)):
        raise OptionError(
            f"--plan-file {file}: give a file in a folder that exists and may be "
            "written"
        )


def _show(found: Found) -> None:
    """Tell of a better plan while more are looked for."""
    steps = f"{len(found.plan)} steps, cost {number(found.verdict.cost)}"
    note(f"{found.at_s:.2f} s: {steps}, by {found.engine}")


def _write(given: argparse.Namespace, result: Planning) -> None:
    plan = result.plans[0].plan
    if given.plan_file is not None:
        text = "".join(f"{step.pddl}\n" for step in plan)
        cost = number(result.plans[0].verdict.cost)
        given.plan_file.write_text(f"{text}; cost = {cost}\n", encoding="utf-8")
    if given.graph is not None:
        from jouleplan.planner.graph import write_graph

        write_graph(given.graph, result.task, plan)


def number(value: Fraction | None) -> float | int | None:
    """Return an exact number for a document: whole where it is."""
    if value is None:
        return None
    return int(value) if value.denominator == 1 else float(value)


def planning_document(result: Planning) -> dict[str, Any]:
    """Return how planning ended, as a document."""
    best = result.plans[0] if result.plans else None
    document: dict[str, Any] = {
        "status": str(result.status),
        "engine": result.engine,
        "plan": [str(step) for step in best.plan] if best else [],
        "cost": number(best.verdict.cost) if best else None,
        "length": len(best.plan) if best else 0,
        "validated": best is not None,
        "proven_best": result.proven,
        "times": {
            "parse": result.times.parse,
            "search": result.times.search,
            "validate": result.times.validate,
            "total": result.times.total,
        },
        "cpu_s": result.cpu_s,
        "wall_s": result.times.total,
        "notes": list(result.notes),
        "detail": result.detail,
    }
    if best and best.verdict.makespan is not None:
        document["makespan"] = number(best.verdict.makespan)
    if best and best.verdict.violations:
        document["violations"] = dict(best.verdict.violations)
    if len(result.plans) > 1:
        document["plans"] = [
            {
                "plan": [str(step) for step in found.plan],
                "cost": number(found.verdict.cost),
                "length": len(found.plan),
            }
            for found in result.plans
        ]
    return document


def planning_text(result: Planning) -> str:
    """Return a plan, or why there is none, for people."""
    lines = []
    for i, found in enumerate(result.plans, start=1):
        if len(result.plans) > 1:
            lines.append(f"plan {i}, cost {number(found.verdict.cost)}:")
        lines += [str(step) for step in found.plan]
    summary = f"{result.status} by {result.engine}"
    if result.plans:
        verdict = result.plans[0].verdict
        summary += f": {len(result.plans[0].plan)} operators, validated"
        if result.task.problem.metric is not None:
            summary += f", cost {number(verdict.cost)}"
        if verdict.makespan is not None:
            summary += f", {number(verdict.makespan)} long"
    if result.detail:
        summary += f": {result.detail}"
    spent = f"{result.cpu_s:.2f} s CPU, {result.times.total:.2f} s wall"
    lines.append(f"{summary} ({spent})")
    lines += [f"note: {text}" for text in result.notes]
    return "\n".join(lines)
