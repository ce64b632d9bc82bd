"""Figures that others published: never measured here, never in a column with ours.

Source: "The Price Is Not Right", arXiv 2602.19260; RTX 4090, GPU and RAPL counters.
Transcribed from two readings of the paper that agree with each other and with power
times time.
"""

from __future__ import annotations

from dataclasses import dataclass

SOURCE = "arXiv 2602.19260, RTX 4090 (GPU + RAPL)"
"""Where the figures are from and what they were metered on."""

CAVEATS = (
    "single seed, no intervals",
    "two different scoring rules for the systems",
    "episodes of the baseline end at the first failure, which flatters its joules",
    "the neuro-symbolic system's idle GPU (about 25 W) counted as zero",
    "no split by phase",
    "privileged simulator state",
    "transcribed, not read by a program",
)
"""What to know before one compares with them."""


@dataclass(frozen=True, slots=True)
class Published:
    """A row of the paper's table.

    Attributes:
        system: As the paper names it.
        task: As the paper names it.
        success: Share of the episodes, 0 to 1.
        progress: Share of the task done; None where it is not stated.
        energy_j: Joules an episode.
    """

    system: str
    task: str
    success: float
    progress: float | None
    energy_j: float

    @property
    def words(self) -> str:
        """The row in words, e.g. ``95.0 %, 830 J an episode``."""
        return f"{100 * self.success:.1f} %, {self.energy_j:,.0f} J an episode"


@dataclass(frozen=True, slots=True)
class PublishedTraining:
    """Training and power of a system of the paper."""

    system: str
    training_j: float
    training_time: str
    execution_w: float


_PI0, _GUIDED, _NSM = "end-to-end pi0", "planner-guided pi0", "neuro-symbolic"

EPISODES = (
    Published(_PI0, "single move", 0.870, None, 1590),
    Published(_GUIDED, "single move", 0.596, None, 1410),
    Published(_NSM, "single move", 0.990, None, 120),
    Published(_PI0, "3 blocks", 0.340, 0.496, 7960),
    Published(_GUIDED, "3 blocks", 0.0, 0.239, 6940),
    Published(_NSM, "3 blocks", 0.950, 0.973, 830),
    Published(_PI0, "4 blocks, unseen", 0.0, 0.025, 5770),
    Published(_GUIDED, "4 blocks, unseen", 0.0, 0.036, 4960),
    Published(_NSM, "4 blocks, unseen", 0.780, 0.844, 1440),
)
"""The paper's episodes."""

TRAININGS = (
    PublishedTraining(_PI0, 68.5e6, "40 h 26 min", 115.2),
    PublishedTraining(_GUIDED, 64.9e6, "39 h 42 min", 114.0),
    PublishedTraining(_NSM, 0.85e6, "34 min", 19.4),
)
"""The paper's training and power while executing."""

_TASKS = {"p03": "3 blocks", "p04": "4 blocks, unseen"}
_SYSTEMS = {
    "neurosymbolic": _NSM,
    "rl": _NSM,
    "pi0": _PI0,
    "pi0-random": _PI0,
    "vla": _PI0,
    "vla-end-to-end": _PI0,
    "vla-planner-guided": _GUIDED,
}


def counterpart(domain: str, problem: str, method: str) -> Published | None:
    """Return the row of the paper on the same task by the same kind of system.

    Args:
        domain: Name of the domain; the paper's task is the Tower of Hanoi.
        problem: Name of a shipped problem.
        method: As in the ledger, with or without parameters.
    """
    if domain != "hanoi":
        return None
    key = (_SYSTEMS.get(method.partition("?")[0]), _TASKS.get(problem))
    return next((row for row in EPISODES if (row.system, row.task) == key), None)
