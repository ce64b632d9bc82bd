"""Engines by name: listed here, an engine is offered by the CLI and tested."""

from __future__ import annotations

from jouleplan.planner.engines import aries, enhsp, pyperplan, pyperplan_compiled
from jouleplan.planner.engines.engine import Engine
from jouleplan.planner.engines.fast_downward import (
    FastDownward,
    FastDownwardAnytime,
    FastDownwardOptimal,
)
from jouleplan.planner.engines.kstar import KStar
from jouleplan.planner.engines.symk import SymK

ENGINES: dict[str, Engine] = {
    engine.name: engine
    for engine in (
        FastDownwardOptimal(),
        FastDownward(),
        FastDownwardAnytime(),
        SymK(),
        KStar(),
        enhsp.FIRST,
        enhsp.ANYTIME,
        enhsp.OPTIMAL,
        pyperplan.FIRST,
        pyperplan.OPTIMAL,
        pyperplan_compiled.ENGINE,
        aries.FIRST,
        aries.ANYTIME,
    )
}
"""Engine name -> engine."""
