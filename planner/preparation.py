"""Preparation: a task made fit for an engine, or the features that stand in the way.

What an engine lacks is rewritten where that can be done; each rewriting is made once,
and its files are shared by all engines that need it.
"""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from jouleplan.domains.language.domain_file import read_domain_model
from jouleplan.domains.language.features import Feature
from jouleplan.domains.language.model import TaskModel
from jouleplan.domains.language.plan import Plan
from jouleplan.domains.language.problem_file import read_problem_model
from jouleplan.domains.language.write import task_text
from jouleplan.planner.engines.engine import Engine, Limits
from jouleplan.planner.engines.translation import Translation
from jouleplan.planner.lowering.clocked import clocked
from jouleplan.planner.lowering.costs import plain_costs, whole_costs, without_numbers
from jouleplan.planner.lowering.lowered import Lowered, LoweringError
from jouleplan.planner.lowering.preferences import priced
from jouleplan.planner.lowering.sequence import sequenced
from jouleplan.planner.lowering.unmeasured import unmeasured
from jouleplan.planner.lowering.untyped import untyped

_TIME = frozenset(
    (
        Feature.DURATIVE,
        Feature.DURATION_CHOICE,
        Feature.STATE_DURATION,
        Feature.CONTINUOUS,
    )
)


_INPUT_ERRORS = (1, 30, 31, 33)
"""Exit codes of the translator that a file may avoid which is written for it."""


@dataclass(frozen=True, slots=True)
class Rewriting:
    """A rewriting by name, and the features it takes away."""

    name: str
    takes_away: frozenset[Feature]
    rewrite: Callable[[TaskModel], Lowered]


REWRITINGS = (
    Rewriting("sequenced", _TIME, sequenced),
    Rewriting("clocked", frozenset((Feature.TIMED,)), clocked),
    Rewriting("priced", frozenset((Feature.PREFERENCES,)), priced),
    Rewriting("untyped", frozenset((Feature.EITHER,)), untyped),
)
_UNMEASURED = Rewriting(
    "unmeasured",
    frozenset(
        (
            Feature.COSTS,
            Feature.STATE_COSTS,
            Feature.OTHER_METRIC,
            Feature.MAXIMIZE,
        )
    ),
    unmeasured,
)
_AS_WRITTEN = Rewriting(
    "as written", frozenset(), lambda task: Lowered(task.domain, task.problem)
)
_WHOLE = Rewriting("whole costs", frozenset(), whole_costs)
_BARE = Rewriting("without numbers", frozenset(), without_numbers)


