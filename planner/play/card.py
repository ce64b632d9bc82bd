"""Card of an option: its play, its training, how its operators go, what each took."""

from __future__ import annotations

import platform
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from jouleplan.domains.robots.panda import PANDA
from jouleplan.energy.meter import Meter
from jouleplan.energy.statistics import wilson_interval
from jouleplan.planner.evaluate import Series
from jouleplan.planner.play.calibrate import CALIBRATION_SEED, calibrated
from jouleplan.planner.play.store import Symbols
from jouleplan.planner.play.trial import TRIAL_SEED, Trial, try_operators
from jouleplan.skills.card import energy_entry, write_card
from jouleplan.skills.gcrl.learning.export import export
from jouleplan.skills.gcrl.learning.registry import ALGORITHMS
from jouleplan.skills.gcrl.learning.training import Trained
from jouleplan.skills.gcrl.skill_set import option_skills, read_option
from jouleplan.skills.library import checksum

_PACKAGES: Final = (
    "jouleplan",
    "torch",
    "minari",
    "pybullet",
    "onnxruntime",
    "numpy",
)


def series_of(symbols: Symbols) -> Series:
    """Return what a set of play was collected on."""
    found = symbols.settings
    sizes = found.get("sizes")
    return Series(
        found["domain"],
        found.get("problem", ""),
        None if sizes is None else (sizes[0], sizes[1]),
        found.get("variant", ""),
    )


def finish_option(
    trained: Trained,
    plays: Sequence[Symbols],
    out: Path,
    operators: int,
    command: str,
    report: Callable[[int, int, float], None] | None = None,
) -> dict[str, Any]:
    """Export a finished training to ONNX, try its operators and write its card.

    Args:
        trained: What is exported.
        plays: What it was trained on.
        out: Gets ``<algorithm>.onnx`` and ``<algorithm>.toml``.
        operators: Tried on unseen scenes of every play's series.
        command: What reproduces the training.
        report: Called with (operators done, operators in all, success rate).

    Returns:
        The card.
    """
    algorithm = str(trained.progress.recipe["algorithm"])
    target = out / f"{algorithm}.onnx"
    export(trained, target)
    every = list(dict.fromkeys(series_of(symbols) for symbols in plays))
    (out / f"{algorithm}.toml").unlink(missing_ok=True)  # of another training
    hidden = list(trained.progress.recipe["settings"]["hidden"])
    card: dict[str, Any] = {
        "skill": "pick, place",
        "robot": PANDA.name,
        "algorithm": f"{algorithm.upper()}, {ALGORITHMS[algorithm].kind}, on play",
        "network": f"multilayer perceptrons, hidden layers {hidden}",
        "file": target.name,
        "sha256": checksum(target),
        "command": command,
        "training": _training(trained, plays),
        "play": [_play(symbols) for symbols in plays],
        "versions": {
            "python": platform.python_version(),
            **{package: version(package) for package in _PACKAGES},
        },
    }
    card |= _value(target, every, operators // 2)
    # the trials are of the option as it ships, which reads what its value is worth
    write_card(card, out / f"{algorithm}.toml")
    card["evaluation"] = _evaluation(target, every, operators, report)
    write_card(card, out / f"{algorithm}.toml")
    return card


def _value(file: Path, every: Sequence[Series], moves: int) -> dict[str, Any]:
    """Return the table ``value``; none where too little went well to tell."""
    option, meter = read_option(file), Meter()
    with meter.phase("evaluation"):
        found = calibrated(option, every, moves, meter)
    if found is None:
        return {}
    return {"value": {"seed": CALIBRATION_SEED, "moves": moves, **found.as_dict()}}


def _training(trained: Trained, plays: Sequence[Symbols]) -> dict[str, Any]:
    done = trained.progress
    return {
        "seed": done.seed,
        "updates": done.updates,
        "environment_steps": sum(symbols.steps for symbols in plays),
        "cpu_s": round(done.cpu_s, 1),
        "wall_s": round(done.wall_s, 1),
        **energy_entry(done.energy_j, done.source, done.quality),
        "recipe": done.recipe,
    }


def _play(symbols: Symbols) -> dict[str, Any]:
    tried, shown = symbols.effects
    settings = {k: v for k, v in symbols.settings.items() if v not in (None, "")}
    return {
        **settings,
        "steps": symbols.steps,
        "scenes": len(symbols.scenes),
        "operators": tried,
        "effects_sensed": shown,
        "cpu_s": round(symbols.cpu_s, 1),
        **energy_entry(symbols.energy_j, symbols.source, symbols.quality),
    }


def _evaluation(
    file: Path,
    every: Sequence[Series],
    operators: int,
    report: Callable[[int, int, float], None] | None,
) -> dict[str, Any]:
    meter, whole = Meter(), Trial()
    by_series = {}
    for series in every:

        def tell(trial: Trial) -> None:
            if report is not None:
                done = whole.operators + trial.operators
                right = whole.successes + trial.successes
                report(done, operators * len(every), right / done)

        with meter.phase("evaluation"):
            trial = try_operators(
                series,
                option_skills(read_option(file)),
                operators,
                meter,
                report=tell,
            )
        by_series[f"{series.domain} {series.name}"] = _entry(trial)
        whole.add(trial)
    used = meter.total()
    return {
        "seed": TRIAL_SEED,
        **_entry(whole),
        "control_steps_an_episode": round(whole.control_steps / whole.operators, 2),
        "cpu_s": round(used.cpu_s, 1),
        **energy_entry(used.energy_j, used.source, used.quality),
        "by_series": by_series,
    }


def _entry(trial: Trial) -> dict[str, Any]:
    n, right = trial.operators, trial.successes
    low, high = wilson_interval(right, n)
    return {
        "episodes": n,
        "successes": right,
        "success_rate": round(right / n, 5),
        "wilson_95": [round(low, 5), round(high, 5)],
        "by_skill": {
            name: [trial.right[name], tried] for name, tried in trial.tried.items()
        },
        "causes": dict(trial.causes.most_common(10)),
    }
