"""`jouleplan check`: whether a domain folder can be carried out."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jouleplan.domains.catalogue import find_domain, find_problem
from jouleplan.domains.errors import UnknownNameError
from jouleplan.planner.cli.options import add_common
from jouleplan.planner.cli.output import ExitCode, emit, note

if TYPE_CHECKING:
    from jouleplan.planner.lint import Lint


def fill(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("domain", metavar="DIR", help="folder, file or shipped name")
    parser.add_argument(
        "problem",
        metavar="PROBLEM",
        nargs="?",
        help="name or path (default: every problem of the domain)",
    )
    add_common(parser, "seed of the scene (default: 0)", 0)
    parser.add_argument(
        "--picture",
        type=Path,
        metavar="FILE",
        help="draw the scene of the (first) problem: .png (camera) or .svg (side)",
    )


def run(given: argparse.Namespace) -> int:
    """Lint the domain with each problem and say what is wrong."""
    from jouleplan.planner.lint import lint

    picture: Path | None = given.picture
    if picture is not None:
        from jouleplan.planner.scene_picture import check_picture

        check_picture(picture)
    files = find_domain(given.domain)
    problems = list(files.problems.values())
    if given.problem is not None:
        problems = [find_problem(files, given.problem)]
    if not problems:
        raise UnknownNameError(
            f"problem of {files.name}", "", (), "Give the path of a problem file."
        )
    camera = picture is not None and picture.suffix.lower() == ".png"
    found = [
        lint(files, problem, given.seed, camera and i == 0)
        for i, problem in enumerate(problems)
    ]
    drawn = picture if picture is not None and _draw(picture, found[0]) else None
    document = {
        "domain": files.name,
        "fine": all(one.fine for one in found),
        "problems": [lint_document(one) for one in found],
        "picture": None if drawn is None else str(drawn),
    }
    emit(document, _text(files.name, found, drawn), given.json)
    return ExitCode.DONE if document["fine"] else ExitCode.BAD_INPUT


def _draw(picture: Path, shown: Lint) -> bool:
    """Draw the scene; return whether there was one."""
    from jouleplan.planner.scene_picture import write_picture

    if not shown.boxes:
        note(f"{picture} is not drawn: no scene could be built from {shown.problem}")
        return False
    write_picture(picture, shown)
    return True


def lint_document(one: Lint) -> dict[str, Any]:
    """Return what was found with one problem, as a document."""
    return {
        "problem": one.problem,
        "fine": one.fine,
        "faults": list(one.faults),
        "init": sorted(map(str, one.init)),
        "sensed": sorted(map(str, one.sensed)),
        "beyond_the_arm": [breach.as_dict() for breach in one.beyond],
        "by": {name: list(sets) for name, sets in one.by.items()},
    }


def lint_text(one: Lint) -> str:
    """Return what was found with one problem, for people."""
    if one.fine:
        left = "".join(f"\n  left alone: {breach}" for breach in one.beyond)
        by = "".join(f"\n  {name} by {', '.join(s)}" for name, s in one.by.items())
        fine = f"{one.problem}: fine, {len(one.sensed)} atoms sensed as in :init"
        return fine + by + left
    faults = "".join(f"\n  - {fault}" for fault in one.faults)
    return f"{one.problem}: {len(one.faults)} wrong{faults}"


def _text(name: str, found: Sequence[Lint], drawn: Path | None) -> str:
    """Return all problems' lines; faults that they share are said once."""
    lines: list[str] = []
    said: dict[tuple[str, ...], str] = {}
    for one in found:
        same = said.setdefault(one.faults, one.problem)
        if one.faults and same != one.problem:
            lines.append(f"{one.problem}: as {same}")
        else:
            lines.append(lint_text(one))
    wrong = sum(not one.fine for one in found)
    lines.append(f"{name}: {len(found) - wrong} of {len(found)} problems fine")
    if drawn is not None:
        lines.append(f"picture: {drawn}")
    return "\n".join(lines)
