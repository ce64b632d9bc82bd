"""`jouleplan domains`: the shipped domains and their problems."""

from __future__ import annotations

import argparse

from jouleplan.domains.catalogue import domain_names, find_domain
from jouleplan.planner.cli.options import add_common
from jouleplan.planner.cli.output import ExitCode, emit, table


def fill(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    add_common(parser, "not used: nothing is random here", None)


def run(given: argparse.Namespace) -> int:
    """List the domains."""
    found = {name: find_domain(name) for name in domain_names()}
    document = {
        "domains": {
            name: {
                "problems": list(files.problems),
                "bound": files.domain_toml is not None,
                "folder": str(files.domain_pddl.parent),
            }
            for name, files in found.items()
        }
    }
    rows = [
        (
            name,
            "yes" if files.domain_toml is not None else "no, planned only",
            " ".join(files.problems),
        )
        for name, files in found.items()
    ]
    emit(document, table(("domain", "executable", "problems"), rows), given.json)
    return ExitCode.DONE
