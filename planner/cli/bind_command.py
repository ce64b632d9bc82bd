"""`jouleplan bind`: a first domain.toml, proposed from what the operators do."""

from __future__ import annotations

import argparse
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jouleplan.domains.catalogue import DomainFiles, find_domain, find_problem
from jouleplan.planner.cli.check_command import lint_document, lint_text
from jouleplan.planner.cli.errors import OptionError
from jouleplan.planner.cli.options import add_common
from jouleplan.planner.cli.output import ExitCode, emit, note

if TYPE_CHECKING:
    from jouleplan.domains.proposal.proposal import Proposal
    from jouleplan.planner.lint import Lint


def fill(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("domain", metavar="DOMAIN", help="PDDL file, folder or name")
    parser.add_argument(
        "problem",
        metavar="PROBLEM",
        nargs="?",
        help="name or path; tells objects apart, and its scene checks the proposal",
    )
    add_common(parser, "seed of the scene (default: 0)", 0)
    parser.add_argument(
        "--out", type=Path, metavar="FILE", help="file to write (default: stdout)"
    )


def run(given: argparse.Namespace) -> int:
    """Propose, write, lint, and say what is left to fill in."""
    from jouleplan.domains.pddl import read_domain, read_problem
    from jouleplan.domains.proposal.proposal import propose
    from jouleplan.domains.proposal.text import toml_text

    out: Path | None = given.out
    if out is not None:
        _check_out(out)
    files = find_domain(given.domain)
    domain = read_domain(files.domain_pddl)
    problem_pddl = problem = None
    if given.problem is not None:
        problem_pddl = find_problem(files, given.problem)
        problem = read_problem(problem_pddl, domain)
    proposal = propose(domain, problem)
    text = toml_text(proposal)
    linted = None
    if problem_pddl is not None:
        linted = _linted(files, problem_pddl, text, given.seed)
    if out is not None:
        out.write_text(text, encoding="utf-8")
    elif not given.json:
        print(text, end="", flush=True)
    _tell(proposal, linted, out)
    if given.json or out is not None:
        emit(_document(proposal, text, linted, out), _done(proposal, out), given.json)
    return ExitCode.DONE


def _check_out(out: Path) -> None:
    """Refuse to overwrite: a domain.toml may hold somebody's work.

    Raises:
        OptionError: The file exists, or its folder does not.
    """
    if out.exists():
        raise OptionError(
            f"--out {out}: exists and is not overwritten; name another file, or "
            "remove it first"
        )
    if not out.parent.is_dir() or not os.access(out.parent, os.W_OK):
        raise OptionError(
            f"--out {out}: give a file in a folder that exists and may be written"
        )


def _linted(files: DomainFiles, problem_pddl: Path, text: str, seed: int) -> Lint:
    """Return what the lint says of the proposed text."""
    from jouleplan.planner.lint import lint

    with tempfile.TemporaryDirectory(prefix="jouleplan-") as folder:
        toml = Path(folder) / "domain.toml"
        toml.write_text(text, encoding="utf-8")
        bound = DomainFiles(files.name, files.domain_pddl, files.problems, toml)
        return lint(bound, problem_pddl, seed)


def _tell(proposal: Proposal, linted: Lint | None, out: Path | None) -> None:
    """Say on stderr what is not certain: the file itself may be on stdout."""
    for gap in proposal.gaps:
        note(f"gap: {gap}")
    for doubt in proposal.doubts:
        note(f"check: {doubt}")
    if linted is None:
        note("give a problem, too, to have the proposal checked on its scene")
    else:
        note(lint_text(linted))


def _done(proposal: Proposal, out: Path | None) -> str:
    """Return what was bound, in one line."""
    explained, gaps = proposal.explained, len(proposal.gaps)
    classifiers = explained.classifiers.values()
    skills = [match for match in explained.matches.values() if match.calls]
    return (
        f"{out}: {len(skills)} of {len(explained.matches)} operators, "
        f"{sum(c is not None for c in classifiers)} of {len(classifiers)} sensed "
        f"predicates bound, {gaps} gap{'' if gaps == 1 else 's'}"
    )


def _document(
    proposal: Proposal, text: str, linted: Lint | None, out: Path | None
) -> dict[str, Any]:
    explained = proposal.explained
    return {
        "domain": proposal.domain.name,
        "file": None if out is None else str(out),
        "toml": text,
        "predicates": dict(explained.classifiers),
        "operators": {
            name: [str(call) for call in match.calls]
            for name, match in explained.matches.items()
        },
        "objects": {entry.key: entry.kind for entry in proposal.entries},
        "gaps": list(proposal.gaps),
        "doubts": list(proposal.doubts),
        "lint": None if linted is None else lint_document(linted),
    }
