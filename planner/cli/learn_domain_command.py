"""`jouleplan learn-domain`: operators from transitions, as PDDL, safe to plan with."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import Any

from jouleplan.planner.cli.errors import OptionError
from jouleplan.planner.cli.options import add_common
from jouleplan.planner.cli.output import ExitCode, emit, note

_ASSUMED = (
    "preconditions are positive, and an operator deletes only what was true before it "
    "at least once; --negative assumes neither"
)


def fill(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument(
        "transitions",
        metavar="TRANSITIONS",
        type=Path,
        help="JSON lines, as `jouleplan evaluate ... --transitions FILE` writes them, "
        "or a ledger that was given with --transitions",
    )
    parser.add_argument(
        "--out",
        type=Path,
        metavar="FILE.pddl",
        help="write the learned domain there instead of to stdout",
    )
    parser.add_argument(
        "--negative",
        action="store_true",
        help="learn negative preconditions too, and which parameters must differ",
    )
    parser.add_argument(
        "--proxy",
        action="store_true",
        help="keep operators of which an effect is open, under conditions (or) where "
        "it changes nothing",
    )
    add_common(parser, "not used: nothing is random here", None)


def run(given: argparse.Namespace) -> int:
    """Learn, write the domain and tell what is not identified."""
    from jouleplan.domains.learning.errors import (
        ContradictionError,
        TransitionsError,
    )
    from jouleplan.domains.learning.learned_domain import as_dict, learned_text
    from jouleplan.domains.learning.read import read_transitions
    from jouleplan.domains.learning.sam import learn
    from jouleplan.planner.recorded_states import is_ledger, recorded_transitions

    if given.out is not None and (
        given.out.is_dir() or not os.access(given.out.parent, os.W_OK)
    ):
        raise OptionError(
            f"--out {given.out}: give a file in a folder that exists and may be written"
        )
    recorded = is_ledger(given.transitions)
    read = recorded_transitions if recorded else read_transitions
    recording = read(given.transitions)
    try:
        operators = learn(recording, negative=given.negative, proxy=given.proxy)
    except ContradictionError as fault:
        raise TransitionsError(given.transitions, fault.line, fault.reason) from None
    pddl = learned_text(recording.signature, operators)
    document = {
        "status": "done",
        "domain": recording.signature.name,
        "transitions": len(recording.transitions),
        "negative": given.negative,
        "proxy": given.proxy,
        "assumed": "" if given.negative else _ASSUMED,
        "not_identified": [n for n, one in operators.items() if not one.identified],
        "operators": {name: as_dict(one) for name, one in operators.items()},
        "pddl": pddl,
        "out": None if given.out is None else str(given.out),
    }
    if given.out is not None:
        given.out.write_text(pddl, encoding="utf-8")
        emit(document, _text(document), given.json)
    else:
        emit(document, pddl.rstrip(), given.json)
        if not given.json:
            note(_text(document))
    return ExitCode.DONE


def _text(document: dict[str, Any]) -> str:
    """Return the report for people."""
    operators = document["operators"]
    lines = [
        f"{document['domain']}: {len(operators) - len(document['not_identified'])} of "
        f"{len(operators)} operators identified from {document['transitions']} "
        "transitions"
    ]
    for name, one in operators.items():
        said = "identified" if one["identified"] else "not identified"
        lines.append(f"{name}: seen {one['seen']} times, {said}")
        lines += [f"  because {reason}" for reason in one["reasons"]]
        if one["identified"]:
            for part in ("preconditions", "effects"):
                lines.append(f"  {part}: {' '.join(one[part]) or 'none'}")
        lines += [f"  note: {odd}" for odd in one["notes"]]
    if document["assumed"]:
        lines.append(f"assumed: {document['assumed']}")
    if document["out"]:
        lines.append(f"written to {document['out']}")
    return "\n".join(lines)
