"""`jouleplan engines`: the planning engines, what each takes, and what is missing."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from typing import Any

from jouleplan.planner.cli.options import add_common
from jouleplan.planner.cli.output import ExitCode, emit, table


def fill(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    add_common(parser, "not used: nothing is random here", None)


def run(given: argparse.Namespace) -> int:
    """List the engines."""
    from jouleplan.planner.engines.registry import ENGINES
    from jouleplan.planner.lanes import ORDER
    from jouleplan.planner.provenance import versions

    found = versions(engine.about.package for engine in ENGINES.values())
    document: dict[str, Any] = {
        "engines": {
            name: {
                "installed": not engine.missing(),
                "missing": engine.missing(),
                "package": engine.about.package,
                "version": found[engine.about.package],
                "install": engine.about.install,
                "licence": engine.about.licence,
                "purpose": engine.about.purpose,
                "optimal": engine.optimal,
                "anytime": engine.anytime,
                "top_k": engine.top_k,
                "supports": sorted(str(feature) for feature in engine.supports),
            }
            for name, engine in ENGINES.items()
        },
        "auto": {
            kind: [
                {
                    "after_s": lane.delay_s,
                    "engines": [turn.engine for turn in lane.turns],
                }
                for lane in lanes
            ]
            for kind, lanes in ORDER.items()
        },
    }
    emit(document, _text(document["engines"], document["auto"]), given.json)
    return ExitCode.DONE


def _text(
    engines: Mapping[str, Mapping[str, Any]], auto: Mapping[str, list[dict[str, Any]]]
) -> str:
    """Return the list for people."""
    rows = [
        (
            name,
            about["version"] if about["installed"] else "missing",
            about["licence"],
            about["purpose"],
        )
        for name, about in engines.items()
    ]
    lines = [table(("engine", "installed", "licence", "for"), rows)]
    lines += [
        f"{name}: {about['missing']}"
        for name, about in engines.items()
        if about["missing"]
    ]
    lines += ["", "Beyond STRIPS with types, they take:"]
    groups: dict[tuple[str, ...], list[str]] = {}
    for name, about in engines.items():
        groups.setdefault(tuple(about["supports"]), []).append(name)
    for supports, names in groups.items():
        lines.append(f"- {', '.join(names)}: {'; '.join(supports) or 'nothing more'}")
    lines += [
        "",
        "What an engine lacks is rewritten for it where that changes no plan: durative",
        "operators in sequence, preferences and timed literals as operators, (either).",
        "",
        "auto runs, one after the other and a second row beside the first:",
    ]
    for kind, lanes in auto.items():
        for lane in lanes:
            later = f" (after {lane['after_s']} s)" if lane["after_s"] else ""
            lines.append(f"- {kind}{later}: {', '.join(lane['engines'])}")
    return "\n".join(lines)
