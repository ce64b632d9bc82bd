"""Books: episodes as lines of a summary, into the ledger and back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from jouleplan.domains.symbols import State
from jouleplan.energy.idle import idle_joules
from jouleplan.energy.ledger import Ledger
from jouleplan.energy.reading import Reading, unavailable
from jouleplan.energy.records import (
    Atoms,
    EpisodeKey,
    EpisodeRecord,
    OperatorRecord,
)
from jouleplan.planner.episode import Episode, Executed
from jouleplan.planner.method_record import METHOD
from jouleplan.planner.run import Run
from jouleplan.planner.task import Task

_OUTSIDE: Final = "outside hand"
_RULE: Final = "rule broken"


@dataclass(frozen=True, slots=True)
class Line:
    """One episode as the summary needs it, fresh or read back from a ledger.

    Attributes:
        problem: Name of the problem.
        seed: Seed of the scene.
        success: Whether the goal was reached.
        cause: Why not.
        first: (operators right the first time, operators first tried).
        operators: Operators carried out, right or not.
        moves: Those that put a body somewhere, and did.
        restores: Loose bodies brought back.
        recoveries: Other ways out of a dead end.
        replans: How often the plan was made anew.
        disturbances: What an outside hand did.
        rules_broken: Placings against the domain's rules.
        energy: Of the whole episode.
        phases: Phase -> what it used.
        mechanical_work_j: The robot's work [J].
        simulated_s: Simulated time [s].
        from_ledger: Whether it was recorded before.
    """

    problem: str
    seed: int
    success: bool
    cause: str
    first: tuple[int, int] = (0, 0)
    operators: int = 0
    moves: int = 0
    restores: int = 0
    recoveries: int = 0
    replans: int = 0
    disturbances: tuple[str, ...] = ()
    rules_broken: tuple[str, ...] = ()
    energy: Reading = field(default_factory=lambda: unavailable("nothing metered"))
    phases: dict[str, Reading] = field(default_factory=dict)
    mechanical_work_j: float = 0.0
    simulated_s: float = 0.0
    from_ledger: bool = False


def placing_operators(task: Task) -> frozenset[str]:
    """Return the names of the operators that put a body somewhere."""
    return frozenset(
        name
        for name, calls in task.binding.skills.items()
        if any(call.skill == "place" for call in calls)
    )


def line_of(run: Run, problem: str, placing: frozenset[str]) -> Line:
    """Return the line of an episode just run.

    Args:
        run: The episode.
        problem: Its problem's name.
        placing: Operators that make a move.
    """
    episode = run.episode
    assert episode.total is not None
    return Line(
        problem=problem,
        seed=episode.seed,
        success=episode.goal_reached,
        cause=episode.cause,
        first=episode.first_time_right,
        operators=sum(e.kind == "operator" for e in episode.executed),
        moves=sum(_is_move(e.name, _outcome(e), placing) for e in episode.executed),
        restores=sum(e.kind == "restore" for e in episode.executed),
        recoveries=sum(e.kind == "recover" for e in episode.executed),
        replans=episode.replans,
        disturbances=tuple(episode.disturbances),
        rules_broken=run.rules_broken,
        energy=episode.total,
        phases=dict(episode.energy),
        mechanical_work_j=episode.mechanical_work_j,
        simulated_s=episode.simulated_s,
    )


def record_of(run: Run, problem: str, turn: int = 0) -> EpisodeRecord:
    """Return what the ledger keeps of an episode.

    Recoveries bear their kind in the outcome ("restore: done"); what an outside hand
    did and which rules were broken follow what was executed.

    Args:
        run: The episode.
        problem: Its problem's name.
        turn: Its place in the order of execution.
    """
    episode = run.episode
    assert episode.total is not None
    kept = bool(run.signature)
    return EpisodeRecord(
        domain=episode.domain,
        problem=problem,
        seed=episode.seed,
        method=METHOD,
        success=episode.goal_reached,
        cause=episode.cause,
        energy=episode.total,
        mechanical_work_j=episode.mechanical_work_j,
        simulated_s=episode.simulated_s,
        replans=episode.replans,
        operators=tuple(_operators(episode, run.rules_broken, kept)),
        phases=episode.energy,
        progress=episode.progress,
        control_steps=episode.control_steps,
        idle_j=idle_joules(episode.total),
        load_before=run.load_before,
        load_after=run.load_after,
        turn=turn,
        init=_atoms(episode.init) if kept else None,
        signature=run.signature,
    )


def lines_in(
    ledger: Ledger, key: EpisodeKey, placing: frozenset[str]
) -> dict[int, Line]:
    """Return seed -> line of the episodes of ``key`` that were recorded."""
    if not ledger.completed(key):
        return {}
    episodes = ledger.frame("episodes")
    wanted = episodes[
        (episodes.domain == key.domain)
        & (episodes.problem == key.problem)
        & (episodes.method == key.method)
        & (episodes.settings == key.settings)
    ]
    operators = ledger.frame("operators").groupby("episode")
    phases = ledger.frame("phases").groupby("episode")
    lines = {}
    for row in wanted.to_dict("records"):
        done = _rows(operators, row["id"])
        used = {str(p["phase"]): _reading(p) for p in _rows(phases, row["id"])}
        lines[int(row["seed"])] = _line(row, done, used, placing)
    return lines


def _operators(
    episode: Episode, broken: tuple[str, ...], kept: bool
) -> Iterator[OperatorRecord]:
    """Yield what was carried out; with states, also what changed by itself between."""
    state = episode.init
    for e in episode.executed:
        if kept and e.before != state:
            yield _drift(state, e.before)
        state = e.after
        used = e.used
        yield OperatorRecord(
            e.name,
            _outcome(e),
            e.control_steps,
            e.attempt - 1,
            e.seconds,
            e.skill,
            e.types,
            None if used is None else used.cpu_s,
            None if used is None else used.energy_j,
            None if used is None else used.mechanical_work_j,
            _atoms(e.after - e.before) if kept else None,
            _atoms(e.before - e.after) if kept else None,
        )
    for what in episode.disturbances:
        yield OperatorRecord(what, _OUTSIDE, 0, 0, 0.0)
    for atom in broken:
        yield OperatorRecord(atom, _RULE, 0, 0, 0.0)


def _drift(before: State, after: State) -> OperatorRecord:
    return OperatorRecord(
        "drift()",
        "drift: sensed",
        0,
        0,
        0.0,
        added=_atoms(after - before),
        removed=_atoms(before - after),
    )


def _atoms(state: State) -> Atoms:
    return tuple((atom.predicate, *atom.objects) for atom in sorted(state))


def _outcome(executed: Executed) -> str:
    if executed.kind == "operator":
        return executed.outcome
    return f"{executed.kind}: {executed.outcome}"


def _is_move(name: str, outcome: str, placing: frozenset[str]) -> bool:
    return outcome == "done" and name.partition("(")[0] in placing


def _rows(groups: Any, episode: int) -> list[dict[str, Any]]:
    if episode not in groups.groups:
        return []
    rows: list[dict[str, Any]] = groups.get_group(episode).to_dict("records")
    return rows


def _reading(row: dict[str, Any]) -> Reading:
    known = row["quality"] != "unavailable"
    return Reading(
        float(row["energy_j"]) if known else None,
        float(row["cpu_s"]),
        float(row["wall_s"]),
        int(row["calls"]),
        str(row["source"]),
        row["quality"],
        json.loads(row["components"]),
    )


def _line(
    row: dict[str, Any],
    done: list[dict[str, Any]],
    phases: dict[str, Reading],
    placing: frozenset[str],
) -> Line:
    named = [(str(d["name"]), str(d["outcome"]), int(d["retries"])) for d in done]
    acts = [o for o in named if o[1] not in (_OUTSIDE, _RULE)]
    operators = [o for o in acts if ": " not in o[1]]
    first = [o for o in operators if o[2] == 0]
    return Line(
        problem=str(row["problem"]),
        seed=int(row["seed"]),
        success=bool(row["success"]),
        cause=str(row["cause"]),
        first=(sum(o[1] == "done" for o in first), len(first)),
        operators=len(operators),
        moves=sum(_is_move(o[0], o[1], placing) for o in operators),
        restores=sum(o[1].startswith("restore: ") for o in acts),
        recoveries=sum(o[1].startswith("recover: ") for o in acts),
        replans=int(row["replans"]),
        disturbances=tuple(o[0] for o in named if o[1] == _OUTSIDE),
        rules_broken=tuple(o[0] for o in named if o[1] == _RULE),
        energy=_reading(row),
        phases=phases,
        mechanical_work_j=float(row["mechanical_work_j"]),
        simulated_s=float(row["simulated_s"]),
        from_ledger=True,
    )
