"""Card of a policy from pixels: its data, its training, how it does, what it took."""

from __future__ import annotations

import json
import platform
from collections.abc import Callable, Sequence
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from jouleplan.domains.robots.panda import PANDA
from jouleplan.energy.meter import Meter
from jouleplan.energy.statistics import wilson_interval
from jouleplan.planner.demos.store import INDEX
from jouleplan.planner.evaluate import Series
from jouleplan.planner.methods.vla import END_TO_END, GUIDED
from jouleplan.planner.turn import Played, Turn, play
from jouleplan.skills.card import energy_entry, write_card
from jouleplan.skills.library import checksum
from jouleplan.skills.vla.learning.export import export
from jouleplan.skills.vla.learning.training import Trained
from jouleplan.skills.vla.library import NAME
from jouleplan.skills.vla.policy import VlaPolicy

EVALUATION_SEED: Final = 500_000
"""First scene of the evaluation; data are collected from other seeds."""
_PACKAGES: Final = ("jouleplan", "torch", "pybullet", "onnxruntime", "numpy")

Told = Callable[[int, int, float], None]
"""Called with (episodes done, episodes in all, success rate)."""


def series_of(folder: Path) -> Series:
    """Return what a folder of demonstrations was collected on."""
    settings = _index(folder)["settings"]
    domain, problem = settings["domain"], settings["problem"]
    words = problem.split()
    if words[:1] != ["generated"]:
        return Series(domain, problem)
    low, high = words[-1].split("-")
    variant = words[1] if len(words) > 2 else ""
    return Series(domain, "", (int(low), int(high)), variant)


def finish_vla(
    trained: Trained,
    data: Sequence[Path],
    out: Path,
    episodes: int,
    command: str,
    report: Told | None = None,
) -> dict[str, Any]:
    """Export a finished training to ONNX, try it and write its card.

    Args:
        trained: What is exported.
        data: Folders that it was trained on.
        out: Gets ``vla.onnx``, ``vla-words.onnx`` and ``vla.toml``.
        episodes: On unseen scenes, of each mode on each kind of scene in the data.
        command: What reproduces the training.
        report: Called after each episode.

    Returns:
        The card.

    Raises:
        TrainingError: An episode cannot be run.
    """
    target = out / f"{NAME}.onnx"
    export(trained, target)
    policy = VlaPolicy(target)
    card: dict[str, Any] = {
        "skill": NAME,
        "robot": PANDA.name,
        "algorithm": "imitation of the planner with learned skills",
        "network": (
            "two convolutional encoders, a recurrent one of words, late fusion by "
            f"attention, chunks of {policy.chunk} actions; after NanoVLA, "
            "arXiv:2510.25122"
        ),
        "shape": asdict(trained.shape),
        "auxiliary_loss": (
            "where the operator's first two bodies are, seen from the hand and in both "
            "pictures; from the simulator, in training alone"
        ),
        "file": target.name,
        "sha256": checksum(target),
        "words_file": policy.files[1].name,
        "words_sha256": checksum(policy.files[1]),
        "flops_a_chunk": policy.flops,
        "flops_a_prompt": policy.prompt_flops,
        "vocabulary": list(trained.vocabulary.words),
        "command": command,
        "training": _training(trained),
        "data": [_data(folder) for folder in data],
        "evaluation": _evaluation(out, data, episodes, report),
        "versions": {
            "python": platform.python_version(),
            **{package: version(package) for package in _PACKAGES},
        },
    }
    write_card(card, out / f"{NAME}.toml")
    return card


def _training(trained: Trained) -> dict[str, Any]:
    done = trained.progress
    return {
        "seed": done.seed,
        "updates": done.updates,
        "environment_steps": 0,
        "cpu_s": round(done.cpu_s, 1),
        "wall_s": round(done.wall_s, 1),
        **energy_entry(done.energy_j, done.source, done.quality),
        "recipe": done.recipe,
    }


def _data(folder: Path) -> dict[str, Any]:
    found = _index(folder)
    told = {key: found[key] for key in ("episodes", "frames", "bytes")}
    return {
        **{k: v for k, v in found["settings"].items() if v is not None},
        **told,
        "cpu_s": round(found["cpu_s"], 1),
        "wall_s": round(found["wall_s"], 1),
        **energy_entry(
            found["energy_j"], found["energy_source"], found["energy_quality"]
        ),
    }


def _index(folder: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((folder / INDEX).read_text(encoding="utf-8"))
    return document


def _evaluation(
    out: Path, data: Sequence[Path], episodes: int, report: Told | None
) -> dict[str, Any]:
    every = list(dict.fromkeys(map(series_of, data)))
    modes = {GUIDED: "planner_guided", END_TO_END: "end_to_end"}
    total = len(every) * len(modes) * episodes
    meter, done, right = Meter(), 0, 0
    entries: dict[str, Any] = {name: {} for name in modes.values()}
    with meter.phase("evaluation"):
        for series in every:
            for method, mode in modes.items():
                successes = 0
                for number in range(episodes):
                    successes += _succeeds(series, f"{method}?policy={out}", number)
                    done += 1
                    if report is not None:
                        report(done, total, (right + successes) / done)
                right += successes
                kind = f"{series.domain} {series.name}"
                entries[mode][kind] = _entry(successes, episodes)
    used = meter.total()
    return {
        "seed": EVALUATION_SEED,
        **_entry(right, total),
        "cpu_s": round(used.cpu_s, 1),
        **energy_entry(used.energy_j, used.source, used.quality),
        **entries,
    }


def _succeeds(series: Series, method: str, number: int) -> bool:
    seed = EVALUATION_SEED + number
    played = play(Turn(series, seed, method, None, number, True, None, None, False))
    return isinstance(played, Played) and bool(played.record.success)


def _entry(successes: int, episodes: int) -> dict[str, Any]:
    low, high = wilson_interval(successes, episodes)
    return {
        "episodes": episodes,
        "successes": successes,
        "success_rate": round(successes / episodes, 5),
        "wilson_95": [round(low, 5), round(high, 5)],
    }
