"""The study of options: flat and hierarchical over training seeds, and what matters.

    python -m tests.benchmarks.bench_study --play PLAY [--play ...] --out DIR \\
      [--seeds 0 1 2 3 4] [--updates 5000] [--operators 100] [--scenes 20]

Trains SAW and HIQL with every seed on the same play and tries their operators on scenes
not trained on; trains each once more for every change of k, beta, tau and the target's
rate; compares every seed's option under the planner with the planner's own skills
(`jouleplan compare`); measures what an action costs. What DIR holds is not made again,
a training goes on from its checkpoint, and DIR/study.json is written after each step.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import os
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any, Final

os.environ["OMP_NUM_THREADS"] = "1"  # torch reads it when it is imported

import numpy as np

from jouleplan.energy.hardware import hardware, load_average
from jouleplan.planner.cli.app import run as jouleplan
from jouleplan.planner.play.card import finish_option
from jouleplan.planner.play.store import SYMBOLS, Symbols, read_plays
from jouleplan.planner.provenance import fingerprint, versions
from jouleplan.skills.gcrl.learning.recipes import option_recipe
from jouleplan.skills.gcrl.learning.training import Recipe, train
from jouleplan.skills.gcrl.option_state import SPACE
from jouleplan.skills.gcrl.play import Play
from jouleplan.skills.library import OPTIONS
from tests.benchmarks.answer_cost import macs, microseconds
from tests.benchmarks.intervals import over_seeds

ABLATIONS: Final[Mapping[str, tuple[float, ...]]] = {
    "k": (5, 25),
    "beta": (0.0, 1.0, 3.0),
    "tau": (0.5, 0.9),
    "follow": (0.02, 0.05),
}
"""Parameter -> what is tried instead of the recipe's value."""
SCENES_FROM: Final = 5000


def changed(recipe: Recipe, name: str, value: float) -> Recipe:
    """Return the recipe with one parameter of ``ABLATIONS`` changed."""
    if name == "k":
        mixture = replace(recipe.mixture, waypoint_steps=int(value))
        return replace(recipe, mixture=mixture)
    settings = recipe.settings
    if name == "beta":
        settings = replace(settings, bootstrap=value)
    elif name == "tau":
        settings = replace(settings, tau=value)
    else:
        settings = replace(settings, follow=value)
    return replace(recipe, settings=settings)


