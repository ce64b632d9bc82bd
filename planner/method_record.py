"""What a method is and what its policies took to train, as the ledger keeps it."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from jouleplan.energy.records import MethodRecord, TrainingShare
from jouleplan.skills.library import OPTIONS, STAGED, card, option_file
from jouleplan.skills.stages import STAGES
from jouleplan.skills.vla.library import vla_card

METHOD: Final = "neurosymbolic"


def method_of(policies: Path | None = None, *skills: str) -> MethodRecord:
    """Return what planning with learned skills is.

    Args:
        policies: Folder of policies; what it lacks is as shipped.
        skills: What picks and places, of ``SKILL_SETS``; an option's training counts
            beside that of the stages, which made its play.

    Raises:
        PolicyFileError: A card is no valid TOML.
    """
    training = training_of(policies)
    for name in skills:
        if name == STAGED:
            continue
        found = card(OPTIONS[name], option_file(name, policies).parent)
        training += (_share(name, found), *_plays(name, found))
    return MethodRecord(
        METHOD,
        "planner with learned skills",
        "A symbolic planner chooses the operators, a policy trained for each stage of "
        "a skill moves the arm, and the state is sensed after each operator.",
        training,
    )


def training_of(policies: Path | None = None) -> tuple[TrainingShare, ...]:
    """Return what training each stage's policy took, as its card says.

    Args:
        policies: Folder of policies; what it lacks is as shipped.

    Raises:
        PolicyFileError: A card is no valid TOML.
    """
    shares = []
    for stage in STAGES:
        own = policies is not None and (policies / f"{stage}.onnx").is_file()
        shares.append(_share(stage, card(stage, policies if own else None)))
    return tuple(shares)


def vla_shares(policy: Path) -> tuple[TrainingShare, ...]:
    """Return what training a policy from pixels took, and collecting its data.

    Raises:
        PolicyFileError: The card is no valid TOML.
    """
    found = vla_card(policy)
    data = [] if found is None else found.get("data", [])
    return (
        _share("vla", found),
        *(
            _share(
                f"vla: data {number}",
                {
                    "algorithm": "collected",
                    "training": {**one, "environment_steps": one.get("frames", 0)},
                },
            )
            for number, one in enumerate(data, 1)
        ),
    )


def _plays(skills: str, found: dict[str, Any] | None) -> tuple[TrainingShare, ...]:
    """Return what collecting an option's play took, one share a data set."""
    plays = [] if found is None else found.get("play", [])
    return tuple(
        _share(
            f"{skills}: play {number}",
            {
                "algorithm": "collected",
                "training": {**play, "environment_steps": play.get("steps", 0)},
            },
        )
        for number, play in enumerate(plays, 1)
    )


def _share(stage: str, found: dict[str, Any] | None) -> TrainingShare:
    if found is None:
        return TrainingShare(stage, "", 0, None, None, "unavailable", "no card", None)
    training = found.get("training", {})
    energy_j = training.get("energy_j")
    known = isinstance(energy_j, int | float)
    return TrainingShare(
        stage,
        str(found.get("algorithm", "")),
        int(training.get("environment_steps", 0)),
        training.get("cpu_s"),
        float(energy_j) if known else None,
        training.get("energy_quality", "estimated") if known else "unavailable",
        str(training.get("energy_source", "")),
        training.get("wall_s"),
    )
