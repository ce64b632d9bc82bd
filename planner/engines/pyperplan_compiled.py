"""pyperplan behind unified-planning's compilers: ADL and constraints as plain STRIPS.

The compilers run in a process of their own, and so does pyperplan after them. Equality
goes as a predicate: their own way is to ground everything. Nothing that counts is
dropped: a task with costs is refused.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from jouleplan.domains.errors import PddlError
from jouleplan.domains.language.domain_file import read_domain_model
from jouleplan.domains.language.features import Feature
from jouleplan.domains.language.model import (
    Atom,
    Condition,
    Same,
    Signature,
    TaskModel,
)
from jouleplan.domains.language.names import Names, plain_names
from jouleplan.domains.language.plan import Plan, Step
from jouleplan.domains.language.problem_file import read_problem_model
from jouleplan.domains.language.write import task_text
from jouleplan.planner.engines.engine import About, Outcome, PlanStatus, Request
from jouleplan.planner.engines.overruled import overruled
from jouleplan.planner.engines.pyperplan import plain_strips, searched
from jouleplan.planner.engines.unquantified import TooManyPartsError, unquantified
from jouleplan.planner.engines.up_run import missing, run_worker
from jouleplan.planner.lowering.rebuild import rebuild_condition, rebuild_effect

_PACKAGES = {"unified_planning": "unified-planning", "pyperplan": "pyperplan"}


@dataclass(frozen=True, slots=True)
class PyperplanCompiled:
    """pyperplan on a task that unified-planning has compiled."""

    name: str = "pyperplan-compiled"
    supports: frozenset[Feature] = frozenset(
        {
            Feature.NEGATIVE,
            Feature.NEGATIVE_GOAL,
            Feature.EQUALITY,
            Feature.DISJUNCTION,
            Feature.EXISTS,
            Feature.FORALL,
            Feature.CONDITIONAL_EFFECT,
            Feature.UNIVERSAL_EFFECT,
            Feature.CONSTRAINTS,
        }
    )
    optimal: bool = False
    anytime: bool = False
    top_k: bool = False
    translates: bool = False

    @property
    def about(self) -> About:
        """What people are told."""
        return About(
            "pyperplan",
            "pyperplan",
            "pip install unified-planning pyperplan",
            "GPL-3.0-or-later, with the Apache-2.0 unified-planning",
            "small ADL tasks and trajectory constraints, without a C++ compiler",
        )

    def missing(self) -> str:
        """Return what is not installed."""
        return missing(_PACKAGES)

    def run(self, request: Request) -> Outcome:
        """Return what is found for the compiled task; see ``Engine.run``."""
        deadline = time.perf_counter() + request.limits.time_s
        try:
            task = _related(overruled(unquantified(plain_strips(request.task))))
        except TooManyPartsError as error:
            return Outcome(PlanStatus.UNSUPPORTED, detail=str(error))
        names = plain_names(task)
        texts = task_text(task, names)
        answer = run_worker("compile", request, texts, deadline)
        if answer.last.get("status") != "compiled":
            status, detail = answer.failure("unified-planning")
            return Outcome(status, cpu_s=answer.ended.cpu_s, detail=detail)
        try:
            files, left = _plain_files(request.folder)
        except PddlError as error:
            return Outcome(PlanStatus.CRASHED, detail=f"compiled wrongly: {error}")
        if left:
            detail = f"unified-planning does not compile {', '.join(left)} away"
            return Outcome(PlanStatus.UNSUPPORTED, detail=detail)
        outcome = searched(
            request,
            files,
            deadline,
            lambda plan: _original(plan, answer.last, names),
            optimal=False,
        )
        return replace(outcome, cpu_s=outcome.cpu_s + answer.ended.cpu_s)


def _related(task: TaskModel) -> TaskModel:
    """Return ``task`` with its equality as a predicate."""
    name = "same"
    while name in task.domain.predicates or name in task.domain.functions:
        name += "-"

    found: list[Same] = []

    def change(part: Condition) -> Condition:
        if isinstance(part, Same):
            found.append(part)
            return Atom(name, (part.left, part.right))
        return part

    schemas = {
        key: replace(
            schema,
            condition=rebuild_condition(schema.condition, change),
            effect=rebuild_effect(schema.effect, lambda effect: effect, change),
        )
        for key, schema in task.domain.schemas.items()
    }
    domain, problem = task.domain, task.problem
    goal, *constraints = (
        rebuild_condition(condition, change)
        for condition in (problem.goal, domain.constraints, problem.constraints)
    )
    if not found:
        return task
    kinds = (("?x", ("object",)), ("?y", ("object",)))
    predicates = {**domain.predicates, name: Signature(name, kinds)}
    facts = problem.facts | {(name, o, o) for o in problem.objects}
    return TaskModel(
        replace(
            domain, schemas=schemas, predicates=predicates, constraints=constraints[0]
        ),
        replace(problem, facts=facts, goal=goal, constraints=constraints[1]),
    )


def _plain_files(folder: Path) -> tuple[tuple[Path, Path], list[Feature]]:
    """Return files with the compiled task as pyperplan reads it, and what is left.

    Raises:
        PddlError: The compiled task cannot be read.
    """
    domain = read_domain_model(folder / "compiled-domain.pddl")
    problem = read_problem_model(folder / "compiled-problem.pddl", domain)
    task = TaskModel(domain, problem)
    files = folder / "plain-domain.pddl", folder / "plain-problem.pddl"
    for file, text in zip(files, task_text(plain_strips(task)), strict=True):
        file.write_text(text, encoding="utf-8")
    return files, sorted(task.features)


def _original(plan: Plan, said: Mapping[str, Any], names: Names) -> Plan:
    """Return a plan of the compiled task as one of the task."""
    operators: Mapping[str, Sequence[Any] | None] = said["operators"]
    objects: Mapping[str, str] = said["objects"]
    steps = []
    for step in plan:
        told = operators[step.operator]
        if told is None:  # made by a compiler, e.g. to stand for a disjunctive goal
            continue
        operator, terms = told
        given = (
            objects[step.objects[t]] if isinstance(t, int) else str(t) for t in terms
        )
        steps.append(Step(operator.lower(), tuple(o.lower() for o in given)))
    return names.original(tuple(steps))


ENGINE = PyperplanCompiled()