class Study:
    """What is asked for, and where what is found is kept.

    Args:
        asked: The command's arguments.
    """

    def __init__(self, asked: argparse.Namespace) -> None:
        """Read the play."""
        self.asked = asked
        self.play: Play
        self.symbols: Sequence[Symbols]
        self.play, self.symbols = read_plays(asked.play)
        self._data = fingerprint(folder / SYMBOLS for folder in asked.play)

    def option(self, recipe: Recipe, seed: int, folder: Path) -> dict[str, Any]:
        """Return the card of an option in ``folder``, which is trained if need be."""
        card = folder / f"{recipe.algorithm}.toml"
        if card.is_file():
            found = tomllib.loads(card.read_text(encoding="utf-8"))
            same = found["training"]["updates"] == recipe.updates
            if same and found["evaluation"]["episodes"] >= self.asked.operators:
                return found
        trained = train(
            self.play,
            SPACE,
            recipe,
            seed,
            folder / "checkpoints" / recipe.algorithm,
            data=self._data,
        )
        done = finish_option(
            trained, self.symbols, folder, self.asked.operators, "bench_study"
        )
        rate, cpu_s = done["evaluation"]["success_rate"], done["training"]["cpu_s"]
        print(f"{folder.name} {recipe.algorithm}: {rate:.3f}, {cpu_s} CPU-s")
        return done

    def seeds(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield algorithm and row of every training seed."""
        for seed in self.asked.seeds:
            for algorithm in self.asked.algorithms:
                folder = self.asked.out / f"seed-{seed}"
                recipe = option_recipe(algorithm, self.asked.updates)
                yield algorithm, _row(seed, self.option(recipe, seed, folder))

    def ablations(self) -> Iterator[dict[str, Any]]:
        """Yield a row of each change of a parameter, at the first seed."""
        seed = self.asked.seeds[0]
        for algorithm, (name, values) in product(
            self.asked.algorithms, ABLATIONS.items()
        ):
            if name == "beta" and algorithm != "saw":
                continue  # the weight of SAW's bootstrap; no other learner has it
            base = option_recipe(algorithm, self.asked.updates)
            for value in values:
                folder = self.asked.out / "ablation" / f"{name}-{value:g}"
                row = _row(seed, self.option(changed(base, name, value), seed, folder))
                yield {"algorithm": algorithm, "parameter": name, "value": value, **row}

    def compared(self) -> dict[str, Any]:
        """Return what `jouleplan compare` says of every seed's options."""
        names = {algorithm: skills for skills, algorithm in OPTIONS.items()}
        methods = ["neurosymbolic"] + [
            f"{names[algorithm]}?policies={self.asked.out / f'seed-{seed}'}"
            for seed in self.asked.seeds
            for algorithm in self.asked.algorithms
            if algorithm in names
        ]
        words = ["compare", "--methods", ",".join(methods), "--domains", "hanoi"]
        words += ["--problem", "p03", "--episodes", str(self.asked.scenes)]
        words += ["--seed", str(SCENES_FROM)]
        words += ["--ledger", str(self.asked.out / "study.sqlite"), "--json"]
        said = io.StringIO()
        with contextlib.redirect_stdout(said):
            jouleplan(words)
        document: dict[str, Any] = json.loads(said.getvalue())
        return document


def _row(seed: int, card: Mapping[str, Any]) -> dict[str, Any]:
    judged, trained = card["evaluation"], card["training"]
    return {
        "seed": seed,
        "operators": judged["episodes"],
        "successes": judged["successes"],
        "success_rate": judged["success_rate"],
        "updates": trained["updates"],
        "training_cpu_s": trained["cpu_s"],
        "training_j": trained["energy_j"],
        "energy_quality": trained["energy_quality"],
    }


def _interval(rates: Sequence[float]) -> list[float] | None:
    """Return the ends over seeds, to four digits; None of one seed."""
    return None if len(rates) < 2 else [round(end, 4) for end in over_seeds(rates)]


def _summary(rows: Sequence[Mapping[str, Any]], file: Path) -> dict[str, Any]:
    rates = [row["success_rate"] for row in rows]
    return {
        "mean": round(float(np.mean(rates)), 4),
        "bootstrap_95": _interval(rates),
        "macs_an_action": macs(file),
        "microseconds_an_action": round(microseconds(file), 1),
        "rows": list(rows),
    }


def by_method(summaries: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the methods without their files: success over training seeds, joules."""
    groups: dict[str, list[Mapping[str, Any]]] = {}
    for summary in summaries:
        groups.setdefault(summary["method"].partition("?")[0], []).append(summary)
    found: dict[str, Any] = {}
    for name, group in groups.items():
        rates = [summary["success"]["value"] for summary in group]
        energies = [summary["energies"][0] for summary in group]
        spent = [energy["per_episode"]["value"] for energy in energies]
        found[name] = {
            "mean": round(float(np.mean(rates)), 4),
            "bootstrap_95": _interval(rates),
            "seeds": len(group),
            "episodes": group[0]["n"],
            "success_rates": rates,
            "execution_j": round(float(np.mean(spent)), 2),
            "energy_quality": energies[0]["quality"],
        }
    return found


def run(asked: argparse.Namespace) -> None:
    """Make what is missing, part by part; write DIR/study.json after each."""
    asked.out.mkdir(parents=True, exist_ok=True)
    study = Study(asked)
    played = " ".join(f"--play {folder.name}" for folder in asked.play)
    seeds = " ".join(map(str, asked.seeds))
    found: dict[str, Any] = {
        "command": f"python -m tests.benchmarks.bench_study {played} --out DIR --seeds "
        f"{seeds} --updates {asked.updates} --operators {asked.operators} --scenes "
        f"{asked.scenes}",
        "hardware": hardware(),
        "versions": versions(),
        "load_average": load_average(),
        "play_steps": study.play.steps,
        "seeds": {},
        "ablations": [],
    }

    def keep() -> None:
        # methods are named by their folders, which are of no interest elsewhere
        text = json.dumps(found, indent=1).replace(str(asked.out), "DIR") + "\n"
        (asked.out / "study.json").write_text(text, encoding="utf-8")

    if "seeds" in asked.parts:
        rows: dict[str, list[dict[str, Any]]] = {}
        for algorithm, row in study.seeds():
            rows.setdefault(algorithm, []).append(row)
            file = asked.out / f"seed-{row['seed']}" / f"{algorithm}.onnx"
            found["seeds"][algorithm] = _summary(rows[algorithm], file)
            keep()
    if "ablations" in asked.parts:
        for row in study.ablations():
            found["ablations"].append(row)
            keep()
    if "compare" in asked.parts:
        found["compare"] = study.compared()
        found["under_the_planner"] = by_method(found["compare"]["summaries"])
        keep()
    _show(found)


def _show(found: Mapping[str, Any]) -> None:
    for algorithm, entry in found["seeds"].items():
        joules = [row["training_j"] for row in entry["rows"]]
        print(
            f"{algorithm}: operators {entry['mean']:.3f}, 95 % "
            f"{entry['bootstrap_95']} over {len(joules)} seeds, "
            f"{entry['microseconds_an_action']} us and {entry['macs_an_action']} MACs "
            f"an action, training {joules} J"
        )
    for row in found["ablations"]:
        changed_to = f"{row['parameter']} {row['value']:g}"
        print(f"{row['algorithm']} {changed_to}: {row['success_rate']:.3f}")
    for name, entry in found.get("under_the_planner", {}).items():
        print(
            f"{name} under the planner: {entry['mean']:.3f}, 95 % "
            f"{entry['bootstrap_95']} over {entry['seeds']} seeds x "
            f"{entry['episodes']} episodes, {entry['execution_j']} J an episode, "
            f"{entry['energy_quality']}"
        )


def main() -> None:
    """Read the arguments and run the study."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--play", type=Path, action="append", required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2, 3, 4])
    parser.add_argument("--algorithms", nargs="+", default=list(OPTIONS.values()))
    parser.add_argument("--updates", type=int, default=5000)
    parser.add_argument("--operators", type=int, default=100)
    parser.add_argument("--scenes", type=int, default=20)
    parts = ("seeds", "ablations", "compare")
    parser.add_argument("--parts", nargs="+", choices=parts, default=parts)
    run(parser.parse_args())


if __name__ == "__main__":
    main()
