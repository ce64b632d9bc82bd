"""`jouleplan learn-costs`: what operators cost, from a ledger, for `--costs`."""

from __future__ import annotations

import argparse
import os
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jouleplan.domains.skill_sets import SKILL_SETS
from jouleplan.planner.cli.errors import OptionError
from jouleplan.planner.cli.options import add_common
from jouleplan.planner.cli.output import ExitCode, command_line, emit, note, table

if TYPE_CHECKING:
    from jouleplan.planner.learned_costs import Estimate, LearnedCosts


def fill(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("ledger", metavar="LEDGER", type=Path, help="a ledger")
    parser.add_argument(
        "-o",
        "--out",
        type=Path,
        metavar="FILE.toml",
        help="write the costs there instead of to stdout",
    )
    parser.add_argument(
        "--domain", metavar="NAME", help="whose operators, if there are several domains"
    )
    parser.add_argument(
        "--method", metavar="NAME", help="who acted, if there are several methods"
    )
    parser.add_argument(
        "--quality",
        metavar="NAME",
        help="of which joules (measured, attributed, estimated), if there are several",
    )
    parser.add_argument(
        "--joules",
        choices=("both", "compute", "mechanical"),
        default="both",
        help="what is minimised: of computing, of the robot's work, or both (default)",
    )
    parser.add_argument(
        "--values",
        choices=SKILL_SETS[1:],
        metavar="OPTION",
        help="price operators that no episode shows by the calibrated value of this "
        f"option ({', '.join(SKILL_SETS[1:])}), on scenes of the domain",
    )
    add_common(parser, "seed of the bootstrap and of the scenes (default: 0)", 0)


def run(given: argparse.Namespace) -> int:
    """Learn, write the file and tell what was learned."""
    from jouleplan.planner.costs_file import costs_text
    from jouleplan.planner.learned_costs import learn_costs

    out = given.out
    if out is not None and (out.is_dir() or not os.access(out.parent, os.W_OK)):
        raise OptionError(
            f"--out {out}: give a file in a folder that exists and may be written"
        )
    learned = learn_costs(
        given.ledger,
        domain=given.domain,
        method=given.method,
        quality=given.quality,
        joules=given.joules,
        seed=given.seed,
    )
    if given.values is not None:
        learned = _with_values(learned, given)
    toml = costs_text(learned, command_line(given.arguments))
    document: dict[str, Any] = {
        "status": "done",
        **asdict(learned),
        "toml": toml,
        "out": None if out is None else str(out),
    }
    if out is not None:
        out.write_text(toml, encoding="utf-8")
        emit(document, _text(learned), given.json)
    else:
        emit(document, toml.rstrip(), given.json)
        if not given.json:
            note(_text(learned))
    return ExitCode.DONE


def _with_values(learned: LearnedCosts, given: argparse.Namespace) -> LearnedCosts:
    """Return the costs with those of operators that no episode shows."""
    from jouleplan.planner.task import read_task
    from jouleplan.planner.value_costs import add_value_costs
    from jouleplan.skills.gcrl.skill_set import read_option
    from jouleplan.skills.library import option_file

    option = read_option(option_file(given.values))
    worth = option.calibration
    if worth is None:
        raise OptionError(
            f"--values {given.values}: its card does not say what its value is worth; "
            "train it again"
        )
    task = read_task(learned.domain, learned.problems[0])
    source = (
        f"value of {given.values}, no episode (steps foretold: median |log ratio| "
        f"{worth.error:.2f} on {worth.rollouts} rollouts)"
    )
    return add_value_costs(learned, task, option, source, given.seed)


def _text(learned: LearnedCosts) -> str:
    """Return the report for people."""
    from jouleplan.planner.learned_costs import EPISODES

    head = ("operator", "tries", "done", "J a success", "computing", "robot", "s")
    rows = [
        (
            cost.key,
            cost.tries,
            cost.successes,
            _figure(cost.energy_j),
            _figure(cost.compute_j),
            _figure(cost.mechanical_j),
            _figure(cost.seconds),
        )
        for cost in learned.operators
    ]
    others = sorted({cost.source for cost in learned.operators} - {EPISODES})
    told = "".join(f"\nwithout a try: {source}" for source in others)
    return (
        f"{learned.domain}: {learned.episodes} episodes; means with 95 % intervals\n"
        f"{table(head, rows)}\n"
        f"computing is {learned.quality}: {'; '.join(learned.sources)}{told}"
    )


def _figure(estimate: Estimate) -> str:
    return f"{estimate.mean:.3g} ({estimate.low:.3g} to {estimate.high:.3g})"
