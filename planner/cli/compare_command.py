"""`jouleplan compare`: methods on the same scenes, judged and metered alike."""

from __future__ import annotations

import argparse
import contextlib
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from jouleplan.planner.cli.compare_table import text_of
from jouleplan.planner.cli.errors import OptionError
from jouleplan.planner.cli.evaluate_command import sizes
from jouleplan.planner.cli.options import LARGEST, add_common, add_source, whole
from jouleplan.planner.cli.output import ExitCode, command_line, emit, note
from jouleplan.planner.cli.progress import progress

if TYPE_CHECKING:
    from jouleplan.energy.ledger import Ledger
    from jouleplan.energy.records import EpisodeRecord
    from jouleplan.planner.compare import Plan
    from jouleplan.planner.turn import Turn

DESCRIPTION = """\
Run methods on the same scenes and seeds, and say what each costs.

An episode: the scene is laid out by its seed; the method acts. It ends when the goal is
sensed, or at the horizon, which is the same number of control steps for every method. A
method that gives up earlier, or takes a failure for success, is held still until the
horizon, and its idling is counted (phase "idle"). Success: once the arm has let go and
1 s has passed, physics shows the goal; this test is nobody's cost. Progress: the share
of the operators done in whatever legal order, by a plan from where the episode ended.
Not counted either: a warm-up of at most 100 control steps for each method in each
process, and a second run of the first episode of a method in a domain, which draws its
pictures.

Methods take turns scene by scene in a balanced order (a Williams design); the ledger
keeps each episode's turn. What the ledger holds already is not run again.
"""

_MOST_SEEDS: Final = 1_000_000


