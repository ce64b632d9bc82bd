"""`jouleplan generate`: new problems of a domain, verified before they are written."""

from __future__ import annotations

import argparse
import time
from collections import Counter
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jouleplan.planner.cli.errors import OptionError
from jouleplan.planner.cli.options import add_common, whole
from jouleplan.planner.cli.output import ExitCode, emit, note
from jouleplan.planner.cli.progress import progress

if TYPE_CHECKING:
    from jouleplan.planner.generation import Generated
    from jouleplan.planner.source import Source


def fill(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("domain", metavar="DOMAIN", help="shipped name or path")
    parser.add_argument(
        "--size",
        type=whole(1),
        required=True,
        metavar="N",
        help="size of every problem: how many objects are moved, say",
    )
    parser.add_argument(
        "--count",
        type=whole(1),
        default=1,
        metavar="K",
        help="how many, all different; needs --out if more than 1 (default: 1)",
    )
    add_common(parser, "seed of the problems and their scenes (default: 0)", 0)
    parser.add_argument(
        "--out",
        type=Path,
        metavar="DIR",
        help="folder to write the files into (default: the one problem to stdout)",
    )


def run(given: argparse.Namespace) -> int:
    """Draw, verify, and write or print."""
    out: Path | None = given.out
    if out is None and given.count > 1:
        raise OptionError(
            f"--count {given.count} without --out: give a folder for the files, "
            "such as --out problems"
        )
    if out is not None and out.exists() and not out.is_dir():
        raise OptionError(f"--out {out}: is a file; give a folder")
    from jouleplan.planner.generation import generate
    from jouleplan.planner.source import source_of

    source = source_of(given.domain, given.size, given.seed)
    if out is not None:
        _check_free(source, given.count, out)
    began = time.perf_counter()
    made: list[Generated] = []
    with progress(f"generate {source.domain.name}", given.count) as advance:
        for problem in islice(generate(source), given.count):
            made.append(problem)
            if out is not None:
                _write(problem, out)
            advance(len(made), problem.name)
    document = _document(source, made, out, time.perf_counter() - began)
    if out is None:
        emit(document, made[0].pddl.rstrip(), given.json)
        if not given.json:
            note(_text(document))
    else:
        emit(document, _text(document), given.json)
    return ExitCode.DONE


def _file(out: Path, name: str) -> Path:
    return out / f"{name}.pddl"


def _check_free(source: Source, count: int, out: Path) -> None:
    """Refuse before the work what would overwrite a file after it."""
    names = (source.name(number) for number in range(1, count + 1))
    taken = [file for name in names if (file := _file(out, name)).exists()]
    if taken:
        others = f" (and {len(taken) - 1} more)" if len(taken) > 1 else ""
        raise OptionError(
            f"{taken[0]}{others} exists and is not overwritten; give another --seed or "
            "--out, or remove it first"
        )


def _write(problem: Generated, out: Path) -> None:
    """Write a file that was not there."""
    out.mkdir(parents=True, exist_ok=True)
    with _file(out, problem.name).open("x", encoding="utf-8") as stream:
        stream.write(problem.pddl)


def _document(
    source: Source, made: list[Generated], out: Path | None, wall_s: float
) -> dict[str, Any]:
    from jouleplan.planner.verification import ENGINE

    redrawn: Counter[str] = Counter()
    for problem in made:
        redrawn.update(problem.redrawn)
    return {
        "domain": source.domain.name,
        "size": source.size,
        "seed": source.seed,
        "count": len(made),
        "engine": ENGINE,
        "wall_s": wall_s,
        "redrawn": dict(redrawn),
        "problems": [
            {
                "problem": problem.name,
                "file": None if out is None else str(_file(out, problem.name)),
                "objects": problem.objects,
                "plan_length": problem.plan_length,
                "pddl": problem.pddl,
            }
            for problem in made
        ],
    }


def _text(document: dict[str, Any]) -> str:
    """Return what was made, for people."""
    lengths = sorted(problem["plan_length"] for problem in document["problems"])
    files = [problem["file"] for problem in document["problems"] if problem["file"]]
    count, span = document["count"], f"{lengths[0]} to {lengths[-1]}"
    plans = f"a plan of {lengths[0]}" if count == 1 else f"plans of {span}"
    lines = files + [
        f"{document['domain']}, size {document['size']}: {count} "
        f"problem{'' if count == 1 else 's'} solved by {document['engine']}, laid out "
        f"and sensed as in :init, in {document['wall_s']:.1f} s; {plans} operators"
    ]
    if document["redrawn"]:
        said = ", ".join(f"{why} {n}" for why, n in document["redrawn"].items())
        lines.append(f"drawn again: {said}")
    return "\n".join(lines)
