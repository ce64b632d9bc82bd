"""`jouleplan engines`: the planning engines, in the order in which auto tries them."""

from __future__ import annotations

import argparse
import importlib.util
from dataclasses import dataclass

from jouleplan.planner.cli.options import add_common
from jouleplan.planner.cli.output import ExitCode, emit, table
from jouleplan.planner.engines import ENGINES
from jouleplan.planner.provenance import versions


@dataclass(frozen=True, slots=True)
class About:
    """What is known of an engine beside its code.

    Attributes:
        package: The distribution it comes in.
        module: The module that shows that it is installed.
        supports: What it can do.
        licence: Its own; each runs in processes of its own.
    """

    package: str
    module: str
    supports: str
    licence: str


_STRIPS = "STRIPS, types, constants, negative preconditions, equality"

ABOUT = {
    "fast-downward-optimal": About(
        "up-fast-downward",
        "up_fast_downward",
        f"shortest plans, proofs of unsolvability; {_STRIPS}; no (either ...)",
        "GPL-3.0-or-later",
    ),
    "fast-downward": About(
        "up-fast-downward",
        "up_fast_downward",
        f"first plan found; {_STRIPS}; no (either ...)",
        "GPL-3.0-or-later",
    ),
    "pyperplan": About(
        "pyperplan",
        "pyperplan",
        "first plan found; STRIPS, types; refuses what it cannot do by name",
        "GPL-3.0-or-later",
    ),
}
"""Engine -> what is known of it; a test holds it against the registry."""


def fill(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    add_common(parser, "not used: nothing is random here", None)


def run(given: argparse.Namespace) -> int:
    """List the engines."""
    installed = {
        name: importlib.util.find_spec(ABOUT[name].module) is not None
        for name in ENGINES
    }
    found = versions(ABOUT[name].package for name in ENGINES)
    document = {
        "engines": {
            name: {
                "installed": installed[name],
                "package": ABOUT[name].package,
                "version": found[ABOUT[name].package],
                "supports": ABOUT[name].supports,
                "licence": ABOUT[name].licence,
            }
            for name in ENGINES
        }
    }
    rows = [
        (
            name,
            found[ABOUT[name].package],
            ABOUT[name].licence,
            ABOUT[name].supports,
        )
        for name in ENGINES
    ]
    head = ("engine", "installed", "licence", "supports")
    emit(document, table(head, rows), given.json)
    return ExitCode.DONE
