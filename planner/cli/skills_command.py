"""`jouleplan skills`: what a domain may name, and the policies and options below."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from jouleplan.domains.skill_call import SKILL_ARGUMENTS
from jouleplan.planner.cli.options import add_common
from jouleplan.planner.cli.output import ExitCode, emit, table


def fill(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument(
        "--policies",
        type=Path,
        metavar="DIR",
        help="look here, not at the shipped ones",
    )
    add_common(parser, "not used: nothing is random here", None)


def run(given: argparse.Namespace) -> int:
    """List skills, policies and options."""
    from jouleplan.skills.gcrl.skill_set import read_option
    from jouleplan.skills.library import OPTIONS, SHIPPED, card, check_card
    from jouleplan.skills.policy import Policy
    from jouleplan.skills.stages import STAGES

    folder = given.policies or SHIPPED
    if not folder.is_dir():
        raise NotADirectoryError(f"--policies {folder}: there is no such folder")
    home = given.policies or SHIPPED / "gcrl"
    paths = {stage: folder / f"{stage}.onnx" for stage in STAGES}
    paths |= {name: home / f"{algorithm}.onnx" for name, algorithm in OPTIONS.items()}
    cards = {name: card(path.stem, path.parent) for name, path in paths.items()}
    files = {name: path.is_file() for name, path in paths.items()}
    # a file that is listed can be used: each is opened, and compared with its card
    for name, path in paths.items():
        if files[name]:
            Policy(path) if name in STAGES else read_option(path)
            check_card(path)
    document = {
        "skills": {name: list(takes) for name, takes in SKILL_ARGUMENTS.items()},
        "folder": str(folder),
        "policies": {
            stage: {"policy": files[stage], "card": cards[stage]} for stage in STAGES
        },
        "options": {
            name: {"policy": files[name], "card": cards[name]} for name in OPTIONS
        },
    }
    rows = [_row(name, files[name], cards[name]) for name in (*STAGES, *OPTIONS)]
    head = ("policy", "algorithm", "solved", "Wilson 95 %", "CPU s", "J")
    domain = ", ".join(
        f"{name}({', '.join(takes)})" for name, takes in SKILL_ARGUMENTS.items()
    )
    text = (
        f"skills that domain.toml may name: {domain}\n\n{table(head, rows)}\n"
        f"policies in {folder}"
    )
    emit(document, text, given.json)
    return ExitCode.DONE


def _row(stage: str, there: bool, card: dict[str, Any] | None) -> tuple[str, ...]:
    if card is None:
        return (stage, "no card" if there else "no policy", "-", "-", "-", "-")
    trained, judged = card.get("training", {}), card.get("evaluation", {})
    low, high = judged.get("wilson_95", (0.0, 1.0))
    return (
        stage,
        str(card.get("algorithm", "?")),
        f"{judged.get('successes', '?')} of {judged.get('episodes', '?')}",
        f"{100 * low:.2f} to {100 * high:.2f} %",
        f"{trained.get('cpu_s', '?')}",
        f"{trained.get('energy_j', '?')} {trained.get('energy_quality', '')}".rstrip(),
    )
