"""A program of its own that uses unified-planning; nothing imports it.

    python -P up_worker.py aries|aries-anytime|compile DOMAIN PROBLEM ANSWER SECONDS

It writes lines of JSON to ANSWER: ``{"plan": [[operator, [object], start, duration]]}``
for each plan, times as exact fractions, then one ``{"status": ..., "detail": ...}``.
``compile`` writes the task as plain STRIPS to ``compiled-domain.pddl`` and
``compiled-problem.pddl`` beside ANSWER, and with its status what its operators are:
``"operators": {name: [operator, [object or position of a parameter]] or null}``.

| here                         | unified-planning                           |
|------------------------------|--------------------------------------------|
| operator, ground operator    | Action, ActionInstance                     |
| predicate, function          | Fluent                                     |
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any

Step = tuple[str, list[str], str | None, str | None]
_LAST_ANSWER_S = 0.5
_REAL_WORDS = frozenset({"REAL_NUMBERS_IN_ACTIONS_COST"})
# Aries finds plans of these as well, though it does not say so.
_TAKEN_BY_ARIES = frozenset({"GENERAL_NUMERIC_PLANNING"})
_TAKEN_BY_PYPERPLAN = frozenset({"ACTION_BASED", "FLAT_TYPING", "HIERARCHICAL_TYPING"})


class ObstacleError(Exception):
    """A task that is not taken; its message names why.

    Attributes:
        status: ``unsupported``, or ``unsolvable`` where that is the reason.
    """

    status = "unsupported"


class UnsolvableError(ObstacleError):
    """A task of which a compiler sees that it has no plan."""

    status = "unsolvable"


class _Integers:
    """Types of which every number is an integer: Aries has no others."""

    def __init__(self, types: Any) -> None:
        self._types = types

    def RealType(self) -> Any:  # noqa: N802 - the name that unified-planning calls
        return self._types.IntType()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._types, name)


def read(domain: str, problem: str, integers: bool) -> Any:
    """Return the problem of two files.

    Raises:
        ObstacleError: unified-planning cannot read them.
    """
    from unified_planning.io import PDDLReader

    try:
        reader = PDDLReader()
        if integers:
            reader._tm = _Integers(reader._tm)
        return reader.parse_problem(domain, problem)
    except Exception as error:  # its grammar raises anything, IndexError included
        first = str(error).strip().partition("\n")[0]
        kind = type(error).__name__
        raise ObstacleError(
            f"unified-planning cannot read it: {kind}: {first}"
        ) from error


def compiled(problem: Any) -> tuple[Any, list[Any]]:
    """Return a problem without the features that can be compiled away, and results.

    Raises:
        ObstacleError: A compiler fails.
    """
    results = []
    for module, compiler, features in _COMPILERS:
        if problem.kind.features.isdisjoint(features):
            continue
        package = importlib.import_module(
            f"unified_planning.engines.compilers.{module}"
        )
        try:
            result = getattr(package, compiler)().compile(problem)
        except Exception as error:
            if "PROBLEM NOT SOLVABLE" in str(error):
                raise UnsolvableError(str(error).partition(": ")[2]) from error
            told = ", ".join(sorted(problem.kind.features & features)).lower()
            raise ObstacleError(
                f"unified-planning cannot compile {told.replace('_', ' ')} away: "
                f"{type(error).__name__}: {error}"
            ) from error
        results.append(result)
        problem = result.problem
    return problem, results


_WHERE = "unified_planning.engines.compilers"
_COMPILERS = (
    (
        "quantifiers_remover",
        "QuantifiersRemover",
        frozenset({"EXISTENTIAL_CONDITIONS", "UNIVERSAL_CONDITIONS", "FORALL_EFFECTS"}),
    ),
    (
        "trajectory_constraints_remover",
        "TrajectoryConstraintsRemover",
        frozenset({"TRAJECTORY_CONSTRAINTS", "STATE_INVARIANTS"}),
    ),
    (
        "conditional_effects_remover",
        "ConditionalEffectsRemover",
        frozenset({"CONDITIONAL_EFFECTS"}),
    ),
    (
        "disjunctive_conditions_remover",
        "DisjunctiveConditionsRemover",
        frozenset({"DISJUNCTIVE_CONDITIONS"}),
    ),
    (
        "negative_conditions_remover",
        "NegativeConditionsRemover",
        frozenset({"NEGATIVE_CONDITIONS"}),
    ),
)


def check(problem: Any, taken: frozenset[str], engine: str) -> None:
    """Raise an obstacle for a problem with a feature beyond ``taken``."""
    beyond = sorted(problem.kind.features - taken)
    if beyond:
        told = ", ".join(beyond).lower().replace("_", " ")
        raise ObstacleError(f"{engine} does not take: {told}")


def back(instance: Any, results: list[Any]) -> Any:
    """Return a ground operator before compilation; None if it stands for nothing."""
    for result in reversed(results):
        if instance is not None:
            instance = result.map_back_action_instance(instance)
    return instance


# --- Aries ---


def aries(files: tuple[str, str], say: Say, end: float, anytime: bool) -> None:
    """Say the plans that Aries finds until ``end``, and how it ended."""
    problem = read(*files, integers=True)
    package = importlib.import_module("up_aries")
    taken = frozenset(package.Aries.supported_kind().features)
    check(problem, taken | _TAKEN_BY_ARIES | _REAL_WORDS, "Aries")
    last, told = "DIED", ""
    # Its search for better plans, or for symmetries, may end its server: a first plan
    # without them is left to try.
    for better, symmetries in ((anytime, "psp"), (False, "simple")):
        os.environ["ARIES_LCP_SYMMETRY_BREAKING"] = symmetries
        last, told, count = _asked(package.Aries(), problem, say, end, better)
        if last != "DIED" or count:
            break
    say(_ending(last, told))


def _asked(
    planner: Any, problem: Any, say: Say, end: float, anytime: bool
) -> tuple[str, str, int]:
    """Say Aries' plans; return its last status and message, and how many there were."""
    planner.skip_checks = True
    last, told, count = "", "", 0
    log = Path("aries.txt")
    with log.open("w") as sink:
        left_s = max(0.1, end - time.perf_counter())
        try:
            for result in _results(planner, problem, left_s, sink, anytime):
                last = result.status.name
                told = "; ".join(m.message for m in result.log_messages or ())
                if result.plan is not None:
                    say({"plan": list(_steps(result.plan))})
                    count += 1
        except importlib.import_module("grpc").RpcError:
            last, told = "DIED", f"its server died: {_last_words(log)}"
    return last, told, count


