"""Refusals: what stands in the way of planning, and the engines that would do."""

from __future__ import annotations

from collections.abc import Sequence

from jouleplan.planner.attempts import Attempts
from jouleplan.planner.engines.engine import Engine, PlanStatus
from jouleplan.planner.engines.registry import ENGINES
from jouleplan.planner.errors import MissingEngineError
from jouleplan.planner.lanes import Lane
from jouleplan.planner.planned import Planning
from jouleplan.planner.preparation import Obstacle


def none_able(attempts: Attempts, lanes: Sequence[Lane]) -> Planning:
    """Return that no engine of the lanes could be run."""
    names = dict.fromkeys(turn.engine for lane in lanes for turn in lane.turns)
    missing, obstacles, late = [], [], ""
    for name in names:
        engine = ENGINES.get(name)
        if engine is None:
            continue
        obstacle = attempts.preparation.for_engine(engine)
        if isinstance(obstacle, Obstacle):
            obstacles.append((name, obstacle))
        elif engine.missing():
            missing.append(engine.missing())
        else:
            late = late or name
    if late:
        detail = (
            f"the time limit of {attempts.limits.time_s:g} s is over before it began"
        )
        return Planning(PlanStatus.TIMEOUT, late, attempts.task, detail=detail)
    if missing:
        raise MissingEngineError("; ".join(dict.fromkeys(missing)))
    name, least = min(obstacles, key=lambda pair: len(pair[1].features) or 99)
    return refused(attempts, f"no engine here can do: {least}", name)


def refused(attempts: Attempts, reason: str, name: str) -> Planning:
    """Return a refusal that names the engines that would do."""
    able = [
        engine
        for engine in ENGINES.values()
        if not isinstance(attempts.preparation.for_engine(engine), Obstacle)
    ]
    said = "; no engine that is known here takes the task"
    if able:
        said = f"; engines that can: {', '.join(_with_install(e) for e in able)}"
    return Planning(
        PlanStatus.UNSUPPORTED, name, attempts.task, detail=f"{reason}{said}"
    )


def _with_install(engine: Engine) -> str:
    missing = engine.missing()
    return f"{engine.name} ({missing})" if missing else engine.name
