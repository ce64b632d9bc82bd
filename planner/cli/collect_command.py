"""`jouleplan collect`: demonstrations for policies that act from pictures and words."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jouleplan.planner.cli.errors import MissingExtraError, OptionError
from jouleplan.planner.cli.evaluate_command import sizes
from jouleplan.planner.cli.options import add_common, share, whole
from jouleplan.planner.cli.output import (
    ExitCode,
    command_line,
    emit,
    joules,
    table,
)
from jouleplan.planner.cli.progress import progress

if TYPE_CHECKING:
    from jouleplan.planner.demos.store import DemoStore
    from jouleplan.planner.evaluate import Series
    from jouleplan.planner.task import Task

FORMATS = ("hdf5", "lerobot")
DESCRIPTION = """\
Collect demonstrations for policies that act from pictures and words.

The planner and its skills drive. Ten frames a second of simulated time: two pictures,
proprioception, the task and the operator in words, and the action that the expert
commands. Frames of waiting are left out, and so are episodes that miss their goal. What
there is in DIR already is continued; demos.json in it says what collecting took.
"""


def fill(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.description = DESCRIPTION
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
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
        "--episodes",
        type=whole(1),
        required=True,
        metavar="N",
        help="episodes in all, those of an earlier run included",
    )
    parser.add_argument(
        "--out", type=Path, required=True, metavar="DIR", help="folder of the data set"
    )
    parser.add_argument(
        "--noise",
        type=share,
        default=0.0,
        metavar="S",
        help="disturb the arm, so that recoveries are seen: standard deviation, of "
        "which 1 is the longest displacement of a control step (default: 0)",
    )
    parser.add_argument(
        "--keep-failures",
        action="store_true",
        help="store episodes that miss their goal, too",
    )
    parser.add_argument(
        "--size",
        type=whole(16, 1024),
        default=128,
        metavar="PX",
        help="width and height of the pictures (default: 128)",
    )
    parser.add_argument(
        "--policies",
        type=Path,
        metavar="DIR",
        help="folder of policies to use instead of the shipped ones",
    )
    parser.add_argument(
        "--format",
        choices=FORMATS,
        default=FORMATS[0],
        help="lerobot also writes DIR/lerobot, a LeRobotDataset v3.0 (default: hdf5)",
    )
    parser.add_argument(
        "--language",
        choices=("operator", "task"),
        default="operator",
        help="what the task of a frame is for lerobot; hdf5 holds both "
        "(default: operator)",
    )
    add_common(parser, "seed of the first scene; each next one's is 1 more", 0)


def run(given: argparse.Namespace) -> int:
    """Collect and print what there is."""
    if bool(given.problem) == bool(given.generate):
        raise OptionError("give either PROBLEM or --generate [VARIANT:]MIN-MAX")
    if given.out.exists() and not given.out.is_dir():
        raise OptionError(f"--out {given.out}: is a file; give a folder")
    from jouleplan.planner.demos.collect import Demand, collect
    from jouleplan.planner.demos.store import DemoStore
    from jouleplan.planner.evaluate import Series, check
    from jouleplan.planner.run import Conditions
    from jouleplan.skills.vla.lerobot import require_pyarrow

    series = Series(given.domain, given.problem or "", *(given.generate or ()))
    task, policies = check(series, given.seed, Conditions(policies=given.policies))
    try:
        store = DemoStore(given.out, _settings(given, series, task))
        if given.format == "lerobot":
            require_pyarrow()
    except ImportError as error:
        raise MissingExtraError(str(error)) from error
    with progress("episodes", given.episodes) as advance:
        collect(
            Demand(series, given.size, given.noise, given.keep_failures),
            given.episodes,
            given.seed,
            store,
            policies,
            report=lambda held: advance(held.kept, f"{len(held.scenes)} scenes"),
        )
    document = _document(given, store)
    if given.format == "lerobot":
        document["lerobot"] = _lerobot(given)
    emit(document, _text(document), given.json)
    return ExitCode.DONE


def _settings(given: argparse.Namespace, series: Series, task: Task) -> dict[str, Any]:
    """Return what two parts of one data set share; JSON gives it back as it is."""
    from jouleplan.planner.provenance import fingerprint

    files = [task.files.domain_pddl]
    if task.files.domain_toml is not None:
        files.append(task.files.domain_toml)
    if series.sizes is None:
        files.append(task.problem_pddl)
    return {
        "domain": task.name,
        "problem": series.name,
        "files": fingerprint(files),
        "seed": given.seed,
        "noise": given.noise,
        "size": given.size,
        "keep_failures": given.keep_failures,
    }


def _lerobot(given: argparse.Namespace) -> dict[str, Any]:
    """Write the LeRobotDataset; return where it is and how much it holds."""
    from jouleplan.domains.robots.panda import PANDA
    from jouleplan.skills.vla.demos import episode_files, read_demo
    from jouleplan.skills.vla.lerobot import write_lerobot

    out = given.out / "lerobot"
    demos = map(read_demo, episode_files(given.out))
    info = write_lerobot(demos, out, PANDA.name, given.language)
    size = sum(file.stat().st_size for file in out.rglob("*") if file.is_file())
    return {
        "out": str(out),
        "version": info["codebase_version"],
        "episodes": info["total_episodes"],
        "frames": info["total_frames"],
        "tasks": info["total_tasks"],
        "bytes": size,
    }


def _document(given: argparse.Namespace, store: DemoStore) -> dict[str, Any]:
    from jouleplan.planner.provenance import hardware, load_average, versions

    return {
        "status": "done",
        "out": str(given.out),
        **store.settings,
        **store.summary(),
        "phases": {
            name: {"cpu_s": r.cpu_s, "energy_j": r.energy_j}
            for name, r in store.phases.items()
        },
        "load_average": load_average(),
        "hardware": hardware(),
        "versions": versions(),
        "command": command_line(given.arguments),
    }


def _text(document: dict[str, Any]) -> str:
    d = document
    rows = [
        (name, joules(used["energy_j"]), f"{used['cpu_s']:.2f}")
        for name, used in sorted(d["phases"].items(), key=lambda one: -one[1]["cpu_s"])
    ]
    return (
        f"{d['episodes']} episodes of {d['domain']} {d['problem']} in {d['out']}: "
        f"{d['frames']} frames, {d['bytes'] / 1e6:.1f} MB; {d['successes']} of "
        f"{d['scenes_tried']} scenes reached their goal\n"
        f"{d['cpu_s']:.1f} s CPU, {joules(d['energy_j'])} J {d['energy_quality']}\n\n"
        + table(("phase", f"J, {d['energy_quality']}", "CPU s"), rows)
    )
