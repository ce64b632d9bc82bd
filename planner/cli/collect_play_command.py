"""`jouleplan collect-play`: play for goal-conditioned options, as a Minari data set."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jouleplan.planner.cli.errors import MissingExtraError, OptionError
from jouleplan.planner.cli.evaluate_command import sizes
from jouleplan.planner.cli.options import add_common, whole
from jouleplan.planner.cli.output import ExitCode, command_line, emit, joules
from jouleplan.planner.cli.progress import progress

if TYPE_CHECKING:
    from jouleplan.planner.evaluate import Series
    from jouleplan.planner.play.store import PlayStore


def fill(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("domain", metavar="DOMAIN", help="shipped name or path")
    parser.add_argument(
        "problem", metavar="PROBLEM", nargs="?", help="shipped name or path"
    )
    parser.add_argument(
        "--generate",
        type=sizes,
        metavar="[VARIANT:]MIN-MAX",
        help="a random problem of a size from this range for each scene",
    )
    parser.add_argument(
        "--steps",
        type=whole(1),
        default=40_000,
        metavar="N",
        help="control steps in all, those of an earlier run included (default: 40000)",
    )
    parser.add_argument(
        "--out",
        type=Path,
        required=True,
        metavar="DIR",
        help="folder of the data set; play that is there already is continued",
    )
    add_common(parser, "seed of the first scene; each next one's is 1 more", 0)


def run(given: argparse.Namespace) -> int:
    """Collect and print what there is."""
    if bool(given.problem) == bool(given.generate):
        raise OptionError("give either PROBLEM or --generate MIN-MAX")
    if given.out.exists() and not given.out.is_dir():
        raise OptionError(f"--out {given.out}: is a file; give a folder")
    from jouleplan.planner.evaluate import Series, check
    from jouleplan.planner.play.session import check_playable, collect_play
    from jouleplan.planner.play.store import PlayStore
    from jouleplan.planner.run import Conditions

    series = Series(given.domain, given.problem or "", *(given.generate or ()))
    task, _ = check(series, given.seed, Conditions())
    check_playable(task)
    try:
        store = PlayStore(given.out, _settings(series, given.seed))
    except ImportError as error:
        raise MissingExtraError(str(error)) from error
    with progress("play", given.steps) as advance:
        collect_play(
            series,
            given.steps,
            given.seed,
            store,
            lambda steps: advance(min(steps, given.steps), f"{steps} steps"),
        )
    document = _document(given, store)
    emit(document, _text(document), given.json)
    return ExitCode.DONE


def _settings(series: Series, seed: int) -> dict[str, Any]:
    """Return what two parts of one data set share; JSON gives it back as it is."""
    return {
        "domain": series.domain,
        "problem": series.problem,
        "sizes": None if series.sizes is None else list(series.sizes),
        "seed": seed,
        **({"variant": series.variant} if series.variant else {}),
    }


def _document(given: argparse.Namespace, store: PlayStore) -> dict[str, Any]:
    symbols = store.symbols
    tried, shown = symbols.effects
    return {
        "status": "done",
        "out": str(given.out),
        "steps": symbols.steps,
        "scenes": len(symbols.scenes),
        "operators": {"tried": tried, "effects_sensed": shown},
        "cpu_s": symbols.cpu_s,
        "energy_j": symbols.energy_j,
        "energy_quality": symbols.quality,
        "command": command_line(given.arguments),
    }


def _text(document: dict[str, Any]) -> str:
    tried, shown = document["operators"].values()
    return (
        f"{document['steps']} steps of play in {document['out']}: {document['scenes']} "
        f"scenes, {tried} operators, the effects of {shown} sensed\n"
        f"{document['cpu_s']:.0f} s CPU, {joules(document['energy_j'])} J "
        f"{document['energy_quality']}"
    )