def _ending(last: str, told: str) -> dict[str, Any]:
    """Return what Aries' last status and messages come to."""
    if last.startswith("SOLVED") or last == "INTERMEDIATE":
        return {"status": "solved", "detail": last}
    if last == "TIMEOUT":
        return {"status": "timeout", "detail": "Aries reached the time limit"}
    if last.startswith("UNSOLVABLE"):
        return {"status": "unproven", "detail": "Aries found no plan"}
    refused = "nsupported" in told or "not supported" in told
    status = "unsupported" if refused else "crashed"
    return {"status": status, "detail": f"Aries: {told.partition(chr(10))[0] or last}"}


def _last_words(log: Path) -> str:
    """Return the message of a panic in a log; empty if there is none."""
    lines = log.read_text("utf-8", "replace").splitlines()
    for i, line in enumerate(lines):
        if "panicked at" in line:
            return " ".join(lines[i : i + 2])
    return ""


def _results(
    planner: Any, problem: Any, time_s: float, log: IO[str], anytime: bool
) -> Iterator[Any]:
    """Yield what Aries answers until it ends; the last answer holds its best plan."""
    if not anytime:
        yield planner.solve(problem, timeout=time_s, output_stream=log)
        return
    yield from planner.get_solutions(problem, timeout=time_s, output_stream=log)


def _steps(plan: Any) -> Iterator[Step]:
    """Yield the steps of a plan, in its order."""
    timed = getattr(plan, "timed_actions", None)
    if timed is None:
        timed = [(None, action, None) for action in plan.actions]
    for start, instance, duration in timed:
        objects = [str(value) for value in instance.actual_parameters]
        times = [None if t is None else str(t) for t in (start, duration)]
        yield instance.action.name, objects, times[0], times[1]


# --- compilation to STRIPS ---


def compile_strips(files: tuple[str, str], say: Say, folder: Path) -> None:
    """Write a task as plain STRIPS, and say what its operators were."""
    problem = read(*files, integers=False)
    target, results = compiled(problem)
    check(target, _TAKEN_BY_PYPERPLAN, "pyperplan, after unified-planning's compilers,")
    _drop_impossible(target)
    from unified_planning.io import PDDLWriter

    writer = PDDLWriter(target, needs_requirements=False)
    writer.write_domain(str(folder / "compiled-domain.pddl"))
    writer.write_problem(str(folder / "compiled-problem.pddl"))
    operators = {
        writer.get_pddl_name(action).lower(): told
        for action in target.actions
        if (told := _origin(action, target, results)) is not False
    }
    objects = {writer.get_pddl_name(o).lower(): o.name for o in target.all_objects}
    say({"status": "compiled", "operators": operators, "objects": objects})


def _drop_impossible(problem: Any) -> None:
    """Take away operators that can never be used; PDDL has no word for false.

    Raises:
        UnsolvableError: The goal is false.
    """
    simplify = problem.environment.simplifier.simplify
    if any(simplify(goal).is_false() for goal in problem.goals):
        raise UnsolvableError("the goal comes to false")
    actions = list(problem.actions)
    problem.clear_actions()
    for action in actions:
        if not any(simplify(part).is_false() for part in action.preconditions):
            problem.add_action(action)


def _origin(action: Any, problem: Any, results: list[Any]) -> Any:
    """Return what a compiled operator was; None if nothing, False if it has no objects.

    Compilers either keep an operator's parameters or ground it, so that one ground
    operator tells of all.
    """
    from unified_planning.plans import ActionInstance

    manager = problem.environment.expression_manager
    objects = []
    for parameter in action.parameters:
        pool = list(problem.objects(parameter.type))
        if not pool:
            return False
        objects.append(manager.ObjectExp(pool[0]))
    instance = back(ActionInstance(action, tuple(objects)), results)
    if instance is None:
        return None
    if objects:
        assert list(instance.actual_parameters) == objects, "parameters are kept"
        return [instance.action.name, list(range(len(objects)))]
    return [instance.action.name, [str(v) for v in instance.actual_parameters]]


Say = Callable[[dict[str, Any]], None]


def main(arguments: list[str]) -> None:
    """Do what the arguments ask; see the top of this file."""
    word, domain, problem, answer, seconds = arguments
    # Its best plan comes with its last answer, which must come before the limit.
    end = time.perf_counter() + float(seconds) - _LAST_ANSWER_S
    file = Path(answer)
    with file.open("w") as sink:

        def say(line: dict[str, Any]) -> None:
            sink.write(json.dumps(line) + "\n")
            sink.flush()

        try:
            if word == "compile":
                compile_strips((domain, problem), say, file.parent)
            else:
                anytime = word == "aries-anytime"
                aries((domain, problem), say, end, anytime)
        except ObstacleError as obstacle:
            say({"status": obstacle.status, "detail": str(obstacle)})


if __name__ == "__main__":
    main(sys.argv[1:])
