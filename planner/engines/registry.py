"""Engines by name: listed here, an engine is offered by the CLI and tested."""

from __future__ import annotations

from jouleplan.planner.engines.engine import Engine
from jouleplan.planner.engines.fast_downward import FIRST_PLAN, OPTIMAL, FastDownward
from jouleplan.planner.engines.pyperplan import Pyperplan

ENGINES: dict[str, Engine] = {
    engine.name: engine
    for engine in (
        FastDownward("fast-downward-optimal", OPTIMAL, optimal=True),
        FastDownward("fast-downward", FIRST_PLAN, optimal=False),
        Pyperplan(),
    )
}
"""Engine name -> engine, in the order in which ``auto`` tries them."""
