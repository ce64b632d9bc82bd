"""What one line of the ledger holds."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from jouleplan.energy.reading import Reading


@dataclass(frozen=True, slots=True)
class OperatorRecord:
    """One executed ground operator.

    Attributes:
        name: The ground operator, e.g. ``pick(d1, peg1)``.
        outcome: How its skill ended.
        control_steps: Control steps it took, retries included.
        retries: How often its skill was tried again.
        seconds: Simulated time [s].
    """

    name: str
    outcome: str
    control_steps: int
    retries: int
    seconds: float


@dataclass(frozen=True, slots=True)
class EpisodeRecord:
    """One episode of one method on one problem and seed.

    Attributes:
        domain: Name of the domain.
        problem: Name of the problem.
        seed: Seed of the scene.
        method: What acted, e.g. ``neurosymbolic``.
        success: Whether physics showed the goal at the end.
        cause: Why it failed; empty on success.
        energy: Energy and time of the whole episode.
        mechanical_work_j: The robot's work, integral of abs(torque x velocity) [J].
        simulated_s: Simulated time [s].
        replans: How often the plan was made anew.
        operators: What was executed, in order.
        phases: Energy and time by phase; the leaves of the meter.
    """

    domain: str
    problem: str
    seed: int
    method: str
    success: bool
    cause: str
    energy: Reading
    mechanical_work_j: float | None
    simulated_s: float
    replans: int
    operators: tuple[OperatorRecord, ...] = ()
    phases: Mapping[str, Reading] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TrainingRecord:
    """One training run of one skill.

    Attributes:
        skill: Name of the skill.
        seed: Seed of the training.
        algorithm: e.g. ``SAC``.
        steps: Environment steps.
        energy: Energy and time of the training.
    """

    skill: str
    seed: int
    algorithm: str
    steps: int
    energy: Reading


@dataclass(frozen=True, slots=True)
class EpisodeKey:
    """What makes two episodes the same but for their seed.

    Attributes:
        domain: Name of the domain.
        problem: Name of the problem.
        method: What acted.
        settings: The run's settings as :func:`settings_text` writes them.
    """

    domain: str
    problem: str
    method: str
    settings: str = "{}"


def settings_text(settings: Mapping[str, object]) -> str:
    """Return ``settings`` as JSON that is equal for equal settings."""
    return json.dumps(settings, sort_keys=True, separators=(",", ":"))
