"""Compared: methods on the same scenes, and what each costs."""

from __future__ import annotations

import shlex
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jouleplan.energy.html_table import html_table
from jouleplan.energy.ledger import Ledger
from jouleplan.energy.report.document import Report
from jouleplan.planner.api.inline import paragraph
from jouleplan.planner.api.loaded import LoadedDomain, loaded
from jouleplan.planner.cli.compare_table import HEAD, rows_of
from jouleplan.planner.cli.progress import progress
from jouleplan.planner.compare import Outcome, Plan
from jouleplan.planner.compare import compare as run_plan
from jouleplan.planner.comparison import document_of
from jouleplan.planner.errors import ComparisonError
from jouleplan.planner.evaluate import Series
from jouleplan.planner.provenance import load_average

if TYPE_CHECKING:
    import pandas

    from jouleplan.energy.records import EpisodeRecord
    from jouleplan.planner.turn import Turn


@dataclass(frozen=True, slots=True, repr=False)
class Compared:
    """A comparison. A notebook shows a row a method, with intervals.

    Attributes:
        plan: What was compared.
        outcome: What was run, and what the ledger held already.
        path: The ledger.
        document: Everything that `jouleplan compare --json` prints.
    """

    plan: Plan
    outcome: Outcome
    path: Path
    document: dict[str, Any]
    _folder: tempfile.TemporaryDirectory[str] | None = None  # keeps a ledger of its own

    def to_frame(self) -> pandas.DataFrame:
        """Return the episodes, a row each, as the ledger has them."""
        from jouleplan.energy.statistics.frames import compare_frames

        with Ledger(self.path, create=False) as ledger:
            frames = compare_frames(ledger, self.outcome.keys, self.plan.seeds)
        return frames.episodes

    def report(self, *, seed: int = 0) -> Report:
        """Return the report of the ledger; ``seed`` is of the bootstraps."""
        return Report.of(self.path, seed=seed)

    def __repr__(self) -> str:
        """Return the methods and how much was run."""
        return (
            f"Compared({', '.join(self.plan.methods)}; {self.outcome.ran} run, "
            f"{self.outcome.known} from the ledger, {len(self.outcome.failed)} not run)"
        )

    def _repr_html_(self) -> str:
        document = self.document
        said = [html_table(HEAD, rows_of(document), repr(self))]
        said += [
            paragraph(f"not run: {one['method']} seed {one['seed']}: {one['reason']}")
            for one in document["not_run"]
        ]
        said += [paragraph(f"note: {note}") for note in document["notes"]]
        return "".join(said)


def compare(
    methods: Sequence[str] = ("neurosymbolic", "scripted"),
    domain: LoadedDomain | str | Path = "hanoi",
    problems: Sequence[str | Path] | str | Path = (),
    *,
    generate: tuple[int, int] | None = None,
    episodes: int = 5,
    seed: int = 0,
    horizon: int | None = None,
    ledger: Path | str | None = None,
    jobs: int = 1,
    quiet: bool = False,
) -> Compared:
    """Run methods on the same scenes, judge and meter them alike; see `compare --help`.

    Args:
        methods: Names or addresses, as `jouleplan compare --methods` takes them.
        domain: A shipped name, a path, or what ``load_domain`` returned.
        problems: Names or paths; none takes the domain's first.
        generate: Least and largest size of random problems, instead of ``problems``.
        episodes: Scenes of each problem.
        seed: Of the first scene; each next one's is 1 more.
        horizon: Control steps of every episode; None takes each task's own.
        ledger: File to record into, and to go on with; None takes one that is forgotten
            with the result.
        jobs: Processes.
        quiet: Show no bar of progress.

    Raises:
        DomainError: The domain or a problem is unknown or does not fit.
        ComparisonError: There is nothing to compare, or a method stands twice.
        PlannerError: A method is unknown, or the domain has no domain.toml.
        SkillError: A policy is missing or damaged.
        LedgerError: The ledger cannot be used.
    """
    plan = Plan(
        _methods(methods),
        _series(loaded(domain), problems, generate),
        tuple(range(seed, seed + episodes)),
        horizon,
        jobs=jobs,
    )
    if min(jobs, episodes) < 1:
        raise ComparisonError(
            f"{episodes} episodes, {jobs} jobs: give 1 or more of each"
        )
    folder, path = None, Path(ledger or "")
    if ledger is None:
        folder = tempfile.TemporaryDirectory(prefix="jouleplan-")
        path = Path(folder.name, "ledger.db")
    load = load_average()
    with Ledger(path) as book:
        outcome = _run(plan, book, quiet)
        document = document_of(plan, outcome, book, load)
    return Compared(plan, outcome, path, document, folder)


def _run(plan: Plan, book: Ledger, quiet: bool) -> Outcome:
    """Run what the ledger lacks, and show how far it has come."""
    count = len(plan.methods) * len(plan.series) * len(plan.seeds)
    done = 0
    with progress("episodes", count, quiet=quiet) as advance:

        def tell(turn: Turn, _: EpisodeRecord | None) -> None:
            nonlocal done
            done += 1
            advance(done, f"{turn.method} seed {turn.seed}")

        return run_plan(plan, book, command=_command(plan), on_turn=tell)


def _methods(methods: Sequence[str]) -> tuple[str, ...]:
    names = (methods,) if isinstance(methods, str) else tuple(methods)
    if not names or len(set(names)) < len(names):
        raise ComparisonError(
            f"methods {names!r}: give names such as 'neurosymbolic', each once"
        )
    return names


def _series(
    domain: LoadedDomain,
    problems: Sequence[str | Path] | str | Path,
    generate: tuple[int, int] | None,
) -> tuple[Series, ...]:
    # a shipped domain by its name: the command that repeats the run is then short
    name = domain.name if domain.shipped else str(domain.files.domain_pddl)
    if generate is not None:
        if problems:
            raise ComparisonError("give either problems or generate, not both")
        return (Series(name, sizes=generate),)
    named = (problems,) if isinstance(problems, str | Path) else tuple(problems)
    files = dict.fromkeys(domain.problem(str(one)) for one in named or ("",))
    known = {file: stem for stem, file in domain.files.problems.items()}
    return tuple(Series(name, known.get(file, str(file))) for file in files)


def _command(plan: Plan) -> str:
    """Return the command line that does the same."""
    first = plan.series[0]
    words = ["jouleplan", "compare", "--methods", ",".join(plan.methods)]
    words += ["--domains", first.domain]
    if first.sizes is not None:
        words += ["--generate", "-".join(map(str, first.sizes))]
    else:
        words += [word for one in plan.series for word in ("--problem", one.problem)]
    words += ["--episodes", str(len(plan.seeds)), "--seed", str(plan.seeds[0])]
    if plan.horizon is not None:
        words += ["--horizon", str(plan.horizon)]
    return shlex.join([*words, "--jobs", str(plan.jobs)])
