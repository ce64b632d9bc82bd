"""Library: where policies and their model cards are found."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from jouleplan.domains.errors import meant
from jouleplan.domains.robots.panda import PANDA
from jouleplan.domains.robots.registry import find_robot
from jouleplan.domains.skill_sets import SKILL_SETS
from jouleplan.skills.errors import PolicyFileError
from jouleplan.skills.policy import Policy, StagePolicy
from jouleplan.skills.stages import STAGES

SHIPPED = Path(__file__).parent / "policies"

STAGED: Final = "rl"
"""The skill set of one policy a stage."""
OPTIONS: Final[Mapping[str, str]] = MappingProxyType(
    {"gcrl-flat": "saw", "gcrl-hierarchical": "hiql"}
)
"""Skill set of a goal-conditioned option -> the algorithm, which names its file."""


@dataclass(frozen=True, slots=True)
class PolicySet:
    """One policy a stage.

    Attributes:
        policies: Stage -> policy.
    """

    policies: Mapping[str, StagePolicy]

    def __getitem__(self, stage: str) -> StagePolicy:
        """Return the policy of ``stage``."""
        return self.policies[stage]

    def files(self) -> dict[str, str]:
        """Return stage -> the file its policy came from."""
        return {stage: str(policy.path) for stage, policy in self.policies.items()}


def shipped(stage: str, robot: str) -> Path:
    """Return the shipped policy of a stage: the arm's own, else the Panda's."""
    own = SHIPPED / robot / f"{stage}.onnx"
    return own if own.is_file() else SHIPPED / f"{stage}.onnx"


def load_policies(folder: Path | None = None, robot: str = PANDA.name) -> PolicySet:
    """Return a policy for every stage: from ``folder``, the rest as shipped.

    Args:
        folder: Policies to use instead of the shipped ones.
        robot: Name of the arm that they shall drive.

    Raises:
        UnknownNameError: There is no such arm.
        PolicyFileError: ``folder`` holds no policy at all, a damaged one, or one that
            is not the file that its card speaks of.
    """
    find_robot(robot)
    paths = {stage: shipped(stage, robot) for stage in STAGES}
    if folder is not None:
        own = {s: folder / f"{s}.onnx" for s in STAGES}
        own = {stage: path for stage, path in own.items() if path.is_file()}
        options = (folder / f"{algorithm}.onnx" for algorithm in OPTIONS.values())
        if not own and not any(path.is_file() for path in options):
            raise PolicyFileError(
                f"{folder} holds none of {', '.join(f'{s}.onnx' for s in STAGES)}; "
                "`jouleplan train all --out DIR` makes them"
            )
        for path in own.values():
            check_card(path)
        paths.update(own)
    return PolicySet({stage: Policy(path) for stage, path in paths.items()})


def option_file(name: str, folder: Path | None = None) -> Path:
    """Return the file of a skill set's option: in ``folder``, else the shipped one.

    Args:
        name: One of ``OPTIONS``.
        folder: Looked into first.

    Raises:
        PolicyFileError: No such skill set, no file of its option, or one that is not
            the file that its card speaks of.
    """
    if name not in OPTIONS:
        raise PolicyFileError(
            f"unknown skills {name!r}; {meant(name, SKILL_SETS)}There are "
            f"{', '.join(SKILL_SETS)}"
        )
    algorithm = OPTIONS[name]
    places = [SHIPPED / "gcrl", *([] if folder is None else [folder])]
    for place in reversed(places):
        path = place / f"{algorithm}.onnx"
        if path.is_file():
            check_card(path)
            return path
    raise PolicyFileError(
        f"{name} needs {algorithm}.onnx, which is not in "
        f"{' or '.join(map(str, reversed(places)))}; `jouleplan train {algorithm} "
        "--play DIR --out POLICIES` makes it, --policies POLICIES uses it"
    )


def card(stage: str, folder: Path | None = None) -> dict[str, Any] | None:
    """Return the model card of a stage's policy, or None where there is none.

    Raises:
        PolicyFileError: The card is no valid TOML, or not laid out as a card is.
    """
    path = (folder or SHIPPED) / f"{stage}.toml"
    if not path.is_file():
        return None
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
        for table in ("training", "evaluation"):
            if not isinstance(found.get(table, {}), dict):
                raise ValueError(f"its {table!r} is no table")
        low, high = found.get("evaluation", {}).get("wilson_95", (0.0, 1.0))
        float(low), float(high)
        return found
    except (TypeError, ValueError, RecursionError) as error:
        raise PolicyFileError(
            f"{path} is no model card ({error}); train again or remove it"
        ) from error


def checksum(path: Path) -> str:
    """Return the SHA-256 of a file, as a card states it."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def check_card(path: Path) -> None:
    """Check that a policy is the file that the card beside it speaks of.

    A card without a checksum, and a policy without a card, pass.

    Raises:
        PolicyFileError: The card is no valid TOML, or states the SHA-256 of another
            file.
    """
    check_file(path, path.with_suffix(".toml"), "sha256")


def check_file(path: Path, beside: Path, key: str) -> None:
    """Check that a file is the one whose SHA-256 a card states.

    Args:
        path: The file.
        beside: The card; where there is none, every file passes.
        key: Where the card states it; where it does not, every file passes.

    Raises:
        PolicyFileError: The card is no valid TOML, or states the SHA-256 of another
            file.
    """
    stated = (card(beside.stem, beside.parent) or {}).get(key)
    if stated is None:
        return
    found = checksum(path)
    if stated != found:
        raise PolicyFileError(
            f"{path} is not the file of its card: its SHA-256 is {found[:12]}..., "
            f"{beside.name} states {str(stated)[:12]}...; copy both from one "
            "training, or remove the card to use the policy without one"
        )
