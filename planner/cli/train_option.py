"""The part of `jouleplan train` that learns an option offline, on play."""

from __future__ import annotations

import argparse
import importlib.util
import os
from pathlib import Path
from typing import Any, Final

from jouleplan.planner.cli.errors import MissingExtraError, OptionError
from jouleplan.planner.cli.options import whole
from jouleplan.planner.cli.output import command_line
from jouleplan.planner.cli.progress import progress

ALGORITHMS: Final = ("gcbc", "gcivl", "gciql", "hiql", "saw", "ris", "hilp")
"""The learners' names; their registry loads torch."""
DEFAULT_UPDATES: Final = 50_000
_EXTRA: Final = ("torch", "onnx", "onnxscript", "minari", "h5py", "tomli_w")


def fill(parser: argparse.ArgumentParser) -> None:
    """Add what only options take."""
    parser.add_argument(
        "--play",
        type=Path,
        action="append",
        default=[],
        metavar="DIR",
        help="play that an option is learned from, of `jouleplan collect-play`; may be "
        "given several times",
    )
    parser.add_argument(
        "--updates",
        type=whole(1),
        metavar="N",
        help=f"updates of the networks of an option (default: {DEFAULT_UPDATES}) or of "
        "vla (default: 12000)",
    )


def train_option(given: argparse.Namespace) -> dict[str, Any]:
    """Train the option ``given.skill``, export it, try it; return its card."""
    _check(given)
    # one thread: torch reads it when it is imported
    os.environ["OMP_NUM_THREADS"] = "1"
    from jouleplan.planner.play.card import finish_option
    from jouleplan.planner.play.store import SYMBOLS, read_plays
    from jouleplan.planner.provenance import fingerprint
    from jouleplan.skills.gcrl.learning.recipes import option_recipe
    from jouleplan.skills.gcrl.learning.training import train
    from jouleplan.skills.gcrl.option_state import SPACE

    algorithm: str = given.skill
    updates: int = given.updates or DEFAULT_UPDATES
    play, symbols = read_plays(given.play)
    with progress(algorithm, updates) as advance:
        trained = train(
            play,
            SPACE,
            option_recipe(algorithm, updates),
            given.seed,
            given.out / "checkpoints" / algorithm,
            data=fingerprint(folder / SYMBOLS for folder in given.play),
            fresh=given.fresh,
            report=lambda done, _, losses: advance(done, _said(losses)),
        )
    with progress(f"{algorithm}: operators", 1.0) as advance:
        return finish_option(
            trained,
            symbols,
            given.out,
            given.evaluate,
            _command(given, updates),
            lambda done, total, rate: advance(done / total, f"{100 * rate:.1f} %"),
        )


def _check(given: argparse.Namespace) -> None:
    missing = [name for name in _EXTRA if importlib.util.find_spec(name) is None]
    if missing:
        raise MissingExtraError(
            f"training needs {', '.join(missing)}: pip install 'jouleplan[train]'"
        )
    if not given.play:
        raise OptionError(
            f"train {given.skill} learns from play: give --play DIR; `jouleplan "
            "collect-play DOMAIN PROBLEM --out DIR` makes it"
        )
    if given.steps is not None:
        raise OptionError(
            f"--steps with {given.skill}: play has the steps that it has; give "
            "--updates for a longer training"
        )
    if given.robot != "panda":
        raise OptionError(
            f"--robot {given.robot} with {given.skill}: options are trained for the "
            "panda alone"
        )


def _said(losses: dict[str, float]) -> str:
    return ", ".join(f"{name} {loss:.3g}" for name, loss in losses.items())


def _command(given: argparse.Namespace, updates: int) -> str:
    words = ["train", given.skill, "--seed", str(given.seed)]
    for folder in given.play:
        words += ["--play", folder.name]
    words += ["--out", "DIR", "--updates", str(updates)]
    return command_line([*words, "--evaluate", str(given.evaluate)])
