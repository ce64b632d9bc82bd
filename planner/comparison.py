"""Comparison: what is told of methods that were compared, as a document."""

from __future__ import annotations

from typing import Any

from jouleplan.energy.ledger import Ledger
from jouleplan.energy.statistics.comparison import compare as figures
from jouleplan.energy.statistics.frames import compare_frames
from jouleplan.planner.compare import Outcome, Plan
from jouleplan.planner.provenance import hardware, load_average, versions


def document_of(
    plan: Plan, outcome: Outcome, ledger: Ledger, load: list[float]
) -> dict[str, Any]:
    """Return everything that is told of a comparison, as plain values for JSON.

    Args:
        plan: What was compared.
        outcome: How it went.
        ledger: Where its episodes are.
        load: The load average when it began.

    Raises:
        LedgerError: The ledger cannot be read.
    """
    frames = compare_frames(ledger, outcome.keys, plan.seeds)
    after = load_average()
    cpus = hardware()["logical_cpus"]
    assert isinstance(cpus, int)
    return {
        "status": "done",
        "methods": list(plan.methods),
        "seeds": list(plan.seeds),
        "episodes_run": outcome.ran,
        "episodes_from_ledger": outcome.known,
        "not_run": [
            {
                "domain": f.turn.series.domain,
                "problem": f.turn.series.name,
                "method": f.turn.method,
                "seed": f.turn.seed,
                "reason": f.reason,
            }
            for f in outcome.failed
        ],
        **figures(frames).as_dict(),
        "jobs": plan.jobs,
        "cluster": plan.cluster,
        "load_average": {
            "before": load,
            "after": after,
            "high": max(load[0], after[0]) > cpus,
        },
        "hardware": hardware(),
        "versions": versions(),
    }