def fill(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.description = DESCRIPTION
    add_common(parser, "seed of the first scene; each next one's is 1 more", None)
    parser.add_argument(
        "--methods",
        type=_names,
        default=("neurosymbolic", "scripted"),
        metavar="A,B,...",
        help="names or addresses, parameters behind a question mark: "
        "'neurosymbolic?policies=DIR' (default: neurosymbolic,scripted)",
    )
    parser.add_argument(
        "--domains",
        type=_names,
        default=("hanoi",),
        metavar="A,B,...",
        help="shipped names or paths (default: hanoi)",
    )
    parser.add_argument(
        "--problem",
        dest="problems",
        action="append",
        metavar="PROBLEM",
        help="a problem of every domain; may be given again (default: its first)",
    )
    parser.add_argument(
        "--generate",
        type=sizes,
        metavar="[VARIANT:]MIN-MAX",
        help="a random problem of a size from this range for each scene",
    )
    parser.add_argument(
        "--episodes",
        type=whole(1, _MOST_SEEDS),
        metavar="N",
        help="scenes of each problem (20)",
    )
    parser.add_argument(
        "--seeds", type=_seeds, metavar="N,N,...", help="seeds of the scenes, or A-B"
    )
    parser.add_argument(
        "--horizon",
        type=whole(1),
        metavar="STEPS",
        help="control steps of every episode (default: 100 for each skill that a plan "
        "of the task calls, at least 300)",
    )
    _add_running(parser)


def _add_running(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--ledger", type=Path, metavar="FILE", help="SQLite file to record into"
    )
    parser.add_argument(
        "--resume",
        action="store_true",
        help="go on with a ledger, which must exist (a ledger is continued anyway)",
    )
    parser.add_argument(
        "--jobs", type=whole(1), default=1, metavar="J", help="processes (default: 1)"
    )
    parser.add_argument(
        "--cluster",
        default="",
        metavar="ADDRESS",
        help="Ray cluster instead of --jobs: local, auto or ray://HOST:PORT; needs the "
        "extra `cluster`",
    )
    add_source(parser)


def run(given: argparse.Namespace) -> int:
    """Compare and print the summary."""
    from jouleplan.planner.compare import compare
    from jouleplan.planner.comparison import document_of
    from jouleplan.planner.provenance import load_average

    plan = _plan(given)
    load = load_average()
    command = command_line(given.arguments)
    with _ledger(given) as ledger:
        count = len(plan.methods) * len(plan.series) * len(plan.seeds)
        with progress("episodes", count) as advance:
            watch = _Watch(advance)
            outcome = compare(plan, ledger, command=command, on_turn=watch)
        document = document_of(plan, outcome, ledger, load)
    document["command"] = command
    for failed in document["not_run"]:
        note(f"not run: {failed['method']} seed {failed['seed']}: {failed['reason']}")
    emit(document, text_of(document), given.json)
    return ExitCode.NOT_REACHED if outcome.failed else ExitCode.DONE


def _plan(given: argparse.Namespace) -> Plan:
    from jouleplan.planner.compare import Plan
    from jouleplan.planner.evaluate import Series

    if given.problems and given.generate:
        raise OptionError("give either --problem or --generate, not both")
    if given.seeds is not None and (given.seed, given.episodes) != (None, None):
        raise OptionError("--seeds names every scene: leave out --seed and --episodes")
    if given.cluster and given.jobs > 1:
        raise OptionError("--cluster shares the work itself: leave out --jobs")
    if given.power_csv is not None and (given.jobs > 1 or given.cluster):
        raise OptionError(
            "--power-csv with --jobs or --cluster: a power meter sees all processes "
            "together; leave one of them out"
        )
    series: list[Series] = []
    for domain in given.domains:
        if given.generate:
            series.append(Series(domain, "", *given.generate))
        else:
            names = dict.fromkeys(given.problems or (_first(domain),))
            series += (Series(domain, name) for name in names)
    start = given.seed or 0
    seeds = given.seeds or tuple(range(start, start + (given.episodes or 20)))
    return Plan(
        given.methods,
        tuple(series),
        seeds,
        given.horizon,
        given.watts_per_core,
        given.power_csv,
        given.jobs,
        given.cluster,
    )


def _first(domain: str) -> str:
    from jouleplan.domains.catalogue import find_domain

    files = find_domain(domain)
    if not files.problems:
        raise OptionError(f"{files.name} has no problem: give --problem PATH")
    return next(iter(files.problems))


@contextlib.contextmanager
def _ledger(given: argparse.Namespace) -> Iterator[Ledger]:
    from jouleplan.energy.ledger import Ledger

    if given.ledger is None and given.resume:
        raise OptionError("--resume goes on with a ledger: give --ledger FILE")
    with tempfile.TemporaryDirectory(prefix="jouleplan-") as folder:
        file = given.ledger or Path(folder, "ledger.db")
        with Ledger(file, create=not given.resume) as ledger:
            yield ledger


def _names(text: str) -> tuple[str, ...]:
    names = tuple(part.strip() for part in text.split(","))
    if not all(names) or len(set(names)) < len(names):
        raise argparse.ArgumentTypeError(f"{text!r}: give names, each once: A,B,...")
    return names


def _seeds(text: str) -> tuple[int, ...]:
    seeds: list[int] = []
    for part in text.split(","):
        first, dash, last = part.partition("-")
        if not first.isdecimal() or (dash and not last.isdecimal()):
            raise argparse.ArgumentTypeError(f"{text!r}: give seeds, such as 1,2,7-9")
        low, high = int(first), int(last if dash else first)
        if high > LARGEST or not 0 <= high - low < _MOST_SEEDS:
            raise argparse.ArgumentTypeError(
                f"{part!r}: give the lower seed first, at most {_MOST_SEEDS:,} seeds, "
                f"none above {LARGEST}"
            )
        seeds += range(low, high + 1)
    if len(set(seeds)) < len(seeds):
        raise argparse.ArgumentTypeError(f"{text!r}: give each seed once")
    return tuple(seeds)


class _Watch:
    """Moves the bar."""

    def __init__(self, advance: Any) -> None:
        self._advance = advance
        self._done = 0

    def __call__(self, turn: Turn, _: EpisodeRecord | None) -> None:
        """Take an episode that is done."""
        self._done += 1
        self._advance(self._done, f"{turn.method} seed {turn.seed}")
