"""`jouleplan train`: learn a skill's policy from scratch, export it, write its card."""

from __future__ import annotations

import argparse
import importlib.util
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from jouleplan.domains.robots.panda import PANDA
from jouleplan.planner.cli import train_option, train_vla
from jouleplan.planner.cli.errors import MissingExtraError, OptionError
from jouleplan.planner.cli.options import add_common, add_robot, whole
from jouleplan.planner.cli.output import (
    ExitCode,
    command_line,
    emit,
    joules,
    note,
    table,
)
from jouleplan.planner.cli.progress import progress

ALL = "all"
DEFAULT_EPISODES = 500
_EXTRA = ("torch", "stable_baselines3", "onnx", "onnxscript", "tensorboard", "tomli_w")
Said = Callable[[float, float, str], None]
"""Called with what is done, of how much, and what to say about it."""


def fill(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument(
        "skill",
        metavar="SKILL",
        help="reach, grasp, move, release, press or all; or an option on play, by its "
        f"algorithm: {', '.join(train_option.ALGORITHMS)}; or "
        f"{train_vla.NAME}, a policy from pixels and words",
    )
    parser.add_argument(
        "--out", type=Path, metavar="DIR", help="where the results go; always needed"
    )
    add_common(parser, "seed of the training (default: 3)", 3)
    add_robot(parser)
    parser.add_argument(
        "--algorithm",
        choices=("SAC", "TD3"),
        help="of a skill, instead of the recipe's",
    )
    parser.add_argument(
        "--steps",
        type=whole(1),
        metavar="N",
        help="environment steps, not the recipe's",
    )
    parser.add_argument(
        "--fresh", action="store_true", help="begin anew although there is a checkpoint"
    )
    parser.add_argument(
        "--jobs",
        type=whole(1),
        default=1,
        metavar="J",
        help="skills trained at once, one core each (default: 1)",
    )
    parser.add_argument(
        "--evaluate",
        type=whole(1),
        metavar="N",
        help="episodes of the evaluation, on seeds not trained on; of an option, "
        "operators on each kind of scene that was played (default: "
        f"{DEFAULT_EPISODES}); of {train_vla.NAME}, on each kind of scene, in either "
        f"mode (default: {train_vla.DEFAULT_EPISODES})",
    )
    train_option.fill(parser)
    train_vla.fill(parser)


def run(given: argparse.Namespace) -> int:
    """Train and print the cards."""
    if given.out is None:
        raise OptionError(
            f"train {given.skill}: give --out DIR, the folder for the policy, its "
            "card and the checkpoints"
        )
    if given.skill == train_vla.NAME:
        _make_out(given.out)
        card = train_vla.train_vla(given)
        return _tell(given, {given.skill: card})
    given.evaluate = given.evaluate or DEFAULT_EPISODES
    if given.data:
        raise OptionError(f"--data is for {train_vla.NAME}, not for {given.skill}")
    if given.skill in train_option.ALGORITHMS:
        _make_out(given.out)
        ordered = {given.skill: train_option.train_option(given)}
    else:
        ordered = _stages(given)
    return _tell(given, ordered)


def _tell(given: argparse.Namespace, ordered: dict[str, Any]) -> int:
    """Print the cards."""
    document = {
        "status": "done",
        "out": str(given.out),
        "skills": ordered,
        "training_cpu_s": sum(c["training"]["cpu_s"] for c in ordered.values()),
        "command": command_line(given.arguments),
    }
    emit(document, _text(document), given.json)
    return ExitCode.DONE


def _stages(given: argparse.Namespace) -> dict[str, Any]:
    """Train the stages that were asked for; return their cards, in order."""
    _require_extra()
    skills = _skills(given.skill)
    if given.play or given.updates is not None:
        raise OptionError(
            f"--play and --updates are for options, not for {given.skill}: leave them "
            f"out, or train one of {', '.join(train_option.ALGORITHMS)}"
        )
    _make_out(given.out)
    jobs = [_job(given, skill) for skill in skills]
    if given.jobs > 1 and len(jobs) > 1:
        cards = _side_by_side(jobs, given.jobs)
    else:
        cards = {str(job["skill"]): _alone(job) for job in jobs}
    return {skill: cards[skill] for skill in skills}


def _make_out(out: Path) -> None:
    out.mkdir(parents=True, exist_ok=True)
    if not os.access(out, os.W_OK):
        raise OptionError(f"--out {out}: give a folder that may be written")


def train_one(job: dict[str, Any], report: Callable[[Any], None]) -> dict[str, Any]:
    """Train, export, evaluate; return the card, or {"error", "kind"}.

    Args:
        job: As ``_job`` makes it; plain values, so that another process can do it.
        report: Called with (done, total, what to say).
    """
    # one thread: torch reads it when it is imported
    os.environ["OMP_NUM_THREADS"] = "1"
    from jouleplan.skills.card import finish
    from jouleplan.skills.errors import SkillError
    from jouleplan.skills.train import train

    def learning(done: int, total: int, rate: float) -> None:
        report((done, total, f"success {100 * rate:.0f} %"))

    def judging(done: int, total: int, rate: float) -> None:
        report((done, total, f"evaluation {100 * rate:.1f} %"))

    try:
        progress = train(
            job["skill"],
            job["out"],
            job["seed"],
            robot=job["robot"],
            algorithm=job["algorithm"],
            steps=job["steps"],
            fresh=job["fresh"],
            report=learning,
        )
        return finish(progress, job["out"], job["evaluate"], job["command"], judging)
    except SkillError as error:
        return {"error": str(error), "kind": type(error).__name__}


def _require_extra() -> None:
    missing = [name for name in _EXTRA if importlib.util.find_spec(name) is None]
    if missing:
        raise MissingExtraError(
            f"training needs {', '.join(missing)}: pip install 'jouleplan[train]'"
        )


def _skills(given: str) -> tuple[str, ...]:
    from jouleplan.domains.errors import meant
    from jouleplan.skills.errors import TrainingError
    from jouleplan.skills.stages import STAGES

    if given == ALL:
        return STAGES
    if given not in STAGES:
        known = (*STAGES, ALL, *train_option.ALGORITHMS, train_vla.NAME)
        hint = meant(given, known)
        raise TrainingError(
            f"unknown skill {given!r}; {hint}Those that can be trained: "
            f"{', '.join(STAGES)}, or {ALL}; options: "
            f"{', '.join(train_option.ALGORITHMS)}; from pixels: {train_vla.NAME}"
        )
    return (given,)


def _job(given: argparse.Namespace, skill: str) -> dict[str, Any]:
    words = ["train", skill, "--seed", str(given.seed), "--out", str(given.out)]
    if given.robot != PANDA.name:
        words += ["--robot", given.robot]
    if given.algorithm is not None:
        words += ["--algorithm", given.algorithm]
    if given.steps is not None:
        words += ["--steps", str(given.steps)]
    return {
        "skill": skill,
        "out": given.out,
        "seed": given.seed,
        "robot": given.robot,
        "algorithm": given.algorithm,
        "steps": given.steps,
        "fresh": given.fresh,
        "evaluate": given.evaluate,
        "command": command_line([*words, "--evaluate", str(given.evaluate)]),
    }


def _alone(job: dict[str, Any]) -> dict[str, Any]:
    with progress(str(job["skill"]), 1.0) as advance:
        return _card(
            job, train_one(job, lambda said: advance(said[0] / said[1], said[2]))
        )


def _side_by_side(jobs: list[dict[str, Any]], processes: int) -> dict[str, Any]:
    from jouleplan.planner.workers import share

    parts: dict[str, float] = {}
    cards: dict[str, Any] = {}
    with progress("training", len(jobs)) as advance:

        def on_message(job: dict[str, Any], said: Any) -> None:
            parts[job["skill"]] = said[0] / said[1]
            advance(sum(parts.values()), f"{job['skill']}: {said[2]}")

        for done in share(train_one, jobs, processes, on_message):
            if done.result is None:
                raise OptionError(
                    f"training {done.job['skill']}: {done.died}; run the command again "
                    "to go on from its last checkpoint"
                )
            cards[done.job["skill"]] = _card(done.job, done.result)
            note(f"{done.job['skill']} is trained")
    return cards


def _card(job: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
    if "error" in answer:
        from jouleplan.skills.errors import TrainingError

        raise TrainingError(f"{job['skill']}: {answer['error']}")
    return answer


def _text(document: dict[str, Any]) -> str:
    rows = []
    for skill, card in document["skills"].items():
        trained, judged = card["training"], card["evaluation"]
        known = trained["energy_j"] if isinstance(trained["energy_j"], float) else None
        low, high = judged["wilson_95"]
        rows.append(
            (
                skill,
                card["algorithm"],
                trained["environment_steps"],
                f"{judged['successes']} of {judged['episodes']}",
                f"{100 * low:.2f} to {100 * high:.2f} %",
                f"{trained['cpu_s']:.0f}",
                f"{joules(known)} {trained['energy_quality']}",
            )
        )
    head = ("skill", "algorithm", "steps", "solved", "Wilson 95 %", "CPU s", "J")
    return f"{table(head, rows)}\npolicies and cards are in {document['out']}"
