"""ENHSP, in a Java process of its own: numbers, linear or not, and costs.

It gets text that is written for it, as it misreads or ignores some of PDDL without a
word (see ``enhsp_form``). What can be rewritten is, the rest is refused. It computes in
floating point with a tolerance of 1e-5: only of integers is what it says a proof.

Source: Scala, Haslum, Thiebaux and Ramirez 2020, Subgoaling Techniques for Satisficing
and Optimal Numeric Planning, JAIR 68.
"""

from __future__ import annotations

import importlib.util
import re
import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from jouleplan.domains.language.features import Feature
from jouleplan.domains.language.names import Names, plain_names
from jouleplan.domains.language.plan import Plan, read_plan
from jouleplan.domains.language.write import task_text
from jouleplan.planner.engines import process
from jouleplan.planner.engines.engine import (
    About,
    Limits,
    Outcome,
    PlanStatus,
    Request,
)
from jouleplan.planner.engines.enhsp_form import (
    constant_updates,
    enhsp_form,
    metric_obstacle,
    only_integers,
)
from jouleplan.planner.engines.unquantified import TooManyPartsError

_LOGIC = frozenset(
    {
        Feature.NEGATIVE,
        Feature.NEGATIVE_GOAL,
        Feature.EQUALITY,
        Feature.DISJUNCTION,
        Feature.EXISTS,
        Feature.FORALL,
        Feature.CONDITIONAL_EFFECT,
        Feature.UNIVERSAL_EFFECT,
        Feature.NUMBERS,
        Feature.NONLINEAR,
    }
)
_METRICS = frozenset({Feature.COSTS, Feature.OTHER_METRIC})
_FIRST = ("-s", "gbfs", "-h", "hadd")
# hrmax is a lower bound where operators change numbers by constants, blind anywhere.
_BOUNDED = ("-s", "WAStar", "-h", "hrmax")
_BLIND = ("-s", "WAStar", "-h", "blind", "-ties", "larger_g")
_JVM_MB = 160
"""What the Java machine takes beside its heap [MiB]."""
_SMALLEST_HEAP_MB = 32
_PLAN = re.compile(r"^Found Plan:\n(.*?)^Plan-Length:", re.MULTILINE | re.DOTALL)
_STEP = re.compile(r"^[\d.]+: (\(.*\))$", re.MULTILINE)
_NO_PLAN = re.compile(r"^(Unsolvable Problem|Problem unsolvable)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Enhsp:
    """ENHSP in one of its configurations.

    Attributes:
        name: Name in the registry.
        optimal: Whether it searches for a best plan.
        anytime: Whether it goes on to cheaper plans until its limit.
        supports: Features it takes.
        purpose: What it is for.
    """

    name: str
    optimal: bool
    anytime: bool
    supports: frozenset[Feature]
    purpose: str
    top_k: bool = False
    translates: bool = False

    @property
    def about(self) -> About:
        """What people are told."""
        return About(
            "up-enhsp",
            "up_enhsp",
            "pip install up-enhsp, and Java 17 or newer (apt install default-jre)",
            "GPL; up-enhsp, which brings it, Apache-2.0",
            self.purpose,
        )

    def missing(self) -> str:
        """Return what is not installed."""
        if _jar() is None:
            return "ENHSP is not installed; run: pip install up-enhsp"
        if shutil.which("java") is None:
            return "ENHSP needs Java 17 or newer; run: apt install default-jre"
        return ""

    def run(self, request: Request) -> Outcome:
        """Return what the search finds; see ``Engine.run``."""
        task = request.task
        obstacle = metric_obstacle(task) if self.supports & _METRICS else ""
        if obstacle:
            return Outcome(PlanStatus.UNSUPPORTED, detail=obstacle)
        deadline = time.perf_counter() + request.limits.time_s
        try:
            form = enhsp_form(task)
        except TooManyPartsError as error:
            return Outcome(PlanStatus.UNSUPPORTED, detail=str(error))
        names = plain_names(task)
        domain, problem = task_text(form, names)
        (request.folder / "d.pddl").write_text(domain)
        (request.folder / "p.pddl").write_text(problem)
        watch = _Watch(request.folder / "output.txt", names, request.found)
        left_s = max(0.0, deadline - time.perf_counter())
        limits = replace(request.limits, time_s=left_s)
        ended = process.run(
            [*_java(limits), *self._search(request)],
            limits,
            request.folder,
            address_space=False,  # the machine reserves far more than it uses
            stop=request.stop,
            on_tick=watch.look if self.anytime else lambda: False,
        )
        watch.look()
        return self._outcome(request, ended, tuple(reversed(watch.plans)))

    def _search(self, request: Request) -> Sequence[str]:
        """Return the arguments behind the jar's."""
        files = ("-o", "d.pddl", "-f", "p.pddl")
        if self.optimal:
            return (*files, *(_BOUNDED if constant_updates(request.task) else _BLIND))
        return (*files, *_FIRST, *(("-anytime",) if self.anytime else ()))

    def _outcome(
        self, request: Request, ended: process.Finished, plans: tuple[Plan, ...]
    ) -> Outcome:
        """Return what its ending and its plans, the last first, come to."""
        exact = only_integers(request.task)
        if plans:
            proven = self.optimal and exact and not ended.ended
            notes = () if exact else ("ENHSP computes in floating point",)
            return Outcome(PlanStatus.SOLVED, plans, proven, ended.cpu_s, notes)
        sound = exact and constant_updates(request.task)
        status, detail = _failure(ended, sound or (exact and self.optimal))
        return Outcome(status, cpu_s=ended.cpu_s, detail=detail)


class _Watch:
    """Reads plans from the output as it grows."""

    def __init__(
        self, output: Path, names: Names, found: Callable[[Plan], None]
    ) -> None:
        """Watch ``output``, from its start."""
        self._output, self._names, self._found = output, names, found
        self._size = 0
        self.plans: list[Plan] = []

    def look(self) -> bool:
        """Report the plans written since the last look; never a stop."""
        if not self._output.is_file() or self._output.stat().st_size == self._size:
            return False
        text = self._output.read_text("utf-8", "replace")
        self._size = len(text.encode())
        for match in list(_PLAN.finditer(text))[len(self.plans) :]:
            steps = read_plan("\n".join(_STEP.findall(match[1])))
            self.plans.append(self._names.original(steps))
            self._found(self.plans[-1])
        return False


def _jar() -> Path | None:
    """Return ENHSP's jar, found without importing its package."""
    spec = importlib.util.find_spec("up_enhsp")
    if spec is None or spec.origin is None:
        return None
    jar = Path(spec.origin).parent / "ENHSP" / "enhsp.jar"
    return jar if jar.is_file() else None


def _java(limits: Limits) -> Sequence[str]:
    """Return the command of the jar: a heap within the memory, few threads."""
    heap_mb = max(_SMALLEST_HEAP_MB, limits.memory_mb - _JVM_MB)
    jvm = ["-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:CICompilerCount=1"]
    return ["java", *jvm, "-Xshare:auto", f"-Xmx{heap_mb}m", "-jar", str(_jar())]


def _failure(ended: process.Finished, sound: bool) -> tuple[PlanStatus, str]:
    """Return status and reason of a run without a plan.

    Args:
        ended: How the process ended.
        sound: Whether its word that there is no plan is a proof.
    """
    if ended.memory_exceeded or "java.lang.OutOfMemoryError" in ended.output:
        return PlanStatus.MEMORY, "ENHSP reached the memory limit"
    if ended.ended and not ended.crowded:
        return PlanStatus.TIMEOUT, f"ENHSP was ended by {ended.ending}"
    if _NO_PLAN.search(ended.output) and "Exception" not in ended.output:
        if sound:
            return PlanStatus.UNSOLVABLE, "ENHSP exhausted what can be reached"
        reason = "ENHSP finds no plan; its floating-point numbers are no proof"
        return PlanStatus.UNPROVEN, reason
    return PlanStatus.CRASHED, f"ENHSP ended with {ended.ending}"


FIRST = Enhsp(
    "enhsp", False, False, _LOGIC, "numeric tasks, linear or not: a first plan"
)
ANYTIME = Enhsp(
    "enhsp-anytime",
    False,
    True,
    _LOGIC | _METRICS,
    "numeric tasks with costs: cheaper and cheaper plans",
)
OPTIMAL = Enhsp(
    "enhsp-optimal",
    True,
    False,
    _LOGIC | _METRICS,
    "numeric tasks with costs: a cheapest plan, small tasks",
)