@dataclass(slots=True)
class Prepared:
    """A task with its files, fit for an engine.

    Attributes:
        task: The task.
        domain_pddl: Its domain as a file.
        problem_pddl: Its problem as a file.
        folder: Where files about it may be written.
        applied: Names of the rewritings that led to it.
        exact: Whether what is proven of it is proven of the task as given.
        notes: What a user should know of the rewritings.
        ways_back: Lead from its plans to those of the task as given, last first.
    """

    task: TaskModel
    domain_pddl: Path
    problem_pddl: Path
    folder: Path
    applied: tuple[str, ...] = ()
    exact: bool = True
    notes: tuple[str, ...] = ()
    ways_back: tuple[Callable[[Plan], Plan], ...] = ()
    _translation: Translation | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def restore(self, plan: Plan) -> Plan:
        """Return a plan of this task as a plan of the task as given."""
        for way_back in reversed(self.ways_back):
            plan = way_back(plan)
        return plan

    def translation(self, limits: Limits) -> Translation:
        """Return the translation of the files, started where it has not been."""
        with self._lock:
            if self._translation is None:
                folder = Path(tempfile.mkdtemp(prefix="sas-", dir=self.folder))
                files = self.domain_pddl, self.problem_pddl
                self._translation = Translation(*files, limits, folder)
            return self._translation

    @property
    def is_misread(self) -> bool:
        """Whether the translator has stopped at the form of the files."""
        if self._translation is None:
            return False
        finished = self._translation.poll()
        return finished is not None and finished.code in _INPUT_ERRORS

    @property
    def cpu_s(self) -> float:
        """CPU seconds of the translation."""
        return 0.0 if self._translation is None else self._translation.cpu_s

    def end(self) -> None:
        """End the translation, where one is under way."""
        with self._lock:
            if self._translation is not None:
                self._translation.kill()


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why a task cannot be made fit for an engine."""

    features: tuple[Feature, ...]
    reason: str

    def __str__(self) -> str:
        """Return the features, or the reason where none is at fault."""
        return "; ".join(self.features) or self.reason


class Preparation:
    """Makes one task fit for engines.

    Thread-safe: engines side by side ask it for their files.
    """

    def __init__(
        self,
        task: TaskModel,
        domain_pddl: Path,
        problem_pddl: Path,
        folder: Path,
        *,
        written: bool,
        translation: Translation | None = None,
    ) -> None:
        """Begin with a task as given.

        Args:
            task: The task.
            domain_pddl: The file its domain was read from.
            problem_pddl: The file its problem was read from.
            folder: Where files are written.
            written: Whether ``task`` is other than its files, and must be written.
            translation: Of the two files, where it has been started.
        """
        self._folder = folder
        self._lock = threading.RLock()
        self._last_resort: tuple[Rewriting, ...] = ()
        first = Prepared(
            task, domain_pddl, problem_pddl, folder, _translation=translation
        )
        self._found: dict[tuple[str, ...], Prepared | Obstacle] = {}
        self._found[()] = self._write(task, ("given",)) if written else first

    def for_engine(self, engine: Engine) -> Prepared | Obstacle:
        """Return the task and files for ``engine``, or what it cannot do."""
        with self._lock:
            current = self._found[()]
            while isinstance(current, Prepared):
                missing = current.task.features - engine.supports
                if not missing:
                    break
                usable = (
                    r
                    for r in (*REWRITINGS, *self._last_resort)
                    if r.takes_away & missing and r.name not in current.applied
                )
                rewriting = next(usable, None)
                if rewriting is None:
                    return Obstacle(tuple(sorted(missing)), "")
                current = self._rewritten(current, rewriting)
            if isinstance(current, Obstacle):
                return current
            current = self._numbers(current, engine)
            if isinstance(current, Obstacle) or current.applied:
                return current
            # what the translator cannot read it may read in the form written here
            misread = engine.translates and current.is_misread
            return self._rewritten(current, _AS_WRITTEN) if misread else current

    @property
    def cpu_s(self) -> float:
        """CPU seconds of the translations."""
        with self._lock:
            found = self._found.values()
            return sum(f.cpu_s for f in found if isinstance(f, Prepared))

    def end(self) -> None:
        """End every translation that is under way."""
        with self._lock:
            for found in self._found.values():
                if isinstance(found, Prepared):
                    found.end()

    def give_up_the_metric(self) -> None:
        """Let engines plan without the metric where they cannot do it."""
        with self._lock:
            self._last_resort = (_UNMEASURED,)

    def _numbers(self, current: Prepared, engine: Engine) -> Prepared | Obstacle:
        """Return the task with its numbers as engines without numbers read them."""
        if Feature.NUMBERS in engine.supports or not current.task.domain.functions:
            return current
        if Feature.COSTS not in current.task.features:
            return self._rewritten(current, _BARE)
        if plain_costs(current.task):
            return current
        return self._rewritten(current, _WHOLE)

    def _rewritten(self, base: Prepared, rewriting: Rewriting) -> Prepared | Obstacle:
        key = (*base.applied, rewriting.name)
        if key not in self._found:
            try:
                lowered = rewriting.rewrite(base.task)
            except LoweringError as error:
                missing = tuple(sorted(rewriting.takes_away & base.task.features))
                self._found[key] = Obstacle(missing, str(error))
                return self._found[key]
            task = TaskModel(lowered.domain, lowered.problem)
            found = self._write(task, key)
            found.exact = base.exact and lowered.exact
            found.notes = (*base.notes, *((lowered.note,) if lowered.note else ()))
            found.ways_back = (*base.ways_back, lowered.restore)
            found.applied = key
            self._found[key] = found
        return self._found[key]

    def _write(self, task: TaskModel, key: tuple[str, ...]) -> Prepared:
        """Return ``task`` as it is read back from files: its features are anew."""
        folder = self._folder / "-".join(key).replace(" ", "-")
        folder.mkdir(parents=True, exist_ok=True)
        files = folder / "domain.pddl", folder / "problem.pddl"
        # read back, it shows what it still uses; its requirements state no more
        bare = TaskModel(
            replace(task.domain, features={}), replace(task.problem, features={})
        )
        for file, text in zip(files, task_text(bare), strict=True):
            file.write_text(text, encoding="utf-8")
        domain = read_domain_model(files[0])
        problem = read_problem_model(files[1], domain)
        return Prepared(TaskModel(domain, problem), *files, self._folder)
