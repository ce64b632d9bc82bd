"""What one line of the ledger holds."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from jouleplan.energy.reading import Quality, Reading

Atoms = tuple[tuple[str, ...], ...]
"""Sensed atoms: each a predicate and its objects, e.g. ``("on", "d1", "peg1")``."""


@dataclass(frozen=True, slots=True)
class OperatorRecord:
    """One executed ground operator.

    Attributes:
        name: The ground operator, e.g. ``pick(d1, peg1)``.
        outcome: How its skill ended.
        control_steps: Control steps it took, retries included.
        retries: How often its skill was tried again.
        seconds: Simulated time [s].
        skill: What carried it out, e.g. ``pick`` or ``pick+place``; empty if unknown.
        types: PDDL types of its arguments.
        cpu_s: CPU time while it ran, simulation left out [s]; None if unknown.
        energy_j: What that computing used [J]; None if unknown.
        mechanical_work_j: The robot's work while it ran [J]; None if unknown.
        added: Atoms sensed after it and not before; None unless kept.
        removed: Atoms sensed before it and not after; None unless kept.
    """

    name: str
    outcome: str
    control_steps: int
    retries: int
    seconds: float
    skill: str = ""
    types: tuple[str, ...] = ()
    cpu_s: float | None = None
    energy_j: float | None = None
    mechanical_work_j: float | None = None
    added: Atoms | None = None
    removed: Atoms | None = None


@dataclass(frozen=True, slots=True)
class EpisodeRecord:
    """One episode of one method on one problem and seed.

    Attributes:
        domain: Name of the domain.
        problem: Name of the problem.
        seed: Seed of the scene.
        method: What acted, e.g. ``neurosymbolic``.
        success: Whether physics showed the goal at the end; None if unknown, e.g. of a
            method that carries out none of its actions.
        cause: Why it failed; empty otherwise.
        energy: Energy and time of the whole episode.
        mechanical_work_j: The robot's work, integral of abs(torque x velocity) [J].
        simulated_s: Simulated time [s].
        replans: How often the plan was made anew.
        operators: What was executed, in order.
        phases: Energy and time by phase; the leaves of the meter.
        progress: Share of the goal's operators done, judged by physics, 0 to 1; None if
            unknown.
        horizon: Control steps that every method is given; 0 for none.
        control_steps: Control steps taken.
        idle_j: What an idle machine would have used meanwhile [J]; None if unknown.
        load_before: 1-minute load average at the start; None if unknown.
        load_after: 1-minute load average at the end; None if unknown.
        flops: Floating point operations; None if unknown.
        turn: Order of execution within the run, from 0.
        init: Atoms sensed at the start; None unless kept.
        signature: JSON of the domain's names, without which ``init`` and the operators'
            atoms cannot be learned from; empty unless kept.
    """

    domain: str
    problem: str
    seed: int
    method: str
    success: bool | None
    cause: str
    energy: Reading
    mechanical_work_j: float | None
    simulated_s: float
    replans: int
    operators: tuple[OperatorRecord, ...] = ()
    phases: Mapping[str, Reading] = field(default_factory=dict)
    progress: float | None = None
    horizon: int = 0
    control_steps: int = 0
    idle_j: float | None = None
    load_before: float | None = None
    load_after: float | None = None
    flops: float | None = None
    turn: int = 0
    init: Atoms | None = None
    signature: str = ""


@dataclass(frozen=True, slots=True)
class TrainingRecord:
    """One training run of one skill.

    Attributes:
        skill: Name of the skill.
        seed: Seed of the training.
        algorithm: e.g. ``SAC``.
        steps: Environment steps.
        energy: Energy and time of the training.
        card: Name of the policy's card; empty for none.
    """

    skill: str
    seed: int
    algorithm: str
    steps: int
    energy: Reading
    card: str = ""


@dataclass(frozen=True, slots=True)
class TrainingShare:
    """What training one policy of a method took, as the policy's card says.

    Attributes:
        skill: Name of the skill or stage.
        algorithm: e.g. ``SAC``.
        steps: Environment steps.
        cpu_s: CPU time [s]; None if unknown.
        energy_j: Energy [J]; None if unknown.
        quality: How the energy came about.
        source: What it rests on.
        seconds: Elapsed time [s]; None if unknown.
    """

    skill: str
    algorithm: str
    steps: int
    cpu_s: float | None
    energy_j: float | None
    quality: Quality
    source: str
    seconds: float | None


@dataclass(frozen=True, slots=True)
class MethodRecord:
    """What a method is, and what it took to train it.

    Attributes:
        method: As in :class:`EpisodeRecord`.
        label: For people.
        description: What it is, in a sentence.
        training: One a policy; empty where nothing was trained.
    """

    method: str
    label: str
    description: str = ""
    training: tuple[TrainingShare, ...] = ()


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
