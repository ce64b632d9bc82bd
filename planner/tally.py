"""Tally: the figures of an evaluation, each with its n and its interval."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from jouleplan.energy.reading import Reading, add_readings
from jouleplan.energy.statistics import per_success, wilson_interval
from jouleplan.planner.books import Line
from jouleplan.planner.episode import reading_dict


def tally(lines: Sequence[Line]) -> dict[str, Any]:
    """Return the figures of some episodes as plain values.

    Joules and seconds are averages over the episodes that were metered: one whose
    process died has none, and is counted as a failure all the same.
    """
    successes = sum(line.success for line in lines)
    metered = [line for line in lines if line.energy.calls]
    total = add_readings(line.energy for line in metered)
    moves = sum(line.moves for line in metered)
    n = len(metered)
    simulated_s = sum(line.simulated_s for line in metered)
    work_j = sum(line.mechanical_work_j for line in metered)
    joules = total.energy_j
    return {
        "episodes": len(lines),
        "successes": successes,
        **_rate("success_rate", successes, len(lines)),
        "operators": _operators(lines),
        "operators_executed": sum(line.operators for line in lines),
        "moves": moves,
        "replans": sum(line.replans for line in lines),
        "restores": sum(line.restores for line in lines),
        "recoveries": sum(line.recoveries for line in lines),
        "episodes_metered": n,
        "episodes_from_ledger": sum(line.from_ledger for line in lines),
        "energy_j_per_episode": _share(joules, n),
        "energy_j_per_success": per_success(joules, successes),
        "energy_source": total.source,
        "energy_quality": total.quality,
        "energy": _phases(metered),
        "energy_total": reading_dict(total),
        "cpu_s_per_episode": _share(total.cpu_s, n),
        "cpu_s_per_success": per_success(total.cpu_s, successes),
        "wall_s_per_episode": _share(total.wall_s, n),
        "wall_s_per_success": per_success(total.wall_s, successes),
        "simulated_s_per_episode": _share(simulated_s, n),
        "simulated_s_per_move": _share(simulated_s, moves),
        "mechanical_work_j_per_episode": _share(work_j, n),
        "mechanical_work_j_per_success": per_success(work_j, successes),
        "failures": [
            {"problem": line.problem, "seed": line.seed, "cause": line.cause}
            for line in lines
            if not line.success
        ],
        "causes": _counted(line.cause for line in lines if not line.success),
        "disturbances": _counted(
            what.split()[0] for line in lines for what in line.disturbances
        ),
        "rules_broken": sum(len(line.rules_broken) for line in lines),
    }


def _rate(name: str, hits: int, n: int) -> dict[str, Any]:
    return {
        name: hits / n if n else None,
        "wilson_95": [round(end, 6) for end in wilson_interval(hits, n)],
    }


def _operators(lines: Sequence[Line]) -> dict[str, Any]:
    right = sum(line.first[0] for line in lines)
    tried = sum(line.first[1] for line in lines)
    return {
        "first_time_right": right,
        "first_tried": tried,
        **_rate("rate", right, tried),
    }


def _phases(lines: Sequence[Line]) -> dict[str, Any]:
    grouped: dict[str, list[Reading]] = {}
    for line in lines:
        for name, reading in line.phases.items():
            grouped.setdefault(name, []).append(reading)
    return {
        name: reading_dict(add_readings(readings))
        for name, readings in sorted(grouped.items())
    }


def _share(total: float | None, n: int) -> float | None:
    return None if total is None or n == 0 else total / n


def _counted(words: Iterable[str]) -> dict[str, int]:
    return dict(Counter(words).most_common())
