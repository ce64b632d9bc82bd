"""What one episode leaves behind: every operator executed, every decision's reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from jouleplan.domains.limits import Breach
from jouleplan.domains.symbols import State
from jouleplan.energy.reading import Reading
from jouleplan.planner.gauge import Used
from jouleplan.planner.solve import PlanStatus

Kind = Literal["operator", "restore", "recover"]
"""operator: a ground operator of a plan; restore: a loose object is brought back to
where it was; recover: the hand goes home, or is emptied, to leave a dead end."""


@dataclass(frozen=True, slots=True)
class Executed:
    """One ground operator, or one recovery, that was carried out.

    Attributes:
        name: e.g. ``pick(d1, peg1)``.
        kind: What it was.
        outcome: "done" when all its effects were sensed, else what went wrong.
        reason: Why it was chosen.
        detail: What the skill reported, where it did not go to its end.
        attempt: 1 for the first try of this ground operator since it last succeeded.
        control_steps: Control steps it took, settling included.
        seconds: Simulated time [s].
        skill: The skills that carried it out, e.g. ``pick`` or ``pick+place``.
        types: PDDL types of its objects.
        used: CPU time, joules and mechanical work.
        before: The state sensed before it; empty where states are not kept.
        after: The state sensed after it; likewise.
    """

    name: str
    kind: Kind
    outcome: str
    reason: str
    detail: str
    attempt: int
    control_steps: int
    seconds: float
    skill: str = ""
    types: tuple[str, ...] = ()
    used: Used | None = None
    before: State = frozenset()
    after: State = frozenset()

    @property
    def done(self) -> bool:
        """Whether all effects were sensed."""
        return self.outcome == "done"


@dataclass(slots=True)
class Episode:
    """How one problem went, from plan to judgement.

    Attributes:
        domain: Name of the domain.
        problem: Name of the problem.
        seed: Seed of the scene.
        status: How planning ended; ``solved`` also when execution failed.
        engine: Engine of the first plan.
        plan: The first plan.
        executed: In order.
        replans: How often the plan was made anew.
        disturbances: What an outside hand did.
        goal_reached: Whether physics showed the goal, the hand empty, after 1 s.
        cause: Why not; empty on success.
        energy: Phase -> what it used.
        total: Sum of the phases.
        mechanical_work_j: Integral of |torque x joint velocity| [J].
        simulated_s: Simulated time [s].
        wall_s: Wall seconds.
        notes: What planning told on the way.
        beyond: What of the scene is beyond the arm, and no plan takes.
        control_steps: Control steps in all.
        progress: Share of the first plan's operators that need not be carried out any
            more, as sensed at the end; None where there was no plan.
        init: The state sensed at the start.
    """

    domain: str
    problem: str
    seed: int
    status: PlanStatus
    engine: str = ""
    plan: tuple[str, ...] = ()
    executed: list[Executed] = field(default_factory=list)
    replans: int = 0
    disturbances: list[str] = field(default_factory=list)
    goal_reached: bool = False
    cause: str = ""
    energy: Mapping[str, Reading] = field(default_factory=dict)
    total: Reading | None = None
    mechanical_work_j: float = 0.0
    simulated_s: float = 0.0
    wall_s: float = 0.0
    notes: tuple[str, ...] = ()
    beyond: tuple[Breach, ...] = ()
    control_steps: int = 0
    progress: float | None = None
    init: State = frozenset()

    @property
    def first_time_right(self) -> tuple[int, int]:
        """Return (operators right at the first try, operators first tried)."""
        first = [e for e in self.executed if e.kind == "operator" and e.attempt == 1]
        return sum(e.done for e in first), len(first)

    def as_dict(self) -> dict[str, Any]:
        """Return the episode as plain values, for JSON."""
        return {
            "domain": self.domain,
            "problem": self.problem,
            "seed": self.seed,
            "status": str(self.status),
            "engine": self.engine,
            "plan": list(self.plan),
            "executed": executed_dicts(self.executed),
            "replans": self.replans,
            "disturbances": self.disturbances,
            "goal_reached": self.goal_reached,
            "cause": self.cause,
            "energy": {name: reading_dict(r) for name, r in self.energy.items()},
            "energy_total": None if self.total is None else reading_dict(self.total),
            "mechanical_work_j": self.mechanical_work_j,
            "simulated_s": self.simulated_s,
            "wall_s": self.wall_s,
            "notes": list(self.notes),
            "beyond_the_arm": [breach.as_dict() for breach in self.beyond],
        }


def executed_dicts(executed: list[Executed]) -> list[dict[str, Any]]:
    """Return what was executed as plain values; retries are tries after the first."""
    return [
        {
            "operator": e.name,
            "kind": e.kind,
            "outcome": e.outcome,
            "reason": e.reason,
            "detail": e.detail,
            "control_steps": e.control_steps,
            "retries": e.attempt - 1,
            "simulated_s": round(e.seconds, 4),
        }
        for e in executed
    ]


def reading_dict(reading: Reading) -> dict[str, Any]:
    """Return a reading as plain values."""
    return {
        "energy_j": reading.energy_j,
        "cpu_s": reading.cpu_s,
        "wall_s": reading.wall_s,
        "source": reading.source,
        "quality": reading.quality,
    }
