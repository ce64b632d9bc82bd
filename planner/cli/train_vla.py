"""The part of `jouleplan train` that learns a policy from pixels, by imitation."""

from __future__ import annotations

import argparse
import importlib.util
import os
from pathlib import Path
from typing import Any, Final

from jouleplan.planner.cli.errors import MissingExtraError, OptionError
from jouleplan.planner.cli.output import command_line
from jouleplan.planner.cli.progress import progress

NAME: Final = "vla"
DEFAULT_UPDATES: Final = 12_000
DEFAULT_EPISODES: Final = 50
_EXTRA: Final = ("torch", "onnx", "onnxscript", "h5py", "tomli_w")


def fill(parser: argparse.ArgumentParser) -> None:
    """Add what only this training takes."""
    parser.add_argument(
        "--data",
        type=Path,
        nargs="+",
        default=[],
        metavar="DIR",
        help="demonstrations that vla is learned from, of `jouleplan collect`",
    )


def train_vla(given: argparse.Namespace) -> dict[str, Any]:
    """Train the policy, export it, try it; return its card."""
    _check(given)
    # one thread: torch reads it when it is imported
    os.environ["OMP_NUM_THREADS"] = "1"
    from jouleplan.planner.demos.card import finish_vla
    from jouleplan.planner.provenance import fingerprint
    from jouleplan.skills.vla.demos import episode_files, read_demos
    from jouleplan.skills.vla.learning.data import frames_of
    from jouleplan.skills.vla.learning.training import Recipe, train

    updates: int = given.updates or DEFAULT_UPDATES
    episodes: int = given.evaluate or DEFAULT_EPISODES
    frames = frames_of(read_demos(given.data))
    files = [file for folder in given.data for file in episode_files(folder)]
    with progress(NAME, updates) as advance:
        trained = train(
            frames,
            Recipe(updates),
            given.seed,
            given.out / "checkpoints" / NAME,
            data=fingerprint(files),
            fresh=given.fresh,
            report=lambda done, _, losses: advance(done, _said(losses)),
        )
    with progress(f"{NAME}: episodes", 1.0) as advance:
        return finish_vla(
            trained,
            given.data,
            given.out,
            episodes,
            _command(given, updates, episodes),
            lambda done, total, rate: advance(done / total, f"{100 * rate:.1f} %"),
        )


def _check(given: argparse.Namespace) -> None:
    missing = [name for name in _EXTRA if importlib.util.find_spec(name) is None]
    if missing:
        raise MissingExtraError(
            f"training needs {', '.join(missing)}: pip install 'jouleplan[train]'"
        )
    if not given.data:
        raise OptionError(
            "train vla learns from demonstrations: give --data DIR; `jouleplan collect "
            "DOMAIN PROBLEM --out DIR` makes it"
        )
    for option, value, meant in (
        ("--steps", given.steps, "--updates"),
        ("--algorithm", given.algorithm, "--updates"),
        ("--play", given.play or None, "--data"),
    ):
        if value is not None:
            raise OptionError(f"{option} with vla: it takes {meant} and --data alone")
    if given.robot != "panda":
        raise OptionError(
            f"--robot {given.robot} with vla: it is trained for the panda alone"
        )


def _said(losses: dict[str, float]) -> str:
    return ", ".join(f"{name} {loss:.3g}" for name, loss in losses.items())


def _command(given: argparse.Namespace, updates: int, episodes: int) -> str:
    words = ["train", NAME, "--data", *(folder.name for folder in given.data)]
    words += ["--seed", str(given.seed), "--out", "DIR", "--updates", str(updates)]
    return command_line([*words, "--evaluate", str(episodes)])
