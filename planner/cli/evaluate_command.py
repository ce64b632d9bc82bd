"""`jouleplan evaluate`: many episodes by seed, with rates, intervals and joules."""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TextIO

from jouleplan.planner.cli.emissions import emissions
from jouleplan.planner.cli.errors import OptionError
from jouleplan.planner.cli.options import add_common, add_run, given_costs, whole
from jouleplan.planner.cli.output import (
    ExitCode,
    command_line,
    emit,
    joules,
    note,
    table,
)
from jouleplan.planner.cli.progress import Advance, progress

if TYPE_CHECKING:
    from jouleplan.energy.meter import Meter
    from jouleplan.planner.books import Line
    from jouleplan.planner.evaluate import Series
    from jouleplan.planner.run import Run


def fill(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("domain", metavar="DOMAIN", help="shipped name or path")
    parser.add_argument(
        "problems", metavar="PROBLEM", nargs="*", help="shipped names or paths"
    )
    add_common(parser, "seed of the first episode; each next one's is 1 more", 0)
    parser.add_argument(
        "--episodes",
        type=whole(1),
        default=20,
        metavar="N",
        help="episodes of each problem (default: 20)",
    )
    parser.add_argument(
        "--jobs", type=whole(1), default=1, metavar="J", help="processes (default: 1)"
    )
    parser.add_argument(
        "--generate",
        type=sizes,
        metavar="[VARIANT:]MIN-MAX",
        help="a random problem of a size from this range for each episode",
    )
    parser.add_argument(
        "--out", type=Path, metavar="FILE", help="also write the summary as JSON"
    )
    parser.add_argument(
        "--transitions",
        type=Path,
        metavar="FILE",
        help="also write the states around each operator, for `jouleplan learn-domain`",
    )
    add_run(parser)


def run(given: argparse.Namespace) -> int:
    """Evaluate and print the summary."""
    _check(given)
    document = _evaluate(given)
    if given.out is not None:
        partial = given.out.with_name(given.out.name + ".part")
        partial.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
        partial.replace(given.out)
    emit(document, _text(document), given.json)
    return ExitCode.DONE


class Generate(NamedTuple):
    """What ``--generate`` asks for.

    Attributes:
        sizes: Least and largest size of a problem.
        variant: Which generator; empty for the domain's usual one.
    """

    sizes: tuple[int, int]
    variant: str = ""


def sizes(text: str) -> Generate:
    """Return a range of sizes and a variant, the type of ``--generate``."""
    found = re.fullmatch(r"(?:([a-z][a-z-]*):)?(\d+)(?:-(\d+))?", text)
    low, high = (int(found[2]), int(found[3] or found[2])) if found else (0, 0)
    if found is None or not 1 <= low <= high:
        raise argparse.ArgumentTypeError(
            f"{text!r}: give MIN-MAX, such as 5-10, or VARIANT:MIN-MAX"
        )
    return Generate((low, high), found[1] or "")


def _check(given: argparse.Namespace) -> None:
    if bool(given.problems) == bool(given.generate):
        raise OptionError("give either PROBLEM... or --generate MIN-MAX")
    for option in ("out", "transitions"):
        file = getattr(given, option)
        if file is not None and (file.is_dir() or not os.access(file.parent, os.W_OK)):
            raise OptionError(
                f"--{option} {file}: give a file in a folder that exists and may be "
                "written"
            )
    if given.power_csv is not None and given.jobs > 1:
        raise OptionError(
            "--power-csv with --jobs: a power meter sees all processes together; leave "
            "one of them out"
        )
    if given.transitions is not None and given.disturb > 0:
        raise OptionError(
            "--transitions with --disturb: what the outside hand does would be learned "
            "as effects; leave one of them out"
        )


def _series(given: argparse.Namespace) -> list[Series]:
    from jouleplan.planner.evaluate import Series

    if given.generate:
        return [Series(given.domain, "", *given.generate)]
    return [Series(given.domain, name) for name in dict.fromkeys(given.problems)]


def _evaluate(given: argparse.Namespace) -> dict[str, Any]:
    from jouleplan.energy.meter import Meter
    from jouleplan.planner.evaluate import source_for
    from jouleplan.planner.provenance import hardware, load_average, versions
    from jouleplan.planner.tally import tally

    load, began = load_average(), time.perf_counter()
    meter = Meter(source_for(given.jobs, given.watts_per_core, given.power_csv))
    with emissions(meter, given.emissions) as carbon:
        lines = _lines(given, meter)
    wall_s = time.perf_counter() - began
    every = [line for group in lines.values() for line in group]
    recorded = sum(line.from_ledger for line in every)
    if given.transitions is not None and recorded:
        note(
            f"{recorded} episodes were found in the ledger and not run again: "
            f"{given.transitions} holds no transitions of theirs; `jouleplan "
            f"learn-domain` reads them from {given.ledger}"
        )
    document = {
        "status": "done",
        "domain": given.domain,
        "problems": list(lines),
        **tally(every),
        "by_problem": {name: tally(group) for name, group in lines.items()}
        if len(lines) > 1
        else {},
        "robot": given.robot,
        "skills": given.skills,
        "seed": given.seed,
        "jobs": given.jobs,
        "wall_s": wall_s,
        "parent_cpu_s": time.process_time() if given.jobs > 1 else 0.0,
        "emissions": carbon(),
        "load_average": {"before": load, "after": load_average()},
        "hardware": hardware(),
        "versions": versions(),
        "command": command_line(given.arguments),
    }
    return document


def _lines(given: argparse.Namespace, meter: Meter) -> dict[str, list[Line]]:
    """Return problem -> its lines, every episode run or read from the ledger."""
    from jouleplan.energy.ledger import Ledger
    from jouleplan.planner.evaluate import check, evaluate
    from jouleplan.planner.run import Conditions

    conditions = Conditions(
        engine=given.engine,
        time_limit_s=given.time_limit,
        memory_limit_mb=given.memory_limit,
        costs=given_costs(given),
        policies=given.policies,
        disturb=given.disturb,
        watts_per_core=given.watts_per_core,
        limited=given.physics == "avoid",
        power_csv=given.power_csv,
        transitions=given.transitions is not None,
        robot=given.robot,
        skills=given.skills,
    )
    seeds = range(given.seed, given.seed + given.episodes)
    series = _series(given)
    for one in series:
        check(one, seeds[0], conditions)
    with contextlib.ExitStack() as stack:
        ledger = None
        if given.ledger is not None:
            ledger = stack.enter_context(Ledger(given.ledger))
        count = len(series) * len(seeds)
        advance = stack.enter_context(progress("episodes", count))
        watch = _Watch(advance, meter)
        keep: Callable[[Run], None] | None = None
        if given.transitions is not None:
            file = stack.enter_context(given.transitions.open("w", encoding="utf-8"))
            keep = _Keep(file)
        return {
            one.name: evaluate(
                one,
                seeds,
                conditions,
                jobs=given.jobs,
                ledger=ledger,
                command=command_line(given.arguments),
                on_line=watch,
                on_run=keep,
            )
            for one in series
        }


class _Watch:
    """Moves the bar, and passes on to the run's meter what each episode used."""

    def __init__(self, advance: Advance, meter: Meter) -> None:
        self._advance, self._meter = advance, meter
        self._done = self._right = 0

    def __call__(self, line: Line) -> None:
        """Take the line of an episode that is done."""
        self._done += 1
        self._right += line.success
        self._advance(self._done, f"{self._right} solved")
        if not line.from_ledger:
            for name, reading in line.phases.items():
                self._meter.add(name, reading)


class _Keep:
    """Writes the transitions of every episode as it ends."""

    def __init__(self, file: TextIO) -> None:
        self._file = file

    def __call__(self, run: Run) -> None:
        """Take an episode that is done."""
        self._file.write(run.transitions)
        self._file.flush()


def _text(document: dict[str, Any]) -> str:
    """Return the summary for people."""
    d, operators = document, document["operators"]
    low, high = d["wilson_95"]
    first_low, first_high = operators["wilson_95"]
    quality = d["energy_quality"]
    lines = [
        f"{d['domain']} {', '.join(d['problems'])}: {d['successes']} of "
        f"{d['episodes']} episodes solved, {_percent(d['success_rate'])} "
        f"(Wilson 95 %: {_percent(low)} to {_percent(high)})",
        f"operators right the first time: {operators['first_time_right']} of "
        f"{operators['first_tried']} (Wilson 95 %: {_percent(first_low)} to "
        f"{_percent(first_high)})",
        f"replans {d['replans']}, restores {d['restores']}, other recoveries "
        f"{d['recoveries']}, rules broken {d['rules_broken']}",
        f"an episode: {_figure(d['energy_j_per_episode'])} J {quality}, "
        f"{_figure(d['cpu_s_per_episode'])} s CPU, "
        f"{_figure(d['wall_s_per_episode'])} s wall, "
        f"{_figure(d['simulated_s_per_episode'])} s simulated, "
        f"{_figure(d['mechanical_work_j_per_episode'])} J mechanical work",
        f"a success: {_figure(d['energy_j_per_success'])} J {quality}; "
        f"a move: {_figure(d['simulated_s_per_move'])} s simulated",
        f"the run: {d['wall_s']:.1f} s wall, {d['jobs']} process(es)",
    ]
    for name in ("disturbances", "causes"):
        lines += [f"{name}: {n} x {what}" for what, n in d[name].items()]
    lines += [
        f"failed: {f['problem']} seed {f['seed']}: {f['cause']}" for f in d["failures"]
    ]
    rows = [
        (phase, joules(used["energy_j"]), f"{used['cpu_s']:.2f}")
        for phase, used in d["energy"].items()
    ]
    lines += ["", table(("phase", f"J, {quality}", "CPU s"), rows)]
    lines.append(f"energy is {quality}: {d['energy_source']}")
    return "\n".join(lines)


def _percent(rate: float | None) -> str:
    return "-" if rate is None else f"{100 * rate:.2f} %"


def _figure(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"
